import type { Target } from "@gridhall/domain/routing/call.ts";
import { applyCallEvent, isOver, seatOfPhase } from "@gridhall/domain/seats/applyCallEvent.ts";
import type { ConsentLevel } from "@gridhall/domain/seats/assist.ts";
import { Call, type CallEvent } from "@gridhall/domain/seats/call.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

/** All SQL of calls. A call changes only by `appendEvents`: the primary key (call, seq) lets one writer win. */

/** What must survive the node that hosts the call. */
export interface CallLive {
  consent: ConsentLevel;
  recording: boolean;
  language: string;
  elderly: boolean;
  /** Beside the seat of the phase: invited agents, a warm transfer's target, supervisors. */
  parties: {
    seatId: string;
    role: "agent" | "supervisor";
    mode: "talking" | "held" | "listen" | "whisper" | "joined";
  }[];
  /** An agent who is being asked to join or to take over; `epoch` fences a late answer. */
  invitation: {
    seatId: string;
    kind: "transfer" | "invitation";
    fromSeatId: string;
    epoch: number;
    expiresMs: number;
  } | null;
  /** Whom a transfer or a supervisor meant it for; nobody else gets it. */
  target: Target | null;
  /** Set once routing gave up: what the customer may leave instead. */
  nobody: "callback" | "message" | "choice" | null;
  /** Since when a side is gone; null while both are there. */
  interruptedMs: number | null;
}

export interface CallRecord {
  call_id: string;
  unit_path: string;
  device_id: string | null;
  journey_id: string | null;
  account_no: string | null;
  customer_key: string;
  seq: number;
  state: Call;
  live: CallLive;
  node_id: string | null;
  outcome: string | null;
  note: string;
  kiosk_zh: string;
  kiosk_en: string;
  hall_zh: string;
  hall_en: string;
}

const columns = sql`c.call_id, c.unit_path::text, c.device_id, c.journey_id, c.account_no, c.customer_key, c.seq, c.state,
  c.live, c.node_id, c.outcome, c.note, coalesce(d.name_zh, '网上营业厅') as kiosk_zh,
  coalesce(d.name_en, 'Online') as kiosk_en, coalesce(h.name_zh, '') as hall_zh, coalesce(h.name_en, '') as hall_en`;
const from = sql`call c left join device d on d.device_id = c.device_id left join unit h on h.path = c.unit_path`;

export async function findCall(tx: Tx, callId: string): Promise<CallRecord | null> {
  const { rows } = await sql<CallRecord>`select ${columns} from ${from} where c.call_id = ${callId}`.execute(tx);
  return rows[0] ?? null;
}

export async function lockCall(tx: Tx, callId: string): Promise<CallRecord | null> {
  const { rows } =
    await sql<CallRecord>`select ${columns} from ${from} where c.call_id = ${callId} for update of c`.execute(tx);
  return rows[0] ?? null;
}

export async function openCalls(tx: Tx): Promise<CallRecord[]> {
  const { rows } =
    await sql<CallRecord>`select ${columns} from ${from} where c.ended_at is null order by c.requested_at`.execute(tx);
  return rows;
}

export async function openCallOfDevice(tx: Tx, deviceId: string): Promise<CallRecord | null> {
  const { rows } = await sql<CallRecord>`select ${columns} from ${from} where c.device_id = ${deviceId}
    and c.ended_at is null order by c.requested_at desc limit 1`.execute(tx);
  return rows[0] ?? null;
}

export async function callsOfSeat(tx: Tx, seatId: string): Promise<CallRecord[]> {
  const { rows } = await sql<CallRecord>`select ${columns} from ${from} where c.ended_at is null
    and (c.state->'phase'->>'seatId' = ${seatId} or c.live->'parties' @> ${JSON.stringify([{ seatId }])}::jsonb
      or c.live->'invitation'->>'seatId' = ${seatId}) order by c.requested_at`.execute(tx);
  return rows;
}

/** The agent who helped this customer last, and when that ended (sticky routing). */
export async function lastAgentOf(tx: Tx, customerKey: string): Promise<{ seatId: string; atMs: number } | null> {
  const { rows } = await sql<{
    seat_id: string;
    ended_at: Date;
  }>`select state->'seatIds'->>-1 as seat_id, ended_at from call
    where customer_key = ${customerKey} and ended_at is not null and jsonb_array_length(state->'seatIds') > 0
    order by requested_at desc limit 1`.execute(tx);
  const [row] = rows;
  return row ? { seatId: row.seat_id, atMs: row.ended_at.getTime() } : null;
}

