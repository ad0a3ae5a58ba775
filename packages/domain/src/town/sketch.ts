import type { AccountKind, Holder, Plan } from "../backoffice/schema.ts";
import { accountNumber, addressOf, companyOf, personOf } from "./people.ts";
import { type Random, createRandom } from "./random.ts";
import { HALLS } from "./units.ts";

/** What an account is like, before its months are lived through. */
export interface Sketch {
  readonly index: number;
  readonly hallIndex: number;
  readonly accountNo: string;
  readonly kind: AccountKind;
  readonly holder: Holder;
  readonly address: string;
  readonly plan: Plan;
  readonly openedYearsAgo: number;
  readonly load: Load;
  /** Bills still unpaid, counted from the newest: `[0, 1]` = the last two. */
  readonly unpaid: readonly number[];
  readonly prepaidFen: number;
  /** Energy of the newest bill where it must come out exactly, in 0.01 kWh. */
  readonly lastHundredths: number | null;
}

export interface Load {
  /** Energy of a mean month in kWh. */
  readonly monthKwh: number;
  /** How far a month strays from it: 0.2 = ±20 %. */
  readonly spread: number;
  readonly peakShare: number;
  readonly valleyShare: number;
  /** kvarh per kWh; 0 without a reactive register. */
  readonly reactiveShare: number;
  readonly multiplier: number;
}

const RESIDENTIAL: Plan = {
  tariff: "TJ-RESIDENTIAL",
  zh: "居民阶梯电价",
  en: "Residential tiers",
  timeOfUse: false,
  sharedMeter: false,
  householdPersons: null,
  voltage: null,
  twoPart: null,
  powerFactorStandard: null,
};
export const PLANS = {
  tiers: RESIDENTIAL,
  timeOfUse: { ...RESIDENTIAL, zh: "居民峰谷分时电价", en: "Residential time of use", timeOfUse: true },
  largeHousehold: {
    ...RESIDENTIAL,
    zh: "居民阶梯电价(一户多人口)",
    en: "Residential tiers, large household",
    householdPersons: 5,
  },
  shared: { ...RESIDENTIAL, zh: "居民合表电价", en: "Residential shared meter", sharedMeter: true },
  business: {
    ...RESIDENTIAL,
    tariff: "TJ-BUSINESS",
    zh: "一般工商业(单一制分时)",
    en: "Commerce, single-part time of use",
    timeOfUse: true,
    voltage: "<1kV",
  },
  agricultural: {
    ...RESIDENTIAL,
    tariff: "TJ-AGRICULTURAL",
    zh: "农业生产",
    en: "Agricultural production",
    timeOfUse: true,
    voltage: "<1kV",
  },
} as const satisfies Record<string, Plan>;

export function twoPartPlan(method: "capacity" | "contract-demand" | "actual-demand", kva: readonly number[]): Plan {
  const contractKw = Math.round(kva.reduce((a, b) => a + b, 0) * 0.62);
  return {
    ...PLANS.business,
    zh: "大工业(两部制分时)",
    en: "Industry, two-part time of use",
    voltage: "1-10kV",
    twoPart: {
      method,
      transformersKva: kva.map(String),
      contractKw: method === "contract-demand" ? String(contractKw) : null,
    },
    powerFactorStandard: "0.90",
  };
}

const NO_LOAD = { spread: 0.25, peakShare: 0.62, valleyShare: 0.38, reactiveShare: 0, multiplier: 1 };

/** First sequence number of invented accounts; those below it are the known ones. */
const FIRST_SEQUENCE = 1_000_000;

export function sketchOf(seed: number, index: number): Sketch {
  const random = createRandom(seed, index);
  const hallIndex = random.integer(0, HALLS.length - 1);
  const hall = HALLS[hallIndex];
  if (!hall) throw new Error("the town has no halls");
  const kind = kindOf(random);
  const person = personOf(random, seed, index, hallIndex);
  const home = kind === "residential";
  const { plan, load } = home ? homeOf(random) : premisesOf(random, kind);
  const behind = random.chance(0.15);
  return {
    index,
    hallIndex,
    // Scattered, so that numbers in a row are not neighbours.
    accountNo: accountNumber(hallIndex, FIRST_SEQUENCE + ((index * 7_654_321) % 900_000_000)),
    kind,
    holder:
      home || kind === "agricultural"
        ? { kind: "person", name: person.name, idNo: person.idNo, creditCode: null, phone: person.phone }
        : companyOf(random, person, index, kind === "industrial"),
    address: addressOf(random, hall, hallIndex, !home),
    plan,
    openedYearsAgo: random.integer(1, 12),
    load,
    unpaid: behind ? unpaidOf(random) : [],
    prepaidFen: !behind && random.chance(0.12) ? random.integer(2, 60) * 1000 : 0,
    lastHundredths: null,
  };
}

function kindOf(random: Random): AccountKind {
  const draw = random.next();
  if (draw < 0.9) return "residential";
  if (draw < 0.988) return "business";
  return draw < 0.995 ? "agricultural" : "industrial";
}

function homeOf(random: Random): { plan: Plan; load: Load } {
  const draw = random.next();
  const monthKwh = 90 + random.integer(0, 160) * random.around(0.6);
  if (draw < 0.12) return { plan: PLANS.timeOfUse, load: { ...NO_LOAD, monthKwh: monthKwh * 1.3 } };
  if (draw < 0.16) return { plan: PLANS.largeHousehold, load: { ...NO_LOAD, monthKwh: monthKwh * 1.9 } };
  if (draw < 0.19) return { plan: PLANS.shared, load: { ...NO_LOAD, monthKwh: monthKwh * 4 } };
  return { plan: PLANS.tiers, load: { ...NO_LOAD, monthKwh } };
}

function premisesOf(random: Random, kind: AccountKind): { plan: Plan; load: Load } {
  if (kind === "agricultural") {
    return {
      plan: PLANS.agricultural,
      load: { ...NO_LOAD, monthKwh: random.integer(300, 2500), peakShare: 0.3, valleyShare: 0.35 },
    };
  }
  if (kind === "business") {
    const monthKwh = random.integer(300, 6000);
    return {
      plan: PLANS.business,
      load: { ...NO_LOAD, monthKwh, peakShare: 0.45, valleyShare: 0.18, multiplier: monthKwh > 2500 ? 40 : 1 },
    };
  }
  const kva = random.pick([[315], [400], [500], [630], [400, 315], [1000, 630]] as const);
  const method = random.pick(["capacity", "contract-demand", "actual-demand"] as const);
  const total = kva.reduce((a, b) => a + b, 0);
  return {
    plan: twoPartPlan(method, kva),
    load: {
      monthKwh: total * random.integer(120, 300),
      spread: 0.15,
      peakShare: 0.38,
      valleyShare: 0.27,
      reactiveShare: random.integer(30, 75) / 100,
      multiplier: 2000,
    },
  };
}

/** The newest one to three bills; who owes the oldest has not paid since. */
function unpaidOf(random: Random): number[] {
  const draw = random.next();
  if (draw < 0.6) return [0];
  return draw < 0.85 ? [0, 1] : [0, 1, 2];
}
