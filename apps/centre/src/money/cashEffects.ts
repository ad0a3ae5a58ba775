import { createHash } from "node:crypto";
import { Allocation, dueTotalFen, PaymentDue } from "@gridhall/domain/payment/schema.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { BackOffice } from "../backoffice/backOffice.ts";
import type { Tx } from "../db/database.ts";
import type { Effect, InboxEvent } from "../link/inbox.ts";
import { credit, recordStep } from "./credit.ts";
import { ledgerAccount, post } from "./ledger.ts";

/**
 * What a kiosk's cash reports mean for the ledger. They come in order and exactly once (inbox), after the fact: the
 * money has moved, so nothing here may refuse it; what does not fit becomes an open case.
 */

const Opened = z.object({
  intentId: z.string(),
  journeyId: z.string().nullish(),
  due: PaymentDue,
  remainder: z.enum(["change", "prepay"]),
});
const NoteStacked = z.object({
  intentId: z.string(),
  index: z.number().int(),
  noteId: z.string(),
  amountFen: z.number().int().positive(),
});
const ChangeDispensed = z.object({ intentId: z.string(), amountFen: z.number().int().positive() });
const Settled = z.object({
  intentId: z.string(),
  receivedFen: z.number().int(),
  dispensedFen: z.number().int(),
  allocation: Allocation,
  caseFen: z.number().int(),
  caseReason: z.string().nullable(),
  ending: z.string(),
});

export function cashEffects(
  backOffice: BackOffice,
  openCase: OpenCase,
  changed: (intentId: string, unitPath: string) => void,
): ReadonlyMap<string, Effect> {
  const opened: Effect = async (tx, event) => {
    const body = Opened.parse(event.body);
    const parameters = createHash("sha256")
      .update(JSON.stringify([body.due, body.remainder, event.deviceId]))
      .digest("hex");
    await sql`insert into payment (intent_id, device_id, journey_id, unit_path, account_no, channel, tender, due, due_fen, parameters_sha256, state, created_at)
      values (${body.intentId}, ${event.deviceId}, ${body.journeyId ?? null}, ${event.unitPath}::ltree, ${body.due.accountNo}, 'kiosk', 'cash', ${JSON.stringify(body.due)}::jsonb,
        ${dueTotalFen(body.due)}, ${parameters}, 'accepting', to_timestamp(${event.wallMs} / 1000.0))
      on conflict (intent_id) do nothing`.execute(tx);
    await recordStep(tx, body.intentId, event.unitPath, "opened", {
      dueFen: dueTotalFen(body.due),
      remainder: body.remainder,
    });
    changed(body.intentId, event.unitPath);
  };

  const noteStacked: Effect = async (tx, event) => {
    const body = NoteStacked.parse(event.body);
    await post(tx, {
      transferId: `${body.intentId}:note:${body.index}`,
      intentId: body.intentId,
      unitPath: event.unitPath,
      debit: ledgerAccount.cashBox(event.deviceId),
      credit: ledgerAccount.clearing(body.intentId),
      amountFen: body.amountFen,
      kind: "note",
    });
    await sql`update payment set received_fen = received_fen + ${body.amountFen}, updated_at = now() where intent_id = ${body.intentId}`.execute(
      tx,
    );
    await recordStep(tx, body.intentId, event.unitPath, "note-stacked", {
      noteId: body.noteId,
      amountFen: body.amountFen,
    });
    changed(body.intentId, event.unitPath);
  };

  const changeDispensed: Effect = async (tx, event) => {
    const body = ChangeDispensed.parse(event.body);
    await post(tx, {
      transferId: `${body.intentId}:change`,
      intentId: body.intentId,
      unitPath: event.unitPath,
      debit: ledgerAccount.clearing(body.intentId),
      credit: ledgerAccount.cashBox(event.deviceId),
      amountFen: body.amountFen,
      kind: "change",
    });
    await sql`update payment set dispensed_fen = dispensed_fen + ${body.amountFen}, updated_at = now() where intent_id = ${body.intentId}`.execute(
      tx,
    );
    await recordStep(tx, body.intentId, event.unitPath, "change-dispensed", { amountFen: body.amountFen });
    changed(body.intentId, event.unitPath);
  };

  const settled: Effect = async (tx, event) => {
    const body = Settled.parse(event.body);
    const accountNo = await accountOf(tx, body.intentId);
    const done = await credit(
      tx,
      backOffice,
      {
        intentId: body.intentId,
        unitPath: event.unitPath,
        accountNo,
        channel: "kiosk-cash",
        at: new Date(event.wallMs),
      },
      body.allocation,
    );
    if (body.caseFen !== 0) await openCashCase(tx, event, body.intentId, body.caseFen, body.caseReason ?? "unproved");
    const state =
      body.caseFen === 0
        ? body.ending === "cancel" && body.dispensedFen === body.receivedFen
          ? "returned"
          : "credited"
        : "case";
    await sql`update payment set state = ${state}, allocation = ${JSON.stringify(done.allocation)}::jsonb, case_fen = ${body.caseFen}, provider_reference = ${done.receiptNo},
      settled_at = now(), updated_at = now() where intent_id = ${body.intentId}`.execute(tx);
    await recordStep(tx, body.intentId, event.unitPath, "settled", {
      ending: body.ending,
      allocation: done.allocation,
      caseFen: body.caseFen,
      receiptNo: done.receiptNo,
    });
    changed(body.intentId, event.unitPath);
  };

  const cancelled: Effect = async (tx, event) => {
    const { intentId } = z.object({ intentId: z.string() }).parse(event.body);
    await sql`update payment set state = 'cancelled', settled_at = now(), updated_at = now() where intent_id = ${intentId}`.execute(
      tx,
    );
    await recordStep(tx, intentId, event.unitPath, "cancelled", {});
    changed(intentId, event.unitPath);
  };

  /** The sign says who is owed: above zero the customer may be, below zero the utility lost it. */
  const openCashCase = async (tx: Tx, event: InboxEvent, intentId: string, caseFen: number, reason: string) => {
    const clearing = ledgerAccount.clearing(intentId);
    const owed = caseFen > 0;
    await post(tx, {
      transferId: `${intentId}:case`,
      intentId,
      unitPath: event.unitPath,
      debit: owed ? clearing : ledgerAccount.suspense,
      credit: owed ? ledgerAccount.suspense : clearing,
      amountFen: Math.abs(caseFen),
      kind: "case",
    });
    await openCase(tx, {
      caseId: `case-${intentId}`,
      intentId,
      unitPath: event.unitPath,
      kind: reason,
      amountFen: caseFen,
      detail: { deviceId: event.deviceId },
    });
  };

  return new Map<string, Effect>([
    ["payment.opened", opened],
    ["payment.note-stacked", noteStacked],
    ["payment.change-dispensed", changeDispensed],
    ["payment.settled", settled],
    ["payment.cancelled", cancelled],
  ]);
}

export type OpenCase = (
  tx: Tx,
  request: {
    caseId: string;
    intentId: string | null;
    unitPath: string;
    kind: string;
    amountFen: number;
    detail: Record<string, unknown>;
  },
) => Promise<void>;

async function accountOf(tx: Tx, intentId: string): Promise<string> {
  const { rows } = await sql<{
    account_no: string;
  }>`select account_no from payment where intent_id = ${intentId} for update`.execute(tx);
  const [row] = rows;
  if (!row) throw new Error(`payment ${intentId} was settled but never opened`);
  return row.account_no;
}