/** What happened, without place and time; `appendEvents` adds them. */
export type NewCallEvent = CallEvent extends infer E
  ? E extends CallEvent
    ? Omit<E, "callId" | "seq" | "atMs">
    : never
  : never;

export type Appended = { ok: true; record: CallRecord } | { ok: false; reason: string; record: CallRecord | null };

/** Opens the call with its first events; the same call id once more returns the call that is there. */
export async function insertCall(
  tx: Tx,
  call: Pick<
    CallRecord,
    "call_id" | "unit_path" | "device_id" | "journey_id" | "account_no" | "customer_key" | "live"
  > & {
    node_id: string;
  },
  events: readonly NewCallEvent[],
  nowMs: number,
): Promise<Appended> {
  let state: Call | null = null;
  const written: CallEvent[] = [];
  for (const [index, event] of events.entries()) {
    const full = { ...event, callId: call.call_id, seq: index + 1, atMs: nowMs } as CallEvent;
    const step = applyCallEvent(state, full);
    if (!step.ok) return { ok: false, reason: step.reason, record: null };
    state = step.call;
    written.push(full);
  }
  if (!state) throw new Error("a call begins with an event");
  const inserted = await sql`insert into call (call_id, unit_path, device_id, journey_id, account_no, customer_key, seq,
      state, phase, requested_at, live, node_id)
    values (${call.call_id}, ${call.unit_path}::ltree, ${call.device_id}, ${call.journey_id}, ${call.account_no},
      ${call.customer_key}, ${state.seq}, ${JSON.stringify(state)}::jsonb, ${state.phase.name}, ${new Date(nowMs)},
      ${JSON.stringify(call.live)}::jsonb, ${call.node_id}) on conflict do nothing`.execute(tx);
  if ((inserted.numAffectedRows ?? 0n) > 0n) await insertEvents(tx, call.unit_path, written);
  const record = await findCall(tx, call.call_id);
  return record ? { ok: true, record } : { ok: false, reason: "unknown-call", record: null };
}

/**
 * Adds facts to a call that is locked in this transaction. Each must follow from the state before it (`applyCallEvent`);
 * the first that does not ends the attempt, and the caller rolls back.
 */
export async function appendEvents(
  tx: Tx,
  record: CallRecord,
  events: readonly NewCallEvent[],
  nowMs: number,
  live: Partial<CallLive> = {},
): Promise<Appended> {
  let state = Call.parse(record.state);
  const written: CallEvent[] = [];
  for (const event of events) {
    const full: CallEvent = { ...event, callId: state.callId, seq: state.seq + 1, atMs: Math.max(nowMs, state.atMs) };
    const step = applyCallEvent(state, full);
    if (!step.ok) return { ok: false, reason: step.reason, record };
    state = step.call;
    written.push(full);
  }
  const merged: CallLive = { ...record.live, ...live };
  const seatId = seatOfPhase(state.phase);
  const ended = isOver(state.phase) ? new Date(state.endedMs ?? nowMs) : null;
  await sql`update call set seq = ${state.seq}, state = ${JSON.stringify(state)}::jsonb, phase = ${state.phase.name},
    seat_id = ${seatId}, ended_at = ${ended}, live = ${JSON.stringify(merged)}::jsonb
    where call_id = ${record.call_id} and seq = ${record.seq}`.execute(tx);
  await insertEvents(tx, record.unit_path, written);
  return { ok: true, record: { ...record, seq: state.seq, state, live: merged } };
}

async function insertEvents(tx: Tx, unitPath: string, events: readonly CallEvent[]): Promise<void> {
  for (const event of events)
    await sql`insert into call_event (call_id, seq, unit_path, at_ms, type, body)
      values (${event.callId}, ${event.seq}, ${unitPath}::ltree, ${event.atMs}, ${event.type}, ${JSON.stringify(event)}::jsonb)`.execute(
      tx,
    );
}

export async function takeOver(tx: Tx, callId: string, from: string | null, nodeId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`update call set node_id = ${nodeId}
    where call_id = ${callId} and node_id is not distinct from ${from}`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}

export async function writeDecision(
  tx: Tx,
  record: Pick<CallRecord, "call_id" | "unit_path">,
  decision: unknown,
  nowMs: number,
): Promise<void> {
  await sql`insert into call_decision (call_id, unit_path, at_ms, body)
    values (${record.call_id}, ${record.unit_path}::ltree, ${nowMs}, ${JSON.stringify(decision)}::jsonb)`.execute(tx);
}

export async function eventsOf(tx: Tx, callId: string): Promise<CallEvent[]> {
  const { rows } = await sql<{
    body: CallEvent;
  }>`select body from call_event where call_id = ${callId} order by seq`.execute(tx);
  return rows.map((row) => row.body);
}
