import { type DayNumber, civilOf, parseDay, showDay, weekdayOf } from "./day.ts";
import { HOLIDAY_YEARS, type HolidayYear } from "./holidays.ts";

/** Working days of mainland China: weekdays without holidays, and the weekends that are worked for them. */
export interface WorkingCalendar {
  /** How sure the calendar is of a year: `unknown` years are weekdays only. */
  certaintyOf(year: number): HolidayYear["status"] | "unknown";
  isWorkingDay(day: DayNumber): boolean;
  /** The holiday that a day belongs to; null on any other day. */
  holidayOn(day: DayNumber): { readonly zh: string; readonly en: string } | null;
}

/** Builds a calendar from yearly data. Throws `RangeError` for a day in the data that is none or of another year. */
export function createWorkingCalendar(years: readonly HolidayYear[]): WorkingCalendar {
  const status = new Map<number, HolidayYear["status"]>();
  const off = new Map<DayNumber, { zh: string; en: string }>();
  const worked = new Set<DayNumber>();
  const dayIn = (year: number, text: string): DayNumber => {
    const day = parseDay(text);
    if (day === null || civilOf(day).year !== year) throw new RangeError(`not a day of ${year}: ${text}`);
    return day;
  };
  for (const { year, daysOff, workedWeekends, ...rest } of years) {
    status.set(year, rest.status);
    for (const { from, to, zh, en } of daysOff) {
      for (let day = dayIn(year, from); day <= dayIn(year, to); day += 1) off.set(day, { zh, en });
    }
    for (const text of workedWeekends) {
      const day = dayIn(year, text);
      if (weekdayOf(day) < 6 || off.has(day)) throw new RangeError(`not a weekend that can be worked: ${text}`);
      worked.add(day);
    }
  }
  return {
    certaintyOf: (year) => status.get(year) ?? "unknown",
    isWorkingDay: (day) => worked.has(day) || (weekdayOf(day) <= 5 && !off.has(day)),
    holidayOn: (day) => off.get(day) ?? null,
  };
}

export const CHINA: WorkingCalendar = createWorkingCalendar(HOLIDAY_YEARS);

function read(text: string): DayNumber {
  const day = parseDay(text);
  if (day === null) throw new RangeError(`not a day: ${text}`);
  return day;
}

/** Is `2026-02-28` a working day? Throws `RangeError` for text that is no day. */
export function isWorkingDay(day: string, calendar: WorkingCalendar = CHINA): boolean {
  return calendar.isWorkingDay(read(day));
}

/**
 * The `count`-th working day after `day` (before it, if negative); the day itself is never counted, and `0` gives it
 * back unchanged: a deadline of two working days from Friday is Tuesday. Throws `RangeError` for a fraction.
 */
export function addWorkingDays(day: string, count: number, calendar: WorkingCalendar = CHINA): string {
  if (!Number.isInteger(count)) throw new RangeError(`not a whole number of days: ${count}`);
  const step = count < 0 ? -1 : 1;
  let at = read(day);
  for (let left = Math.abs(count); left > 0;) {
    at += step;
    if (calendar.isWorkingDay(at)) left -= 1;
  }
  return showDay(at);
}

/** Working days after `from` up to and including `to`; negative where `to` lies before `from`. */
export function workingDaysBetween(from: string, to: string, calendar: WorkingCalendar = CHINA): number {
  const [start, end] = [read(from), read(to)];
  const [low, high] = start <= end ? [start, end] : [end, start];
  let count = 0;
  for (let day = low + 1; day <= high; day += 1) if (calendar.isWorkingDay(day)) count += 1;
  if (start <= end) return count;
  // Backwards the day left behind does not count, the one arrived at does.
  return -(count + Number(calendar.isWorkingDay(low)) - Number(calendar.isWorkingDay(high)));
}
