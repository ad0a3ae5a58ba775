import type { Seat } from "@gridhall/domain/routing/seat.ts";
import { GroupId, type SeatId, SeatId as SeatIdSchema } from "@gridhall/domain/seats/schema.ts";
import {
  newSeatStatus,
  SEAT_RULES,
  type SeatInput,
  type SeatRefusal,
  type SeatStatus,
  stepSeat,
} from "@gridhall/domain/seats/state.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

/** All SQL of agents' seats. A seat's status moves only through `moveSeat`: row lock, pure step, event, new epoch. */

export interface SeatRow {
  seat_id: SeatId;
  unit_path: string;
  number: string;
  groups: string[];
  skills: Record<string, number>;
  status: SeatStatus;
  epoch: number;
  event_seq: number;
  signed_in_at: Date | null;
  busy_ms: number;
  last_offered_at: Date | null;
  seen_at: Date | null;
  login: string;
  name_zh: string;
  name_en: string;
}

const columns = sql`s.seat_id, s.unit_path::text, s.number, s.groups, s.skills, s.status, s.epoch, s.event_seq,
  s.signed_in_at, s.busy_ms, s.last_offered_at, s.seen_at, f.login, f.name_zh, f.name_en`;

export async function findSeat(tx: Tx, seatId: string): Promise<SeatRow | null> {
  const { rows } = await sql<SeatRow>`select ${columns} from seat s join staff f on f.staff_id = s.seat_id
    where s.seat_id = ${seatId}`.execute(tx);
  return rows[0] ?? null;
}

export async function listSeats(tx: Tx): Promise<SeatRow[]> {
  const { rows } = await sql<SeatRow>`select ${columns} from seat s join staff f on f.staff_id = s.seat_id
    where f.disabled_at is null order by s.number`.execute(tx);
  return rows;
}

/** Gives a person a seat; false: they have one already, which stays as it is. The number is what customers are told. */
export async function ensureSeat(
  tx: Tx,
  seat: { seatId: string; unitPath: string; nowMs: number; groups: readonly string[]; skills: Record<string, number> },
): Promise<boolean> {
  await sql`select pg_advisory_xact_lock(hashtext('seat-number'))`.execute(tx);
  const { numAffectedRows } = await sql`insert into seat (seat_id, unit_path, number, groups, skills, status)
    select ${seat.seatId}, ${seat.unitPath}::ltree, to_char(coalesce(max(number::int), 8000) + 1, 'FM0000'),
      ${[...seat.groups]}::text[], ${JSON.stringify(seat.skills)}::jsonb, ${JSON.stringify(newSeatStatus(seat.nowMs))}::jsonb
    from seat having not exists (select 1 from seat where seat_id = ${seat.seatId})`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}

export async function changeSeatSettings(
  tx: Tx,
  seatId: string,
  settings: { groups: readonly string[]; skills: Record<string, number>; unitPath: string },
): Promise<boolean> {
  const { numAffectedRows } = await sql`update seat set groups = ${[...settings.groups]}::text[],
    skills = ${JSON.stringify(settings.skills)}::jsonb, unit_path = ${settings.unitPath}::ltree
    where seat_id = ${seatId}`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}

export type SeatMove =
  | { ok: true; row: SeatRow }
  | { ok: false; reason: SeatRefusal | "unknown-seat" | "stale-epoch"; remembered: boolean };

/**
 * One step of a seat in the caller's transaction. `expectedEpoch`: the epoch on which the step was decided; another one
 * in the row means that somebody was faster, and nothing happens.
 */
