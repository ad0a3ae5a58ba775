import type { JourneyDetail, JourneyRow, TraceRow } from "@gridhall/domain/trace/api.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

interface Raw {
  journey_id: string;
  device_id: string;
  kiosk_zh: string;
  kiosk_en: string;
  hall_zh: string | null;
  hall_en: string | null;
  unit_path: string;
  service_id: string;
  started_at: Date;
  last_event_at: Date;
  ended_at: Date | null;
  outcome: string | null;
  page: string | null;
  account_no: string | null;
  language: string | null;
  events: number;
}
interface RawTrace {
  device_id: string;
  lane: string;
  seq: number;
  type: string;
  journey_id: string | null;
  wall_at: Date;
  received_at: Date;
  historic: boolean;
  body: unknown;
}

const select = sql`select j.journey_id, j.device_id, d.name_zh as kiosk_zh, d.name_en as kiosk_en, u.name_zh as hall_zh, u.name_en as hall_en, j.unit_path::text, j.service_id,
  j.started_at, j.last_event_at, j.ended_at, j.outcome, j.page, j.account_no, j.language, j.events
  from journey j join device d using (device_id) left join unit u on u.path = j.unit_path`;

function toRow(raw: Raw): JourneyRow {
  return {
    journeyId: raw.journey_id,
    deviceId: raw.device_id,
    kioskZh: raw.kiosk_zh,
    kioskEn: raw.kiosk_en,
    hallZh: raw.hall_zh ?? "",
    hallEn: raw.hall_en ?? "",
    unitPath: raw.unit_path,
    serviceId: raw.service_id,
    startedAt: raw.started_at.toISOString(),
    lastEventAt: raw.last_event_at.toISOString(),
    endedAt: raw.ended_at?.toISOString() ?? null,
    outcome: raw.outcome,
    page: raw.page,
    accountNo: raw.account_no,
    language: raw.language,
    events: raw.events,
  };
}

function toTrace(raw: RawTrace): TraceRow {
  return {
    deviceId: raw.device_id,
    lane: raw.lane,
    seq: raw.seq,
    type: raw.type,
    journeyId: raw.journey_id,
    wallAt: raw.wall_at.toISOString(),
    receivedAt: raw.received_at.toISOString(),
    historic: raw.historic,
    body: raw.body,
  };
}

export interface JourneyFilter {
  unit?: string | undefined;
  deviceId?: string | undefined;
  outcome?: string | undefined;
  running?: boolean | undefined;
  accountNo?: string | undefined;
  before?: string | undefined;
  limit: number;
}

export async function listJourneys(tx: Tx, filter: JourneyFilter): Promise<JourneyRow[]> {
  const { rows } = await sql<Raw>`${select} where true
    ${filter.unit ? sql`and j.unit_path <@ ${filter.unit}::ltree` : sql``}
    ${filter.deviceId ? sql`and j.device_id = ${filter.deviceId}` : sql``}
    ${filter.outcome ? sql`and j.outcome = ${filter.outcome}` : sql``}
    ${filter.running ? sql`and j.ended_at is null` : sql``}
    ${filter.accountNo ? sql`and j.account_no = ${filter.accountNo}` : sql``}
    ${filter.before ? sql`and j.started_at < ${new Date(filter.before)}` : sql``}
    order by j.started_at desc limit ${filter.limit}`.execute(tx);
  return rows.map(toRow);
}

export async function journeysById(tx: Tx, ids: readonly string[]): Promise<JourneyRow[]> {
  const { rows } = await sql<Raw>`${select} where j.journey_id = any(${ids}::text[])`.execute(tx);
  return rows.map(toRow);
}

const traceColumns = sql`device_id, lane, seq, type, journey_id, wall_at, received_at, historic, body`;

export async function findJourney(tx: Tx, journeyId: string): Promise<JourneyDetail | null> {
  const [row] = await journeysById(tx, [journeyId]);
  if (!row) return null;
  const traces =
    await sql<RawTrace>`select ${traceColumns} from trace where journey_id = ${journeyId} order by wall_at, seq limit 2000`.execute(
      tx,
    );
  const payments = await sql<{
    intent_id: string;
  }>`select intent_id from payment where journey_id = ${journeyId} order by created_at`.execute(tx);
  return { ...row, traces: traces.rows.map(toTrace), intentIds: payments.rows.map((payment) => payment.intent_id) };
}

export async function listTraces(
  tx: Tx,
  filter: { deviceId?: string | undefined; lane?: string | undefined; limit: number },
): Promise<TraceRow[]> {
  const { rows } = await sql<RawTrace>`select ${traceColumns} from trace where received_at > now() - interval '7 days'
    ${filter.deviceId ? sql`and device_id = ${filter.deviceId}` : sql``}
    ${filter.lane ? sql`and lane = ${filter.lane}` : sql``}
    order by received_at desc, seq desc limit ${filter.limit}`.execute(tx);
  return rows.map(toTrace);
}
