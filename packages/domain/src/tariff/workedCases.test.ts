import { describe, expect, test } from "vitest";
import { type TariffCaseData, parseCase } from "./case.ts";
import { priceBill } from "./priceBill.ts";

/** Cases with answers that were published or follow from the rule by hand; each exact to the fen. */

function price(data: TariffCaseData) {
  return priceBill(parseCase(data));
}
function total(data: TariffCaseData): number {
  return price(data).totalFen;
}

describe("[L1] worked cases as published", () => {
  test("monthly tiers: 930 kWh over 220/310 cost 655.50", () => {
    const tiers = { limitsKwh: [220, 310], pricesYuan: [0.5, 0.55, 0.8] };
    expect(total({ kind: "residential", tiers, usage: { kwh: 930 } })).toBe(65_550);
  });

  test("annual tiers: 220 kWh in March after 150 and 260 cost 110.00", () => {
    const tiers = { cycle: "annual" as const, limitsKwh: [220, 310], pricesYuan: [0.5, 0.55, 0.8] };
    const bill = price({ kind: "residential", tiers, usedEarlierKwh: [150, 260], usage: { kwh: 220 } });
    expect(bill.totalFen).toBe(11_000);
    expect(bill.yearToDateKwh).toBe("630");
  });

  test("a large household: 400 kWh cost 246 without and 216 with 100 kWh more on the first tier", () => {
    const tiers = { limitsKwh: [180, 280], pricesYuan: [0.5, 0.6, 0.8] };
    expect(total({ kind: "residential", tiers, usage: { kwh: 400 } })).toBe(24_600);
    const household = { extraKwhPerMonth: 100 };
    expect(total({ kind: "residential", tiers, household, usage: { kwh: 400 } })).toBe(21_600);
    expect(total({ kind: "residential", tiers, household: { persons: 5 }, usage: { kwh: 400 } })).toBe(21_600);
    expect(total({ kind: "residential", tiers, household: { persons: 4 }, usage: { kwh: 400 } })).toBe(24_600);
  });

  test.each([
    ["2026-03-05", "2000", "4000"],
    ["2026-06-04", "1400", "2800"],
  ])("an account installed on %s has its second tier from %s kWh", (installedOn, second, third) => {
    const tiers = { cycle: "annual" as const, limitsKwh: [200, 400], pricesYuan: [0.5, 0.6, 0.8] };
    const bill = price({ kind: "residential", tiers, installedOn, usage: { kwh: 1 } });
    expect(bill.tiers.map((tier) => tier.fromKwh)).toEqual(["0", second, third]);
  });

  test("agriculture by period rounds each period on its all-in price: 647.40", () => {
    const bill = price({
      kind: "agricultural",
      prices: { peak: 0.856032, valley: 0.329032, flat: 0.584032 },
      levies: 0.001968,
      usage: { kwh: { peak: 303, valley: 411, flat: 429 } },
    });
    expect(bill.totalFen).toBe(64_740);
    expect(bill.lines.map((line) => line.amountFen)).toEqual([25_997, 25_139, 13_604]);
  });

  test("a meter swapped in mid-month: 300 and 370 kWh at 0.51 cost 341.70", () => {
    const meters = [{ registers: { total: { from: 1000, to: 1300 } } }, { registers: { total: { from: 0, to: 370 } } }];
    expect(total({ kind: "residential", sharedMeter: { priceYuan: 0.51 }, usage: { meters } })).toBe(34_170);
  });

  test("315 kVA energised on 6 September are charged 25 thirtieths: 5775.00", () => {
    const basic = {
      method: "capacity" as const,
      priceYuanPerKva: 22,
      transformers: [{ kva: 315, energisedOn: "2026-09-06" }],
    };
    expect(total({ kind: "industrial", period: { from: "2026-09-01", to: "2026-09-30" }, basic })).toBe(577_500);
  });

  test("a reduction of 12 days takes nothing off 3000 a month", () => {
    expect(total({ kind: "industrial", basic: { method: "capacity", monthlyYuan: 3000, stops: [{ days: 12 }] } })).toBe(
      300_000,
    );
  });

  test("a demand of 16200 kW within 105 % of 16000 is charged by contract: 480000.00", () => {
    const basic = { method: "contract-demand" as const, priceYuanPerKw: 30, contractKw: 16_000, actualKw: 16_200 };
    expect(total({ kind: "industrial", basic })).toBe(48_000_000);
  });

  test("cosφ 0.82 against 0.90 adds 800.00 to a base of 20000", () => {
    expect(total({ kind: "industrial", powerFactor: { standard: "0.90", cosPhi: 0.82, baseYuan: 20_000 } })).toBe(
      80_000,
    );
  });

  test.each([2023, 2025, 2030])("a business's late fee across the end of %s comes to 190.00", (year) => {
    const arrears = [
      { amountYuan: 2000, dueOn: `${year}-12-15` },
      { amountYuan: 3000, dueOn: `${year + 1}-01-15` },
    ];
    expect(total({ kind: "late-fee", account: "business", paidOn: `${year + 1}-01-18`, arrears })).toBe(19_000);
  });

  test("a meter that reads 15 % fast: of 1000 kWh 130.4 are refunded", () => {
    const bill = price({ kind: "correction", cause: "meter-error", errorPercent: 15, energyKwh: 1000 });
    expect(bill.correctionKwh).toBe("-130.4");
  });
});

