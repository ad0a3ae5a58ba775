import { formatYuan } from "@gridhall/domain/money/fen.ts";
import type { Words } from "../i18n/language.tsx";

/** `123456` → `¥1,234.56`. */
export function yuan(amountFen: number): string {
  const text = formatYuan(amountFen, { grouped: true });
  return text.startsWith("-") ? `-¥${text.slice(1)}` : `¥${text}`;
}

const china = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai",
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});

/** An instant as China's clocks show it: `2026-09-30 14:05:09`. */
export function clock(iso: string): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? iso : china.format(at);
}

export function today(nowMs: number): string {
  return china.format(nowMs).slice(0, 10);
}

/** How long ago, in the largest fitting unit. */
export function ago(iso: string, nowMs: number, { t }: Pick<Words, "t">): string {
  const seconds = Math.max(0, Math.round((nowMs - Date.parse(iso)) / 1000));
  if (seconds < 5) return t("time.just-now");
  if (seconds < 60) return t("time.seconds", { n: seconds });
  if (seconds < 3600) return t("time.minutes", { n: Math.floor(seconds / 60) });
  if (seconds < 86_400) return t("time.hours", { n: Math.floor(seconds / 3600) });
  return t("time.days", { n: Math.floor(seconds / 86_400) });
}

/** A length of time in its two largest units. */
export function span(seconds: number, { t }: Pick<Words, "t">): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return t("span.seconds", { n: whole });
  if (whole < 3600) return t("span.minutes", { m: Math.floor(whole / 60), s: whole % 60 });
  if (whole < 86_400) return t("span.hours", { h: Math.floor(whole / 3600), m: Math.floor((whole % 3600) / 60) });
  return t("span.days", { d: Math.floor(whole / 86_400), h: Math.floor((whole % 86_400) / 3600) });
}

/** `1610612736` → `1.5 GB` (powers of 1024, as disks of terminals are reported). */
export function bytes(count: number): string {
  const units = ["B", "KB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}
