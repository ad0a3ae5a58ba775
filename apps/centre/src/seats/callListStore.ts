import type { CallDetail, CallRow, RecordingRow } from "@gridhall/domain/seats/api.ts";
import type { Call } from "@gridhall/domain/seats/call.ts";
import { UnitPath } from "@gridhall/domain/seats/schema.ts";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import type { Tx } from "../db/database.ts";
import { eventsOf } from "./callStore.ts";
import { recordingsOf } from "./recordings.ts";

/** Lists over calls of the past. */

export const CallFilter = z.object({
  fromMs: z.coerce.number().int().optional(),
  untilMs: z.coerce.number().int().optional(),
  unit: UnitPath.optional(),
  deviceId: z.string().max(80).optional(),
  journeyId: z.string().max(80).optional(),
  seatId: z.string().max(80).optional(),
  service: z.string().max(60).optional(),
  phase: z.string().max(40).optional(),
  outcome: z.string().max(40).optional(),
  /** Account number, call id, or words of the note. */
  q: z.string().max(80).optional(),
  beforeMs: z.coerce.number().int().optional(),
  limit: z.coerce.number().int().min(1).max(5000).default(100),
});
export type CallFilter = z.infer<typeof CallFilter>;

interface Row {
  call_id: string;
  state: Call;
  device_id: string | null;
  journey_id: string | null;
  account_no: string | null;
  unit_path: string;
  outcome: string | null;
  note: string;
  kiosk_zh: string;
  kiosk_en: string;
  hall_zh: string;
  hall_en: string;
  agents: string[] | null;
  recordings: number;
}

const columns = sql`c.call_id, c.state, c.device_id, c.journey_id, c.account_no, c.unit_path::text, c.outcome, c.note,
  coalesce(d.name_zh, '网上营业厅') as kiosk_zh, coalesce(d.name_en, 'Online') as kiosk_en,
  coalesce(h.name_zh, '') as hall_zh, coalesce(h.name_en, '') as hall_en,
  (select array_agg(f.name_zh order by t.n) from jsonb_array_elements_text(c.state->'seatIds') with ordinality t(id, n)
    join staff f on f.staff_id = t.id) as agents,
  (select count(*)::int from call_recording r where r.call_id = c.call_id and r.state <> 'deleted') as recordings`;
const from = sql`call c left join device d on d.device_id = c.device_id left join unit h on h.path = c.unit_path`;

function where(filter: CallFilter): RawBuilder<unknown> {
  const parts: RawBuilder<unknown>[] = [sql`true`];
  if (filter.fromMs !== undefined) parts.push(sql`c.requested_at >= ${new Date(filter.fromMs)}`);
  if (filter.untilMs !== undefined) parts.push(sql`c.requested_at < ${new Date(filter.untilMs)}`);
  if (filter.beforeMs !== undefined) parts.push(sql`c.requested_at < ${new Date(filter.beforeMs)}`);
  if (filter.unit) parts.push(sql`c.unit_path <@ ${filter.unit}::ltree`);
  if (filter.deviceId) parts.push(sql`c.device_id = ${filter.deviceId}`);
  if (filter.journeyId) parts.push(sql`c.journey_id = ${filter.journeyId}`);
  if (filter.seatId) parts.push(sql`c.state->'seatIds' ? ${filter.seatId}`);
  if (filter.service) parts.push(sql`c.state->'request'->>'service' = ${filter.service}`);
  if (filter.phase) parts.push(sql`c.phase = ${filter.phase}`);
  if (filter.outcome) parts.push(sql`c.outcome = ${filter.outcome}`);
  if (filter.q)
    parts.push(
      sql`(c.account_no = ${filter.q} or c.call_id = ${filter.q} or position(lower(${filter.q}) in lower(c.note)) > 0)`,
    );
  return sql.join(parts, sql` and `);
}

export async function listCalls(tx: Tx, filter: CallFilter): Promise<CallRow[]> {
  const { rows } = await sql<Row>`select ${columns} from ${from} where ${where(filter)}
    order by c.requested_at desc limit ${filter.limit}`.execute(tx);
  return rows.map(toRow);
}

export async function findCallDetail(tx: Tx, callId: string): Promise<CallDetail | null> {
  const { rows } = await sql<Row>`select ${columns} from ${from} where c.call_id = ${callId}`.execute(tx);
  const [row] = rows;
  if (!row) return null;
  const { rows: decisions } = await sql<{ at_ms: number; body: unknown }>`select at_ms, body from call_decision
    where call_id = ${callId} order by n`.execute(tx);
  return {
    ...toRow(row),
    note: row.note,
    events: await eventsOf(tx, callId),
    decisions: decisions.map((decision) => ({ atMs: decision.at_ms, decision: decision.body })),
    recordingRows: await recordingsOf(tx, callId),
  };
}

export async function listRecordings(tx: Tx, filter: CallFilter): Promise<RecordingRow[]> {
  const { rows } = await sql<{ call_id: string }>`select c.call_id from ${from} where ${where(filter)}
    and exists (select 1 from call_recording r where r.call_id = c.call_id)
    order by c.requested_at desc limit ${filter.limit}`.execute(tx);
  const found: RecordingRow[] = [];
  for (const row of rows) found.push(...(await recordingsOf(tx, row.call_id)));
  return found;
}

function toRow(row: Row): CallRow {
  const { state } = row;
  const waitEndMs = state.firstConnectedMs ?? state.endedMs ?? state.atMs;
  return {
    callId: row.call_id,
    phase: state.phase,
    deviceId: row.device_id,
    kioskZh: row.kiosk_zh,
    kioskEn: row.kiosk_en,
    hallZh: row.hall_zh,
    hallEn: row.hall_en,
    unitPath: row.unit_path,
    service: state.request.service,
    journeyId: row.journey_id,
    accountNo: row.account_no,
    requestedMs: state.requestedMs,
    waitMs: Math.max(0, waitEndMs - (state.queuedMs ?? state.requestedMs)),
    talkMs: state.firstConnectedMs === null ? 0 : Math.max(0, (state.endedMs ?? state.atMs) - state.firstConnectedMs),
    endedMs: state.endedMs,
    agents: row.agents ?? [],
    outcome: row.outcome,
    rating: state.rating,
    recordings: row.recordings,
  };
}
