import { z } from "zod";
import { AccountKind } from "../backoffice/schema.ts";
import { Amount, AnyAmount, Day, LateFee, Loss, Period, Positive, Prices, Span, Usage } from "./caseFields.ts";
import { problemsOf } from "./caseProblems.ts";
import { TariffError } from "./problem.ts";

/**
 * A case: everything that a bill follows from. `scripts/tariff-cases/README.md` explains it field by field. Unknown
 * fields are refused, so that a misspelt one is not silently left out of a bill.
 */

const common = {
  title: z.string().optional(),
  /** Free text; ignored. */
  note: z.string().optional(),
  period: Period.optional(),
  /** Ids or families of rule sets; those not named are found by the day of supply. */
  ruleSet: z.union([z.string().transform((name) => [name]), z.array(z.string())]).optional(),
  lateFee: LateFee.optional(),
  /** Decimal places of energy that comes from dividing (a split by days, losses, an error). */
  kwhDecimals: z.number().int().min(0).max(9).optional(),
};

const Cycle = z.enum(["monthly", "annual", "monthly-settled-yearly"]);

/** Explicit tiers: n limits in kWh a month, n + 1 prices. */
export const ExplicitTiers = z
  .strictObject({
    cycle: Cycle.default("monthly"),
    limitsKwh: z.array(Positive),
    pricesYuan: z.array(Amount).min(1),
  })
  .refine((tiers) => tiers.pricesYuan.length === tiers.limitsKwh.length + 1, {
    message: "电价应比分档电量多一个 | give one price more than limits: the last tier has no end",
    path: ["pricesYuan"],
  });
export type ExplicitTiers = z.output<typeof ExplicitTiers>;

const Split = z.enum(["days", "readings"]).default("days");

/** Prices by period; a list of prices holds one for each tier. */
const ResidentialTimeOfUse = z.strictObject({
  pricesYuan: z.partialRecord(
    z.enum(["sharp", "peak", "flat", "valley", "deepValley"]),
    z.union([
      z
        .union([z.number(), z.string()])
        .pipe(Amount)
        .transform((price) => [price]),
      z.array(Amount).min(1),
    ]),
  ),
  spans: z.array(Span).optional(),
});

const Residential = z.strictObject({
  ...common,
  kind: z.literal("residential"),
  tiers: ExplicitTiers.optional(),
  /** 合表: one flat price, no tiers; `true` takes the rule set's. */
  sharedMeter: z.union([z.literal(true), z.strictObject({ priceYuan: Amount })]).optional(),
  timeOfUse: z.union([z.boolean(), ResidentialTimeOfUse]).optional(),
  household: z
    .strictObject({
      persons: z.number().int().positive().optional(),
      extraKwhPerMonth: Amount.optional(),
      /** The month from which the allowance holds (whole). */
      from: Day.optional(),
    })
    .optional(),
  installedOn: Day.optional(),
  closedOn: Day.optional(),
  /** Months that a monthly bill covers (2 where meters are read every two months). */
  months: z.number().int().min(1).max(12).default(1),
  /** Energy of the year before this period: a sum, or one figure for each month. */
  usedEarlierKwh: z
    .union([
      z.array(Amount),
      z
        .union([z.number(), z.string()])
        .pipe(Amount)
        .transform((kwh) => [kwh]),
    ])
    .default([]),
  usage: Usage,
  priceChanges: z
    .array(
      z.strictObject({
        from: Day,
        tiers: ExplicitTiers.optional(),
        sharedMeter: z.strictObject({ priceYuan: Amount }).optional(),
      }),
    )
    .default([]),
  split: Split,
});
export type ResidentialCase = z.output<typeof Residential>;

const LevyList = z.union([
  z
    .union([z.number(), z.string()])
    .pipe(Amount)
    .transform((priceYuan) => [{ code: "levies", zh: "代征基金及附加", en: "Funds and levies", priceYuan }]),
  z.array(
    z.strictObject({
      code: z.string().default("levies"),
      zh: z.string().default("代征基金及附加"),
      en: z.string().default("Funds and levies"),
      priceYuan: Amount,
    }),
  ),
]);

