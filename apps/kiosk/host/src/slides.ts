import type { Screen } from "@gridhall/domain/kiosk/view.ts";

/** The signage loop of a terminal that the centre has sent nothing else (announcements come with K4). */
export const SLIDES: Extract<Screen, { kind: "signage" }>["slides"] = [
  {
    id: "welcome",
    tone: "info",
    title: { zh: "您的身边，始终有电", en: "Power, always at your side" },
    body: {
      zh: "交电费、查账单、打印凭证，触摸屏幕即可开始。现金、微信、支付宝均可使用。",
      en: "Pay bills, look up usage and print receipts. Touch the screen to begin. Cash, WeChat Pay and Alipay are welcome.",
    },
  },
  {
    id: "valley",
    tone: "saving",
    title: { zh: "错峰用电，省心省钱", en: "Shift your load, save money" },
    body: {
      zh: "开通居民峰谷电价后，夜间低谷时段用电更便宜，适合电动车充电与储热。",
      en: "With time-of-use pricing, electricity at night costs less: good for charging cars and storing heat.",
    },
  },
  {
    id: "safety",
    tone: "safety",
    title: { zh: "安全用电，从家开始", en: "Electrical safety begins at home" },
    body: {
      zh: "不私拉电线，不飞线充电；发现电线断落请远离 8 米以外并拨打 95598。",
      en: "No improvised wiring, no charging by cable from the window. Keep 8 metres away from a fallen line and call 95598.",
    },
  },
  {
    id: "tiers",
    tone: "price",
    title: { zh: "阶梯电价看得懂", en: "Tiered prices, explained" },
    body: {
      zh: "居民阶梯电量按年累计。每张账单都会告诉您：用到了第几档，还剩多少。",
      en: "Residential tiers add up over the calendar year. Each bill tells which tier you have reached and what is left.",
    },
  },
];
