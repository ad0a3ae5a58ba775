import { z } from "zod";
import { parseDay } from "../calendar/day.ts";
import { type Dec, dec, divide, sign } from "./decimal.ts";
import { Clock } from "./ruleSet.ts";

/** The fields that the kinds of case share. Numbers may be JSON numbers or text; both are read as exact decimals. */

const Numeric = z.union([z.number(), z.string()], {
  error: (issue) =>
    issue.input === undefined
      ? "缺少此数 | is missing: add the number"
      : `不是数字 | not a number: write 12.34 or "12.34"`,
});

export const AnyAmount = Numeric.transform((value, context): Dec => {
  try {
    return dec(value);
  } catch {
    context.addIssue({ code: "custom", message: `不是数字 | not a number: write 12.34 or "12.34"` });
    return z.NEVER;
  }
});
export const Amount = AnyAmount.refine((value) => sign(value) >= 0, {
  message: "不能为负数 | must not be negative",
});
export const Positive = AnyAmount.refine((value) => sign(value) > 0, {
  message: "必须大于零 | must be greater than zero",
});
export const Day = z.string().transform((text, context): number => {
  const day = parseDay(text);
  if (day !== null) return day;
  context.addIssue({ code: "custom", message: "不是日期,应写作 2026-03-05 | not a day: write it like 2026-03-05" });
  return z.NEVER;
});

/** First and last day of supply that the bill covers; both are charged. */
export const Period = z.strictObject({ from: Day, to: Day }).refine((period) => period.from <= period.to, {
  message: "止日早于起日 | `to` lies before `from`: exchange them",
  path: ["to"],
});
export type Period = z.output<typeof Period>;

export const PERIODS = ["sharp", "peak", "flat", "valley", "deepValley"] as const;
export type PeriodName = (typeof PERIODS)[number];

/** kWh by period of the day, or the total alone. With a total and no flat, flat is what remains. */
const EnergyByPeriod = z.strictObject({
  total: Amount.optional(),
  sharp: Amount.optional(),
  peak: Amount.optional(),
  flat: Amount.optional(),
  valley: Amount.optional(),
  deepValley: Amount.optional(),
});

const Register = z.strictObject({
  from: Amount,
  to: Amount,
  /** The register passed its highest figure and began again at zero. */
  rolledOver: z.boolean().default(false),
});
const Registers = z.strictObject({
  total: Register.optional(),
  sharp: Register.optional(),
  peak: Register.optional(),
  flat: Register.optional(),
  valley: Register.optional(),
  deepValley: Register.optional(),
  reactive: Register.optional(),
  reactiveReverse: Register.optional(),
  /** Maximum demand of the month as the register shows it. */
  demand: Amount.optional(),
});
export const REGISTERS = ["total", ...PERIODS, "reactive", "reactiveReverse"] as const;
export type RegisterName = (typeof REGISTERS)[number];

/** `"200/5"` or `40`. */
const Ratio = z.union([z.number(), z.string()]).transform((value, context): Dec => {
  const parts = String(value).split("/");
  try {
    const [primary = "", secondary = "1"] = parts;
    const ratio = divide(dec(primary), dec(secondary), 9);
    if (parts.length <= 2 && sign(ratio) > 0) return ratio;
  } catch {
    // Falls through to the message below.
  }
  context.addIssue({ code: "custom", message: `不是变比,应写作 "200/5" 或 40 | not a ratio: write "200/5" or 40` });
  return z.NEVER;
});

export const CaseMeter = z.strictObject({
  meterNo: z.string().default("1"),
  /** Metering point. Meters of one point follow one another (a swap); points run side by side and add up. */
  point: z.string().default("1"),
  /** A sub-meter whose energy is billed elsewhere and taken off here. */
  subtract: z.boolean().default(false),
  multiplier: Positive.optional(),
  ct: Ratio.optional(),
  pt: Ratio.optional(),
  /** Whole digits of its registers, needed where one rolls over. */
  digits: z.number().int().min(1).max(12).optional(),
  /** First day on which it measured; the day it was removed (which the next meter measures). */
  installedOn: Day.optional(),
  removedOn: Day.optional(),
  registers: Registers.optional(),
  /** Dated readings instead of `registers`: each taken at the beginning (00:00) of its day. */
  readings: z
    .array(
      z.strictObject({
        on: Day,
        total: Amount.optional(),
        sharp: Amount.optional(),
        peak: Amount.optional(),
        flat: Amount.optional(),
        valley: Amount.optional(),
        deepValley: Amount.optional(),
        reactive: Amount.optional(),
        reactiveReverse: Amount.optional(),
        rolledOver: z.boolean().default(false),
      }),
    )
    .min(2, "至少两次抄表 | at least two readings")
    .optional(),
});
export type CaseMeter = z.output<typeof CaseMeter>;

