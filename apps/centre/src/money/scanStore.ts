import { createHash } from "node:crypto";
import { ScanPayment } from "@gridhall/domain/payment/scanSaga.ts";
import { Allocation, dueTotalFen, PaymentDue } from "@gridhall/domain/payment/schema.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import { HallError } from "../web/errors.ts";

export interface ScanRow {
  intentId: string;
  unitPath: string;
  accountNo: string;
  due: PaymentDue;
  state: string;
  saga: ScanPayment;
  receiptNo: string | null;
  allocation: Allocation | null;
  createdAt: Date;
}

interface Raw {
  intent_id: string;
  unit_path: string;
  account_no: string;
  due: unknown;
  state: string;
  saga: unknown;
  provider_reference: string | null;
  allocation: unknown;
  created_at: Date;
  parameters_sha256: string;
}

const columns = sql`intent_id, unit_path::text, account_no, due, state, saga, provider_reference, allocation, created_at, parameters_sha256`;

function read(raw: Raw): ScanRow {
  return {
    intentId: raw.intent_id,
    unitPath: raw.unit_path,
    accountNo: raw.account_no,
    due: PaymentDue.parse(raw.due),
    state: raw.state,
    saga: ScanPayment.parse(raw.saga),
    receiptNo: raw.provider_reference,
    allocation: raw.allocation === null ? null : Allocation.parse(raw.allocation),
    createdAt: raw.created_at,
  };
}

export interface ScanIntent {
  deviceId: string | null;
  journeyId: string | null;
  unitPath: string;
  channel: "kiosk" | "online";
  tender: string;
  due: PaymentDue;
  saga: ScanPayment;
}

function hashOf(intent: ScanIntent): string {
  const { provider, mode, amountFen } = intent.saga;
  return createHash("sha256")
    .update(JSON.stringify([intent.due, provider, mode, amountFen, intent.deviceId]))
    .digest("hex");
}

/** True where the intent is new. The same intent with the same parameters is the same payment; with others an error. */
export async function insertScan(tx: Tx, intent: ScanIntent): Promise<boolean> {
  const parameters = hashOf(intent);
  const inserted =
    await sql`insert into payment (intent_id, device_id, journey_id, unit_path, account_no, channel, tender, due, due_fen, parameters_sha256, state, saga, next_at)
    values (${intent.saga.intentId}, ${intent.deviceId}, ${intent.journeyId}, ${intent.unitPath}::ltree, ${intent.due.accountNo}, ${intent.channel}, ${intent.tender}, ${JSON.stringify(intent.due)}::jsonb,
      ${dueTotalFen(intent.due)}, ${parameters}, ${intent.saga.phase.name}, ${JSON.stringify(intent.saga)}::jsonb, ${nextAt(intent.saga)})
    on conflict (intent_id) do nothing`.execute(tx);
  if ((inserted.numAffectedRows ?? 0n) > 0n) return true;
  const { rows } = await sql<Raw>`select ${columns} from payment where intent_id = ${intent.saga.intentId}`.execute(tx);
  if (rows[0]?.parameters_sha256 !== parameters)
    throw new HallError(
      "payment.intent-conflict",
      409,
      "intentId: already used for another payment; begin with a new one",
    );
  return false;
}

/** Locks the payment's row: all that happens to one payment happens in one order. */
export async function lockScan(tx: Tx, intentId: string): Promise<ScanRow | null> {
  const { rows } =
    await sql<Raw>`select ${columns} from payment where intent_id = ${intentId} and saga is not null for update`.execute(
      tx,
    );
  return rows[0] ? read(rows[0]) : null;
}

export async function findScan(tx: Tx, intentId: string): Promise<ScanRow | null> {
  const { rows } =
    await sql<Raw>`select ${columns} from payment where intent_id = ${intentId} and saga is not null`.execute(tx);
  return rows[0] ? read(rows[0]) : null;
}

export async function writeScan(
  tx: Tx,
  intentId: string,
  saga: ScanPayment,
  extra: { receiptNo?: string; allocation?: Allocation; receivedFen?: number; caseFen?: number } = {},
): Promise<void> {
  const final = ["paid", "closed", "refunded", "case"].includes(saga.phase.name);
  const state = saga.phase.name === "paid" ? "credited" : saga.phase.name;
  await sql`update payment set saga = ${JSON.stringify(saga)}::jsonb, state = ${state}, next_at = ${nextAt(saga)}, updated_at = now(),
      settled_at = case when ${final} then coalesce(settled_at, now()) else null end,
      provider_reference = coalesce(${extra.receiptNo ?? null}, provider_reference),
      allocation = coalesce(${extra.allocation ? JSON.stringify(extra.allocation) : null}::jsonb, allocation),
      received_fen = coalesce(${extra.receivedFen ?? null}, received_fen),
      case_fen = coalesce(${extra.caseFen ?? null}, case_fen)
    where intent_id = ${intentId}`.execute(tx);
}

/** Intents whose time has come, at most `limit`; the sweep of another node passes over what this one holds. */
export async function dueScans(tx: Tx, limit: number): Promise<string[]> {
  const { rows } = await sql<{
    intent_id: string;
  }>`select intent_id from payment where next_at <= now() order by next_at limit ${limit} for update skip locked`.execute(
    tx,
  );
  return rows.map((row) => row.intent_id);
}

/** A cancelled intent that never arrived: a begin that comes late must find it closed. */
export async function leaveTombstone(tx: Tx, intentId: string, deviceId: string): Promise<void> {
  await sql`insert into setting (key, value) values (${`scan-cancelled:${intentId}`}, ${JSON.stringify({ deviceId })}::jsonb) on conflict do nothing`.execute(
    tx,
  );
}

export async function hasTombstone(tx: Tx, intentId: string): Promise<boolean> {
  const { rows } = await sql`select 1 from setting where key = ${`scan-cancelled:${intentId}`}`.execute(tx);
  return rows.length > 0;
}

function nextAt(saga: ScanPayment): Date | null {
  return saga.nextAtMs === null ? null : new Date(saga.nextAtMs);
}
