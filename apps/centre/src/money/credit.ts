import { type Allocation, allocatedFen } from "@gridhall/domain/payment/schema.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { BackOffice } from "../backoffice/backOffice.ts";
import { ledgerAccount, post } from "./ledger.ts";

/**
 * Moves what was received for a payment out of its clearing account onto bills, late fees and the prepaid balance, and
 * tells the back office. Bills that someone else paid meanwhile are not paid twice: their part goes to the prepaid
 * balance, so the customer loses nothing.
 */
export async function credit(
  tx: Tx,
  backOffice: BackOffice,
  payment: { intentId: string; unitPath: string; accountNo: string; channel: string; at: Date },
  wanted: Allocation,
): Promise<{ allocation: Allocation; receiptNo: string }> {
  const { allocation, receiptNo } = await backOffice.applyPayment(tx, {
    ...payment,
    allocation: wanted,
    amountFen: allocatedFen(wanted),
  });
  const clearing = ledgerAccount.clearing(payment.intentId);
  const base = { intentId: payment.intentId, unitPath: payment.unitPath, debit: clearing };
  for (const bill of allocation.bills) {
    await post(tx, {
      ...base,
      transferId: `${payment.intentId}:bill:${bill.billId}`,
      credit: ledgerAccount.bills(payment.accountNo),
      amountFen: bill.principalFen,
      kind: "bill",
    });
    await post(tx, {
      ...base,
      transferId: `${payment.intentId}:late:${bill.billId}`,
      credit: ledgerAccount.lateFees,
      amountFen: bill.lateFeeFen,
      kind: "late-fee",
    });
  }
  await post(tx, {
    ...base,
    transferId: `${payment.intentId}:prepay`,
    credit: ledgerAccount.prepaid(payment.accountNo),
    amountFen: allocation.prepayFen,
    kind: "prepay",
  });
  return { allocation, receiptNo };
}

/** Adds a line to the payment's history; `n` follows by itself. */
export async function recordStep(
  tx: Tx,
  intentId: string,
  unitPath: string,
  kind: string,
  body: unknown,
): Promise<void> {
  await sql`insert into payment_step (intent_id, n, unit_path, kind, body)
    select ${intentId}, coalesce(max(n), 0) + 1, ${unitPath}::ltree, ${kind}, ${JSON.stringify(body ?? null)}::jsonb from payment_step where intent_id = ${intentId}`.execute(
    tx,
  );
}
