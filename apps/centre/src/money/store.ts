import type { CaseDetail, CaseRow, MoneySummary, PaymentDetail, PaymentRow } from "@gridhall/domain/payment/api.ts";
import { Allocation, PaymentDue } from "@gridhall/domain/payment/schema.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import { balance, ledgerAccount } from "./ledger.ts";

interface Raw {
  intent_id: string;
  created_at: Date;
  settled_at: Date | null;
  device_id: string | null;
  unit_path: string;
  hall_zh: string | null;
  hall_en: string | null;
  account_no: string;
  channel: string;
  tender: string;
  state: string;
  due: unknown;
  due_fen: number;
  received_fen: number;
  dispensed_fen: number;
  case_fen: number;
  allocation: unknown;
  provider_reference: string | null;
  journey_id: string | null;
}

const select = sql`select p.intent_id, p.created_at, p.settled_at, p.device_id, p.unit_path::text, u.name_zh as hall_zh, u.name_en as hall_en, p.account_no, p.channel, p.tender, p.state,
  p.due, p.due_fen, p.received_fen, p.dispensed_fen, p.case_fen, p.allocation, p.provider_reference, p.journey_id
  from payment p left join unit u on u.path = p.unit_path`;

function toRow(raw: Raw): PaymentRow {
  return {
    intentId: raw.intent_id,
    createdAt: raw.created_at.toISOString(),
    settledAt: raw.settled_at?.toISOString() ?? null,
    deviceId: raw.device_id,
    unitPath: raw.unit_path,
    hallZh: raw.hall_zh ?? "",
    hallEn: raw.hall_en ?? "",
    accountNo: raw.account_no,
    channel: raw.channel,
    tender: raw.tender,
    state: raw.state,
    dueFen: raw.due_fen,
    receivedFen: raw.received_fen,
    dispensedFen: raw.dispensed_fen,
    caseFen: raw.case_fen,
    receiptNo: raw.provider_reference,
    journeyId: raw.journey_id,
  };
}

export interface PaymentFilter {
  unit?: string | undefined;
  deviceId?: string | undefined;
  state?: string | undefined;
  tender?: string | undefined;
  q?: string | undefined;
  day?: string | undefined;
  before?: string | undefined;
  limit: number;
}

export async function listPayments(tx: Tx, filter: PaymentFilter): Promise<PaymentRow[]> {
  const { rows } = await sql<Raw>`${select} where true
    ${filter.unit ? sql`and p.unit_path <@ ${filter.unit}::ltree` : sql``}
    ${filter.deviceId ? sql`and p.device_id = ${filter.deviceId}` : sql``}
    ${filter.state ? sql`and p.state = ${filter.state}` : sql``}
    ${filter.tender ? sql`and p.tender = ${filter.tender}` : sql``}
    ${filter.q ? sql`and (p.account_no = ${filter.q} or p.intent_id = ${filter.q} or p.provider_reference = ${filter.q})` : sql``}
    ${filter.day ? sql`and p.created_at >= ${filter.day}::date and p.created_at < ${filter.day}::date + 1` : sql``}
    ${filter.before ? sql`and p.created_at < ${new Date(filter.before)}` : sql``}
    order by p.created_at desc limit ${filter.limit}`.execute(tx);
  return rows.map(toRow);
}

export async function paymentsById(tx: Tx, ids: readonly string[]): Promise<PaymentRow[]> {
  const { rows } = await sql<Raw>`${select} where p.intent_id = any(${ids}::text[])`.execute(tx);
  return rows.map(toRow);
}

export async function findPayment(tx: Tx, intentId: string): Promise<PaymentDetail | null> {
  const { rows } = await sql<Raw>`${select} where p.intent_id = ${intentId}`.execute(tx);
  const [raw] = rows;
  if (!raw) return null;
  const steps = await sql<{
    n: number;
    at: Date;
    kind: string;
    body: unknown;
  }>`select n, at, kind, body from payment_step where intent_id = ${intentId} order by n`.execute(tx);
  const transfers = await sql<{
    transfer_id: string;
    posted_at: Date;
    debit: string;
    credit: string;
    amount_fen: number;
    kind: string;
  }>`
    select transfer_id, posted_at, debit, credit, amount_fen, kind from ledger_transfer where intent_id = ${intentId} order by posted_at, transfer_id`.execute(
    tx,
  );
  const cases = await sql<{
    case_id: string;
  }>`select case_id from open_case where intent_id = ${intentId} order by opened_at`.execute(tx);
  return {
    ...toRow(raw),
    due: PaymentDue.parse(raw.due),
    allocation: raw.allocation === null ? null : Allocation.parse(raw.allocation),
    steps: steps.rows.map((step) => ({ n: step.n, at: step.at.toISOString(), kind: step.kind, body: step.body })),
    transfers: transfers.rows.map((row) => ({
      transferId: row.transfer_id,
      postedAt: row.posted_at.toISOString(),
      debit: row.debit,
      credit: row.credit,
      amountFen: row.amount_fen,
      kind: row.kind,
    })),
    clearingFen: -Number(await balance(tx, ledgerAccount.clearing(intentId))),
    caseIds: cases.rows.map((row) => row.case_id),
  };
}

