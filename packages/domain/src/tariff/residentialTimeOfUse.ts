import type { RuleReference } from "../backoffice/schema.ts";
import { type Draft, cite, citeCase, kwhDecimalsOf, lineOf, rulesFor } from "./bill.ts";
import type { ResidentialCase } from "./case.ts";
import { PERIODS, type PeriodName } from "./caseFields.ts";
import { type Dec, ZERO, divide, mul, sign, sub, sum, toFen } from "./decimal.ts";
import type { Energy } from "./energy.ts";
import { refuse } from "./problem.ts";
import type { ClockSpan } from "./ruleSet.ts";
import { PERIOD_NAMES } from "./segments.ts";
import type { TierTable } from "./tiers.ts";

/** Time-of-use prices of a resident: one for each period, or a list of one for each tier. */
export interface ResidentialTimeOfUse {
  readonly prices: Partial<Record<PeriodName, readonly Dec[] | undefined>>;
  readonly spans: readonly ClockSpan[] | null;
  readonly priceRule: RuleReference;
  readonly surchargeRule: RuleReference;
  readonly kwhDecimals: number;
}

export function timeOfUseOf(draft: Draft, input: ResidentialCase): ResidentialTimeOfUse | null {
  if (input.timeOfUse === undefined || input.timeOfUse === false) return null;
  const kwhDecimals = kwhDecimalsOf(draft, input.kwhDecimals);
  if (input.timeOfUse === true) {
    const set = rulesFor(draft, "residential-time-of-use", input.period?.to ?? null);
    const { peak, flat, valley } = set.pricesYuan;
    return {
      prices: { peak: [peak], valley: [valley], ...(flat && { flat: [flat] }) },
      spans: set.spans,
      priceRule: cite(set, set.clauses.price),
      surchargeRule: cite(set, set.clauses.surcharge),
      kwhDecimals,
    };
  }
  return {
    prices: input.timeOfUse.pricesYuan,
    spans: input.timeOfUse.spans ?? null,
    priceRule: citeCase("居民峰谷", "按案例给定的分时电价计费", "Time-of-use prices as the case gives them"),
    surchargeRule: citeCase(
      "阶梯加价",
      "超出第一档的电量按阶梯差价加价",
      "Energy above the first tier pays the tiers' difference on top",
    ),
    kwhDecimals,
  };
}

/**
 * Lines of a resident on time of use. With one price a period: energy at that price, and a surcharge for what lies in
 * higher tiers. With a price for each tier: the energy of a tier is shared by the periods' part in the whole.
 */
export function timeOfUseLines(
  draft: Draft,
  plan: ResidentialTimeOfUse,
  energy: Energy,
  tiers: { table: TierTable; used: readonly Dec[] } | null,
  suffix: { zh: string; en: string },
): void {
  const periods = PERIODS.filter((period) => energy[period] !== undefined);
  if (energy.total !== undefined) {
    throw refuse("usage", "分时计费需要各时段电量", "time of use needs kWh by period (peak, valley …), or intervals");
  }
  const lists = periods.map((period) => {
    const list = plan.prices[period];
    if (list) return list;
    throw refuse(
      `timeOfUse.pricesYuan.${period}`,
      `缺少${PERIOD_NAMES[period].zh}电价`,
      "no price for this period: add it",
    );
  });
  const matrix = lists.some((list) => list.length > 1);
  if (matrix && tiers) matrixLines(draft, plan, energy, periods, tiers, suffix);
  else {
    for (const [index, period] of periods.entries()) {
      const kwh = energy[period] ?? ZERO;
      const price = lists[index]?.[0] ?? ZERO;
      pushLine(
        draft,
        `energy-${period}`,
        `${PERIOD_NAMES[period].zh}电费`,
        PERIOD_NAMES[period].en,
        kwh,
        price,
        plan.priceRule,
        suffix,
      );
    }
    for (const [tier, kwh] of (tiers?.used ?? []).entries()) {
      if (tier === 0 || sign(kwh) === 0) continue;
      const prices = tiers?.table.prices ?? [];
      const price = sub(prices[tier] ?? ZERO, prices[0] ?? ZERO);
      pushLine(
        draft,
        `surcharge-${tier + 1}`,
        `第${tier + 1}档加价`,
        `Tier ${tier + 1} surcharge`,
        kwh,
        price,
        plan.surchargeRule,
        suffix,
      );
    }
  }
}

function matrixLines(
  draft: Draft,
  plan: ResidentialTimeOfUse,
  energy: Energy,
  periods: readonly PeriodName[],
  tiers: { table: TierTable; used: readonly Dec[] },
  suffix: { zh: string; en: string },
): void {
  const all = sum(periods.map((period) => energy[period] ?? ZERO));
  const rest = periods.map((period) => energy[period] ?? ZERO);
  const lastUsed = tiers.used.findLastIndex((kwh) => sign(kwh) > 0);
  for (const [tier, inTier] of tiers.used.entries()) {
    if (sign(inTier) === 0) continue;
    let left = inTier;
    for (const [index, period] of periods.entries()) {
      const list = plan.prices[period] ?? [];
      if (list.length !== tiers.used.length) {
        throw refuse(
          `timeOfUse.pricesYuan.${period}`,
          "每档应有一个电价",
          `give one price for each of the ${tiers.used.length} tiers, for every period`,
        );
      }
      const isLast = index === periods.length - 1;
      const share = divide(mul(inTier, energy[period] ?? ZERO), all, plan.kwhDecimals);
      const kwh = tier === lastUsed ? (rest[index] ?? ZERO) : isLast ? left : share;
      left = sub(left, kwh);
      rest[index] = sub(rest[index] ?? ZERO, kwh);
      const name = PERIOD_NAMES[period];
      pushLine(
        draft,
        `tier-${tier + 1}-${period}`,
        `第${tier + 1}档${name.zh}电费`,
        `Tier ${tier + 1} ${name.en.toLowerCase()}`,
        kwh,
        list[tier] ?? ZERO,
        plan.priceRule,
        suffix,
      );
    }
  }
}

function pushLine(
  draft: Draft,
  code: string,
  zh: string,
  en: string,
  kwh: Dec,
  price: Dec,
  rule: RuleReference,
  suffix: { zh: string; en: string },
): void {
  draft.lines.push(
    lineOf({
      code,
      zh: `${zh}${suffix.zh}`,
      en: `${en}${suffix.en}`,
      quantity: kwh,
      unit: "kWh",
      price,
      amountFen: toFen(mul(kwh, price)),
      rule,
    }),
  );
}
