import { z } from "zod";
import { parseDay } from "../calendar/day.ts";
import { dec } from "./decimal.ts";

/**
 * The shape of the dated rule sets: every number that a bill depends on lies in one of them, with the document it
 * comes from. A rule set holds from `validFrom` to `validTo`; sets of the same `family` follow one another in time.
 * As data (`RuleSetData`) numbers and days are text; parsed (`RuleSet`) they are exact decimals and day numbers.
 */

const Decimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .transform(dec);
const Day = z.string().transform((text, context) => {
  const day = parseDay(text);
  if (day !== null) return day;
  context.addIssue({ code: "custom", message: `not a day: ${text}` });
  return z.NEVER;
});
/** `"08:30"` → minutes of the day. */
export const Clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time of day is written HH:MM, from 00:00 to 24:00")
  .transform((text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3)));

/** One clause of a rule set in words, as a line of a bill cites it. */
export const Clause = z.object({ clause: z.string(), zh: z.string(), en: z.string() });
export type Clause = z.infer<typeof Clause>;

const Head = z.object({
  id: z.string(),
  family: z.string(),
  zh: z.string(),
  en: z.string(),
  validFrom: Day,
  validTo: Day.nullable(),
  source: z.object({
    zh: z.string(),
    en: z.string(),
    /** `convention`: ours, where nothing is prescribed. `demo`: the price is not published where we could cite it; the figure is an example (示例) and marked so on the bill. */
    status: z.enum(["published", "demo", "convention"]),
  }),
});

/** Times of day that a period covers; without `months` all year. Spans of one month do not overlap. */
export const ClockSpan = z.object({
  period: z.enum(["sharp", "peak", "valley", "deepValley", "flat"]),
  from: Clock,
  to: Clock,
  months: z.array(z.number().int().min(1).max(12)).optional(),
});
export type ClockSpan = z.output<typeof ClockSpan>;

const Tiers = z.object({
  /** `annual`: limits × months of the year in use, counted from 1 January; `monthly`: each month by itself;
   * `monthly-settled-yearly`: monthly, with a settlement on the yearly limits at the end of the year. */
  cycle: z.enum(["monthly", "annual", "monthly-settled-yearly"]),
  tiers: z.array(z.object({ upToKwhPerMonth: Decimal.nullable(), priceYuan: Decimal })).min(1),
});

export const ResidentialTiersRules = Head.extend({
  topic: z.literal("residential-tiers"),
  ...Tiers.shape,
  largeHousehold: z.object({ minPersons: z.number().int(), extraKwhPerMonth: Decimal }).nullable(),
  clauses: z.object({ tiers: Clause, largeHousehold: Clause, yearlySettlement: Clause }),
});

/** The optional time-of-use price of residents: prices of the first tier, the tiers' surcharge comes on top. */
export const ResidentialTimeOfUseRules = Head.extend({
  topic: z.literal("residential-time-of-use"),
  pricesYuan: z.object({ peak: Decimal, flat: Decimal.optional(), valley: Decimal }),
  spans: z.array(ClockSpan).min(1),
  clauses: z.object({ price: Clause, surcharge: Clause }),
});

export const ResidentialSharedRules = Head.extend({
  topic: z.literal("residential-shared"),
  priceYuan: Decimal,
  clauses: z.object({ price: Clause }),
});

export const TimeOfUseRules = Head.extend({
  topic: z.literal("time-of-use"),
  spans: z.array(ClockSpan).min(1),
  /** How far the floating part of the price moves from the flat price: `0.6` = +60 %. */
  floats: z.object({
    sharp: Decimal.optional(),
    peak: Decimal,
    valley: Decimal,
    deepValley: Decimal.optional(),
  }),
  clauses: z.object({ period: Clause }),
});

export const PriceComponent = z.object({
  code: z.string(),
  zh: z.string(),
  en: z.string(),
  priceYuan: Decimal,
  /** Moves with the time-of-use ratio. */
  floats: z.boolean(),
  /** Funds and levies: outside the base of the power-factor adjustment. */
  levy: z.boolean(),
});
export type PriceComponent = z.output<typeof PriceComponent>;