describe("[L1] residents", () => {
  const tiers = { limitsKwh: [220, 400], pricesYuan: [0.49, 0.54, 0.79] };

  test("Tianjin's tiers apply by the year: what lies above 2640 kWh costs 0.54", () => {
    const bill = price({
      kind: "residential",
      period: { from: "2026-11-01", to: "2026-11-30" },
      usedEarlierKwh: 2500,
      usage: { kwh: 320 },
    });
    expect(bill.lines.map((line) => [line.quantity, line.amountFen])).toEqual([
      ["140", 6860],
      ["180", 9720],
    ]);
    expect(bill.lines[0]?.rule.ruleSetId).toBe("TJ-RESIDENTIAL-2012");
  });

  test("two months in one bill have twice the limits", () => {
    expect(total({ kind: "residential", tiers, months: 2, usage: { kwh: 500 } })).toBe(44_000 * 0.49 + 6000 * 0.54);
  });

  test("an allowance from July counts for the six months from then", () => {
    const bill = price({
      kind: "residential",
      period: { from: "2026-08-01", to: "2026-08-31" },
      household: { persons: 6, from: "2026-07-01" },
      usage: { kwh: 1 },
    });
    expect(bill.tiers.map((tier) => tier.limitKwh)).toEqual(["3240", "5400", null]);
  });

  test("a supply closed in September is settled on nine months", () => {
    // 2100 kWh against 9 × 220 = 1980: 120 kWh pay 0.05 more than they were charged.
    const bill = price({
      kind: "residential",
      period: { from: "2026-09-01", to: "2026-09-12" },
      closedOn: "2026-09-12",
      usedEarlierKwh: 2000,
      usage: { kwh: 100 },
    });
    expect(bill.lines.map((line) => [line.code, line.amountFen])).toEqual([
      ["tier-1", 4900],
      ["yearly-settlement", 600],
    ]);
  });

  test("monthly tiers settled in December give back what the months charged above the year", () => {
    const months = [150, 260, 220, 180, 170, 240, 430, 450, 260, 160, 150];
    const december = {
      kind: "residential" as const,
      period: { from: "2026-12-01", to: "2026-12-31" },
      tiers: { ...tiers, cycle: "monthly-settled-yearly" as const },
      usage: { kwh: 230 },
    };
    const bill = price({ ...december, usedEarlierKwh: months });
    // Year: 2900 kWh = 2640 × 0.49 + 260 × 0.54 = 1434.00; months: 1468.50.
    expect(bill.lines.at(-1)).toMatchObject({ code: "yearly-settlement", amountFen: -3450 });
    expect(() => price({ ...december, usedEarlierKwh: 2670 })).toThrow(/usedEarlierKwh/);
  });

  test("time of use with tiers: the period's price, and the tier's difference on top", () => {
    const bill = price({
      kind: "residential",
      tiers: { limitsKwh: [230, 400], pricesYuan: [0.538, 0.588, 0.838] },
      timeOfUse: { pricesYuan: { peak: 0.568, valley: 0.288 } },
      usage: { kwh: { peak: 300, valley: 150 } },
    });
    expect(bill.lines.map((line) => line.amountFen)).toEqual([17_040, 4320, 850, 1500]);
  });

  test("time of use with a price for each tier shares a tier by the periods' part", () => {
    const bill = price({
      kind: "residential",
      tiers: { limitsKwh: [260, 400], pricesYuan: [0.617, 0.677, 0.977] },
      timeOfUse: { pricesYuan: { peak: [0.617, 0.677, 0.977], valley: [0.307, 0.337, 0.487] } },
      usage: { kwh: { peak: 300, valley: 100 } },
    });
    expect(bill.lines.map((line) => [line.code, line.quantity])).toEqual([
      ["tier-1-peak", "195"],
      ["tier-1-valley", "65"],
      ["tier-2-peak", "105"],
      ["tier-2-valley", "35"],
    ]);
    expect(bill.totalFen).toBe(12_032 + 1996 + 7109 + 1180);
  });

  test("a new price in mid-period goes on in the tiers where the old one stopped", () => {
    const bill = price({
      kind: "residential",
      period: { from: "2026-07-01", to: "2026-07-30" },
      tiers: { ...tiers, cycle: "annual" },
      usedEarlierKwh: 2500,
      priceChanges: [
        { from: "2026-07-16", tiers: { cycle: "annual", limitsKwh: [220, 400], pricesYuan: [0.51, 0.56, 0.81] } },
      ],
      usage: { kwh: 400 },
    });
    expect(bill.totalFen).toBe(6860 + 3240 + 11_200);
  });

  test("a register that rolled over counts on from zero", () => {
    const meters = [{ digits: 5, registers: { total: { from: 99_990, to: 15, rolledOver: true } } }];
    expect(price({ kind: "residential", sharedMeter: { priceYuan: 1 }, usage: { meters } }).totalFen).toBe(2500);
  });
});

