import type { RuleReference } from "../backoffice/schema.ts";
import { civilOf } from "../calendar/day.ts";
import { type Draft, cite, citeCase, rulesFor } from "./bill.ts";
import type { ExplicitTiers, ResidentialCase } from "./case.ts";
import { type Dec, ZERO, add, compare, dec, mul } from "./decimal.ts";
import type { Segment } from "./energy.ts";
import { refuse } from "./problem.ts";
import type { TierTable } from "./tiers.ts";

/** Which tiers, or which flat price, hold for a segment of a residential bill. */
export type ResidentialPlan =
  | { readonly table: null; readonly flatPrice: Dec; readonly rule: RuleReference }
  | {
      readonly table: TierTable;
      readonly cycle: ExplicitTiers["cycle"];
      readonly rule: RuleReference;
      /** Limits of the settlement, where this bill carries one. */
      readonly settlement: Settlement | null;
    };

export interface Settlement {
  readonly limits: readonly Dec[];
  /** Months of the year that were in use. */
  readonly months: number;
  readonly rule: RuleReference;
}

const CASE_TIERS = citeCase("阶梯电价", "按案例给定的分档电量和电价计费", "Tiers and prices as the case gives them");
const CASE_FLAT = citeCase("合表电价", "按案例给定的单一电价计费", "The flat price that the case gives");

export function planFor(draft: Draft, input: ResidentialCase, index: number, segment: Segment): ResidentialPlan {
  const change = index > 0 ? input.priceChanges[index - 1] : undefined;
  const shared = change?.sharedMeter ?? (change?.tiers ? undefined : input.sharedMeter);
  const explicit = change?.tiers ?? (change?.sharedMeter ? undefined : input.tiers);
  if (shared !== undefined && explicit !== undefined) {
    throw refuse(
      "sharedMeter",
      "合表用户不分档:sharedMeter 与 tiers 二选一",
      "a shared meter has no tiers: give one of them",
    );
  }
  const on = segment.to ?? input.installedOn ?? null;
  if (shared === true) {
    const set = rulesFor(draft, "residential-shared", on);
    return { table: null, flatPrice: set.priceYuan, rule: cite(set, set.clauses.price) };
  }
  if (shared) return { table: null, flatPrice: shared.priceYuan, rule: CASE_FLAT };
  const needsSet = explicit === undefined || input.household !== undefined;
  const set = needsSet ? rulesFor(draft, "residential-tiers", on) : null;
  const cycle = explicit?.cycle ?? set?.cycle ?? "monthly";
  const monthly = explicit?.limitsKwh ?? (set?.tiers ?? []).flatMap((tier) => tier.upToKwhPerMonth ?? []);
  const prices = explicit?.pricesYuan ?? (set?.tiers ?? []).map((tier) => tier.priceYuan);
  for (const [at, limit] of monthly.entries()) {
    if (at > 0 && compare(limit, monthly[at - 1] ?? ZERO) <= 0) {
      throw refuse(`tiers.limitsKwh[${at}]`, "分档电量须递增", "limits must rise from tier to tier");
    }
  }
  const extra = extraOf(input, set);
  const year = monthsOfYear(input, segment);
  const scaled = (months: number, extraMonths: number) =>
    monthly.map((limit) => add(mul(limit, dec(months)), mul(extra, dec(extraMonths))));
  const rule = ruleOf(
    explicit ? CASE_TIERS : cite(set ?? { id: "case" }, set?.clauses.tiers ?? CASE_TIERS),
    input,
    set,
  );
  const settlement = (): Settlement => ({
    limits: scaled(year.used, year.usedExtra),
    months: year.used,
    rule: set
      ? cite(set, set.clauses.yearlySettlement)
      : citeCase("年度清算", "按年度基数清算,多退少补", "Settled on the year's limits"),
  });
  if (cycle === "annual") {
    return {
      table: { limits: scaled(year.planned, year.plannedExtra), prices, rule },
      cycle,
      rule,
      settlement: year.closed ? settlement() : null,
    };
  }
  const settles = cycle === "monthly-settled-yearly" && (year.closed || year.lastMonth);
  return {
    table: { limits: scaled(input.months, input.months), prices, rule },
    cycle,
    rule,
    settlement: settles ? settlement() : null,
  };
}

function ruleOf(
  base: RuleReference,
  input: ResidentialCase,
  set: { id: string; clauses: { largeHousehold: { zh: string; en: string } } } | null,
): RuleReference {
  if (!input.household || !set) return base;
  return {
    ...base,
    zh: `${base.zh};${set.clauses.largeHousehold.zh}`,
    en: `${base.en}. ${set.clauses.largeHousehold.en}`,
  };
}

/** kWh a month on every limit for a large household. */
function extraOf(
  input: ResidentialCase,
  set: { largeHousehold: { minPersons: number; extraKwhPerMonth: Dec } | null } | null,
): Dec {
  const { household } = input;
  if (!household) return ZERO;
  if (household.persons === undefined && household.extraKwhPerMonth === undefined) {
    throw refuse("household", "给出人数或增加电量", "give `persons` or `extraKwhPerMonth`");
  }
  const rule = set?.largeHousehold;
  if (household.persons !== undefined && rule && household.persons < rule.minPersons) return ZERO;
  return household.extraKwhPerMonth ?? rule?.extraKwhPerMonth ?? ZERO;
}

interface MonthsOfYear {
  /** Months of the year's limits as they stand before a closure, and those of the large-household allowance. */
  readonly planned: number;
  readonly plannedExtra: number;
  /** Months in use until the supply ended (or the year did). */
  readonly used: number;
  readonly usedExtra: number;
  readonly closed: boolean;
  readonly lastMonth: boolean;
}

/** The year is that of the bill's last day; the months of installation and of closure count whole. */
function monthsOfYear(input: ResidentialCase, segment: Segment): MonthsOfYear {
  const anchor = segment.to ?? input.period?.to ?? input.closedOn ?? input.installedOn ?? null;
  const year = anchor === null ? null : civilOf(anchor).year;
  const monthIn = (day: number | undefined): number | null => {
    if (day === undefined || year === null) return null;
    const civil = civilOf(day);
    return civil.year === year ? civil.month : null;
  };
  if (input.installedOn !== undefined && input.period && input.installedOn > input.period.to) {
    throw refuse("installedOn", "立户日晚于计费期", "installed after the period: correct one of them");
  }
  const first = monthIn(input.installedOn) ?? 1;
  const closing = monthIn(input.closedOn);
  const last = closing ?? 12;
  const household = monthIn(input.household?.from) ?? 1;
  const count = (from: number, to: number) => Math.max(0, to - from + 1);
  return {
    planned: count(first, 12),
    plannedExtra: count(Math.max(first, household), 12),
    used: count(first, last),
    usedExtra: count(Math.max(first, household), last),
    closed: closing !== null,
    lastMonth: input.period !== undefined && civilOf(input.period.to).month === 12,
  };
}
