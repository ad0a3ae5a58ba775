import type { z } from "zod";
import type { PriceComponent, RuleSetData } from "../ruleSet.ts";

/** Time of use and prices of commerce, industry and agriculture in Tianjin. */

const PERIOD_CLAUSE = {
  clause: "峰谷分时",
  zh: "购电与输配电度电价随时段浮动;线损、系统运行费、基金及附加、容(需)量电费、力调电费不浮动;各时段按含代征的到户电价计费,逐时段四舍五入到分",
  en: "Purchase and distribution prices float with the period; line loss, system operation, funds and levies do not; each period is charged at its all-in price and rounded to the fen",
};

const PRICE_CLAUSES = {
  energy: {
    clause: "工商业电价构成",
    zh: "电度电价=购电价+上网环节线损+输配电价+系统运行费+政府性基金及附加",
    en: "Energy price = purchase + line loss + transmission and distribution + system operation + funds and levies",
  },
  basic: {
    clause: "容(需)量电价",
    zh: "两部制用户按变压器容量或最大需量计收",
    en: "Two-part customers pay by transformer capacity or by maximum demand",
  },
};

const DEMO_PRICES = {
  zh: "示例(当月代理购电价格未在可引用的文件中)",
  en: "Example prices of the demo: the month's published price table is not part of the cited documents",
  status: "demo",
} as const;

function components(purchase: string, lineLoss: string, network: string, system: string, levies: string) {
  return [
    { code: "purchase", zh: "代理购电", en: "Power purchase", priceYuan: purchase, floats: true, levy: false },
    { code: "line-loss", zh: "上网环节线损", en: "Line loss", priceYuan: lineLoss, floats: false, levy: false },
    {
      code: "network",
      zh: "输配电",
      en: "Transmission and distribution",
      priceYuan: network,
      floats: true,
      levy: false,
    },
    { code: "system", zh: "系统运行", en: "System operation", priceYuan: system, floats: false, levy: false },
    { code: "levies", zh: "政府性基金及附加", en: "Funds and levies", priceYuan: levies, floats: false, levy: true },
  ] satisfies z.input<typeof PriceComponent>[];
}

const LOW = { voltage: "<1kV", zh: "不满1千伏", en: "below 1 kV" };
const MEDIUM = { voltage: "1-10kV", zh: "1–10千伏", en: "1–10 kV" };
const HIGH = { voltage: "35kV", zh: "35千伏及以上", en: "35 kV and above" };