/** A price as its components; those that float follow the ratio of the period. */
const Composition = z.strictObject({
  components: z
    .array(
      z.strictObject({
        code: z.string().default("energy"),
        zh: z.string().default("电度电价"),
        en: z.string().default("Energy price"),
        priceYuan: Amount,
        floats: z.boolean().default(true),
        levy: z.boolean().default(false),
      }),
    )
    .min(1),
  /** `{"peak": 0.6, "valley": -0.6}`; left out, those of the time-of-use rule set in force. */
  floats: z
    .strictObject({
      sharp: AnyAmount.optional(),
      peak: AnyAmount.optional(),
      valley: AnyAmount.optional(),
      deepValley: AnyAmount.optional(),
    })
    .optional(),
});
export type Composition = z.output<typeof Composition>;

/** What a price is made from, for the case or for a part of it. */
const priceFields = {
  prices: Prices.optional(),
  composition: Composition.optional(),
  levies: LevyList.default([]),
  /** The prices are all-in: the levies named are a part of them. */
  pricesIncludeLevies: z.boolean().default(false),
};

/** A stop (暂停) or reduction: the sealed day is not charged, the day of unsealing is. */
const Stop = z.union([
  z.strictObject({ sealedOn: Day, unsealedOn: Day.optional() }),
  z.strictObject({ days: z.number().int().min(1) }),
]);
export type Stop = z.output<typeof Stop>;

const service = {
  /** Charged from this day (on). */
  energisedOn: Day.optional(),
  /** Sealed for good on this day, which is not charged. */
  endedOn: Day.optional(),
  stops: z.array(Stop).default([]),
};

const CapacityCharge = z.strictObject({
  method: z.literal("capacity"),
  priceYuanPerKva: Amount.optional(),
  /** Instead of transformers: the charge of a whole month. */
  monthlyYuan: Amount.optional(),
  capacityKva: Positive.optional(),
  transformers: z.array(z.strictObject({ id: z.string().optional(), kva: Positive, ...service })).default([]),
  ...service,
});
const demand = {
  priceYuanPerKw: Amount.optional(),
  /** Maximum demand in kW; left out, the meters' demand registers × multiplier, added up. */
  actualKw: Amount.optional(),
  /** Installed capacity of transformers and high-voltage motors. */
  capacityKva: Positive.optional(),
  /** Energy of all metering points in the month, for the 260 kWh rule, where it is not that of `usage`. */
  monthEnergyKwh: Amount.optional(),
  ...service,
};
const ContractDemand = z.strictObject({ method: z.literal("contract-demand"), contractKw: Positive, ...demand });
const ActualDemand = z.strictObject({ method: z.literal("actual-demand"), ...demand });
export const BasicCharge = z.discriminatedUnion("method", [CapacityCharge, ContractDemand, ActualDemand]);
export type BasicCharge = z.output<typeof BasicCharge>;
export type CapacityCharge = z.output<typeof CapacityCharge>;
export type DemandCharge = z.output<typeof ContractDemand> | z.output<typeof ActualDemand>;

const PowerFactor = z.strictObject({
  standard: Positive,
  cosPhi: Amount.optional(),
  activeKwh: Amount.optional(),
  reactiveKvarh: AnyAmount.optional(),
  /** Reactive energy sent back; counted by its absolute value. */
  reverseReactiveKvarh: AnyAmount.optional(),
  /** The base in yuan, where it is not that of this bill. */
  baseYuan: Amount.optional(),
});
export type PowerFactorFields = z.output<typeof PowerFactor>;

/** Energy behind the main meter that has another price (a fixed share or amount): residents in a works, for one. */
const Part = z
  .strictObject({
    zh: z.string().default("定比定量电量"),
    en: z.string().default("Energy at another price"),
    sharePercent: Amount.optional(),
    kwh: Amount.optional(),
    ...priceFields,
    prices: Prices,
    /** Does the power-factor adjustment reach it? Not for energy at residents' prices. */
    powerFactor: z.boolean().default(false),
  })
  .refine((part) => (part.sharePercent === undefined) !== (part.kwh === undefined), {
    message: "sharePercent 与 kwh 二选一 | give sharePercent or kwh",
  });
