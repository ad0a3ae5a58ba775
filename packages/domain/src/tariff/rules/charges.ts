import type { RuleSetData } from "../ruleSet.ts";

/** The two-part tariff, late fees, corrections, supply without a meter, rounding. */

const TWO_PART_CLAUSES = {
  capacity: {
    clause: "基本电费",
    zh: "按月计收;新装、增容、变更、终止当月按实用天数每日三十分之一计收,送电当日计、停用加封当日不计",
    en: "By the month; in a month of change by days used, a thirtieth each: day of energising charged, day of sealing not",
  },
  stop: {
    clause: "暂停(减容)不足十五日",
    zh: "暂停或减容时间少于十五日的,基本电费不予扣减",
    en: "A suspension or reduction of fewer than fifteen days takes nothing off the basic charge",
  },
  demand: {
    clause: "最大需量",
    zh: "按合同最大需量或抄见实际最大需量计收",
    en: "By the contract demand, or by the actual maximum demand read",
  },
  excess: {
    clause: "超合同需量",
    zh: "实际最大需量超过合同确定值105%的,超过部分加一倍计收;未超过的按合同确定值计收",
    en: "Demand above 105 % of the contract is charged twice for the part above it; up to 105 % the contract demand is charged",
  },
  floor: {
    clause: "需量下限",
    zh: "合同最大需量低于受电容量总和40%的,按容量总和的40%核定",
    en: "A contract demand below 40 % of the installed capacity counts as 40 % of it",
  },
  discount: {
    clause: "每千伏安用电量优惠",
    zh: "每月每千伏安用电量达到260千瓦时及以上的,当月需量电价按标准的90%执行",
    en: "From 260 kWh per kVA in a month the demand price is 90 % of the standard",
  },
};

const TWO_PART_NUMBERS = {
  monthDays: 30,
  minStopDays: 15,
  contractFloor: "0.4",
  contractTolerance: "1.05",
  excessTimes: "2",
};

