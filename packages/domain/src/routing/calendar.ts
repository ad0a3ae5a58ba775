import { type DayNumber, weekdayOf } from "../calendar/day.ts";
import { CHINA, type WorkingCalendar } from "../calendar/workingDays.ts";
import type { DayKind, TimeWindow } from "./policy.ts";

/** How instants become local days and times: policies speak of the wall clock, everything stored of instants. */
export interface RoutingCalendar {
  /** Minutes by which the local wall clock is ahead of UTC at this instant. */
  offsetMinutesAt(nowMs: number): number;
  readonly working: WorkingCalendar;
}

/** Asia/Shanghai: UTC+8 the whole year. */
export const SHANGHAI: RoutingCalendar = { offsetMinutesAt: () => 480, working: CHINA };

export interface LocalTime {
  readonly day: DayNumber;
  /** Minutes since local midnight, 0–1439. */
  readonly minute: number;
}

const MINUTE = 60_000;
const DAY_MINUTES = 1440;

export function localTimeOf(calendar: RoutingCalendar, nowMs: number): LocalTime {
  const minutes = Math.floor(nowMs / MINUTE) + calendar.offsetMinutesAt(nowMs);
  const day = Math.floor(minutes / DAY_MINUTES);
  return { day, minute: minutes - day * DAY_MINUTES };
}

/**
 * The instant at which the wall clock shows this time: the first, where it shows it twice; where it skips it, the
 * instant that would have been it without the change.
 */
export function instantOf(calendar: RoutingCalendar, { day, minute }: LocalTime): number {
  const local = day * DAY_MINUTES + minute;
  // No zone is further than a day from UTC, so the offsets a day away on both sides are the only candidates.
  const before = calendar.offsetMinutesAt((local - DAY_MINUTES) * MINUTE);
  const after = calendar.offsetMinutesAt((local + DAY_MINUTES) * MINUTE);
  const fits = (offset: number) => calendar.offsetMinutesAt((local - offset) * MINUTE) === offset;
  const earlier = Math.max(before, after);
  if (fits(earlier)) return (local - earlier) * MINUTE;
  const later = Math.min(before, after);
  return (local - (fits(later) ? later : before)) * MINUTE;
}

export function dayKindOf(calendar: RoutingCalendar, day: DayNumber): DayKind {
  if (calendar.working.holidayOn(day)) return "holiday";
  return calendar.working.isWorkingDay(day) ? "working" : "weekend";
}

export function minuteOf(timeOfDay: string): number {
  return Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3));
}

/** Is this local time in the window? See `TimeWindow` for windows past midnight. */
export function isInWindow(window: TimeWindow, time: LocalTime, calendar: RoutingCalendar): boolean {
  const from = minuteOf(window.from);
  const until = minuteOf(window.until);
  const fits = (day: DayNumber) =>
    (window.weekdays.length === 0 || window.weekdays.includes(weekdayOf(day))) &&
    (window.dayKinds.length === 0 || window.dayKinds.includes(dayKindOf(calendar, day)));
  if (from < until) return time.minute >= from && time.minute < until && fits(time.day);
  if (time.minute >= from) return fits(time.day);
  return time.minute < until && fits(time.day - 1);
}
