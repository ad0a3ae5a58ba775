import { describe, expect, test } from "vitest";
import { parseDay, showDay } from "../calendar/day.ts";
import type { PricedBill } from "./bill.ts";
import { type TariffCaseData, parseCase } from "./case.ts";
import { scheduleOf } from "./clock.ts";
import { priceBill } from "./priceBill.ts";
import { type RuleBook, compileRuleBook, inForce } from "./ruleBook.ts";
import type { RuleSetData } from "./ruleSet.ts";
import { RULE_SETS } from "./ruleSets.ts";

/**
 * Test vectors for every rule set, written from the published rules and not from the tables, and the proof that they
 * are complete: each entry of each table is changed in turn, and some vector must notice.
 */

interface Vector {
  readonly family: string;
  readonly name: string;
  readonly expected: string;
  run(book: RuleBook): string;
}

function bill(
  family: string,
  data: TariffCaseData,
  expected: string,
  see: (bill: PricedBill) => string = amounts,
): Vector {
  const parsed = parseCase(data);
  return { family, name: JSON.stringify(data), expected, run: (book) => see(priceBill(parsed, book)) };
}

function amounts(priced: PricedBill): string {
  return priced.lines.map((line) => line.amountFen).join(" ");
}

const tiers: Vector[] = [
  // 220 × 12 = 2640 at 0.49, to 400 × 12 = 4800 at 0.54, the rest at 0.79.
  bill("TJ-RESIDENTIAL", { kind: "residential", usage: { kwh: 10_000 } }, "129360 116640 410800"),
  // Five persons: 320 and 500 a month; four get nothing.
  bill(
    "TJ-RESIDENTIAL",
    { kind: "residential", household: { persons: 5 }, usage: { kwh: 10_000 } },
    "188160 116640 316000",
  ),
  bill(
    "TJ-RESIDENTIAL",
    { kind: "residential", household: { persons: 4 }, usage: { kwh: 10_000 } },
    "129360 116640 410800",
  ),
  bill("TJ-RESIDENTIAL-SHARED", { kind: "residential", sharedMeter: true, usage: { kwh: 100 } }, "5100"),
  bill(
    "TJ-RESIDENTIAL-TOU",
    { kind: "residential", timeOfUse: true, usage: { kwh: { peak: 100, valley: 100 } } },
    "5400 2900",
  ),
];

/** `peak` 06–22, else `valley`: the demo's own. */
const residentialClock = clockVector(
  "TJ-RESIDENTIAL-TOU",
  "residential-time-of-use",
  "TJ-RESIDENTIAL-TOU-DEMO",
  (_, hour) => (hour >= 6 && hour < 22 ? "peak" : "valley"),
);
const clock2021 = clockVector("TJ-TOU", "time-of-use", "TJ-TOU-2021", (_, hour) => {
  if ((hour >= 9 && hour < 12) || (hour >= 16 && hour < 21)) return "peak";
  return hour >= 23 || hour < 7 ? "valley" : "flat";
});
const clock2025 = clockVector("TJ-TOU", "time-of-use", "TJ-TOU-2025", (month, hour) => {
  const summer = month === 7 || month === 8;
  const evening = summer ? hour >= 15 && hour < 23 : hour >= 16 && hour < 22;
  if ((hour >= 8 && hour < 10) || evening) return "peak";
  return hour < 6 || (hour >= 12 && hour < 14) ? "valley" : "flat";
});

function clockVector(
  family: string,
  topic: "time-of-use" | "residential-time-of-use",
  id: string,
  oracle: (month: number, hour: number) => string,
): Vector {
  const months = Array.from({ length: 12 }, (_, index) => index + 1);
  const expected = months.map((month) =>
    Array.from({ length: 1440 }, (_, minute) => oracle(month, Math.floor(minute / 60))),
  );
  return {
    family,
    name: `the clock of ${id}`,
    expected: expected.flat().join(),
    run: (book) => {
      const schedule = scheduleOf(book.find(topic, id, null)?.spans ?? []);
      return months.flatMap((month) => schedule(month)).join();
    },
  };
}

/** The part that floats 1, the part that does not 1: prices 1 + (1 + ratio). */
function floats(ruleSet: string, expected: string): Vector {
  const components = [
    { priceYuan: 1, floats: true },
    { priceYuan: 1, floats: false },
  ];
  const usage = { kwh: { peak: 100, flat: 100, valley: 100 } };
  return bill("TJ-TOU", { kind: "business", ruleSet, composition: { components }, usage }, expected);
}

