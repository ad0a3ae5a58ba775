import { civilOf } from "../calendar/day.ts";
import { PERIODS, type PeriodName } from "./caseFields.ts";
import { type Dec, ZERO, add, dec, divide, mul, sub } from "./decimal.ts";
import { refuse } from "./problem.ts";
import type { ClockSpan } from "./ruleSet.ts";

/** Which period each minute of a month's days lies in. */
export type Schedule = (month: number) => readonly PeriodName[];

/**
 * The schedule that some spans describe: what no span covers is flat; a span may run past midnight. Throws
 * `TariffError`, when a month is asked for, if two of its spans overlap.
 */
export function scheduleOf(spans: readonly ClockSpan[]): Schedule {
  const tables = new Map<number, readonly PeriodName[]>();
  return (month) => {
    const known = tables.get(month);
    if (known) return known;
    const table = Array.from<PeriodName>({ length: 1440 }).fill("flat");
    const taken = new Set<number>();
    for (const span of spans) {
      if (span.months && !span.months.includes(month)) continue;
      const end = span.to > span.from ? span.to : span.to + 1440;
      for (let minute = span.from; minute < end; minute += 1) {
        if (taken.has(minute % 1440)) {
          throw refuse("spans", "时段重叠", "two spans of one month overlap: correct their times, or their months");
        }
        taken.add(minute % 1440);
        table[minute % 1440] = span.period;
      }
    }
    tables.set(month, table);
    return table;
  };
}

/** Energy of an interval of local time; minutes count from 1970-01-01 00:00. */
export interface Interval {
  readonly start: number;
  readonly end: number;
  readonly kwh: Dec;
}

/** Shares of an interval that crosses a change of period are exact to this many decimals, and add up exactly. */
const SHARE_DECIMALS = 9;

/** Energy by period; an interval that crosses from one period into the next is shared by time. */
export function energyByClock(intervals: readonly Interval[], schedule: Schedule): Partial<Record<PeriodName, Dec>> {
  const energy: Partial<Record<PeriodName, Dec>> = {};
  for (const interval of intervals) {
    const minutes = new Map<PeriodName, number>();
    for (let minute = interval.start; minute < interval.end; minute += 1) {
      const day = Math.floor(minute / 1440);
      const period = schedule(civilOf(day).month)[minute - day * 1440] ?? "flat";
      minutes.set(period, (minutes.get(period) ?? 0) + 1);
    }
    let rest = interval.kwh;
    let left = minutes.size;
    for (const period of PERIODS) {
      const count = minutes.get(period);
      if (count === undefined) continue;
      left -= 1;
      const share =
        left === 0 ? rest : divide(mul(interval.kwh, dec(count)), dec(interval.end - interval.start), SHARE_DECIMALS);
      rest = sub(rest, share);
      energy[period] = add(energy[period] ?? ZERO, share);
    }
  }
  return energy;
}