export async function summary(tx: Tx, day: string): Promise<MoneySummary> {
  const { rows } = await sql<{
    received: number;
    credited: number;
    cash: number;
    wechat: number;
    alipay: number;
    n: number;
    running: number;
  }>`
    select coalesce(sum(received_fen - dispensed_fen), 0)::bigint as received,
      coalesce(sum(received_fen - dispensed_fen - case_fen) filter (where state = 'credited'), 0)::bigint as credited,
      coalesce(sum(received_fen - dispensed_fen) filter (where tender = 'cash'), 0)::bigint as cash,
      coalesce(sum(received_fen) filter (where tender like 'wechat%'), 0)::bigint as wechat,
      coalesce(sum(received_fen) filter (where tender like 'alipay%'), 0)::bigint as alipay,
      count(*)::int as n, (count(*) filter (where settled_at is null))::int as running
    from payment where created_at >= ${day}::date and created_at < ${day}::date + 1`.execute(tx);
  const cases = await sql<{
    n: number;
    fen: number;
  }>`select count(*)::int as n, coalesce(sum(abs(amount_fen)), 0)::bigint as fen from open_case where state <> 'closed'`.execute(
    tx,
  );
  const row = rows[0];
  return {
    day,
    receivedFen: row?.received ?? 0,
    creditedFen: row?.credited ?? 0,
    cashFen: row?.cash ?? 0,
    wechatFen: row?.wechat ?? 0,
    alipayFen: row?.alipay ?? 0,
    payments: row?.n ?? 0,
    running: row?.running ?? 0,
    openCases: cases.rows[0]?.n ?? 0,
    openCasesFen: cases.rows[0]?.fen ?? 0,
  };
}

interface RawCase {
  case_id: string;
  intent_id: string | null;
  unit_path: string;
  hall_zh: string | null;
  hall_en: string | null;
  kind: string;
  amount_fen: number;
  state: CaseRow["state"];
  opened_at: Date;
  closed_at: Date | null;
  assignee: string | null;
  outcome: string | null;
  detail: Record<string, unknown>;
}
const selectCase = sql`select c.case_id, c.intent_id, c.unit_path::text, u.name_zh as hall_zh, u.name_en as hall_en, c.kind, c.amount_fen, c.state, c.opened_at, c.closed_at, c.assignee, c.outcome, c.detail
  from open_case c left join unit u on u.path = c.unit_path`;

function toCase(raw: RawCase): CaseRow {
  return {
    caseId: raw.case_id,
    intentId: raw.intent_id,
    unitPath: raw.unit_path,
    hallZh: raw.hall_zh ?? "",
    hallEn: raw.hall_en ?? "",
    kind: raw.kind,
    amountFen: raw.amount_fen,
    state: raw.state,
    openedAt: raw.opened_at.toISOString(),
    closedAt: raw.closed_at?.toISOString() ?? null,
    assignee: raw.assignee,
    outcome: raw.outcome,
  };
}

export async function listCases(
  tx: Tx,
  filter: { state?: string | undefined; caseIds?: readonly string[]; limit: number },
): Promise<CaseRow[]> {
  const { rows } = await sql<RawCase>`${selectCase} where true
    ${filter.state ? sql`and c.state = ${filter.state}` : sql``} ${filter.caseIds ? sql`and c.case_id = any(${filter.caseIds}::text[])` : sql``}
    order by c.opened_at desc limit ${filter.limit}`.execute(tx);
  return rows.map(toCase);
}

export async function findCase(tx: Tx, caseId: string): Promise<CaseDetail | null> {
  const { rows } = await sql<RawCase>`${selectCase} where c.case_id = ${caseId}`.execute(tx);
  const [raw] = rows;
  if (!raw) return null;
  const notes = await sql<{
    n: number;
    at: Date;
    author: string;
    text: string;
  }>`select n, at, author, text from open_case_note where case_id = ${caseId} order by n`.execute(tx);
  return {
    ...toCase(raw),
    detail: raw.detail,
    notes: notes.rows.map((note) => ({ n: note.n, at: note.at.toISOString(), author: note.author, text: note.text })),
  };
}

export async function addCaseNote(
  tx: Tx,
  caseId: string,
  unitPath: string,
  author: string,
  text: string,
): Promise<void> {
  await sql`insert into open_case_note (case_id, n, unit_path, author, text)
    select ${caseId}, coalesce(max(n), 0) + 1, ${unitPath}::ltree, ${author}, ${text} from open_case_note where case_id = ${caseId}`.execute(
    tx,
  );
}

export async function writeCaseState(
  tx: Tx,
  caseId: string,
  change: { state: CaseRow["state"]; assignee?: string; outcome?: string },
): Promise<void> {
  await sql`update open_case set state = ${change.state}, assignee = coalesce(${change.assignee ?? null}, assignee), outcome = coalesce(${change.outcome ?? null}, outcome),
    closed_at = case when ${change.state} = 'closed' then now() else null end where case_id = ${caseId}`.execute(tx);
}
