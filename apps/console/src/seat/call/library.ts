import type { SharedItem } from "@gridhall/domain/seats/assist.ts";
import { RESIDENTIAL } from "@gridhall/domain/tariff/rules/residential.ts";

/**
 * Texts an agent can lay beside the customer's page. Prices come from the rule sets that bills are made with, so that
 * what is explained is what is charged. 【…】 is to be filled in before a text can be sent.
 */
export type LibraryItem = SharedItem;

const tiers = RESIDENTIAL.find((set) => set.topic === "residential-tiers");
const timeOfUse = RESIDENTIAL.find((set) => set.topic === "residential-time-of-use");
const MONTHS = 12;

function tierLines(): { zh: string; en: string } {
  if (tiers?.topic !== "residential-tiers") return { zh: "", en: "" };
  let below = 0;
  const lines = tiers.tiers.map(({ upToKwhPerMonth, priceYuan }, index) => {
    const from = below;
    const to = upToKwhPerMonth === null ? null : Number(upToKwhPerMonth) * MONTHS;
    below = to ?? below;
    return {
      zh: `第${"一二三四五"[index] ?? index + 1}档：全年 ${to === null ? `超过 ${from}` : `${from === 0 ? 0 : from + 1}–${to}`} 千瓦时，每千瓦时 ${priceYuan} 元`,
      en: `Tier ${index + 1}: ${to === null ? `above ${from}` : `${from === 0 ? 0 : from + 1}–${to}`} kWh a year, ${priceYuan} yuan per kWh`,
    };
  });
  return { zh: lines.map((line) => line.zh).join("\n"), en: lines.map((line) => line.en).join("\n") };
}

function timeOfUseLines(): { zh: string; en: string } {
  if (timeOfUse?.topic !== "residential-time-of-use") return { zh: "", en: "" };
  const { peak, valley } = timeOfUse.pricesYuan;
  const times = (period: "peak" | "valley") =>
    timeOfUse.spans
      .filter((span) => span.period === period)
      .map((span) => `${span.from}–${span.to}`)
      .join(", ");
  const demo = timeOfUse.source.status === "demo";
  return {
    zh: `峰段 ${times("peak")}，每千瓦时 ${peak} 元\n谷段 ${times("valley")}，每千瓦时 ${valley} 元${demo ? "\n（示例电价，以您的供用电合同为准）" : ""}`,
    en: `Peak ${times("peak")}: ${peak} yuan per kWh\nValley ${times("valley")}: ${valley} yuan per kWh${demo ? "\n(Example prices; your supply contract decides.)" : ""}`,
  };
}

const tierText = tierLines();
const timeText = timeOfUseLines();

export const LIBRARY: readonly LibraryItem[] = [
  {
    itemId: "outage",
    kind: "announcement",
    title: { zh: "停电信息", en: "Power interruption" },
    body: {
      zh: "停电范围：【小区或街道】\n停电时间：【开始】至【预计恢复】\n停电原因：【计划检修／故障抢修】\n\n请提前关闭电脑、电梯等设备的电源，恢复送电后逐个开启。\n如已超过预计时间仍未来电，请先查看家中总开关，再拨打 95598。",
      en: "Area: 【estate or street】\nTime: 【start】 to 【expected end】\nCause: 【planned work / fault repair】\n\nPlease switch off computers, lifts and other equipment beforehand, and switch them on one by one afterwards.\nIf power is not back by then, check your main switch first, then call 95598.",
    },
  },
  {
    itemId: "tiers",
    kind: "document",
    title: { zh: "阶梯电价说明", en: "How tiered prices work" },
    body: {
      zh: `居民用电按全年累计用电量分档计价：\n${tierText.zh}\n\n用电量每年 1 月 1 日起重新累计。只有超出部分按高一档的价格计费，未超出部分不受影响。\n家庭人口五人及以上的，可申请每月各档增加 100 千瓦时。`,
      en: `Homes pay by the energy used since 1 January:\n${tierText.en}\n\nCounting starts again every 1 January. Only the energy above a limit costs the higher price.\nHouseholds of five or more can apply for 100 kWh more a month in each tier.`,
    },
  },
  {
    itemId: "time-of-use",
    kind: "document",
    title: { zh: "分时电价", en: "Time-of-use prices" },
    body: {
      zh: `选择分时电价后，不同时段的电价不同：\n${timeText.zh}\n\n洗衣机、电热水器、电动汽车等安排在谷段使用更省钱。\n是否执行分时电价由您自愿选择。`,
      en: `With time-of-use prices, the hour decides:\n${timeText.en}\n\nWashing machines, water heaters and electric cars cost less in the valley hours.\nWhether you use these prices is your own choice.`,
    },
  },
  {
    itemId: "real-name",
    kind: "document",
    title: { zh: "实名制办理须知", en: "Real-name registration" },
    body: {
      zh: "个人客户请准备：\n1. 本人有效居民身份证\n2. 户号，或近期电费账单\n\n单位客户请准备：\n1. 营业执照\n2. 经办人身份证和单位授权书\n\n在自助终端读取身份证并完成人脸核对后，当场办结，不收取费用。\n信息只用于核实用电人身份。",
      en: "Persons, please bring:\n1. your own valid resident ID card\n2. the account number, or a recent bill\n\nOrganisations, please bring:\n1. the business licence\n2. the representative's ID card and a letter of authority\n\nThe kiosk reads the card and compares the face; it is done at once and free of charge.\nThe data serves to verify who uses the supply, nothing else.",
    },
  },
  {
    itemId: "safety",
    kind: "announcement",
    title: { zh: "用电安全", en: "Electrical safety" },
    body: {
      zh: "1. 不要用湿手触摸开关和插座，不用湿布擦拭通电的电器。\n2. 插座不要超负荷使用，大功率电器使用独立插座。\n3. 电动自行车不要在楼道、室内充电。\n4. 发现电线断落，请远离八米以外，并立即拨打 95598。\n5. 有人触电时，先断开电源再施救，并拨打 120。",
      en: "1. Never touch switches or sockets with wet hands, nor wipe live appliances with a wet cloth.\n2. Do not overload sockets; give strong appliances their own.\n3. Do not charge electric bicycles in stairwells or indoors.\n4. Stay at least eight metres away from a fallen wire and call 95598 at once.\n5. If somebody is electrocuted, cut the power before you help, and call 120.",
    },
  },
];

/** Is there something in it that the agent still has to fill in? */
export function hasGaps(text: string): boolean {
  return /【[^】]*】/.test(text);
}
