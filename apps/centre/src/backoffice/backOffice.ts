import type {
  AccountBrief,
  AccountOverview,
  BillView,
  FindAccounts,
  PaymentView,
} from "@gridhall/domain/backoffice/api.ts";
import type { Allocation } from "@gridhall/domain/payment/schema.ts";
import type { Tx } from "../db/database.ts";

/**
 * The utility's own system, as GridHall needs it (design §8). The reference implementation keeps its books in the same
 * database, so that a credit and its ledger entries commit together; an adapter to a foreign system would write its
 * request into an outgoing queue here and confirm later.
 */
export interface BackOffice {
  findAccounts(tx: Tx, query: FindAccounts): Promise<AccountBrief[]>;
  overview(tx: Tx, accountNo: string, asOf: string): Promise<AccountOverview | null>;
  bill(tx: Tx, billId: string, asOf: string): Promise<BillView | null>;
  payments(tx: Tx, accountNo: string): Promise<PaymentView[]>;
  /** Unmasked: for matching within the centre only. */
  unitOf(tx: Tx, accountNo: string): Promise<string | null>;
  /**
   * Credits received money, idempotent by `intentId`. Answers where it really went: what no longer fits a bill (paid
   * meanwhile elsewhere) is added to the prepaid balance.
   */
  applyPayment(
    tx: Tx,
    payment: {
      intentId: string;
      unitPath: string;
      accountNo: string;
      channel: string;
      at: Date;
      amountFen: number;
      allocation: Allocation;
    },
  ): Promise<{ allocation: Allocation; receiptNo: string }>;
  /** Takes a credit back after a refund: bills become unpaid again, the prepaid balance falls. */
  reversePayment(tx: Tx, payment: { intentId: string; accountNo: string; allocation: Allocation }): Promise<void>;
}
