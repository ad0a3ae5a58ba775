/**
 * Calendar days as integers: days since 1970-01-01 in the proleptic Gregorian calendar. A bill, a deadline and a
 * holiday are about local days, so no time zone and no clock comes into it.
 */
export type DayNumber = number;

const SYNTAX = /^(\d{4})-(\d{2})-(\d{2})$/;

/** Day number of a civil date; months beyond 1–12 carry into the year. */
export function dayOf(year: number, month: number, day: number): DayNumber {
  const shifted = month - 3;
  const y = year + Math.floor(shifted / 12);
  const m = ((shifted % 12) + 12) % 12;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * m + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export function civilOf(number: DayNumber): CivilDate {
  const z = number + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const m = Math.floor((5 * dayOfYear + 2) / 153);
  const month = m < 10 ? m + 3 : m - 9;
  const day = dayOfYear - Math.floor((153 * m + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}

/** `"2026-03-05"` → day number; null for anything that is not a day of the calendar (`2026-02-30`). */
export function parseDay(text: string): DayNumber | null {
  const parts = SYNTAX.exec(text);
  if (!parts) return null;
  const number = dayOf(Number(parts[1]), Number(parts[2]), Number(parts[3]));
  return showDay(number) === text ? number : null;
}

export function showDay(number: DayNumber): string {
  const { year, month, day } = civilOf(number);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}`;
}

export function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

export function daysInMonth(year: number, month: number): number {
  return dayOf(year, month + 1, 1) - dayOf(year, month, 1);
}

/** 1 Monday … 7 Sunday (ISO 8601). */
export function weekdayOf(number: DayNumber): number {
  return ((((number + 3) % 7) + 7) % 7) + 1;
}
