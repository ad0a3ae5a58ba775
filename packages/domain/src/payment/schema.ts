import { z } from "zod";
import { Fen } from "../money/fen.ts";

/** The client's intent id is the key at every hop (kiosk, link, ledger, acquirer); the same key with other parameters is an error. */
export const IntentId = z
  .string()
  .regex(/^[0-9A-Za-z]{16,32}$/)
  .brand<"IntentId">();
export type IntentId = z.infer<typeof IntentId>;

export const Tender = z.enum(["cash", "wechat-native", "wechat-code", "alipay-native", "alipay-code"]);
export type Tender = z.infer<typeof Tender>;

/** What the customer agreed to pay: the bills as quoted, oldest first, and what is to go to the prepaid balance on purpose. */
export const PaymentDue = z.object({
  accountNo: z.string(),
  bills: z.array(z.object({ billId: z.string(), month: z.string(), principalFen: Fen, lateFeeFen: Fen })),
  prepayFen: Fen.nonnegative(),
});
export type PaymentDue = z.infer<typeof PaymentDue>;

/** Where received money went. The sum of all parts equals what was received less what was handed back. */
export const Allocation = z.object({
  bills: z.array(z.object({ billId: z.string(), principalFen: Fen.nonnegative(), lateFeeFen: Fen.nonnegative() })),
  prepayFen: Fen.nonnegative(),
});
export type Allocation = z.infer<typeof Allocation>;

export function dueTotalFen(due: PaymentDue): number {
  return due.bills.reduce((sum, bill) => sum + bill.principalFen + bill.lateFeeFen, due.prepayFen);
}

export function allocatedFen(allocation: Allocation): number {
  return allocation.bills.reduce((sum, bill) => sum + bill.principalFen + bill.lateFeeFen, allocation.prepayFen);
}

/**
 * Spreads received money over the quoted bills, oldest first, in each the late fee before the principal (民法典 第五百六十一条:
 * 费用、利息、主债务), and all that remains onto the prepaid balance. Nothing is ever left over.
 */
export function allocate(due: PaymentDue, availableFen: number): Allocation {
  let rest = availableFen;
  const take = (wantedFen: number) => {
    const taken = Math.min(rest, wantedFen);
    rest -= taken;
    return taken;
  };
  const bills = due.bills
    .map((bill) => {
      const lateFeeFen = take(bill.lateFeeFen);
      return { billId: bill.billId, lateFeeFen, principalFen: take(bill.principalFen) };
    })
    .filter((bill) => bill.lateFeeFen + bill.principalFen > 0);
  return { bills, prepayFen: rest };
}
