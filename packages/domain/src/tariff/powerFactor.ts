import { type Draft, type PowerFactorResult, cite, lineOf, rulesFor } from "./bill.ts";
import type { PowerFactorFields } from "./case.ts";
import {
  type Dec,
  HUNDRED,
  ONE,
  ZERO,
  abs,
  add,
  compare,
  fromFen,
  mul,
  round,
  show,
  showFixed,
  sign,
  sub,
  toFen,
} from "./decimal.ts";
import { refuse } from "./problem.ts";
import type { RuleSetOf } from "./ruleSet.ts";

type Standard = RuleSetOf<"power-factor">["standards"][number];

/**
 * Mean cosφ of active and reactive energy, rounded half up to two places without leaving integers:
 * cosφ ≥ (2k−1)/200 ⇔ 40000·P² ≥ (2k−1)²·(P²+Q²). Null where nothing at all was used.
 */
export function meanCosPhi(activeKwh: Dec, reactiveKvarh: Dec): Dec | null {
  const scale = Math.max(activeKwh.scale, reactiveKvarh.scale);
  const at = (value: Dec) => value.units * 10n ** BigInt(scale - value.scale);
  const [p, q] = [at(activeKwh), at(reactiveKvarh)];
  const squares = p * p + q * q;
  if (squares === 0n) return null;
  let k = 100n;
  while (k > 0n && 40_000n * p * p < (2n * k - 1n) ** 2n * squares) k -= 1n;
  return { units: k, scale: 2 };
}

/** The adjustment in percent for a rounded cosφ. */
export function adjustmentPercent(standard: Standard, cosPhi: Dec): Dec {
  const entries = standard.entries;
  const exact = entries.find(([at]) => compare(at, cosPhi) === 0);
  if (exact) return exact[1];
  const [top, bottom] = [entries[0], entries.at(-1)];
  if (top && compare(cosPhi, top[0]) > 0) return top[1];
  if (!bottom || compare(cosPhi, bottom[0]) > 0) throw new Error(`the table lacks cosφ ${show(cosPhi)}`);
  const steps = mul(sub(bottom[0], cosPhi), HUNDRED);
  return add(bottom[1], mul(steps, standard.belowStepPercent));
}

/**
 * The line of the power-factor adjustment. `measured` is what the meters say, for a case that does not state cosφ.
 * `baseFen` is the basic charge and the energy charge without levies and without energy at residents' prices.
 */
export function powerFactorLine(
  draft: Draft,
  fields: PowerFactorFields,
  measured: { activeKwh: Dec | null; reactiveKvarh: Dec | null; reverseKvarh: Dec | null },
  baseFen: number,
  on: number | null,
): PowerFactorResult | null {
  const set = rulesFor(draft, "power-factor", on);
  const standard = set.standards.find((candidate) => compare(candidate.standard, fields.standard) === 0);
  if (!standard) {
    const known = set.standards.map((candidate) => showFixed(candidate.standard, 2)).join(", ");
    throw refuse(
      "powerFactor.standard",
      `没有此标准,可用: ${known}`,
      `there is no such standard; use one of: ${known}`,
    );
  }
  const cosPhi = cosPhiOf(fields, measured);
  if (cosPhi === null) {
    draft.notes.push({ zh: "无有功无功电量,不作力率调整", en: "No energy at all: no power-factor adjustment" });
    return null;
  }
  const percent = adjustmentPercent(standard, cosPhi);
  const base = fields.baseYuan ?? fromFen(baseFen);
  const rate = { units: percent.units, scale: percent.scale + 2 };
  draft.lines.push(
    lineOf({
      code: "power-factor",
      zh: `功率因数调整电费(标准${showFixed(standard.standard, 2)},实际${showFixed(cosPhi, 2)})`,
      en: `Power-factor adjustment (standard ${showFixed(standard.standard, 2)}, actual ${showFixed(cosPhi, 2)})`,
      quantity: base,
      unit: "yuan",
      price: rate,
      amountFen: toFen(mul(base, rate)),
      rule: cite(set, set.clauses.adjustment),
    }),
  );
  return {
    standard: showFixed(standard.standard, 2),
    cosPhi: showFixed(cosPhi, 2),
    percent: show(percent),
    baseFen: toFen(base),
  };
}

function cosPhiOf(
  fields: PowerFactorFields,
  measured: { activeKwh: Dec | null; reactiveKvarh: Dec | null; reverseKvarh: Dec | null },
): Dec | null {
  if (fields.cosPhi) {
    if (compare(fields.cosPhi, ONE) > 0) {
      throw refuse("powerFactor.cosPhi", "功率因数不能大于1", "cosφ is above 1: write it as a fraction, 0.82");
    }
    if (fields.activeKwh || fields.reactiveKvarh) {
      throw refuse("powerFactor.cosPhi", "cosPhi 与电量二选一", "give cosPhi, or active and reactive energy, not both");
    }
    return round(fields.cosPhi, 2);
  }
  const active = fields.activeKwh ?? measured.activeKwh;
  const forward = fields.reactiveKvarh ?? measured.reactiveKvarh;
  const reverse = fields.reverseReactiveKvarh ?? measured.reverseKvarh;
  if (active === null || (forward === null && reverse === null)) {
    throw refuse(
      "powerFactor",
      "给出 cosPhi,或有功、无功电量(或无功示数)",
      "give cosPhi, or active and reactive energy, or reactive registers of the meters",
    );
  }
  if (sign(active) < 0) throw refuse("powerFactor.activeKwh", "有功电量为负", "active energy is negative");
  return meanCosPhi(active, add(abs(forward ?? ZERO), abs(reverse ?? ZERO)));
}