export async function moveSeat(
  tx: Tx,
  seatId: string,
  input: SeatInput,
  nowMs: number,
  expectedEpoch: number | null = null,
): Promise<SeatMove> {
  const { rows } = await sql<SeatRow>`select ${columns} from seat s join staff f on f.staff_id = s.seat_id
    where s.seat_id = ${seatId} for update of s`.execute(tx);
  const [row] = rows;
  if (!row) return { ok: false, reason: "unknown-seat", remembered: false };
  if (expectedEpoch !== null && row.epoch !== expectedEpoch)
    return { ok: false, reason: "stale-epoch", remembered: false };
  const step = stepSeat(row.status, input, nowMs, SEAT_RULES);
  const { status } = step;
  if (step.ok || step.remembered) await writeStatus(tx, row, status, nowMs);
  if (!step.ok) return { ok: false, reason: step.reason, remembered: step.remembered };
  return { ok: true, row: { ...row, status, epoch: status.epoch } };
}

async function writeStatus(tx: Tx, row: SeatRow, status: SeatStatus, nowMs: number): Promise<void> {
  const before = row.status.state.name;
  const after = status.state.name;
  const changed = status.epoch !== row.epoch;
  const wasBusy = ["connecting", "in-call", "wrap-up"].includes(before);
  const busyMs = changed && wasBusy ? Math.max(0, nowMs - row.status.sinceMs) : 0;
  const signedIn = before === "offline" && after !== "offline" ? new Date(nowMs) : row.signed_in_at;
  await sql`update seat set status = ${JSON.stringify(status)}::jsonb, epoch = ${status.epoch},
    busy_ms = case when ${after} = 'offline' then 0 else busy_ms + ${busyMs} end,
    signed_in_at = ${after === "offline" ? null : signedIn},
    last_offered_at = case when ${after} = 'reserved' then ${new Date(nowMs)} else last_offered_at end,
    event_seq = event_seq + ${changed ? 1 : 0}
    where seat_id = ${row.seat_id}`.execute(tx);
  if (!changed) return;
  const event = {
    seatId: row.seat_id,
    seq: row.event_seq + 1,
    atMs: nowMs,
    state: status.state,
    groups: row.groups,
    unitPath: row.unit_path,
  };
  await sql`insert into seat_event (seat_id, seq, unit_path, at_ms, body)
    values (${row.seat_id}, ${event.seq}, ${row.unit_path}::ltree, ${nowMs}, ${JSON.stringify(event)}::jsonb)`.execute(
    tx,
  );
}

/** Marks the desks that this node heard of, in one statement. */
export async function markSeen(tx: Tx, seatIds: readonly string[], nowMs: number): Promise<void> {
  if (seatIds.length === 0) return;
  await sql`update seat set seen_at = ${new Date(nowMs)} where seat_id = any(${[...seatIds]}::text[])`.execute(tx);
}

/** Signed-in seats whose desk has not been heard of since. */
export async function silentSeats(tx: Tx, sinceMs: number): Promise<SeatRow[]> {
  const { rows } = await sql<SeatRow>`select ${columns} from seat s join staff f on f.staff_id = s.seat_id
    where s.status->'state'->>'name' <> 'offline' and (s.seen_at is null or s.seen_at < ${new Date(sinceMs)})`.execute(
    tx,
  );
  return rows;
}

/** Seats whose wrap-up time is over. */
export async function dueSeats(tx: Tx, nowMs: number): Promise<SeatRow[]> {
  const { rows } = await sql<SeatRow>`select ${columns} from seat s join staff f on f.staff_id = s.seat_id
    where s.status->'state'->>'name' = 'wrap-up' and (s.status->'state'->>'untilMs')::bigint <= ${nowMs}`.execute(tx);
  return rows;
}

export function toSeat(row: SeatRow): Seat {
  return {
    seatId: SeatIdSchema.parse(row.seat_id),
    unitPath: row.unit_path,
    groups: row.groups.map((group) => GroupId.parse(group)),
    skills: row.skills,
    status: row.status,
    signedInMs: row.signed_in_at?.getTime() ?? null,
    busyMs: row.busy_ms,
    lastOfferedMs: row.last_offered_at?.getTime() ?? null,
  };
}
