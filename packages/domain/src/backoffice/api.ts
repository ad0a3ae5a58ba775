import { z } from "zod";
import { Fen } from "../money/fen.ts";

/** What a kiosk (and the online channel) asks of the back office. Names and addresses are masked at the source. */

export const AccountNo = z
  .string()
  .regex(/^\d{13}$/, "an account number has 13 digits")
  .brand<"AccountNo">();
export type AccountNo = z.infer<typeof AccountNo>;

export const FindAccounts = z.object({
  by: z.enum(["account", "phone", "id-card", "bill-qr"]),
  value: z.string().min(4).max(200),
});
export type FindAccounts = z.infer<typeof FindAccounts>;

export const AccountBrief = z.object({
  accountNo: z.string(),
  holderMasked: z.string(),
  addressMasked: z.string(),
  kind: z.enum(["residential", "business", "industrial", "agricultural"]),
});
export type AccountBrief = z.infer<typeof AccountBrief>;

export const UnpaidBill = z.object({
  billId: z.string(),
  month: z.string(),
  principalFen: Fen,
  lateFeeFen: Fen,
  dueOn: z.string(),
  overdueDays: z.number().int().nonnegative(),
});
export type UnpaidBill = z.infer<typeof UnpaidBill>;

export const MonthUsage = z.object({
  billId: z.string(),
  month: z.string(),
  kwh: z.number(),
  peakKwh: z.number().nullable(),
  flatKwh: z.number().nullable(),
  valleyKwh: z.number().nullable(),
  amountFen: Fen,
  paid: z.boolean(),
});
export type MonthUsage = z.infer<typeof MonthUsage>;

export const AccountOverview = AccountBrief.extend({
  prepaidFen: Fen,
  arrearsFen: Fen,
  lateFeeFen: Fen,
  /** Oldest first. */
  unpaid: z.array(UnpaidBill),
  /** Up to 24 months, oldest first. */
  months: z.array(MonthUsage),
  asOf: z.string(),
});
export type AccountOverview = z.infer<typeof AccountOverview>;

export const BillLineView = z.object({
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  quantity: z.string(),
  unit: z.string(),
  priceYuan: z.string(),
  amountFen: Fen,
});
export const BillView = AccountBrief.extend({
  billId: z.string(),
  month: z.string(),
  periodFrom: z.string(),
  periodTo: z.string(),
  issuedOn: z.string(),
  dueOn: z.string(),
  status: z.enum(["unpaid", "partly-paid", "paid"]),
  totalFen: Fen,
  paidFen: Fen,
  lateFeeFen: Fen,
  kwh: z.number(),
  peakKwh: z.number().nullable(),
  flatKwh: z.number().nullable(),
  valleyKwh: z.number().nullable(),
  yearToDateKwh: z.number(),
  tiers: z.array(
    z.object({ tier: z.number().int(), limitKwh: z.number().nullable(), usedKwh: z.number(), priceYuan: z.string() }),
  ),
  lines: z.array(BillLineView),
  meters: z.array(
    z.object({
      meterNo: z.string(),
      register: z.string(),
      from: z.string(),
      to: z.string(),
      multiplier: z.number(),
      kwh: z.number(),
    }),
  ),
  holderOrganisation: z.string(),
  tariffName: z.object({ zh: z.string(), en: z.string() }),
  /** The twelve months up to this one, for the comparison on the printed bill. */
  history: z.array(z.object({ month: z.string(), kwh: z.number(), amountFen: Fen })),
});
export type BillView = z.infer<typeof BillView>;

export const PaymentView = z.object({
  at: z.string(),
  channel: z.string(),
  amountFen: Fen,
  receiptNo: z.string(),
  applied: z.array(z.object({ month: z.string(), amountFen: Fen })),
  prepayFen: Fen,
});
export type PaymentView = z.infer<typeof PaymentView>;

/** RPC methods of the device link: name → params and result. */
export const deviceApi = {
  "accounts.find": { params: FindAccounts, result: z.object({ accounts: z.array(AccountBrief) }) },
  "account.overview": { params: z.object({ accountNo: z.string() }), result: AccountOverview },
  "account.bill": { params: z.object({ billId: z.string() }), result: BillView },
  "account.payments": {
    params: z.object({ accountNo: z.string() }),
    result: z.object({ payments: z.array(PaymentView) }),
  },
} as const;