describe("[L1] commerce and industry", () => {
  test("demand above 105 % of the contract is charged twice for the part above", () => {
    const basic = { method: "contract-demand" as const, priceYuanPerKw: 30, contractKw: 16_000, actualKw: 17_300 };
    const bill = price({ kind: "industrial", basic });
    expect(bill.lines.map((line) => [line.code, line.quantity, line.factor, line.amountFen])).toEqual([
      ["demand", "16000", null, 48_000_000],
      ["demand-excess", "500", "2", 3_000_000],
    ]);
  });

  test("a contract below 40 % of the capacity counts as 40 %", () => {
    const basic = {
      method: "contract-demand" as const,
      priceYuanPerKw: 30,
      contractKw: 300,
      actualKw: 250,
      capacityKva: 1000,
    };
    expect(total({ kind: "industrial", basic })).toBe(1_200_000);
  });

  test("from 260 kWh per kVA the demand price is 90 %, one kWh below it is not, before June 2023 never", () => {
    const at = (monthEnergyKwh: number, ruleSet?: string) =>
      total({
        kind: "industrial",
        ...(ruleSet && { ruleSet }),
        basic: { method: "actual-demand", priceYuanPerKw: 38, actualKw: 700, capacityKva: 1000, monthEnergyKwh },
      });
    expect(at(260_000)).toBe(2_394_000);
    expect(at(259_999)).toBe(2_660_000);
    expect(at(260_000, "CN-TWO-PART-2016")).toBe(2_660_000);
  });

  test("a stop of twenty days leaves ten thirtieths; the day of sealing is free, that of unsealing is not", () => {
    const stops = [{ sealedOn: "2026-04-08", unsealedOn: "2026-04-28" }];
    const basic = {
      method: "capacity" as const,
      priceYuanPerKva: 22,
      transformers: [{ kva: 630 }, { kva: 400, stops }],
    };
    expect(total({ kind: "industrial", period: { from: "2026-04-01", to: "2026-04-30" }, basic })).toBe(
      1_386_000 + 293_333,
    );
  });

  test("a stop of thirteen days across two bills takes nothing off either of them", () => {
    const stops = [{ sealedOn: "2026-04-24", unsealedOn: "2026-05-07" }];
    const basic = { method: "capacity" as const, priceYuanPerKva: 10, transformers: [{ kva: 100, stops }] };
    for (const period of [
      { from: "2026-04-01", to: "2026-04-30" },
      { from: "2026-05-01", to: "2026-05-31" },
    ]) {
      expect(total({ kind: "industrial", period, basic })).toBe(100_000);
    }
  });

  test("a whole February and a whole July are one month each", () => {
    for (const [from, to] of [
      ["2026-02-01", "2026-02-28"],
      ["2026-07-01", "2026-07-31"],
    ] as const) {
      const basic = {
        method: "capacity" as const,
        priceYuanPerKva: 10,
        transformers: [{ kva: 100, energisedOn: from }],
      };
      expect(total({ kind: "industrial", period: { from, to }, basic })).toBe(100_000);
    }
  });

  test("a whole bill: basic charge, periods, levies apart, losses, residents' share, power factor on the right base", () => {
    const bill = price({
      kind: "industrial",
      prices: { peak: 0.9, flat: 0.6, valley: 0.3 },
      levies: [{ code: "a", priceYuan: 0.02 }],
      levyLines: "separate",
      basic: { method: "capacity", priceYuanPerKva: 22, transformers: [{ kva: 500 }] },
      usage: {
        meters: [
          {
            ct: "500/5",
            registers: {
              total: { from: 0, to: 1000 },
              peak: { from: 0, to: 300 },
              valley: { from: 0, to: 200 },
              reactive: { from: 0, to: 700 },
              reactiveReverse: { from: 0, to: 50 },
            },
          },
        ],
      },
      losses: [{ kind: "transformer", activePercent: 2 }],
      parts: [{ sharePercent: 10, prices: 0.5 }],
      powerFactor: { standard: 0.9 },
    });
    // 100 000 kWh + 2 %; residents 10 200; the rest 27 540 / 45 900 / 18 360.
    const byCode = Object.fromEntries(bill.lines.map((line) => [line.code, line.amountFen]));
    expect(byCode).toEqual({
      capacity: 1_100_000,
      "energy-peak": 2_478_600,
      "energy-flat": 2_754_000,
      "energy-valley": 550_800,
      a: 183_600,
      "part-energy": 510_000,
      // cosφ = 102 000 / √(102 000² + 75 000²) = 0.81 → +4.5 % of 68 834.00
      "power-factor": 309_753,
    });
    expect(bill.powerFactor).toMatchObject({ cosPhi: "0.81", baseFen: 6_883_400 });
  });

  test("levies inside the all-in price are outside the base of the power-factor adjustment", () => {
    const bill = price({
      kind: "industrial",
      prices: 0.6,
      levies: 0.02,
      usage: { kwh: 1000 },
      powerFactor: { standard: 0.9, cosPhi: 0.8 },
    });
    expect(bill.lines.map((line) => line.amountFen)).toEqual([62_000, 3000]);
    expect(bill.included).toMatchObject([{ amountFen: 2000 }]);
  });

  test("the price table and the schedule of the day are found without being named, and change on 1 August 2026", () => {
    const bill = price({
      kind: "business",
      period: { from: "2026-07-17", to: "2026-08-15" },
      voltage: "1-10kV",
      usage: { kwh: { peak: 300, flat: 300, valley: 300 } },
    });
    expect(bill.ruleSets.map((set) => set.id)).toEqual([
      "TJ-BUSINESS-2025-DEMO",
      "TJ-TOU-2025",
      "TJ-BUSINESS-2026-DEMO",
    ]);
    expect(bill.lines.map((line) => line.quantity)).toEqual(["150", "150", "150", "150", "150", "150"]);
  });

  test("a sub-meter is taken off, side-by-side points add up", () => {
    const meters = [
      { point: "a", multiplier: 10, registers: { total: { from: 0, to: 100 } } },
      { point: "b", registers: { total: { from: 5, to: 205 } } },
      { point: "c", subtract: true, registers: { total: { from: 0, to: 150 } } },
    ];
    expect(price({ kind: "business", prices: 1, usage: { meters } }).usageKwh?.total).toBe("1050");
  });

  test("a composed price floats in its floating part only", () => {
    const components = [{ priceYuan: 0.5 }, { code: "fixed", priceYuan: 0.1, floats: false }];
    const bill = price({
      kind: "business",
      composition: { components, floats: { peak: 0.5, valley: -0.54 } },
      usage: { kwh: { peak: 100, flat: 100, valley: 100 } },
    });
    expect(bill.lines.map((line) => line.priceYuan)).toEqual(["0.85", "0.6", "0.33"]);
  });

  test("late fees can stand on the bill itself", () => {
    const lateFee = { paidOn: "2026-05-10", arrears: [{ amountYuan: 1000, dueOn: "2026-05-05" }] };
    expect(total({ kind: "business", prices: 1, usage: { kwh: 10 }, lateFee })).toBe(1000 + 1000);
    expect(total({ kind: "residential", sharedMeter: { priceYuan: 1 }, usage: { kwh: 10 }, lateFee })).toBe(1000 + 500);
  });
});

