import { type Draft, cite, lineOf, rulesFor } from "./bill.ts";
import type { CorrectionCase, UnmeteredCase } from "./case.ts";
import {
  type Dec,
  HUNDRED,
  ONE,
  add,
  compare,
  dec,
  divide,
  mul,
  neg,
  round,
  show,
  sign,
  sub,
  toFen,
} from "./decimal.ts";
import { refuse } from "./problem.ts";
import type { Clause, RuleSetOf } from "./ruleSet.ts";

/**
 * Energy to charge (+) or refund (−) for a fault of metering, and its amount where a price is given.
 * Returns the kWh as text.
 */
export function priceCorrection(draft: Draft, input: CorrectionCase): string {
  const rules = rulesFor(draft, "correction", null);
  const { kwh, clause, how } = correctionOf(input, rules, input.kwhDecimals ?? rules.kwhDecimals);
  const refund = sign(kwh) < 0;
  draft.lines.push(
    lineOf({
      code: refund ? "energy-refund" : "energy-additional",
      zh: refund ? "退还电量" : "追补电量",
      en: refund ? "Energy refunded" : "Energy charged in addition",
      quantity: kwh,
      unit: "kWh",
      price: input.priceYuan ?? null,
      amountFen: input.priceYuan ? toFen(mul(kwh, input.priceYuan)) : 0,
      rule: cite(rules, clause),
    }),
  );
  draft.notes.push(how);
  return show(kwh);
}

interface Correction {
  readonly kwh: Dec;
  readonly clause: Clause;
  readonly how: { zh: string; en: string };
}

function correctionOf(input: CorrectionCase, rules: RuleSetOf<"correction">, decimals: number): Correction {
  switch (input.cause) {
    case "meter-error": {
      if ((input.energyKwh === undefined) === (input.energySinceCheckKwh === undefined)) {
        throw refuse(
          "energyKwh",
          "energyKwh 与 energySinceCheckKwh 二选一",
          "give energyKwh (of the time to correct) or energySinceCheckKwh (of which a share is corrected), one of them",
        );
      }
      const ratio = add(HUNDRED, input.errorPercent);
      if (sign(ratio) <= 0) throw refuse("errorPercent", "误差须大于 −100%", "an error must be above −100 %");
      const recorded = input.energyKwh ?? mul(input.energySinceCheckKwh ?? HUNDRED, rules.errorTimeShare);
      // True energy is recorded ÷ (1 + error); what is over is refunded, in one rounding.
      const kwh = neg(divide(mul(recorded, input.errorPercent), ratio, decimals));
      return {
        kwh,
        clause: rules.clauses.error,
        how: {
          zh: `退补电量 = ${show(recorded)} × ${show(input.errorPercent)}% ÷ (1 + ${show(input.errorPercent)}%)`,
          en: `${show(recorded)} × ${show(input.errorPercent)} % ÷ (1 + ${show(input.errorPercent)} %)`,
        },
      };
    }
    case "multiplier": {
      if ((input.energyKwh === undefined) === (input.registerDifference === undefined)) {
        throw refuse(
          "energyKwh",
          "energyKwh 与 registerDifference 二选一",
          "give energyKwh (as billed) or registerDifference, one of them",
        );
      }
      const more = sub(input.trueMultiplier, input.usedMultiplier);
      const kwh = input.registerDifference
        ? round(mul(input.registerDifference, more), decimals)
        : divide(mul(input.energyKwh ?? ONE, more), input.usedMultiplier, decimals);
      return {
        kwh,
        clause: rules.clauses.multiplier,
        how: {
          zh: `倍率应为 ${show(input.trueMultiplier)},误用 ${show(input.usedMultiplier)}`,
          en: `The multiplier is ${show(input.trueMultiplier)}; ${show(input.usedMultiplier)} was used`,
        },
      };
    }
    case "wiring": {
      const kwh = round(mul(input.energyKwh, sub(input.correctionFactor, ONE)), decimals);
      return {
        kwh,
        clause: rules.clauses.wiring,
        how: {
          zh: `更正系数 ${show(input.correctionFactor)},更正率 ${show(mul(sub(input.correctionFactor, ONE), HUNDRED))}%`,
          en: `Correction factor ${show(input.correctionFactor)}`,
        },
      };
    }
    default:
      return input satisfies never;
  }
}

/** Temporary supply without a meter: kW × hours × days, paid in advance; half back if it ends before half the time. */
export function priceUnmetered(draft: Draft, input: UnmeteredCase): Dec {
  const rules = rulesFor(draft, "unmetered", null);
  const kwh = mul(mul(input.kw, input.hoursPerDay), dec(input.days));
  const prepaid = mul(kwh, input.priceYuan);
  draft.lines.push(
    lineOf({
      code: "unmetered-energy",
      zh: "未装表临时用电电费",
      en: "Temporary supply without a meter",
      quantity: kwh,
      unit: "kWh",
      factor: `${show(input.kw)} kW × ${show(input.hoursPerDay)} h × ${input.days} d`,
      price: input.priceYuan,
      amountFen: toFen(prepaid),
      rule: cite(rules, rules.clauses.energy),
    }),
  );
  if (compare(input.hoursPerDay, dec(24)) > 0) {
    throw refuse("hoursPerDay", "每日时数不超过24", "a day has 24 hours: correct it");
  }
  if (input.usedDays === undefined) return kwh;
  if (input.usedDays > input.days) {
    throw refuse("usedDays", "实际天数超过约定天数", "more days used than agreed: agree on new ones, or correct them");
  }
  if (compare(dec(input.usedDays), mul(dec(input.days), rules.refundBelowShare)) < 0) {
    draft.lines.push(
      lineOf({
        code: "unmetered-refund",
        zh: "提前终止退费",
        en: "Refund for ending early",
        quantity: neg(round(prepaid, 2)),
        unit: "yuan",
        price: rules.refundShare,
        amountFen: -toFen(mul(round(prepaid, 2), rules.refundShare)),
        rule: cite(rules, rules.clauses.refund),
      }),
    );
  }
  return kwh;
}
