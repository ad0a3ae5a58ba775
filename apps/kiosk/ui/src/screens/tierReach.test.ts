import { describe, expect, test } from "vitest";
import { tierReach } from "./tierReach.ts";

const tiers = (used: readonly [number, number, number], limits: readonly [number, number]) => [
  { tier: 1, limitKwh: limits[0], usedKwh: used[0], priceYuan: "0.538" },
  { tier: 2, limitKwh: limits[1], usedKwh: used[1], priceYuan: "0.588" },
  { tier: 3, limitKwh: null, usedKwh: used[2], priceYuan: "0.838" },
];

describe("how far into the tiers a bill goes", () => {
  test("[L1] a bill that crosses a yearly limit fills the first tier and begins the second", () => {
    const [first, second, third] = tierReach({
      kwh: 300,
      yearToDateKwh: 2_860,
      tiers: tiers([200, 100, 0], [2_760, 4_800]),
    });
    expect(first).toMatchObject({ state: "full", share: 1, leftKwh: 0 });
    expect(second).toMatchObject({ state: "within", leftKwh: 1_940 });
    expect(second?.share).toBeCloseTo(100 / 2_040);
    expect(second?.shareOfBill).toBeCloseTo(100 / 2_040);
    expect(third).toMatchObject({ state: "not-reached", share: 0 });
  });

  test("[L1] tiers of the month are counted by the month, though the year has used more", () => {
    const [first, second] = tierReach({ kwh: 150, yearToDateKwh: 900, tiers: tiers([150, 0, 0], [200, 400]) });
    expect(first).toMatchObject({ state: "within", leftKwh: 50, share: 0.75 });
    expect(second).toMatchObject({ state: "not-reached" });
  });

  test("[L1] the last tier has no end", () => {
    const third = tierReach({ kwh: 500, yearToDateKwh: 5_800, tiers: tiers([0, 0, 500], [2_760, 4_800]) })[2];
    expect(third).toMatchObject({ state: "open", share: 1, leftKwh: null, shareOfBill: 0.5 });
  });
});
