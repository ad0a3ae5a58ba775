/** Days off and shifted working days (调休) by year, as dated data. A new year is a new entry. */
export interface HolidayYear {
  readonly year: number;
  /** `assumption`: not announced yet; what the law itself gives, to be replaced by the announcement. */
  readonly status: "published" | "assumption";
  readonly source: string;
  /** Days off in a row, both ends included; weekends among them count too. */
  readonly daysOff: readonly { readonly from: string; readonly to: string; readonly zh: string; readonly en: string }[];
  /** Saturdays and Sundays that are worked. */
  readonly workedWeekends: readonly string[];
}

export const HOLIDAY_YEARS: readonly HolidayYear[] = [
  {
    year: 2025,
    status: "published",
    source: "国务院办公厅关于2025年部分节假日安排的通知",
    daysOff: [
      { from: "2025-01-01", to: "2025-01-01", zh: "元旦", en: "New Year" },
      { from: "2025-01-28", to: "2025-02-04", zh: "春节", en: "Spring Festival" },
      { from: "2025-04-04", to: "2025-04-06", zh: "清明节", en: "Qingming" },
      { from: "2025-05-01", to: "2025-05-05", zh: "劳动节", en: "Labour Day" },
      { from: "2025-05-31", to: "2025-06-02", zh: "端午节", en: "Dragon Boat Festival" },
      { from: "2025-10-01", to: "2025-10-08", zh: "国庆节、中秋节", en: "National Day and Mid-Autumn" },
    ],
    workedWeekends: ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"],
  },
  {
    year: 2026,
    status: "published",
    source: "国务院办公厅关于2026年部分节假日安排的通知",
    daysOff: [
      { from: "2026-01-01", to: "2026-01-03", zh: "元旦", en: "New Year" },
      { from: "2026-02-15", to: "2026-02-23", zh: "春节", en: "Spring Festival" },
      { from: "2026-04-04", to: "2026-04-06", zh: "清明节", en: "Qingming" },
      { from: "2026-05-01", to: "2026-05-05", zh: "劳动节", en: "Labour Day" },
      { from: "2026-06-19", to: "2026-06-21", zh: "端午节", en: "Dragon Boat Festival" },
      { from: "2026-09-25", to: "2026-09-27", zh: "中秋节", en: "Mid-Autumn" },
      { from: "2026-10-01", to: "2026-10-07", zh: "国庆节", en: "National Day" },
    ],
    workedWeekends: ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
  },
  {
    year: 2027,
    status: "assumption",
    // The days of the law, those on a weekend made up on the working days after them (第七条), nothing shifted.
    source: "全国年节及纪念日放假办法(2024年修订)推定,待国务院办公厅通知",
    daysOff: [
      { from: "2027-01-01", to: "2027-01-03", zh: "元旦", en: "New Year" },
      { from: "2027-02-05", to: "2027-02-10", zh: "春节", en: "Spring Festival" },
      { from: "2027-04-05", to: "2027-04-05", zh: "清明节", en: "Qingming" },
      { from: "2027-05-01", to: "2027-05-04", zh: "劳动节", en: "Labour Day" },
      { from: "2027-06-09", to: "2027-06-09", zh: "端午节", en: "Dragon Boat Festival" },
      { from: "2027-09-15", to: "2027-09-15", zh: "中秋节", en: "Mid-Autumn" },
      { from: "2027-10-01", to: "2027-10-05", zh: "国庆节", en: "National Day" },
    ],
    workedWeekends: [],
  },
];
