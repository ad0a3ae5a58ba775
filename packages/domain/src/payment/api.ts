import { z } from "zod";
import { Fen } from "../money/fen.ts";
import { Allocation, PaymentDue } from "./schema.ts";

export const PaymentRow = z.object({
  intentId: z.string(),
  createdAt: z.string(),
  settledAt: z.string().nullable(),
  deviceId: z.string().nullable(),
  unitPath: z.string(),
  hallZh: z.string(),
  hallEn: z.string(),
  accountNo: z.string(),
  channel: z.string(),
  tender: z.string(),
  /** accepting, creating, waiting, confirming, closing, credited, returned, cancelled, closed, refunding, refunded, case */
  state: z.string(),
  dueFen: Fen,
  receivedFen: Fen,
  dispensedFen: Fen,
  caseFen: Fen,
  receiptNo: z.string().nullable(),
  journeyId: z.string().nullable(),
});
export type PaymentRow = z.infer<typeof PaymentRow>;

export const TransferRow = z.object({
  transferId: z.string(),
  postedAt: z.string(),
  debit: z.string(),
  credit: z.string(),
  amountFen: Fen,
  kind: z.string(),
});
export const PaymentDetail = PaymentRow.extend({
  due: PaymentDue,
  allocation: Allocation.nullable(),
  steps: z.array(z.object({ n: z.number().int(), at: z.string(), kind: z.string(), body: z.unknown() })),
  transfers: z.array(TransferRow),
  /** What of the received money is neither credited nor handed back nor a case: zero in the end. */
  clearingFen: Fen,
  caseIds: z.array(z.string()),
});
export type PaymentDetail = z.infer<typeof PaymentDetail>;

export const CaseState = z.enum(["open", "in-progress", "closed"]);
export const CaseRow = z.object({
  caseId: z.string(),
  intentId: z.string().nullable(),
  unitPath: z.string(),
  hallZh: z.string(),
  hallEn: z.string(),
  /** stack-unproved, dispense-unproved, note-unaccounted, amount-differs, close-unclear, refund-unclear, event-unprocessed, reconciliation-difference */
  kind: z.string(),
  amountFen: Fen,
  state: CaseState,
  openedAt: z.string(),
  closedAt: z.string().nullable(),
  assignee: z.string().nullable(),
  outcome: z.string().nullable(),
});
export type CaseRow = z.infer<typeof CaseRow>;
export const CaseDetail = CaseRow.extend({
  detail: z.record(z.string(), z.unknown()),
  notes: z.array(z.object({ n: z.number().int(), at: z.string(), author: z.string(), text: z.string() })),
});
export type CaseDetail = z.infer<typeof CaseDetail>;

/** How a person ends a case; each moves the amount out of suspense by a ledger transfer of its own. */
export const CloseCase = z.object({
  outcome: z.enum(["credited-to-account", "returned-to-customer", "written-off", "explained"]),
  text: z.string().trim().min(4, "say in a sentence what was found and done").max(1000),
});
export type CloseCase = z.infer<typeof CloseCase>;

export const MoneySummary = z.object({
  day: z.string(),
  receivedFen: Fen,
  creditedFen: Fen,
  cashFen: Fen,
  wechatFen: Fen,
  alipayFen: Fen,
  payments: z.number().int(),
  running: z.number().int(),
  openCases: z.number().int(),
  openCasesFen: Fen,
});
export type MoneySummary = z.infer<typeof MoneySummary>;

export const ReconciliationRun = z.object({
  runId: z.string(),
  day: z.string(),
  kind: z.enum(["wechat", "alipay", "cash"]),
  ranAt: z.string(),
  oursFen: Fen,
  theirsFen: Fen,
  oursCount: z.number().int(),
  theirsCount: z.number().int(),
  differences: z.number().int(),
  /** Set where the other side could not be had. */
  problem: z.string().nullable(),
});
export type ReconciliationRun = z.infer<typeof ReconciliationRun>;
export const ReconciliationDifference = z.object({
  n: z.number().int(),
  /** only-ours, only-theirs, amount-differs, cash-differs, refund-missing */
  kind: z.string(),
  intentId: z.string().nullable(),
  deviceId: z.string().nullable(),
  oursFen: Fen.nullable(),
  theirsFen: Fen.nullable(),
  explanation: z.string(),
  caseId: z.string().nullable(),
});
export const ReconciliationDetail = ReconciliationRun.extend({ rows: z.array(ReconciliationDifference) });
export type ReconciliationDetail = z.infer<typeof ReconciliationDetail>;
