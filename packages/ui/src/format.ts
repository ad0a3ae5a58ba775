import { formatYuan } from "@gridhall/domain/money/fen.ts";

export type Language = "zh-CN" | "en";

/** `123456` → `¥ 1,234.56` (fen; the space is a no-break space). */
export function money(amountFen: number): string {
  return `¥\u00A0${formatYuan(amountFen, { grouped: true })}`;
}

/** `1234.5` → `1,234.5`; at most two decimals. */
export function number(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}

/** `2026-09` → `2026年9月` or `Sep 2026`. Text of another form comes back as it is. */
export function month(yearMonth: string, language: Language): string {
  const match = /^(\d{4})-(\d{2})$/.exec(yearMonth);
  if (!match) return yearMonth;
  const [, year, number] = match;
  return language === "zh-CN" ? `${year}年${Number(number)}月` : `${MONTHS[Number(number) - 1] ?? number} ${year}`;
}

/** `2026-09-30` (or a timestamp that begins so) → `2026年9月30日` or `30 Sep 2026`. */
export function date(isoDate: string, language: Language): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(isoDate);
  if (!match) return isoDate;
  const [, year, number, day] = match;
  return language === "zh-CN"
    ? `${year}年${Number(number)}月${Number(day)}日`
    : `${Number(day)} ${MONTHS[Number(number) - 1] ?? number} ${year}`;
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Hours, minutes and calendar day of an instant as China's clocks show them, whatever the machine's own zone is. */
export function chinaClock(epochMs: number, language: Language): { time: string; day: string } {
  const locale = language === "zh-CN" ? "zh-CN" : "en-GB";
  const zone = { timeZone: "Asia/Shanghai" } as const;
  return {
    time: new Intl.DateTimeFormat("en-GB", { ...zone, hour: "2-digit", minute: "2-digit", hour12: false }).format(
      epochMs,
    ),
    day: new Intl.DateTimeFormat(locale, { ...zone, month: "long", day: "numeric", weekday: "long" }).format(epochMs),
  };
}

/** An instant as `2026年9月30日 14:05` or `30 Sep 2026 14:05`, in China's time. Unreadable text comes back as it is. */
export function dateTime(iso: string, language: Language): string {
  const epochMs = Date.parse(iso);
  if (Number.isNaN(epochMs)) return iso;
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: "Asia/Shanghai",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).format(epochMs);
  return `${date(parts, language)} ${chinaClock(epochMs, language).time}`;
}

/** Digits in groups as people read them aloud: sizes 4-4-5 for an account number, 3-4-4 for a phone. */
export function grouped(digits: string, sizes: readonly number[]): string {
  const groups: string[] = [];
  let at = 0;
  for (const size of sizes) {
    if (at >= digits.length) break;
    groups.push(digits.slice(at, at + size));
    at += size;
  }
  if (at < digits.length) groups.push(digits.slice(at));
  return groups.join(" ");
}
