import type { RuleReference, TierUse } from "../backoffice/schema.ts";
import { type Dec, ZERO, max, min, mul, show, sub, toFen } from "./decimal.ts";

/** Tiers for a stretch of time: where each begins, its price, and the rule it comes from. */
export interface TierTable {
  /** Upper limits in kWh, ascending; the last tier has none. */
  readonly limits: readonly Dec[];
  readonly prices: readonly Dec[];
  readonly rule: RuleReference;
}

/**
 * How much of the stretch `before`…`after` on the axis of accumulated energy lies in each tier. The sum of the result
 * is `after − before`, and stretches that join add up, which is what makes an annual true-up exact.
 */
export function useOfTiers(limits: readonly Dec[], before: Dec, after: Dec): Dec[] {
  const used: Dec[] = [];
  for (let tier = 0; tier <= limits.length; tier += 1) {
    const low = tier === 0 ? ZERO : (limits[tier - 1] ?? ZERO);
    const high = limits[tier];
    const reach = (point: Dec) => sub(high ? min(max(point, low), high) : max(point, low), low);
    used.push(sub(reach(after), reach(before)));
  }
  return used;
}

/** Fen for energy that is spread over tiers, each tier rounded. */
export function chargeFen(used: readonly Dec[], prices: readonly Dec[]): number {
  return used.reduce((fen, kwh, tier) => fen + toFen(mul(kwh, prices[tier] ?? ZERO)), 0);
}

/** The tiers as a bill shows them. */
export function tierUse(table: TierTable, used: readonly Dec[]): TierUse[] {
  return table.prices.map((price, index) => {
    const limit = table.limits[index];
    return {
      tier: index + 1,
      fromKwh: show(index === 0 ? ZERO : (table.limits[index - 1] ?? ZERO)),
      limitKwh: limit ? show(limit) : null,
      usedKwh: show(used[index] ?? ZERO),
      priceYuan: show(price),
    };
  });
}