describe("[L1] late fees, corrections, supply without a meter", () => {
  const fee = (account: "residential" | "business", amountYuan: number, dueOn: string, paidOn: string) =>
    total({ kind: "late-fee", account, paidOn, arrears: [{ amountYuan, dueOn }] });

  test("nothing on the due date, one day on the next, no least amount", () => {
    expect(fee("residential", 86.4, "2026-03-25", "2026-03-25")).toBe(0);
    expect(fee("residential", 86.4, "2026-03-25", "2026-03-26")).toBe(9);
  });

  test("residents pay the same rate across years", () => {
    expect(fee("residential", 1000, "2025-12-21", "2026-01-10")).toBe(2000);
  });

  test("a late fee never exceeds 30 % of its principal", () => {
    expect(fee("business", 1000, "2024-07-01", "2026-07-01")).toBe(30_000);
    expect(fee("residential", 1000, "2024-07-01", "2026-07-01")).toBe(30_000);
  });

  test("part payments lower what the fee is on from the next day", () => {
    const arrears = [{ amountYuan: 186.4, dueOn: "2026-02-25", partPayments: [{ on: "2026-03-10", amountYuan: 100 }] }];
    // 13 days on 186.40 = 2.4232, 31 days on 86.40 = 2.6784.
    expect(total({ kind: "late-fee", account: "residential", paidOn: "2026-04-10", arrears })).toBe(510);
  });

  test("a meter that reads 10 % slow is charged for; since the last check for half of it", () => {
    const slow = { kind: "correction" as const, cause: "meter-error" as const, errorPercent: -10, priceYuan: 0.5 };
    expect(price({ ...slow, energyKwh: 900 })).toMatchObject({ correctionKwh: "100", totalFen: 5000 });
    expect(price({ ...slow, energySinceCheckKwh: 900 }).correctionKwh).toBe("50");
  });

  test("a wrong multiplier and a wrong wiring are charged by what was missed", () => {
    const multiplier = {
      kind: "correction" as const,
      cause: "multiplier" as const,
      usedMultiplier: 20,
      trueMultiplier: 30,
    };
    expect(price({ ...multiplier, registerDifference: 412 }).correctionKwh).toBe("4120");
    expect(price({ ...multiplier, energyKwh: 8240 }).correctionKwh).toBe("4120");
    expect(price({ kind: "correction", cause: "wiring", correctionFactor: 1.5, energyKwh: 8000 }).correctionKwh).toBe(
      "4000",
    );
  });

  test("temporary supply pays kW × hours × days; ended before half of the time half is refunded", () => {
    const supply = { kind: "unmetered" as const, kw: 20, hoursPerDay: 8, days: 30, priceYuan: 0.7829 };
    expect(total(supply)).toBe(375_792);
    expect(total({ ...supply, usedDays: 15 })).toBe(375_792);
    expect(total({ ...supply, usedDays: 14 })).toBe(187_896);
  });
});
