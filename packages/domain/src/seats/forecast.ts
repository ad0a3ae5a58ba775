import { type DayNumber, weekdayOf } from "../calendar/day.ts";
import type { WorkingCalendar } from "../calendar/workingDays.ts";
import { agentsNeeded, type ServiceGoal } from "./erlang.ts";

/** Half hours of a local day, 0–47. */
export const SLOTS = 48;
const SLOT_MS = 1_800_000;

/** Calls that were queued in one half hour of a past day, and their mean handling time with wrap-up. */
export interface PastSlot {
  readonly day: DayNumber;
  readonly slot: number;
  readonly calls: number;
  readonly handleMs: number;
}

export interface ForecastSlot {
  readonly slot: number;
  readonly calls: number;
  readonly handleMs: number;
  readonly agents: number;
}

export interface Forecast {
  readonly slots: readonly ForecastSlot[];
  /** What the days it rests on have in common with the day asked for. */
  readonly basis: "same-weekday" | "holidays" | "working-days" | "weekends" | "all-days" | "nothing";
  readonly days: readonly DayNumber[];
}

export interface ForecastGoal extends Pick<ServiceGoal, "share" | "withinMs"> {
  /** Part of their paid time in which agents are on breaks, in training or absent, 0–1 (below 1). */
  readonly shrinkage: number;
}

/** So many of the latest comparable days make the mean: old habits do not count for ever. */
const LATEST = 8;

type Kind = "holiday" | "working" | "weekend";

/**
 * Agents needed in each half hour of a day: the mean of comparable past days. A holiday is compared with holidays, a
 * worked weekend (调休) with working days, any other day with the same weekday that was no holiday and not shifted. Where
 * history has none of these, with days of the same kind, and in the end with all.
 */
export function forecastDay(
  history: readonly PastSlot[],
  day: DayNumber,
  calendar: WorkingCalendar,
  { share, withinMs, shrinkage }: ForecastGoal,
): Forecast {
  const { basis, days } = comparableDays([...new Set(history.map((past) => past.day))], day, calendar);
  const slots = Array.from({ length: SLOTS }, (_, slot): ForecastSlot => {
    const past = history.filter((entry) => entry.slot === slot && days.includes(entry.day));
    const total = past.reduce((sum, entry) => sum + entry.calls, 0);
    // A day that is known and says nothing of a half hour had no calls in it.
    const calls = days.length === 0 ? 0 : total / days.length;
    const handleMs = total === 0 ? 0 : past.reduce((sum, entry) => sum + entry.calls * entry.handleMs, 0) / total;
    const load = (calls * handleMs) / SLOT_MS;
    const present = load === 0 ? 0 : agentsNeeded(load, { share, withinMs, handleMs });
    return { slot, calls, handleMs, agents: Math.ceil(present / (1 - shrinkage)) };
  });
  return { slots, basis, days };
}

function comparableDays(
  known: readonly DayNumber[],
  day: DayNumber,
  calendar: WorkingCalendar,
): Pick<Forecast, "basis" | "days"> {
  const past = known.filter((other) => other < day).toSorted((a, b) => b - a);
  const kindOf = (other: DayNumber): Kind =>
    calendar.holidayOn(other) ? "holiday" : calendar.isWorkingDay(other) ? "working" : "weekend";
  const isShifted = (other: DayNumber) => kindOf(other) === "working" && weekdayOf(other) > 5;
  const kind = kindOf(day);
  const sameKind = past.filter((other) => kindOf(other) === kind);
  const sameWeekday = sameKind.filter((other) => weekdayOf(other) === weekdayOf(day) && !isShifted(other));
  const byKind = { holiday: "holidays", working: "working-days", weekend: "weekends" } as const;
  const tries: readonly Pick<Forecast, "basis" | "days">[] = [
    { basis: "same-weekday", days: kind === "holiday" || isShifted(day) ? [] : sameWeekday },
    { basis: byKind[kind], days: sameKind },
    { basis: "all-days", days: past },
  ];
  const found = tries.find(({ days }) => days.length > 0) ?? { basis: "nothing" as const, days: [] };
  return { basis: found.basis, days: found.days.slice(0, LATEST) };
}
