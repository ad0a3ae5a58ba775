import type { AccountKind, Plan } from "../backoffice/schema.ts";
import type { DayNumber } from "../calendar/day.ts";
import type { BasicCharge, TariffCase } from "./case.ts";
import type { CaseMeter } from "./caseFields.ts";
import { type Dec, dec, sum } from "./decimal.ts";

/** A month of an account: what its meters showed, and what it used earlier in the year. */
export interface MeteredMonth {
  readonly from: DayNumber;
  readonly to: DayNumber;
  readonly meters: CaseMeter[];
  readonly usedEarlierKwh: Dec;
  /** The day of supply's first month counts whole; null where it began in an earlier year. */
  readonly installedOn?: DayNumber;
}

/** The case that prices a month of an account by its plan: how the back office's records meet the engine. */
export function caseOfMonth(kind: AccountKind, plan: Plan, month: MeteredMonth): TariffCase {
  const period = { from: month.from, to: month.to };
  const usage = { meters: month.meters };
  if (kind === "residential") {
    return {
      kind,
      period,
      usage,
      // A plan names the tiers' family; time of use and shared meters have one of their own.
      ...(plan.sharedMeter ? { sharedMeter: true as const } : { ruleSet: [plan.tariff] }),
      ...(plan.timeOfUse && { timeOfUse: true }),
      ...(plan.householdPersons !== null && { household: { persons: plan.householdPersons } }),
      ...(month.installedOn !== undefined && { installedOn: month.installedOn }),
      months: 1,
      usedEarlierKwh: [month.usedEarlierKwh],
      priceChanges: [],
      split: "days",
    };
  }
  return {
    kind,
    period,
    usage,
    ruleSet: [plan.tariff],
    ...(plan.voltage !== null && { voltage: plan.voltage }),
    timeOfUse: plan.timeOfUse,
    levies: [],
    pricesIncludeLevies: false,
    levyLines: "included",
    losses: [],
    parts: [],
    basic: plan.twoPart ? [basicOf(plan.twoPart)] : [],
    ...(plan.powerFactorStandard !== null && { powerFactor: { standard: dec(plan.powerFactorStandard) } }),
    priceChanges: [],
    split: "days",
  };
}

function basicOf(twoPart: NonNullable<Plan["twoPart"]>): BasicCharge {
  const kva = twoPart.transformersKva.map(dec);
  switch (twoPart.method) {
    case "capacity":
      return { method: "capacity", transformers: kva.map((size) => ({ kva: size, stops: [] })), stops: [] };
    case "contract-demand":
      return {
        method: "contract-demand",
        contractKw: dec(twoPart.contractKw ?? "0"),
        capacityKva: sum(kva),
        stops: [],
      };
    case "actual-demand":
      return { method: "actual-demand", capacityKva: sum(kva), stops: [] };
    default:
      return twoPart.method satisfies never;
  }
}