export const BUSINESS: readonly RuleSetData[] = [
  {
    id: "TJ-TOU-2021",
    family: "TJ-TOU",
    topic: "time-of-use",
    zh: "天津市峰谷分时电价(2021)",
    en: "Tianjin time of use (2021)",
    validFrom: "2021-01-01",
    validTo: "2024-12-31",
    source: { zh: "津发改价综〔2021〕395号", en: "Tianjin DRC [2021] No. 395", status: "published" },
    spans: [
      { period: "peak", from: "09:00", to: "12:00" },
      { period: "peak", from: "16:00", to: "21:00" },
      { period: "valley", from: "23:00", to: "07:00" },
    ],
    floats: { peak: "0.5", valley: "-0.54" },
    clauses: { period: PERIOD_CLAUSE },
  },
  {
    id: "TJ-TOU-2025",
    family: "TJ-TOU",
    topic: "time-of-use",
    zh: "天津市峰谷分时电价(2025)",
    en: "Tianjin time of use (2025)",
    validFrom: "2025-01-01",
    validTo: null,
    source: { zh: "津发改规〔2025〕11号", en: "Tianjin DRC, Jin Fa Gai Gui [2025] No. 11", status: "published" },
    spans: [
      { period: "peak", from: "08:00", to: "10:00" },
      { period: "peak", from: "16:00", to: "22:00", months: [1, 2, 3, 4, 5, 6, 9, 10, 11, 12] },
      { period: "peak", from: "15:00", to: "23:00", months: [7, 8] },
      { period: "valley", from: "00:00", to: "06:00" },
      { period: "valley", from: "12:00", to: "14:00" },
    ],
    floats: { peak: "0.6", valley: "-0.6" },
    clauses: { period: PERIOD_CLAUSE },
  },
  {
    id: "TJ-BUSINESS-2021-DEMO",
    family: "TJ-BUSINESS",
    topic: "energy-price",
    zh: "天津市工商业电价(2021,示例价格)",
    en: "Tianjin commerce and industry (2021, example prices)",
    validFrom: "2021-01-01",
    validTo: "2024-12-31",
    source: DEMO_PRICES,
    classes: [
      {
        ...LOW,
        components: components("0.4231", "0.0195", "0.2214", "0.0312", "0.0279"),
        capacityYuanPerKva: null,
        demandYuanPerKw: null,
      },
      {
        ...MEDIUM,
        components: components("0.4231", "0.0195", "0.1592", "0.0312", "0.0279"),
        capacityYuanPerKva: "25.5",
        demandYuanPerKw: "38.3",
      },
      {
        ...HIGH,
        components: components("0.4231", "0.0195", "0.1286", "0.0312", "0.0279"),
        capacityYuanPerKva: "25",
        demandYuanPerKw: "37.5",
      },
    ],
    clauses: PRICE_CLAUSES,
  },
  {
    id: "TJ-BUSINESS-2025-DEMO",
    family: "TJ-BUSINESS",
    topic: "energy-price",
    zh: "天津市工商业电价(2025,示例价格)",
    en: "Tianjin commerce and industry (2025, example prices)",
    validFrom: "2025-01-01",
    validTo: "2026-07-31",
    source: DEMO_PRICES,
    classes: [
      {
        ...LOW,
        components: components("0.4036", "0.0187", "0.2387", "0.0404", "0.0272"),
        capacityYuanPerKva: null,
        demandYuanPerKw: null,
      },
      {
        ...MEDIUM,
        components: components("0.4036", "0.0187", "0.1723", "0.0404", "0.0272"),
        capacityYuanPerKva: "26.4",
        demandYuanPerKw: "42.2",
      },
      {
        ...HIGH,
        components: components("0.4036", "0.0187", "0.1398", "0.0404", "0.0272"),
        capacityYuanPerKva: "25.6",
        demandYuanPerKw: "41",
      },
    ],
    clauses: PRICE_CLAUSES,
  },
  {
    id: "TJ-BUSINESS-2026-DEMO",
    family: "TJ-BUSINESS",
    topic: "energy-price",
    zh: "天津市工商业电价(2026年8月起新监管周期,示例价格)",
    en: "Tianjin commerce and industry (new regulatory period from August 2026, example prices)",
    validFrom: "2026-08-01",
    validTo: null,
    source: {
      zh: "示例;监管周期依据发改价格〔2026〕1077号",
      en: "Example prices; the period is that of NDRC [2026] No. 1077",
      status: "demo",
    },
    classes: [
      {
        ...LOW,
        components: components("0.3958", "0.0181", "0.2296", "0.0433", "0.0272"),
        capacityYuanPerKva: null,
        demandYuanPerKw: null,
      },
      {
        ...MEDIUM,
        components: components("0.3958", "0.0181", "0.1654", "0.0433", "0.0272"),
        capacityYuanPerKva: "27",
        demandYuanPerKw: "43.2",
      },
      {
        ...HIGH,
        components: components("0.3958", "0.0181", "0.1337", "0.0433", "0.0272"),
        capacityYuanPerKva: "26.2",
        demandYuanPerKw: "41.9",
      },
    ],
    clauses: PRICE_CLAUSES,
  },
  {
    id: "TJ-AGRICULTURAL-DEMO",
    family: "TJ-AGRICULTURAL",
    topic: "energy-price",
    zh: "天津市农业生产电价(示例价格)",
    en: "Tianjin agricultural production (example prices)",
    validFrom: "2021-01-01",
    validTo: null,
    source: DEMO_PRICES,
    classes: [
      {
        ...LOW,
        components: [
          {
            code: "energy",
            zh: "农业生产电度",
            en: "Agricultural energy",
            priceYuan: "0.5384",
            floats: true,
            levy: false,
          },
          { code: "levies", zh: "代征基金", en: "Levies", priceYuan: "0.0019", floats: false, levy: true },
        ],
        capacityYuanPerKva: null,
        demandYuanPerKw: null,
      },
    ],
    clauses: {
      ...PRICE_CLAUSES,
      energy: {
        clause: "农业生产电价",
        zh: "农业生产用电按目录电价加代征计费",
        en: "Agricultural production pays the listed price plus levies",
      },
    },
  },
];
