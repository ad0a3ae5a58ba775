import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

/** Names of ledger accounts: what kind, and whose. */
export const ledgerAccount = {
  /** Cash inside a kiosk (notes stacked less change paid). */
  cashBox: (deviceId: string) => `cash:${deviceId}`,
  acquirer: (provider: "wechat" | "alipay") => `acquirer:${provider}`,
  /** Money received for one payment that is not yet credited or handed back. Zero at the end, or an open case. */
  clearing: (intentId: string) => `clearing:${intentId}`,
  bills: (accountNo: string) => `receivable:${accountNo}`,
  lateFees: "income:late-fee",
  prepaid: (accountNo: string) => `prepaid:${accountNo}`,
  /** What only a person can settle. */
  suspense: "suspense:open-cases",
} as const;

export interface Transfer {
  /** Derived from what caused it: the same cause posted again is the same row. */
  transferId: string;
  intentId: string;
  unitPath: string;
  debit: string;
  credit: string;
  amountFen: number;
  kind: string;
}

/**
 * Posts a transfer once. A repetition with the same content is silently the same transfer; with other content it is a
 * bug and throws (an intent may never mean two things).
 */
export async function post(tx: Tx, transfer: Transfer): Promise<boolean> {
  if (transfer.amountFen === 0) return false;
  const inserted =
    await sql`insert into ledger_transfer (transfer_id, intent_id, unit_path, debit, credit, amount_fen, kind)
    values (${transfer.transferId}, ${transfer.intentId}, ${transfer.unitPath}::ltree, ${transfer.debit}, ${transfer.credit}, ${transfer.amountFen}, ${transfer.kind})
    on conflict (transfer_id) do nothing`.execute(tx);
  if ((inserted.numAffectedRows ?? 0n) > 0n) return true;
  const { rows } = await sql<{
    debit: string;
    credit: string;
    amount_fen: number;
  }>`select debit, credit, amount_fen from ledger_transfer where transfer_id = ${transfer.transferId}`.execute(tx);
  const [before] = rows;
  if (before?.debit !== transfer.debit || before.credit !== transfer.credit || before.amount_fen !== transfer.amountFen)
    throw new Error(`transfer ${transfer.transferId} was posted before with other content`);
  return false;
}

/** Debits less credits, in fen, as bigint: sums of years do not fit a double. */
export async function balance(tx: Tx, account: string): Promise<bigint> {
  const { rows } = await sql<{ balance: string }>`select (
      coalesce((select sum(amount_fen) from ledger_transfer where debit = ${account}), 0) - coalesce((select sum(amount_fen) from ledger_transfer where credit = ${account}), 0)
    )::text as balance`.execute(tx);
  return BigInt(rows[0]?.balance ?? "0");
}

/** Announces money that an acquirer may be about to collect. */
export async function open(tx: Tx, transfer: Omit<Transfer, "kind">): Promise<void> {
  await sql`insert into ledger_pending (transfer_id, intent_id, unit_path, debit, credit, amount_fen)
    values (${transfer.transferId}, ${transfer.intentId}, ${transfer.unitPath}::ltree, ${transfer.debit}, ${transfer.credit}, ${transfer.amountFen})
    on conflict do nothing`.execute(tx);
}

/** Ends a pending transfer exactly once; the first outcome stands, and a different second one throws. */
export async function resolve(
  tx: Tx,
  transferId: string,
  outcome: "posted" | "voided",
  kind: string,
): Promise<boolean> {
  const resolved = await sql`insert into ledger_resolution (transfer_id, unit_path, outcome)
    select transfer_id, unit_path, ${outcome} from ledger_pending where transfer_id = ${transferId} on conflict do nothing`.execute(
    tx,
  );
  if ((resolved.numAffectedRows ?? 0n) === 0n) {
    const { rows } = await sql<{
      outcome: string;
    }>`select outcome from ledger_resolution where transfer_id = ${transferId}`.execute(tx);
    if (rows[0] && rows[0].outcome !== outcome)
      throw new Error(`pending transfer ${transferId} is already ${rows[0].outcome}`);
    return false;
  }
  if (outcome === "posted") {
    const { rows } = await sql<{
      intent_id: string;
      unit_path: string;
      debit: string;
      credit: string;
      amount_fen: number;
    }>`
      select intent_id, unit_path::text, debit, credit, amount_fen from ledger_pending where transfer_id = ${transferId}`.execute(
      tx,
    );
    const [pending] = rows;
    if (pending)
      await post(tx, {
        transferId,
        intentId: pending.intent_id,
        unitPath: pending.unit_path,
        debit: pending.debit,
        credit: pending.credit,
        amountFen: pending.amount_fen,
        kind,
      });
  }
  return true;
}
