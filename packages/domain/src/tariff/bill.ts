import type { BillLine, BillMeterReading, RuleReference, TierUse } from "../backoffice/schema.ts";
import { type DayNumber, showDay } from "../calendar/day.ts";
import type { PeriodName } from "./caseFields.ts";
import { type Dec, show } from "./decimal.ts";
import { refuse } from "./problem.ts";
import { type RuleBook, inForce, validity } from "./ruleBook.ts";
import type { Clause, RuleSet, RuleSetOf, Topic } from "./ruleSet.ts";

/** What the engine makes of a case. */
export interface PricedBill {
  readonly title: string | null;
  readonly kind: string;
  readonly period: { readonly from: string; readonly to: string } | null;
  /** The bill: lines add up to `totalFen`. A refund is a negative line. */
  readonly lines: readonly BillLine[];
  readonly totalFen: number;
  /** kWh by period of the day, losses included; null where no energy is charged. */
  readonly usageKwh: { readonly total: string; readonly byPeriod: Partial<Record<PeriodName, string>> } | null;
  readonly tiers: readonly TierUse[];
  readonly yearToDateKwh: string | null;
  readonly powerFactor: PowerFactorResult | null;
  /** Levies that are inside the all-in price of energy lines; for information, not to be added. */
  readonly included: readonly IncludedAmount[];
  readonly meters: readonly BillMeterReading[];
  /** kWh to charge (+) or to refund (−) for a fault of metering. */
  readonly correctionKwh: string | null;
  readonly notes: readonly Note[];
  readonly ruleSets: readonly {
    readonly id: string;
    readonly zh: string;
    readonly en: string;
    readonly source: Note;
  }[];
}

export interface Note {
  readonly zh: string;
  readonly en: string;
}

export interface PowerFactorResult {
  readonly standard: string;
  readonly cosPhi: string;
  readonly percent: string;
  readonly baseFen: number;
}

export interface IncludedAmount {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly quantity: string;
  readonly priceYuan: string;
  readonly amountFen: number;
}

/** A bill in the making. */
export interface Draft {
  readonly book: RuleBook;
  /** Rule sets or families that the case names, by topic. */
  readonly names: ReadonlyMap<Topic, string>;
  readonly lines: BillLine[];
  readonly included: IncludedAmount[];
  readonly notes: Note[];
  readonly used: Set<RuleSet>;
}

/** Families asked where a case names none. */
const FAMILIES: Record<Topic, string> = {
  "residential-tiers": "TJ-RESIDENTIAL",
  "residential-time-of-use": "TJ-RESIDENTIAL-TOU",
  "residential-shared": "TJ-RESIDENTIAL-SHARED",
  "time-of-use": "TJ-TOU",
  "energy-price": "TJ-BUSINESS",
  "two-part": "CN-TWO-PART",
  "power-factor": "CN-POWER-FACTOR",
  "late-fee": "CN-LATE-FEE",
  correction: "CN-CORRECTION",
  unmetered: "CN-UNMETERED",
  rounding: "GRIDHALL-ROUNDING",
};

/** The rule set on a topic for a day: named by the case, or that of the topic's family. It is noted on the bill. */
export function rulesFor<T extends Topic>(
  draft: Draft,
  topic: T,
  on: DayNumber | null,
  family: string = FAMILIES[topic],
): RuleSetOf<T> {
  const set = draft.book.find(topic, draft.names.get(topic) ?? family, on);
  if (!set) throw refuse("ruleSet", `缺少${topic}规则集`, `no rule set on ${topic}: name one`);
  if (!draft.used.has(set)) {
    draft.used.add(set);
    if (on !== null && !inForce(set, on)) {
      draft.notes.push({
        zh: `${showDay(on)} 不在规则集 ${set.id} 的有效期(${validity(set)})内,按案例照用`,
        en: `${showDay(on)} lies outside the validity of ${set.id} (${validity(set)}); it is applied all the same`,
      });
    }
  }
  return set;
}

/** Decimal places of energy that the engine derives by dividing. */
export function kwhDecimalsOf(draft: Draft, own: number | undefined): number {
  if (own !== undefined) return own;
  const set = draft.book.find("rounding", FAMILIES.rounding, null);
  if (!set) throw refuse("kwhDecimals", "缺少取位规则", "no rule set on rounding: give kwhDecimals");
  return set.kwhDecimals;
}

export function cite(set: { readonly id: string }, clause: Clause): RuleReference {
  return { ruleSetId: set.id, clause: clause.clause, zh: clause.zh, en: clause.en };
}

/** Says on the bill that it is in segments, by the rule on it. */
export function noteSegments(draft: Draft, count: number): void {
  const set = count > 1 ? draft.book.find("rounding", FAMILIES.rounding, null) : null;
  if (set) draft.notes.push({ zh: set.clauses.split.zh, en: set.clauses.split.en });
}

/** The reference of a line whose price the case itself gives; `how` is the rule by which it is applied. */
export function citeCase(clause: string, zh: string, en: string): RuleReference {
  return { ruleSetId: "case", clause, zh, en };
}

export interface LineParts {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly quantity: Dec | null;
  readonly unit: BillLine["unit"];
  readonly factor?: string;
  readonly price: Dec | null;
  readonly amountFen: number;
  readonly rule: RuleReference;
}

export function lineOf(parts: LineParts): BillLine {
  return {
    code: parts.code,
    zh: parts.zh,
    en: parts.en,
    quantity: parts.quantity === null ? null : show(parts.quantity),
    unit: parts.unit,
    factor: parts.factor ?? null,
    priceYuan: parts.price === null ? null : show(parts.price),
    amountFen: parts.amountFen,
    rule: parts.rule,
  };
}