/** A megawatt-hour shows prices to the hundred-thousandth; the levies and two-part prices stand beside them. */
function priceVector(ruleSet: string, voltage: string, expected: string): Vector {
  const family = ruleSet.startsWith("TJ-AGRI") ? "TJ-AGRICULTURAL" : "TJ-BUSINESS";
  return bill(
    family,
    {
      kind: family === "TJ-AGRICULTURAL" ? "agricultural" : "business",
      ruleSet: [ruleSet, "TJ-TOU-2025"],
      voltage,
      usage: { kwh: { peak: 100_000, flat: 100_000, valley: 100_000 } },
      powerFactor: { standard: 0.9, cosPhi: 0.7 },
    },
    expected,
    (priced) => [amounts(priced), ...priced.included.map((part) => part.amountFen)].join(" "),
  );
}

function basicVector(ruleSet: string, voltage: string, expected: string): Vector {
  const basic = [
    { method: "capacity" as const, capacityKva: 100 },
    { method: "actual-demand" as const, actualKw: 100 },
  ];
  return bill("TJ-BUSINESS", { kind: "industrial", ruleSet, voltage, basic }, expected);
}

/** Prices by hand: floating f = purchase + network, fixed x = loss + system + levies; 1.6 f + x, f + x, 0.4 f + x. */
function expectedPrices(parts: readonly [number, number, number, number, number]): string {
  const [purchase, loss, network, system, levies] = parts.map((price) => Math.round(price * 10_000)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const floating = purchase + network;
  const fixed = loss + system + levies;
  // In units of 0.0001 × 100 000 kWh = 1000 fen.
  const lines = [16 * floating + 10 * fixed, 10 * floating + 10 * fixed, 4 * floating + 10 * fixed].map(
    (ten) => ten * 100,
  );
  const base = lines.reduce((a, b) => a + b, 0) - 3 * levies * 1000;
  return [...lines, base / 10, 3 * levies * 1000].join(" ");
}

const prices: Vector[] = [
  priceVector("TJ-BUSINESS-2021-DEMO", "<1kV", expectedPrices([0.4231, 0.0195, 0.2214, 0.0312, 0.0279])),
  priceVector("TJ-BUSINESS-2021-DEMO", "1-10kV", expectedPrices([0.4231, 0.0195, 0.1592, 0.0312, 0.0279])),
  priceVector("TJ-BUSINESS-2021-DEMO", "35kV", expectedPrices([0.4231, 0.0195, 0.1286, 0.0312, 0.0279])),
  priceVector("TJ-BUSINESS-2025-DEMO", "<1kV", expectedPrices([0.4036, 0.0187, 0.2387, 0.0404, 0.0272])),
  priceVector("TJ-BUSINESS-2025-DEMO", "1-10kV", expectedPrices([0.4036, 0.0187, 0.1723, 0.0404, 0.0272])),
  priceVector("TJ-BUSINESS-2025-DEMO", "35kV", expectedPrices([0.4036, 0.0187, 0.1398, 0.0404, 0.0272])),
  priceVector("TJ-BUSINESS-2026-DEMO", "<1kV", expectedPrices([0.3958, 0.0181, 0.2296, 0.0433, 0.0272])),
  priceVector("TJ-BUSINESS-2026-DEMO", "1-10kV", expectedPrices([0.3958, 0.0181, 0.1654, 0.0433, 0.0272])),
  priceVector("TJ-BUSINESS-2026-DEMO", "35kV", expectedPrices([0.3958, 0.0181, 0.1337, 0.0433, 0.0272])),
  priceVector("TJ-AGRICULTURAL-DEMO", "<1kV", expectedPrices([0.5384, 0, 0, 0, 0.0019])),
  basicVector("TJ-BUSINESS-2021-DEMO", "1-10kV", "255000 383000"),
  basicVector("TJ-BUSINESS-2021-DEMO", "35kV", "250000 375000"),
  basicVector("TJ-BUSINESS-2025-DEMO", "1-10kV", "264000 422000"),
  basicVector("TJ-BUSINESS-2025-DEMO", "35kV", "256000 410000"),
  basicVector("TJ-BUSINESS-2026-DEMO", "1-10kV", "270000 432000"),
  basicVector("TJ-BUSINESS-2026-DEMO", "35kV", "262000 419000"),
  floats("TJ-TOU-2021", "25000 20000 14600"),
  floats("TJ-TOU-2025", "26000 20000 14000"),
];

const twoPart: Vector[] = ["CN-TWO-PART-2016", "CN-TWO-PART-2023"].flatMap((ruleSet) => {
  const month = (days: number) => ({ method: "capacity" as const, monthlyYuan: 3000, stops: [{ days }] });
  const demand = { method: "actual-demand" as const, priceYuanPerKw: 10, actualKw: 10, capacityKva: 100 };
  const contract = {
    method: "contract-demand" as const,
    priceYuanPerKw: 10,
    contractKw: 39,
    actualKw: 52,
    capacityKva: 100,
  };
  const family = "CN-TWO-PART";
  const reduced = ruleSet === "CN-TWO-PART-2023" ? "9000" : "10000";
  return [
    bill(family, { kind: "industrial", ruleSet, basic: month(14) }, "300000"),
    bill(family, { kind: "industrial", ruleSet, basic: month(15) }, "150000"),
    bill(family, { kind: "industrial", ruleSet, basic: { ...demand, monthEnergyKwh: 26_000 } }, reduced),
    bill(family, { kind: "industrial", ruleSet, basic: { ...demand, monthEnergyKwh: 25_999 } }, "10000"),
    // Charged on 40 kW; 52 is 10 above 42, and charged twice.
    bill(family, { kind: "industrial", ruleSet, basic: contract }, "40000 20000"),
  ];
});

/** The measure of 1983 in words: percent for each hundredth of cosφ. */
function adjustment(standard: number, at: number): number {
  const rise = (from: number, halfTo: number, oneTo: number) => {
    const half = from - Math.max(at, halfTo);
    const one = Math.max(0, halfTo - Math.max(at, oneTo));
    const two = Math.max(0, oneTo - at);
    return half * 0.5 + one + two * 2;
  };
  switch (standard) {
    case 90:
      return at >= 90 ? -0.15 * (Math.min(at, 95) - 90) : rise(90, 70, 65);
    case 85:
      if (at < 85) return rise(85, 65, 60);
      return at <= 90 ? -0.1 * (at - 85) : -0.5 - 0.15 * (Math.min(at, 94) - 90);
    default:
      if (at < 80) return rise(80, 60, 55);
      return at <= 90 ? -0.1 * (at - 80) : -1 - 0.15 * (Math.min(at, 92) - 90);
  }
}

const powerFactors: Vector[] = [90, 85, 80].flatMap((standard) =>
  Array.from({ length: 101 }, (_, at) =>
    bill(
      "CN-POWER-FACTOR",
      {
        kind: "industrial",
        powerFactor: { standard: `0.${standard}`, cosPhi: (at / 100).toFixed(2), baseYuan: 1000 },
      },
      String(Math.round(adjustment(standard, at) * 1000)),
    ),
  ),
);

const lateFees: Vector[] = (["residential", "business"] as const).flatMap((account) => {
  const fee = (dueOn: string, paidOn: string, expected: string) =>
    bill("CN-LATE-FEE", { kind: "late-fee", account, paidOn, arrears: [{ amountYuan: 1000, dueOn }] }, expected);
  const home = account === "residential";
  return [
    fee("2025-03-01", "2025-03-11", home ? "1000" : "2000"),
    fee("2025-12-31", "2026-01-10", home ? "1000" : "3000"),
    fee("2025-01-01", "2025-12-31", "30000"),
  ];
});

const others: Vector[] = [
  bill(
    "CN-CORRECTION",
    { kind: "correction", cause: "meter-error", errorPercent: 15, energySinceCheckKwh: 2000, priceYuan: 1 },
    "-13040",
  ),
  bill(
    "CN-UNMETERED",
    { kind: "unmetered", kw: 1, hoursPerDay: 1, days: 30, priceYuan: 1, usedDays: 14 },
    "3000 -1500",
  ),
  bill("CN-UNMETERED", { kind: "unmetered", kw: 1, hoursPerDay: 1, days: 30, priceYuan: 1, usedDays: 15 }, "3000"),
  bill(
    "GRIDHALL-ROUNDING",
    {
      kind: "business",
      period: { from: "2026-01-01", to: "2026-01-03" },
      prices: 1,
      priceChanges: [{ from: "2026-01-02", prices: 2 }],
      usage: { kwh: 100 },
    },
    "3333 13334",
  ),
];

/** Days on which each rule set begins and ends, as its document says (or, for the demo's prices, as we say). */
const VALIDITY: Record<string, readonly [string, string | null]> = {
  "TJ-RESIDENTIAL-2012": ["2012-07-01", null],
  "TJ-RESIDENTIAL-TOU-DEMO": ["2012-07-01", null],
  "TJ-RESIDENTIAL-SHARED-DEMO": ["2012-07-01", null],
  "TJ-TOU-2021": ["2021-01-01", "2024-12-31"],
  "TJ-TOU-2025": ["2025-01-01", null],
  "TJ-BUSINESS-2021-DEMO": ["2021-01-01", "2024-12-31"],
  "TJ-BUSINESS-2025-DEMO": ["2025-01-01", "2026-07-31"],
  "TJ-BUSINESS-2026-DEMO": ["2026-08-01", null],
  "TJ-AGRICULTURAL-DEMO": ["2021-01-01", null],
  "CN-TWO-PART-2016": ["2016-07-01", "2023-05-31"],
  "CN-TWO-PART-2023": ["2023-06-01", null],
  "CN-LATE-FEE-2024": ["2024-06-01", null],
  "CN-CORRECTION-2024": ["2024-06-01", null],
  "CN-UNMETERED-2024": ["2024-06-01", null],
  "GRIDHALL-ROUNDING": ["2012-01-01", null],
  "CN-POWER-FACTOR-1983": ["1983-12-02", null],
};

const validities: Vector[] = RULE_SETS.map(({ id, family }) => ({
  family,
  name: `validity of ${id}`,
  expected: "false true true false",
  run: (book) => {
    const [from, to] = VALIDITY[id] ?? ["", ""];
    const set = book.sets.find((candidate) => candidate.id === id);
    const at = (day: string | null, offset: number) => set && inForce(set, (parseDay(day ?? "") ?? 0) + offset);
    const end = to === null ? "true false" : `${at(to, 0)} ${at(to, 1)}`;
    return `${at(from, -1)} ${at(from, 0)} ${end}`;
  },
}));

const VECTORS: readonly Vector[] = [
  ...tiers,
  residentialClock,
  clock2021,
  clock2025,
  ...prices,
  ...twoPart,
  ...powerFactors,
  ...lateFees,
  ...others,
  ...validities,
];

describe("[L1] rule sets", () => {
  test("every vector comes out as the rule says", () => {
    const book = compileRuleBook(RULE_SETS);
    for (const vector of VECTORS) expect(vector.run(book), vector.name).toBe(vector.expected);
  });

  test("any change of any entry of any table is noticed", () => {
    const missed: string[] = [];
    let mutations = 0;
    for (const [index, set] of RULE_SETS.entries()) {
      const vectors = VECTORS.filter((vector) => vector.family === set.family);
      for (const mutation of mutationsOf(set)) {
        mutations += 1;
        const sets = RULE_SETS.with(index, mutation.set);
        if (!noticed(sets, vectors)) missed.push(`${set.id} ${mutation.what}`);
      }
    }
    expect(missed).toEqual([]);
    // Every table really was gone through.
    expect(mutations).toBeGreaterThan(600);
  });
});

function noticed(sets: readonly RuleSetData[], vectors: readonly Vector[]): boolean {
  let book: RuleBook;
  try {
    book = compileRuleBook(sets);
  } catch {
    return true;
  }
  return vectors.some((vector) => {
    try {
      return vector.run(book) !== vector.expected;
    } catch {
      return true;
    }
  });
}

interface Mutation {
  readonly what: string;
  readonly set: RuleSetData;
}

/** The set with one entry changed, for every number, price, day, time and switch in it. */
function mutationsOf(set: RuleSetData): Mutation[] {
  const found: Mutation[] = [];
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    if (Array.isArray(value)) for (const [key, item] of value.entries()) visit(item, [...path, key]);
    else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value))
        if (key !== "clauses" && key !== "source") visit(item, [...path, key]);
    } else {
      for (const changed of changesOf(value)) {
        found.push({
          what: `${path.join(".")}: ${String(value)} → ${String(changed)}`,
          set: replaced(set, path, changed),
        });
      }
    }
  };
  visit(set, []);
  return found;
}

