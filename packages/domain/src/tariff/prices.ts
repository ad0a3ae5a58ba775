import type { RuleReference } from "../backoffice/schema.ts";
import type { DayNumber } from "../calendar/day.ts";
import { type Draft, cite, citeCase, rulesFor } from "./bill.ts";
import type { Composition, MeteredCase, Part } from "./case.ts";
import type { PeriodName, Prices } from "./caseFields.ts";
import { type Dec, ONE, ZERO, add, mul, sign, sub, sum } from "./decimal.ts";
import { type TariffError, refuse } from "./problem.ts";
import type { RuleSetOf } from "./ruleSet.ts";
import { PERIOD_NAMES } from "./segments.ts";

export interface Levy {
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly priceYuan: Dec;
}

/** Prices of energy for a segment of a bill. */
export interface EnergyPrice {
  /** Price of a period (or `total`, where there is one price), levies included. Throws if there is none. */
  allIn(period: PeriodName | "total"): Dec;
  readonly levies: readonly Levy[];
  readonly rule: RuleReference;
}

interface PriceFields {
  readonly prices?: Prices | undefined;
  readonly composition?: Composition | undefined;
  readonly levies: readonly Levy[];
  readonly pricesIncludeLevies: boolean;
}

/** Where energy prices come from: the case's prices or composition, or the price table in force on the day. */
export function energyPrice(
  draft: Draft,
  fields: PriceFields | Part,
  path: string,
  input: MeteredCase,
  on: DayNumber | null,
): EnergyPrice {
  if (fields.prices && "composition" in fields && fields.composition) {
    throw refuse(`${path}prices`, "prices 与 composition 二选一", "give `prices` or `composition`, one of them");
  }
  if (fields.prices) return listed(fields.prices, fields, path);
  if (fields.composition) {
    const floats = fields.composition.floats ?? (input.timeOfUse ? rulesFor(draft, "time-of-use", on).floats : null);
    const rule = citeCase(
      "电价构成",
      "按案例给定的电价构成和浮动比例计费",
      "Components and ratios as the case gives them",
    );
    return composed([...fields.composition.components, ...fields.levies.map(asComponent)], floats, rule, path);
  }
  if (fields.levies.length > 0) {
    throw refuse(
      `${path}levies`,
      "规则集电价已含代征;请去掉 levies,或同时给出 prices",
      "the price table has its levies: leave them out, or give `prices` as well",
    );
  }
  const set = priceTable(draft, input, on);
  const voltage = classOf(set, input);
  const schedule = input.timeOfUse ? rulesFor(draft, "time-of-use", on) : null;
  return composed(
    voltage.components,
    schedule?.floats ?? null,
    cite(set, schedule?.clauses.period ?? set.clauses.energy),
    path,
  );
}

export function priceTable(draft: Draft, input: MeteredCase, on: DayNumber | null): RuleSetOf<"energy-price"> {
  return rulesFor(draft, "energy-price", on, input.kind === "agricultural" ? "TJ-AGRICULTURAL" : undefined);
}

export function classOf(set: RuleSetOf<"energy-price">, input: MeteredCase) {
  const found = set.classes.find((candidate) => candidate.voltage === (input.voltage ?? set.classes[0]?.voltage));
  if (found) return found;
  const known = set.classes.map((candidate) => candidate.voltage).join(", ");
  throw refuse(
    "voltage",
    `${set.id} 无此电压等级;可用: ${known}`,
    `${set.id} has no such voltage class; use one of: ${known}`,
  );
}

const CASE_ENERGY = citeCase(
  "电度电价",
  "按案例给定的电价计费,各时段逐项四舍五入到分;代征含在电价内时按含代征的到户电价计费",
  "Prices as the case gives them; each period rounded to the fen, at its all-in price where levies are inside it",
);

function listed(prices: Prices, fields: PriceFields | Part, path: string): EnergyPrice {
  const more = fields.pricesIncludeLevies ? ZERO : sum(fields.levies.map((levy) => levy.priceYuan));
  return {
    allIn(period) {
      const price = prices[period] ?? prices.total;
      if (price) return add(price, more);
      if (period === "total") throw needsPeriods();
      throw refuse(
        `${path}prices.${period}`,
        `有${PERIOD_NAMES[period].zh}电量而无电价,请补充`,
        `there is energy in this period but no price: add it`,
      );
    },
    levies: fields.levies,
    rule: CASE_ENERGY,
  };
}

function needsPeriods(): TariffError {
  return refuse(
    "usage",
    "电价分时段,用电量也须分时段(或给出区间电量);不分时的用户请写 timeOfUse: false",
    "prices are by period, so the energy must be too: give kWh by period, or intervals, or set timeOfUse to false",
  );
}

interface Component extends Levy {
  readonly floats: boolean;
  readonly levy: boolean;
}

function asComponent(levy: Levy): Component {
  return { ...levy, floats: false, levy: true };
}

function composed(
  components: readonly Component[],
  floats: Partial<Record<PeriodName, Dec | undefined>> | null,
  rule: RuleReference,
  path: string,
): EnergyPrice {
  const fixed = sum(components.filter((part) => !part.floats).map((part) => part.priceYuan));
  const floating = sum(components.filter((part) => part.floats).map((part) => part.priceYuan));
  return {
    allIn(period) {
      if (period === "total" && floats) throw needsPeriods();
      if (period === "total" || period === "flat") return add(floating, fixed);
      const ratio = floats?.[period];
      if (ratio === undefined) {
        throw refuse(
          `${path}composition.floats.${period}`,
          `缺少${PERIOD_NAMES[period].zh}浮动比例`,
          "no ratio for this period: add it",
        );
      }
      return add(mul(floating, add(ONE, ratio)), fixed);
    },
    levies: components.filter((part) => part.levy && sign(part.priceYuan) !== 0),
    rule,
  };
}

/** The price without its levies. */
export function withoutLevies(price: EnergyPrice, period: PeriodName | "total"): Dec {
  return sub(price.allIn(period), sum(price.levies.map((levy) => levy.priceYuan)));
}
