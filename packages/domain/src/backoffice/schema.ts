import { z } from "zod";
import { Fen } from "../money/fen.ts";
import { AccountNo } from "./api.ts";

/**
 * The back office's own records, complete and unmasked, as they lie in its database. What leaves it for a kiosk or the
 * online channel is in `api.ts`.
 */

/** A local calendar day (Asia/Shanghai), `2026-03-05`. */
export const DayText = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "a day is written YYYY-MM-DD");
/** A month, `2026-03`. */
export const MonthText = z.string().regex(/^\d{4}-\d{2}$/, "a month is written YYYY-MM");
/** An exact decimal, `-130.4`: energy, meter registers and prices, which never pass through a float. */
export const DecimalText = z.string().regex(/^-?\d+(\.\d+)?$/, "a decimal is written like 12.34");

export const UnitId = z.string().min(1).brand<"UnitId">();
export type UnitId = z.infer<typeof UnitId>;
export const MeterNo = z
  .string()
  .regex(/^\d{12}$/, "a meter number has 12 digits")
  .brand<"MeterNo">();
export type MeterNo = z.infer<typeof MeterNo>;
export const BillId = z.string().min(1).brand<"BillId">();
export type BillId = z.infer<typeof BillId>;

export const AccountKind = z.enum(["residential", "business", "industrial", "agricultural"]);
export type AccountKind = z.infer<typeof AccountKind>;

export const Holder = z.object({
  kind: z.enum(["person", "organisation"]),
  name: z.string(),
  /** Resident ID number (18 characters, GB 11643) of the person, or of the organisation's authorised person. */
  idNo: z.string().length(18),
  /** Unified social credit code (GB 32100) of an organisation. */
  creditCode: z.string().length(18).nullable(),
  phone: z.string(),
});
export type Holder = z.infer<typeof Holder>;

/** How the account is billed: the tariff engine's options, as the supply contract fixed them. */
export const Plan = z.object({
  /** Family of the tariff's rule sets, e.g. `TJ-RESIDENTIAL`; the day of supply chooses the rule set in it. */
  tariff: z.string(),
  zh: z.string(),
  en: z.string(),
  timeOfUse: z.boolean(),
  /** 合表: several households behind one meter, flat price, no tiers. */
  sharedMeter: z.boolean(),
  /** Persons registered for the large-household allowance (一户多人口); null without it. */
  householdPersons: z.number().int().positive().nullable(),
  /** Voltage class of the price table; null for residents. */
  voltage: z.string().nullable(),
  /** Two-part tariff; null for a single-part one. */
  twoPart: z
    .object({
      method: z.enum(["capacity", "contract-demand", "actual-demand"]),
      transformersKva: z.array(DecimalText),
      contractKw: DecimalText.nullable(),
    })
    .nullable(),
  /** Standard of the power-factor adjustment, `0.90`; null where none applies. */
  powerFactorStandard: DecimalText.nullable(),
});
export type Plan = z.infer<typeof Plan>;

export const Account = z.object({
  accountNo: AccountNo,
  kind: AccountKind,
  /** The hall that serves the account, and its ltree path in the organisation tree. */
  unitId: UnitId,
  unitPath: z.string(),
  holder: Holder,
  address: z.string(),
  openedOn: DayText,
  state: z.enum(["normal", "suspended", "closed"]),
  plan: Plan,
  prepaidFen: Fen,
});
export type Account = z.infer<typeof Account>;

export const Meter = z.object({
  meterNo: MeterNo,
  accountNo: AccountNo,
  installedOn: DayText,
  removedOn: DayText.nullable(),
  phases: z.union([z.literal(1), z.literal(3)]),
  /** Whole digits of a register before it rolls over. */
  digits: z.number().int().positive(),
  /** CT ratio × PT ratio. */
  multiplier: DecimalText,
});
export type Meter = z.infer<typeof Meter>;

/** One reading of a meter: its registers at the end of a day, in register units (before the multiplier). */
export const Reading = z.object({
  meterNo: MeterNo,
  accountNo: AccountNo,
  readOn: DayText,
  total: DecimalText,
  peak: DecimalText.nullable(),
  flat: DecimalText.nullable(),
  valley: DecimalText.nullable(),
  /** Reactive energy, kvarh. */
  reactive: DecimalText.nullable(),
  /** Maximum demand of the month, kW. */
  demand: DecimalText.nullable(),
  source: z.enum(["remote", "manual", "estimated", "exchange"]),
});
export type Reading = z.infer<typeof Reading>;

