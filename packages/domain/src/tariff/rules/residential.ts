import type { RuleSetData } from "../ruleSet.ts";

const TIANJIN_2012 = {
  zh: "津发改价管〔2012〕667号",
  en: "Tianjin Development and Reform Commission, Jin Fa Gai Jia Guan [2012] No. 667",
  status: "published",
} as const;

/** Tianjin's residents, below 1 kV. */
export const RESIDENTIAL: readonly RuleSetData[] = [
  {
    id: "TJ-RESIDENTIAL-2012",
    family: "TJ-RESIDENTIAL",
    topic: "residential-tiers",
    zh: "天津市居民阶梯电价(不满1千伏)",
    en: "Tianjin residential tiers, below 1 kV",
    validFrom: "2012-07-01",
    validTo: null,
    source: TIANJIN_2012,
    cycle: "annual",
    tiers: [
      { upToKwhPerMonth: "220", priceYuan: "0.49" },
      { upToKwhPerMonth: "400", priceYuan: "0.54" },
      { upToKwhPerMonth: null, priceYuan: "0.79" },
    ],
    // Local policy on households of five and more; the document on it is configuration of the utility.
    largeHousehold: { minPersons: 5, extraKwhPerMonth: "100" },
    clauses: {
      tiers: {
        clause: "阶梯电价",
        zh: "按年度累计用电量分档,各档基数为月基数乘以当年用电月数,立户当月按整月计",
        en: "Tiers on the energy since 1 January; yearly limit = monthly limit × months in use, month of installation whole",
      },
      largeHousehold: {
        clause: "一户多人口",
        zh: "五人及以上家庭每月各档基数增加100千瓦时",
        en: "Households of five or more: every tier limit is raised by 100 kWh a month",
      },
      yearlySettlement: {
        clause: "年度清算",
        zh: "年终或销户时按年度基数清算,多退少补",
        en: "At the end of the year or of the supply the tiers are settled on the year's limits",
      },
    },
  },
  {
    id: "TJ-RESIDENTIAL-TOU-DEMO",
    family: "TJ-RESIDENTIAL-TOU",
    topic: "residential-time-of-use",
    zh: "居民峰谷分时电价(示例)",
    en: "Residential time of use (example prices)",
    validFrom: "2012-07-01",
    validTo: null,
    source: { zh: "示例", en: "Example prices of the demo, not a published tariff", status: "demo" },
    pricesYuan: { peak: "0.54", valley: "0.29" },
    spans: [
      { period: "peak", from: "06:00", to: "22:00" },
      { period: "valley", from: "22:00", to: "06:00" },
    ],
    clauses: {
      price: {
        clause: "居民峰谷",
        zh: "自愿选择,按峰、谷时段第一档电价计费",
        en: "By choice: energy of each period at its first-tier price",
      },
      surcharge: {
        clause: "阶梯加价",
        zh: "超出第一档的电量按阶梯差价加价",
        en: "Energy above the first tier pays the tiers' difference on top",
      },
    },
  },
  {
    id: "TJ-RESIDENTIAL-SHARED-DEMO",
    family: "TJ-RESIDENTIAL-SHARED",
    topic: "residential-shared",
    zh: "居民合表电价(示例)",
    en: "Residential shared meter (example price)",
    validFrom: "2012-07-01",
    validTo: null,
    source: { zh: "示例", en: "Example price of the demo, not a published tariff", status: "demo" },
    priceYuan: "0.51",
    clauses: {
      price: {
        clause: "合表用户",
        zh: "合表居民用户不执行阶梯电价,按单一电价计费",
        en: "Households behind one meter pay one flat price, without tiers",
      },
    },
  },
];
