import fc from "fast-check";
import { expect, test } from "vitest";
import { denominate, type PayingUnit } from "./denominate.ts";

const units = (...parts: [string, number, number][]): PayingUnit[] =>
  parts.map(([unitId, denominationFen, count]) => ({ unitId, denominationFen, count }));

test("[T4] change is made of the fewest items", () => {
  const payout = denominate(units(["fives", 500, 10], ["ones", 100, 10], ["half", 50, 10]), 1_750);
  expect(payout).toEqual([
    { unitId: "fives", count: 3 },
    { unitId: "ones", count: 2 },
    { unitId: "half", count: 1 },
  ]);
});

test("[T4] change is found where taking the largest first would fail", () => {
  expect(denominate(units(["fifties", 5_000, 1], ["twenties", 2_000, 3]), 6_000)).toEqual([
    { unitId: "twenties", count: 3 },
  ]);
});

test("[T4] an amount that the units cannot make is refused, not rounded", () => {
  expect(denominate(units(["ones", 100, 3]), 400)).toBeNull();
  expect(denominate(units(["ones", 100, 3]), 150)).toBeNull();
  expect(denominate([], 100)).toBeNull();
  expect(denominate(units(["ones", 100, 3]), 0)).toEqual([]);
});

test("whatever is paid out is exact, within the counts, and found whenever brute force finds it", () => {
  const unit = fc.record({ denominationFen: fc.constantFrom(10, 50, 100, 500, 2_000), count: fc.nat(4) });
  const runs = Math.round(200 * Number(process.env["GRIDHALL_EFFORT"] ?? 1));
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 3 }), fc.nat(120), (parts, tens) => {
      const paying = parts.map((part, index) => ({ unitId: `u${index}`, ...part }));
      const amountFen = tens * 10;
      const payout = denominate(paying, amountFen);
      const fewest = bruteForce(paying, amountFen);
      expect(payout === null).toBe(fewest === null);
      if (payout === null) return;
      let sum = 0;
      for (const { unitId, count } of payout) {
        const of = paying.find((one) => one.unitId === unitId);
        expect(count).toBeLessThanOrEqual(of?.count ?? -1);
        sum += count * (of?.denominationFen ?? 0);
      }
      expect(sum).toBe(amountFen);
      expect(payout.reduce((items, { count }) => items + count, 0)).toBe(fewest);
    }),
    { numRuns: runs },
  );
});

function bruteForce(units: readonly PayingUnit[], amountFen: number): number | null {
  const [unit, ...rest] = units;
  if (unit === undefined) return amountFen === 0 ? 0 : null;
  let fewest: number | null = null;
  for (let count = 0; count <= unit.count; count++) {
    const after = bruteForce(rest, amountFen - count * unit.denominationFen);
    if (after !== null && (fewest === null || after + count < fewest)) fewest = after + count;
  }
  return fewest;
}