/** The rule that a line follows: a rule set of the tariff engine, the clause in it, and what it says. */
export const RuleReference = z.object({
  ruleSetId: z.string(),
  clause: z.string(),
  zh: z.string(),
  en: z.string(),
});
export type RuleReference = z.infer<typeof RuleReference>;

/** One line of a bill. Lines add up to the total exactly; `amountFen` is quantity × factor × price, rounded once. */
export const BillLine = z.object({
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  /** What is charged: kWh, kVA, kW, or yuan for a percentage. Null where a line is a plain amount. */
  quantity: DecimalText.nullable(),
  unit: z.enum(["kWh", "kVA", "kW", "yuan", "times", ""]),
  /** What multiplies quantity × price, as text: `25/30` of a month, `18` days. Null where nothing does. */
  factor: z.string().nullable(),
  /** Yuan per unit; for a percentage the fraction (`0.04` = 4 %). */
  priceYuan: DecimalText.nullable(),
  amountFen: Fen,
  rule: RuleReference,
});
export type BillLine = z.infer<typeof BillLine>;

/** How far into each tier the bill goes. */
export const TierUse = z.object({
  tier: z.number().int().positive(),
  /** Where the tier begins and ends, in kWh of the month or the year; the last has no end. */
  fromKwh: DecimalText,
  limitKwh: DecimalText.nullable(),
  /** kWh of this bill in the tier. */
  usedKwh: DecimalText,
  priceYuan: DecimalText,
});
export type TierUse = z.infer<typeof TierUse>;

export const EnergyUse = z.object({
  totalKwh: DecimalText,
  sharpKwh: DecimalText.nullable(),
  peakKwh: DecimalText.nullable(),
  flatKwh: DecimalText.nullable(),
  valleyKwh: DecimalText.nullable(),
});
export type EnergyUse = z.infer<typeof EnergyUse>;

export const BillMeterReading = z.object({
  meterNo: z.string(),
  register: z.string(),
  from: DecimalText,
  to: DecimalText,
  multiplier: DecimalText,
  kwh: DecimalText,
});
export type BillMeterReading = z.infer<typeof BillMeterReading>;

export const BillStatus = z.enum(["unpaid", "partly-paid", "paid"]);
export type BillStatus = z.infer<typeof BillStatus>;

export const Bill = z.object({
  id: BillId,
  accountNo: AccountNo,
  month: MonthText,
  /** First and last day of supply, both charged. */
  period: z.object({ from: DayText, to: DayText }),
  usage: EnergyUse,
  tiers: z.array(TierUse),
  /** kWh since 1 January including this bill; null where no yearly tiers apply. */
  yearToDateKwh: DecimalText.nullable(),
  lines: z.array(BillLine),
  /** Sum of the lines: the principal. Late fees are not in it. */
  totalFen: Fen,
  paidFen: Fen,
  /** Late fee on what is unpaid, as of `lateFeeAsOf`. */
  lateFeeFen: Fen,
  lateFeeAsOf: DayText,
  issuedOn: DayText,
  dueOn: DayText,
  status: BillStatus,
  meterReadings: z.array(BillMeterReading),
});
export type Bill = z.infer<typeof Bill>;

export const PaymentChannel = z.enum([
  "kiosk-cash",
  "kiosk-wechat",
  "kiosk-alipay",
  "counter",
  "bank-debit",
  "app",
  "prepaid",
]);
export type PaymentChannel = z.infer<typeof PaymentChannel>;

export const PaymentRecord = z.object({
  id: z.string(),
  receiptNo: z.string(),
  accountNo: AccountNo,
  /** ISO 8601 with offset. */
  paidAt: z.string(),
  channel: PaymentChannel,
  amountFen: Fen,
  /** What was paid of which bill, principal and late fee apart; the rest went to prepayment. */
  applied: z.array(z.object({ billId: BillId, month: MonthText, principalFen: Fen, lateFeeFen: Fen })),
  prepayFen: Fen,
});
export type PaymentRecord = z.infer<typeof PaymentRecord>;