export const EnergyPriceRules = Head.extend({
  topic: z.literal("energy-price"),
  classes: z
    .array(
      z.object({
        voltage: z.string(),
        zh: z.string(),
        en: z.string(),
        components: z.array(PriceComponent).min(1),
        capacityYuanPerKva: Decimal.nullable(),
        demandYuanPerKw: Decimal.nullable(),
      }),
    )
    .min(1),
  clauses: z.object({ energy: Clause, basic: Clause }),
});

export const TwoPartRules = Head.extend({
  topic: z.literal("two-part"),
  /** Days of the month by which the basic charge is divided. */
  monthDays: z.number().int().positive(),
  /** A stop of fewer days is charged as if it had not happened. */
  minStopDays: z.number().int().positive(),
  /** Least contract demand as a share of the installed capacity. */
  contractFloor: Decimal,
  /** Actual demand above this multiple of the contract demand … */
  contractTolerance: Decimal,
  /** … is charged this many times. */
  excessTimes: Decimal,
  /** At this much energy a month for each kVA the demand price is multiplied by `factor`; null before it was decided. */
  loadDiscount: z.object({ kwhPerKva: Decimal, factor: Decimal }).nullable(),
  clauses: z.object({
    capacity: Clause,
    stop: Clause,
    demand: Clause,
    excess: Clause,
    floor: Clause,
    discount: Clause,
  }),
});

export const PowerFactorRules = Head.extend({
  topic: z.literal("power-factor"),
  standards: z
    .array(
      z.object({
        standard: Decimal,
        /** cosφ and the adjustment in percent, highest cosφ first, each 0.01 apart. Above the first the first holds. */
        entries: z.array(z.tuple([Decimal, Decimal])).min(2),
        /** Percent more for each 0.01 below the last entry. */
        belowStepPercent: Decimal,
      }),
    )
    .min(1),
  clauses: z.object({ adjustment: Clause }),
});

export const LateFeeRules = Head.extend({
  topic: z.literal("late-fee"),
  /** A day's share of the principal: in the year the bill fell due, and in the years after it. */
  residential: z.object({ sameYear: Decimal, laterYears: Decimal }),
  other: z.object({ sameYear: Decimal, laterYears: Decimal }),
  /** The most that a late fee can come to, as a share of its principal. */
  cap: Decimal,
  clauses: z.object({ residential: Clause, sameYear: Clause, laterYears: Clause, cap: Clause }),
});

export const CorrectionRules = Head.extend({
  topic: z.literal("correction"),
  /** Decimal places of the kWh that are charged or refunded. */
  kwhDecimals: z.number().int().nonnegative(),
  /** Share of the time since the last check for which a meter's error is corrected. */
  errorTimeShare: Decimal,
  clauses: z.object({ error: Clause, multiplier: Clause, wiring: Clause }),
});

export const UnmeteredRules = Head.extend({
  topic: z.literal("unmetered"),
  /** Ended before this share of the agreed time … */
  refundBelowShare: Decimal,
  /** … this share of the prepayment is refunded. */
  refundShare: Decimal,
  clauses: z.object({ energy: Clause, refund: Clause }),
});

/** How quantities that the engine itself derives are rounded. */
export const RoundingRules = Head.extend({
  topic: z.literal("rounding"),
  /** Decimal places of kWh that come from dividing (a split by days, losses). */
  kwhDecimals: z.number().int().nonnegative(),
  clauses: z.object({ loss: Clause, split: Clause }),
});

export const RuleSet = z.discriminatedUnion("topic", [
  ResidentialTiersRules,
  ResidentialTimeOfUseRules,
  ResidentialSharedRules,
  TimeOfUseRules,
  EnergyPriceRules,
  TwoPartRules,
  PowerFactorRules,
  LateFeeRules,
  CorrectionRules,
  UnmeteredRules,
  RoundingRules,
]);
export type RuleSet = z.output<typeof RuleSet>;
export type RuleSetData = z.input<typeof RuleSet>;
export type Topic = RuleSet["topic"];
export type RuleSetOf<T extends Topic> = Extract<RuleSet, { topic: T }>;