export const CHARGES: readonly RuleSetData[] = [
  {
    id: "CN-TWO-PART-2016",
    family: "CN-TWO-PART",
    topic: "two-part",
    zh: "两部制基本电费(2016)",
    en: "Basic charge of the two-part tariff (2016)",
    validFrom: "2016-07-01",
    validTo: "2023-05-31",
    source: { zh: "发改办价格〔2016〕1583号", en: "NDRC General Office [2016] No. 1583", status: "published" },
    ...TWO_PART_NUMBERS,
    loadDiscount: null,
    clauses: TWO_PART_CLAUSES,
  },
  {
    id: "CN-TWO-PART-2023",
    family: "CN-TWO-PART",
    topic: "two-part",
    zh: "两部制容(需)量电费(2023)",
    en: "Capacity and demand charge of the two-part tariff (2023)",
    validFrom: "2023-06-01",
    validTo: null,
    source: {
      zh: "发改价格〔2023〕526号;供电营业规则(国家发展改革委令2024年第14号)",
      en: "NDRC [2023] No. 526; Rules for the Supply of Electricity (NDRC Order No. 14 of 2024)",
      status: "published",
    },
    ...TWO_PART_NUMBERS,
    loadDiscount: { kwhPerKva: "260", factor: "0.9" },
    clauses: TWO_PART_CLAUSES,
  },
  {
    id: "CN-LATE-FEE-2024",
    family: "CN-LATE-FEE",
    topic: "late-fee",
    zh: "电费违约金(2024)",
    en: "Late fee (2024)",
    validFrom: "2024-06-01",
    validTo: null,
    source: {
      zh: "供电营业规则(国家发展改革委令2024年第14号)",
      en: "Rules for the Supply of Electricity (NDRC Order No. 14 of 2024)",
      status: "published",
    },
    residential: { sameYear: "0.001", laterYears: "0.001" },
    other: { sameYear: "0.002", laterYears: "0.003" },
    cap: "0.3",
    clauses: {
      residential: {
        clause: "违约金·居民",
        zh: "居民用户自逾期之日起每日按欠费总额的千分之一计收",
        en: "Residents: 0.1 % of the sum owed for each day from the day after it was due",
      },
      sameYear: {
        clause: "违约金·当年欠费",
        zh: "其他用户当年欠费部分每日按欠费总额的千分之二计收",
        en: "Others: 0.2 % a day within the year in which the sum fell due",
      },
      laterYears: {
        clause: "违约金·跨年度欠费",
        zh: "其他用户跨年度欠费部分每日按欠费总额的千分之三计收",
        en: "Others: 0.3 % a day in the years after it",
      },
      cap: {
        clause: "违约金上限",
        zh: "违约金总额不超过欠费本金的30%",
        en: "A late fee never exceeds 30 % of its principal",
      },
    },
  },
  {
    id: "CN-CORRECTION-2024",
    family: "CN-CORRECTION",
    topic: "correction",
    zh: "计量差错退补电量",
    en: "Energy refunded or charged for faults of metering",
    validFrom: "2024-06-01",
    validTo: null,
    source: {
      zh: "供电营业规则(国家发展改革委令2024年第14号)",
      en: "Rules for the Supply of Electricity (NDRC Order No. 14 of 2024)",
      status: "published",
    },
    kwhDecimals: 1,
    errorTimeShare: "0.5",
    clauses: {
      error: {
        clause: "误差超出允许范围",
        zh: "以“0”误差为基准,按验证后的误差值退补电量;时间从上次校验之日至误差更正之日的二分之一计算",
        en: "From zero error, by the error found; for half of the time since the last check",
      },
      multiplier: {
        clause: "倍率不符",
        zh: "以实际倍率为基准,按正确与错误倍率的差值退补电量",
        en: "From the true multiplier, by the difference between the right and the wrong one",
      },
      wiring: {
        clause: "计量接线错误",
        zh: "以其实际记录的电量为基数,按正确与错误接线的差额率退补电量",
        en: "On the energy recorded, by the ratio between right and wrong wiring",
      },
    },
  },
  {
    id: "CN-UNMETERED-2024",
    family: "CN-UNMETERED",
    topic: "unmetered",
    zh: "未装表临时用电",
    en: "Temporary supply without a meter",
    validFrom: "2024-06-01",
    validTo: null,
    source: {
      zh: "供电营业规则(未装用电计量装置的临时用电)",
      en: "Rules for the Supply of Electricity, temporary supply without a meter",
      status: "published",
    },
    refundBelowShare: "0.5",
    refundShare: "0.5",
    clauses: {
      energy: {
        clause: "临时用电",
        zh: "按用电容量、约定的每日使用时数和使用期限预收全部电费",
        en: "Paid in advance: capacity × hours a day × days agreed",
      },
      refund: {
        clause: "临时用电退费",
        zh: "实际使用时间不足约定期限二分之一的,退还预收电费的二分之一;超过二分之一的不退",
        en: "Ended before half of the time agreed: half is refunded; after it nothing is",
      },
    },
  },
  {
    id: "GRIDHALL-ROUNDING",
    family: "GRIDHALL-ROUNDING",
    topic: "rounding",
    zh: "推算电量的取位",
    en: "Rounding of derived energy",
    validFrom: "2012-01-01",
    validTo: null,
    source: { zh: "本系统约定", en: "Convention of this system", status: "convention" },
    kwhDecimals: 2,
    clauses: {
      loss: {
        clause: "变损线损",
        zh: "高供低计用户加计变压器和线路损耗电量,按各时段抄见电量分摊",
        en: "Metered on the low side: losses of transformer and line are added, shared by the energy of each period",
      },
      split: {
        clause: "分段计费",
        zh: "电价在计费期内变动的,按日期(或变动日抄表示数)分段计费",
        en: "A price that changes within the period: charged in parts, by days or by a reading at the change",
      },
    },
  },
];
