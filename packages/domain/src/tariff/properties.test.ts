import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PricedBill } from "./bill.ts";
import { type TariffCaseData, parseCase } from "./case.ts";
import { dec, divide, show, toFen } from "./decimal.ts";
import { priceBill } from "./priceBill.ts";

const runs = { numRuns: Math.round(200 * Number(process.env["GRIDHALL_EFFORT"] ?? 1)) };

function price(data: TariffCaseData): PricedBill {
  return priceBill(parseCase(data));
}

/** Whole kWh at prices of whole fen: every line is exact, so that sums can be compared to the fen. */
const kwh = fc.integer({ min: 0, max: 2000 });
const tierTable = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 600 }), { minLength: 1, maxLength: 4 }),
    fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 5, maxLength: 5 }),
  )
  .map(([limits, steps]) => {
    const limitsKwh = limits.toSorted((a, b) => a - b);
    let fen = 30;
    const pricesYuan = steps
      .slice(0, limitsKwh.length + 1)
      .map((step) => `0.${(fen += step).toString().padStart(3, "0")}`.replace("0.0", "0."));
    return { limitsKwh, pricesYuan };
  })
  .filter((table) => table.pricesYuan.every((priceYuan) => /^0\.\d\d$/.test(priceYuan)));
const energy = fc.record({ peak: kwh, flat: kwh, valley: kwh });
const cents = fc.integer({ min: 1, max: 9999 }).map((units) => `0.${String(units).padStart(4, "0")}`);

describe("[L1] what holds for every bill", () => {
  test("more energy never costs less, by month and by year", () => {
    fc.assert(
      fc.property(tierTable, fc.constantFrom("monthly" as const, "annual" as const), kwh, kwh, (table, cycle, a, b) => {
        const fen = (used: number) =>
          price({ kind: "residential", tiers: { ...table, cycle }, usage: { kwh: used } }).totalFen;
        expect(fen(Math.min(a, b))).toBeLessThanOrEqual(fen(Math.max(a, b)));
      }),
      runs,
    );
  });

  test("the twelve bills of a year add up to the year's tiers of the year's energy", () => {
    fc.assert(
      fc.property(tierTable, fc.array(kwh, { minLength: 12, maxLength: 12 }), (table, months) => {
        const tiers = { ...table, cycle: "annual" as const };
        const bills = months.map((used, month) =>
          price({ kind: "residential", tiers, usedEarlierKwh: months.slice(0, month), usage: { kwh: used } }),
        );
        const year = months.reduce((a, b) => a + b, 0);
        const whole = price({ kind: "residential", tiers, usage: { kwh: year } });
        expect(bills.reduce((fen, bill) => fen + bill.totalFen, 0)).toBe(whole.totalFen);
      }),
      runs,
    );
  });

  test("monthly bills and their settlement add up to the year's tiers as well", () => {
    fc.assert(
      fc.property(tierTable, fc.array(kwh, { minLength: 12, maxLength: 12 }), (table, months) => {
        const tiers = { ...table, cycle: "monthly-settled-yearly" as const };
        const period = (month: number) => ({
          from: `2026-${String(month).padStart(2, "0")}-01`,
          to: `2026-${String(month).padStart(2, "0")}-28`,
        });
        const bills = months.map((used, month) =>
          price({
            kind: "residential",
            tiers,
            period: period(month + 1),
            usedEarlierKwh: months.slice(0, month),
            usage: { kwh: used },
          }),
        );
        const year = months.reduce((a, b) => a + b, 0);
        const whole = price({ kind: "residential", tiers: { ...table, cycle: "annual" }, usage: { kwh: year } });
        expect(bills.reduce((fen, bill) => fen + bill.totalFen, 0)).toBe(whole.totalFen);
      }),
      runs,
    );
  });

  test("two bills for two parts of a month cost what one bill for the month does", () => {
    fc.assert(
      fc.property(tierTable, kwh, kwh, (table, a, b) => {
        const tiers = { ...table, cycle: "annual" as const };
        const first = price({ kind: "residential", tiers, usage: { kwh: a } });
        const second = price({ kind: "residential", tiers, usedEarlierKwh: a, usage: { kwh: b } });
        const both = price({ kind: "residential", tiers, usage: { kwh: a + b } });
        expect(first.totalFen + second.totalFen).toBe(both.totalFen);
      }),
      runs,
    );
  });

  test("a price that changes to itself changes nothing but the rounding", () => {
    fc.assert(
      fc.property(energy, cents, fc.integer({ min: 2, max: 30 }), (used, prices, day) => {
        const data = {
          kind: "business" as const,
          period: { from: "2026-04-01", to: "2026-04-30" },
          prices,
          usage: { kwh: used },
        };
        const whole = price(data);
        const from = `2026-04-${String(day).padStart(2, "0")}`;
        const split = price({ ...data, priceChanges: [{ from, prices }] });
        expect(split.usageKwh).toEqual(whole.usageKwh);
        expect(Math.abs(split.totalFen - whole.totalFen)).toBeLessThanOrEqual(6);
      }),
      runs,
    );
  });

  test("lines add up to the total, and each is its quantity times its price", () => {
    const basic = fc.record({
      method: fc.constant("capacity" as const),
      priceYuanPerKva: cents,
      transformers: fc.array(fc.record({ kva: fc.integer({ min: 1, max: 2000 }) }), { minLength: 1, maxLength: 3 }),
    });
    fc.assert(
      fc.property(
        energy,
        cents,
        cents,
        cents,
        cents,
        basic,
        fc.integer({ min: 0, max: 100 }),
        (used, peak, flat, valley, levies, charge, cosPhi) => {
          const bill = price({
            kind: "industrial",
            prices: { peak, flat, valley },
            levies,
            usage: { kwh: used },
            basic: charge,
            powerFactor: { standard: 0.9, cosPhi: `${cosPhi / 100}` },
          });
          expect(bill.lines.reduce((fen, line) => fen + line.amountFen, 0)).toBe(bill.totalFen);
          for (const line of bill.lines) {
            const [a, b] = [dec(line.quantity ?? "0"), dec(line.priceYuan ?? "0")];
            expect(line.amountFen).toBe(toFen({ units: a.units * b.units, scale: a.scale + b.scale }));
            expect(line.rule.clause).not.toBe("");
          }
        },
      ),
      runs,
    );
  });

  test("decimals agree with integer arithmetic, halves going away from zero", () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }),
        fc.bigInt({ min: 1n, max: 10n ** 6n }),
        (a, b) => {
          const quotient = divide(dec(a), dec(b), 2);
          const twice = 2n * (a < 0n ? -a : a) * 100n + b;
          const expected = twice / (2n * b);
          expect(quotient.units).toBe(a < 0n ? -expected : expected);
          expect(dec(show(quotient)).units * 10n ** BigInt(2 - dec(show(quotient)).scale)).toBe(quotient.units);
        },
      ),
      runs,
    );
    expect(["0.005", "-0.005", "0.0049"].map((text) => toFen(dec(text)))).toEqual([1, -1, 0]);
    expect(() => dec("12,5")).toThrow(RangeError);
    expect(() => dec(Number.NaN)).toThrow(RangeError);
  });
});