/** A local minute, `2026-07-01T08:15`. */
const Minute = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/, "时刻应写作 2026-07-01T08:15 | write a moment like 2026-07-01T08:15")
  .transform((text, context): number => {
    const day = parseDay(text.slice(0, 10));
    const clock = Clock.safeParse(text.slice(11));
    if (day !== null && clock.success) return day * 1440 + clock.data;
    context.addIssue({ code: "custom", message: "没有这个时刻 | there is no such moment" });
    return z.NEVER;
  });

/** Where the energy comes from: one of kWh, meters, intervals and daily profiles. */
export const Usage = z
  .strictObject({
    kwh: z
      .union([
        z
          .union([z.number(), z.string()])
          .pipe(Amount)
          .transform((total) => ({ total })),
        EnergyByPeriod,
      ])
      .optional(),
    meters: z.array(CaseMeter).min(1).optional(),
    intervals: z
      .array(z.strictObject({ start: Minute, end: Minute, kwh: Amount }))
      .min(1)
      .optional(),
    /** The same 24 hourly figures for each day from … to. */
    days: z
      .array(
        z.strictObject({
          from: Day,
          to: Day,
          hourlyKwh: z.array(Amount).length(24, "应有24个小时值 | give 24 figures, one an hour"),
        }),
      )
      .min(1)
      .optional(),
  })
  .refine(
    (usage) => [usage.kwh, usage.meters, usage.intervals, usage.days].filter((part) => part !== undefined).length === 1,
    { message: "kwh、meters、intervals、days 四选一 | give exactly one of kwh, meters, intervals, days" },
  );
export type Usage = z.output<typeof Usage>;

/** One price for all energy, or a price for each period. */
export const Prices = z.union([
  z
    .union([z.number(), z.string()])
    .pipe(Amount)
    .transform((total) => ({ total })),
  z
    .strictObject({
      total: Amount.optional(),
      sharp: Amount.optional(),
      peak: Amount.optional(),
      flat: Amount.optional(),
      valley: Amount.optional(),
      deepValley: Amount.optional(),
    })
    .refine((prices) => Object.values(prices).some((price) => price !== undefined), {
      message: "至少给一个电价 | give at least one price",
    }),
]);
export type Prices = Partial<Record<PeriodName | "total", Dec | undefined>>;

/** A late fee on sums that were due earlier. */
export const LateFee = z.strictObject({
  paidOn: Day,
  arrears: z
    .array(
      z.strictObject({
        amountYuan: Positive,
        dueOn: Day,
        /** Paid on another day than the rest. */
        paidOn: Day.optional(),
        /** Part payments before the last one. */
        partPayments: z.array(z.strictObject({ on: Day, amountYuan: Positive })).default([]),
      }),
    )
    .min(1),
});
export type LateFee = z.output<typeof LateFee>;

export const Span = z.strictObject({
  period: z.enum(PERIODS),
  from: Clock,
  to: Clock,
  months: z.array(z.number().int().min(1).max(12)).optional(),
});

/** Energy that the meter does not see: losses of a customer's own transformer and line behind a low-side meter. */
export const Loss = z
  .strictObject({
    kind: z.enum(["transformer", "line"]),
    /** Fixed amounts (from the loss tables, or iron losses of the month). */
    activeKwh: Amount.optional(),
    reactiveKvarh: Amount.optional(),
    /** Percent of the energy metered (and of the losses listed before this one). */
    activePercent: Amount.optional(),
    reactivePercent: Amount.optional(),
  })
  .refine((loss) => Object.values(loss).filter((value) => value !== undefined).length > 1, {
    message: "给出损耗电量或百分比 | give an amount or a percentage",
  });
export type Loss = z.output<typeof Loss>;