function changesOf(value: unknown): readonly unknown[] {
  if (typeof value === "boolean") return [!value];
  if (typeof value === "number") return [value + 1, value - 1];
  if (typeof value !== "string") return [];
  const day = parseDay(value);
  if (day !== null) return [showDay(day + 1), showDay(day - 1)];
  if (/^\d\d:\d\d$/.test(value)) {
    const minute = Number(value.slice(0, 2)) * 60 + Number(value.slice(3));
    const show = (at: number) => `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`;
    return [show((minute + 1439) % 1440), show((minute + 1) % 1440)];
  }
  if (!/^-?\d+(\.\d+)?$/.test(value)) return [];
  const decimals = value.split(".")[1]?.length ?? 0;
  const units = BigInt(value.replace(".", ""));
  return [units + 1n, units - 1n].map((changed) => {
    const digits = (changed < 0n ? -changed : changed).toString().padStart(decimals + 1, "0");
    const text = decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
    return changed < 0n ? `-${text}` : text;
  });
}

function replaced(set: RuleSetData, path: readonly (string | number)[], value: unknown): RuleSetData {
  const copy = structuredClone(set);
  let at = copy as unknown as Record<string | number, unknown>;
  for (const key of path.slice(0, -1)) at = at[key] as Record<string | number, unknown>;
  at[path.at(-1) ?? ""] = value;
  return copy;
}