export type Part = z.output<typeof Part>;

const Metered = z.strictObject({
  ...common,
  kind: z.enum(["business", "industrial", "agricultural"]),
  /** Voltage class in the price table: `<1kV`, `1-10kV`, `35kV`. */
  voltage: z.string().optional(),
  /** False: one price although a time-of-use schedule is in force. */
  timeOfUse: z.boolean().default(true),
  /** Times of the periods, where they are not those of the rule set. */
  spans: z.array(Span).optional(),
  ...priceFields,
  /** `included`: levies are in the all-in price of each period; `separate`: a line of their own. */
  levyLines: z.enum(["included", "separate"]).default("included"),
  usage: Usage.optional(),
  losses: z.array(Loss).default([]),
  parts: z.array(Part).default([]),
  basic: z.union([BasicCharge.transform((charge) => [charge]), z.array(BasicCharge)]).default([]),
  powerFactor: PowerFactor.optional(),
  priceChanges: z.array(z.strictObject({ from: Day, ...priceFields })).default([]),
  split: Split,
});
export type MeteredCase = z.output<typeof Metered>;

const LateFeeCase = z.strictObject({
  title: common.title,
  note: common.note,
  ruleSet: common.ruleSet,
  kind: z.literal("late-fee"),
  account: AccountKind,
  ...LateFee.shape,
});
export type LateFeeCase = z.output<typeof LateFeeCase>;

const correction = {
  title: common.title,
  note: common.note,
  ruleSet: common.ruleSet,
  kwhDecimals: common.kwhDecimals,
  kind: z.literal("correction"),
  account: AccountKind.optional(),
  /** Price of the energy, all-in; without it only kWh are worked out. */
  priceYuan: Amount.optional(),
};
const Correction = z.discriminatedUnion("cause", [
  z.strictObject({
    ...correction,
    cause: z.literal("meter-error"),
    /** + reads fast, − reads slow. */
    errorPercent: AnyAmount,
    /** Energy recorded in the time that is corrected. */
    energyKwh: Amount.optional(),
    /** Or: energy recorded since the last check; the share of the rule set is corrected. */
    energySinceCheckKwh: Amount.optional(),
  }),
  z.strictObject({
    ...correction,
    cause: z.literal("multiplier"),
    usedMultiplier: Positive,
    trueMultiplier: Positive,
    /** Energy billed with the wrong multiplier. */
    energyKwh: Amount.optional(),
    /** Or: difference of the register. */
    registerDifference: Amount.optional(),
  }),
  z.strictObject({
    ...correction,
    cause: z.literal("wiring"),
    /** True energy ÷ recorded energy (更正系数). */
    correctionFactor: Positive,
    energyKwh: Amount,
  }),
]);
export type CorrectionCase = z.output<typeof Correction>;

const Unmetered = z.strictObject({
  title: common.title,
  note: common.note,
  ruleSet: common.ruleSet,
  lateFee: common.lateFee,
  kind: z.literal("unmetered"),
  account: AccountKind.optional(),
  kw: Positive,
  hoursPerDay: Positive,
  days: z.number().int().positive(),
  /** All-in price of the energy. */
  priceYuan: Amount,
  /** Days really used, where the supply ended earlier. */
  usedDays: z.number().int().nonnegative().optional(),
});
export type UnmeteredCase = z.output<typeof Unmetered>;

export const TariffCase = z.discriminatedUnion("kind", [Residential, Metered, LateFeeCase, Correction, Unmetered]);
export type TariffCase = z.output<typeof TariffCase>;
/** A case as JSON. */
export type TariffCaseData = z.input<typeof TariffCase>;

/**
 * Reads a case from parsed JSON. Throws `TariffError` naming every faulty field and what to write there.
 */
export function parseCase(data: unknown): TariffCase {
  const result = TariffCase.safeParse(data);
  if (result.success) return result.data;
  throw new TariffError(problemsOf(result.error.issues));
}
