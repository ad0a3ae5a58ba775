import type { BillView } from "@gridhall/domain/backoffice/api.ts";

export interface TierReach {
  tier: number;
  priceYuan: string;
  /** kWh of this bill in the tier. */
  usedKwh: number;
  /** How full the tier is after this bill, 0…1; of the open last tier 0 or 1. */
  share: number;
  /** The part of `share` that this bill brought. */
  shareOfBill: number;
  state: "full" | "within" | "not-reached" | "open";
  leftKwh: number | null;
}

/**
 * How far into each tier the customer is after this bill. Tiers count the year's energy in most provinces and the
 * month's in some; the bill does not say which, but what it used of each tier fits only one of the two.
 */
export function tierReach(bill: Pick<BillView, "tiers" | "kwh" | "yearToDateKwh">): TierReach[] {
  const atEnd = fits(bill, bill.yearToDateKwh) ? bill.yearToDateKwh : bill.kwh;
  return bill.tiers.map((tier, index) => {
    const from = bill.tiers[index - 1]?.limitKwh ?? 0;
    const { limitKwh, usedKwh, priceYuan } = tier;
    const common = { tier: tier.tier, priceYuan, usedKwh };
    if (limitKwh === null) {
      const reached = atEnd > from;
      return {
        ...common,
        share: reached ? 1 : 0,
        shareOfBill: reached ? usedKwh / (atEnd - from) : 0,
        state: reached ? "open" : "not-reached",
        leftKwh: null,
      };
    }
    const size = limitKwh - from;
    const inside = Math.min(Math.max(atEnd - from, 0), size);
    return {
      ...common,
      share: inside / size,
      shareOfBill: Math.min(usedKwh, inside) / size,
      state: inside >= size ? "full" : atEnd > from || index === 0 ? "within" : "not-reached",
      leftKwh: size - inside,
    };
  });
}

function fits(bill: Pick<BillView, "tiers" | "kwh">, atEnd: number): boolean {
  return bill.tiers.every((tier, index) => {
    const low = bill.tiers[index - 1]?.limitKwh ?? 0;
    const reach = (point: number) => Math.max(0, Math.min(point, tier.limitKwh ?? Number.POSITIVE_INFINITY) - low);
    return Math.abs(reach(atEnd) - reach(atEnd - bill.kwh) - tier.usedKwh) < 0.51;
  });
}
