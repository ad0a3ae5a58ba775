import { describe, expect, test } from "vitest";
import { parseCase } from "./case.ts";
import { priceBill } from "./priceBill.ts";
import { TariffError } from "./problem.ts";

const house = { kind: "residential", sharedMeter: { priceYuan: 0.5 } };
const shop = { kind: "business", prices: { peak: 1, flat: 0.7, valley: 0.3 } };
const works = { kind: "industrial", period: { from: "2026-04-01", to: "2026-04-30" } };
const meter = (from: unknown, to: unknown, more: object = {}) => ({ registers: { total: { from, to } }, ...more });

function problemsOf(data: unknown): readonly { path: string; zh: string; en: string }[] {
  try {
    priceBill(parseCase(data));
  } catch (error) {
    if (error instanceof TariffError) return error.problems;
    throw error;
  }
  return [];
}

describe("[L1] a faulty case is refused with the field and the remedy", () => {
  test.each<[string, unknown, string, RegExp]>([
    ["no object", [], "", /JSON object/],
    ["an unknown kind", { kind: "commercial" }, "kind", /use one of: residential/],
    ["a misspelt field", { ...house, usge: {}, usage: { kwh: 1 } }, "", /usge/],
    ["negative energy", { ...house, usage: { kwh: -1 } }, "usage.kwh", /negative/],
    ["text for a number", { ...house, usage: { kwh: "many" } }, "usage.kwh", /not a number/],
    ["no usage", house, "usage", /missing/],
    ["two kinds of usage", { ...house, usage: { kwh: 1, meters: [meter(1, 2)] } }, "usage", /exactly one/],
    [
      "an unknown rule set",
      { ...house, ruleSet: "TJ-2099", usage: { kwh: 1 } },
      "ruleSet",
      /use one of: .*TJ-RESIDENTIAL/,
    ],
    ["a rule set of another kind", { ...house, ruleSet: "TJ-TOU-2025", usage: { kwh: 1 } }, "ruleSet", /no part/],
    [
      "a reading backwards",
      { ...house, usage: { meters: [meter(10, 5)] } },
      "usage.meters[0].registers.total.to",
      /rolledOver/,
    ],
    [
      "a roll-over without digits",
      { ...house, usage: { meters: [{ registers: { total: { from: 10, to: 5, rolledOver: true } } }] } },
      "usage.meters[0].registers.total",
      /digits/,
    ],
    [
      "a roll-over that is none",
      { ...house, usage: { meters: [{ digits: 5, registers: { total: { from: 5, to: 10, rolledOver: true } } }] } },
      "usage.meters[0].registers.total",
      /did not roll over/,
    ],
    [
      "a gap between meters",
      {
        ...house,
        usage: {
          meters: [
            meter(0, 5, { installedOn: "2026-01-01", removedOn: "2026-01-10" }),
            meter(0, 5, { installedOn: "2026-01-12" }),
          ],
        },
      },
      "usage.meters[1].installedOn",
      /no meter measured from 2026-01-10 to 2026-01-12/,
    ],
    [
      "overlapping meters",
      {
        ...house,
        usage: {
          meters: [
            meter(0, 5, { installedOn: "2026-01-01", removedOn: "2026-01-10" }),
            meter(0, 5, { installedOn: "2026-01-08" }),
          ],
        },
      },
      "usage.meters[1].installedOn",
      /overlaps meter/,
    ],
    [
      "a gap between intervals",
      {
        ...shop,
        usage: {
          intervals: [
            { start: "2026-01-01T00:00", end: "2026-01-01T08:00", kwh: 1 },
            { start: "2026-01-01T09:00", end: "2026-01-01T10:00", kwh: 1 },
          ],
        },
      },
      "usage.intervals",
      /nothing for 2026-01-01T08:00 – 2026-01-01T09:00/,
    ],
    [
      "intervals that do not fill the period",
      {
        ...shop,
        period: { from: "2026-01-01", to: "2026-01-02" },
        usage: { intervals: [{ start: "2026-01-01T00:00", end: "2026-01-02T00:00", kwh: 1 }] },
      },
      "usage.intervals",
      /nothing for/,
    ],
    [
      "overlapping intervals",
      {
        ...shop,
        usage: {
          intervals: [
            { start: "2026-01-01T00:00", end: "2026-01-01T08:00", kwh: 1 },
            { start: "2026-01-01T07:00", end: "2026-01-01T10:00", kwh: 1 },
          ],
        },
      },
      "usage.intervals",
      /overlaps/,
    ],
    [
      "periods above the total",
      { ...shop, usage: { kwh: { total: 10, peak: 8, valley: 4 } } },
      "usage.kwh",
      /more than the total/,
    ],
    [
      "energy without its price",
      { kind: "business", prices: { peak: 1 }, usage: { kwh: { peak: 1, flat: 1 } } },
      "prices.flat",
      /no price/,
    ],
    ["levies beside a price table", { ...works, levies: 0.1, usage: { kwh: { flat: 1 } } }, "levies", /leave them out/],
    ["a price table by period, energy in one sum", { ...works, usage: { kwh: 1 } }, "usage", /timeOfUse to false/],
    ["prices by period, energy in one sum", { ...shop, usage: { kwh: 5 } }, "usage", /by period/],
    [
      "a tier too few",
      { kind: "residential", tiers: { limitsKwh: [1, 2], pricesYuan: [1, 2] }, usage: { kwh: 1 } },
      "tiers.pricesYuan",
      /one price more/,
    ],
    [
      "limits that fall",
      { kind: "residential", tiers: { limitsKwh: [2, 1], pricesYuan: [1, 2, 3] }, usage: { kwh: 1 } },
      "tiers.limitsKwh[1]",
      /rise/,
    ],
    [
      "cosφ above 1",
      { kind: "industrial", powerFactor: { standard: 0.9, cosPhi: 1.01, baseYuan: 1 } },
      "powerFactor.cosPhi",
      /above 1/,
    ],
    [
      "an unknown standard",
      { kind: "industrial", powerFactor: { standard: 0.88, cosPhi: 0.9, baseYuan: 1 } },
      "powerFactor.standard",
      /0\.90, 0\.85, 0\.80/,
    ],
    [
      "no reactive energy",
      { kind: "industrial", powerFactor: { standard: 0.9, baseYuan: 1 } },
      "powerFactor",
      /cosPhi/,
    ],
    [
      "a day that is none",
      {
        kind: "late-fee",
        account: "business",
        paidOn: "2026-02-30",
        arrears: [{ amountYuan: 1, dueOn: "2026-01-01" }],
      },
      "paidOn",
      /not a day/,
    ],
    [
      "a period backwards",
      { ...house, period: { from: "2026-02-01", to: "2026-01-01" }, usage: { kwh: 1 } },
      "period.to",
      /before/,
    ],
    [
      "an energising day without a period",
      {
        kind: "industrial",
        basic: { method: "capacity", priceYuanPerKva: 1, transformers: [{ kva: 1, energisedOn: "2026-01-02" }] },
      },
      "period",
      /add the `period`/,
    ],
    [
      "overlapping stops",
      {
        ...works,
        basic: {
          method: "capacity",
          priceYuanPerKva: 1,
          transformers: [
            { kva: 1, stops: [{ sealedOn: "2026-04-01", unsealedOn: "2026-04-20" }, { sealedOn: "2026-04-10" }] },
          ],
        },
      },
      "basic.transformers[0].stops[1].sealedOn",
      /overlaps/,
    ],
    [
      "no transformers",
      { kind: "industrial", basic: { method: "capacity", priceYuanPerKva: 1 } },
      "basic",
      /one of them/,
    ],
    [
      "a two-part price that the voltage has not",
      { ...works, voltage: "<1kV", basic: { method: "capacity", capacityKva: 1 } },
      "voltage",
      /no two-part price/,
    ],
    ["an unknown voltage", { ...works, voltage: "3kV", usage: { kwh: 1 } }, "voltage", /use one of/],
    [
      "a price change outside the period",
      { ...works, prices: 1, usage: { kwh: 1 }, priceChanges: [{ from: "2026-06-01", prices: 2 }] },
      "priceChanges[0].from",
      /inside the period/,
    ],
    [
      "a split by readings without one at the change",
      {
        ...works,
        prices: 1,
        split: "readings",
        priceChanges: [{ from: "2026-04-11", prices: 2 }],
        usage: {
          meters: [
            {
              readings: [
                { on: "2026-04-01", total: 0 },
                { on: "2026-05-01", total: 9 },
              ],
            },
          ],
        },
      },
      "usage.meters[0].readings[1]",
      /no reading on the day of the change, 2026-04-11/,
    ],
    [
      "a share above the whole",
      { ...works, prices: 1, usage: { kwh: 5 }, parts: [{ kwh: 6, prices: 1 }] },
      "parts[0]",
      /more energy/,
    ],
    [
      "a part payment above the sum",
      {
        kind: "late-fee",
        account: "business",
        paidOn: "2026-02-20",
        arrears: [{ amountYuan: 1, dueOn: "2026-01-01", partPayments: [{ on: "2026-01-02", amountYuan: 2 }] }],
      },
      "arrears[0].partPayments[0].amountYuan",
      /exceed/,
    ],
  ])("%s", (_, data, path, message) => {
    const problems = problemsOf(data);
    expect(problems.map((problem) => problem.path)).toContain(path);
    const problem = problems.find((candidate) => candidate.path === path);
    expect(problem?.en).toMatch(message);
    expect(problem?.zh).toMatch(/[一-鿿]/);
  });

  test("all faults are named at once", () => {
    const data = { kind: "residential", usage: { kwh: -1 }, months: 0, tiers: { limitsKwh: [-1], pricesYuan: [1] } };
    expect(problemsOf(data).length).toBeGreaterThanOrEqual(4);
  });
});
