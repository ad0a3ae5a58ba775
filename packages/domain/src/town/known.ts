import type { AccountKind, Holder, Plan } from "../backoffice/schema.ts";
import { dayOf } from "../calendar/day.ts";
import { accountNumber, creditCodeOf, residentId } from "./people.ts";
import { type Load, PLANS, type Sketch, twoPartPlan } from "./sketch.ts";

/**
 * Accounts that are the same in every town, whatever its seed, for demonstrations and tests. Their numbers are fixed;
 * amounts of past months still depend on the seed unless it says otherwise.
 */

function person(name: string, birthday: readonly [number, number, number], order: number, phone: string): Holder {
  return { kind: "person", name, idNo: residentId("990101", dayOf(...birthday), order), creditCode: null, phone };
}

const WANG = person("王秀兰", [1958, 3, 12], 42, "14200000001");
const LI = person("李建国", [1971, 11, 5], 17, "14200000002");
const ZHANG = person("张雨欣", [1994, 7, 23], 128, "14200000003");
const CHEN = person("陈志强", [1983, 1, 30], 35, "14200000004");
const ZHAO = person("赵海涛", [1979, 9, 9], 71, "14200000005");
const LIU = person("刘思佳", [1990, 5, 18], 64, "14200000006");
const SHOP: Holder = {
  ...person("孙永福", [1975, 2, 14], 93, "14200000007"),
  kind: "organisation",
  name: "天澜恒信便利店有限公司",
  creditCode: creditCodeOf("90000011"),
};
const WORKS: Holder = {
  ...person("周文斌", [1968, 12, 1], 29, "14200000008"),
  kind: "organisation",
  name: "天澜津源精密机械有限公司",
  creditCode: creditCodeOf("90000022"),
};

interface Known {
  readonly holder: Holder;
  readonly hallIndex: number;
  readonly address: string;
  readonly kind: AccountKind;
  readonly plan: Plan;
  readonly load: Load;
  readonly unpaid?: readonly number[];
  readonly prepaidFen?: number;
  readonly lastHundredths?: number;
}

const HOME: Load = { monthKwh: 150, spread: 0.1, peakShare: 0.6, valleyShare: 0.4, reactiveShare: 0, multiplier: 1 };
const home = { kind: "residential", plan: PLANS.tiers, load: HOME } as const;

const LIST = {
  /** Wang Xiulan owes exactly one bill, the newest: 86.40 (176.33 kWh in the first tier), not yet overdue. */
  oneUnpaid: {
    ...home,
    holder: WANG,
    hallIndex: 0,
    address: "静州区光明路阳光花园3号楼2门601室",
    unpaid: [0],
    lastHundredths: 17_633,
  },
  /** Li Jianguo owes the bills of the last month but one and the one before: both overdue, with late fees. */
  twoOverdue: { ...home, holder: LI, hallIndex: 1, address: "静州区南门街和平里8号楼1门302室", unpaid: [1, 2] },
  /** Zhang Yuxin owes nothing and has 350.00 prepaid. */
  prepaid: { ...home, holder: ZHANG, hallIndex: 3, address: "滨沽区海兴大街金海湾12号楼3门1504室", prepaidFen: 35_000 },
  /** A convenience store on single-part time of use, one bill unpaid. */
  business: {
    kind: "business",
    plan: PLANS.business,
    load: { ...HOME, monthKwh: 1400, peakShare: 0.45, valleyShare: 0.18 },
    holder: SHOP,
    hallIndex: 0,
    address: "静州区兴业路88号",
    unpaid: [0],
  },
  /** Chen Zhiqiang's household of five (100 kWh more a month), in the second tier from autumn on, one bill unpaid. */
  largeHousehold: {
    ...home,
    plan: PLANS.largeHousehold,
    load: { ...HOME, monthKwh: 410 },
    holder: CHEN,
    hallIndex: 2,
    address: "静州区柳河大街锦绣家园5号楼1门201室",
    unpaid: [0],
  },
  /** Zhao Haitao, peak and valley prices, one bill unpaid. */
  timeOfUse: {
    ...home,
    plan: PLANS.timeOfUse,
    load: { ...HOME, monthKwh: 320, peakShare: 0.48, valleyShare: 0.52 },
    holder: ZHAO,
    hallIndex: 4,
    address: "滨沽区灯塔路望海楼2号楼4门903室",
    unpaid: [0],
  },
  /** Liu Sijia has three accounts under one ID card and phone: a home (one unpaid) … */
  sharedIdHome: { ...home, holder: LIU, hallIndex: 0, address: "静州区文昌街翠湖苑17号楼2门402室", unpaid: [0] },
  /** … a second home, nothing due … */
  sharedIdSecondHome: {
    ...home,
    load: { ...HOME, monthKwh: 60 },
    holder: LIU,
    hallIndex: 5,
    address: "滨沽区芦花路新兴里6号楼1门101室",
  },
  /** … and a garage, two unpaid. */
  sharedIdGarage: {
    ...home,
    load: { ...HOME, monthKwh: 35 },
    holder: LIU,
    hallIndex: 0,
    address: "静州区文昌街翠湖苑地下车库B区37号",
    unpaid: [0, 1],
  },
  /** A works on the two-part tariff, 630 and 400 kVA by contract demand, one bill unpaid. */
  industrial: {
    kind: "industrial",
    plan: twoPartPlan("contract-demand", [630, 400]),
    load: { monthKwh: 236_000, spread: 0.1, peakShare: 0.38, valleyShare: 0.27, reactiveShare: 0.55, multiplier: 2000 },
    holder: WORKS,
    hallIndex: 3,
    address: "滨沽区建设三路211号",
    unpaid: [0],
  },
} as const satisfies Record<string, Known>;

type KnownName = keyof typeof LIST;

function sketchOfKnown(known: Known, index: number): Sketch {
  return {
    index,
    hallIndex: known.hallIndex,
    accountNo: accountNumber(known.hallIndex, index + 1),
    kind: known.kind,
    holder: known.holder,
    address: known.address,
    plan: known.plan,
    openedYearsAgo: 6,
    load: known.load,
    unpaid: known.unpaid ?? [],
    prepaidFen: known.prepaidFen ?? 0,
    lastHundredths: known.lastHundredths ?? null,
  };
}

export const KNOWN_SKETCHES: readonly Sketch[] = Object.values<Known>(LIST).map(sketchOfKnown);

/** Account number and holder of each known account: what a demonstration types in, or lays on the reader. */
export const KNOWN: Readonly<Record<KnownName, { accountNo: string; holder: Holder }>> = Object.fromEntries(
  Object.keys(LIST).map((name, index) => {
    const sketch = KNOWN_SKETCHES[index];
    return [name, { accountNo: sketch?.accountNo, holder: sketch?.holder }];
  }),
) as Record<KnownName, { accountNo: string; holder: Holder }>;

/** The principal of `KNOWN.oneUnpaid`'s bill. */
export const KNOWN_ONE_UNPAID_FEN = 8640;
