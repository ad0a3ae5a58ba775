import type { BillMeterReading } from "../backoffice/schema.ts";
import { showDay } from "../calendar/day.ts";
import { PERIODS, type Period, type Usage } from "./caseFields.ts";
import { type Interval, energyByClock } from "./clock.ts";
import { type Dec, dec, divide, mul, sign, sub, sum } from "./decimal.ts";
import { type ConsumptionOptions, type Energy, normalise, totalOf } from "./energy.ts";
import { readMeters } from "./meters.ts";
import { refuse } from "./problem.ts";

export interface Consumption {
  /** Energy of each segment. */
  readonly segments: readonly Energy[];
  readonly reactiveKvarh: Dec | null;
  readonly reverseKvarh: Dec | null;
  readonly demandKw: Dec | null;
  readonly meters: readonly BillMeterReading[];
}

/**
 * What was used in each segment. Throws `TariffError` for readings that cannot be: backwards without roll-over, gaps,
 * overlapping meters, periods that exceed the total.
 */
export function consume(usage: Usage, options: ConsumptionOptions): Consumption {
  const nothing = { reactiveKvarh: null, reverseKvarh: null, demandKw: null, meters: [] };
  if (usage.kwh) {
    const energy = normalise(usage.kwh, "usage.kwh", options.notes);
    return { ...nothing, segments: splitByDays(energy, options) };
  }
  if (usage.meters) {
    const reading = readMeters(usage.meters, options);
    const segments = reading.segments ?? splitByDays(reading.energy, options);
    return { ...reading, segments };
  }
  const intervals = usage.intervals ?? profileIntervals(usage);
  checkIntervals(intervals, usage.intervals ? "usage.intervals" : "usage.days", options.period);
  const segments = options.segments.map((segment) => {
    const start = segment.from === null ? -Infinity : segment.from * 1440;
    const end = segment.to === null ? Infinity : (segment.to + 1) * 1440;
    const inside = intervals.filter((interval) => interval.start >= start && interval.end <= end);
    return energyByClock(inside, options.scheduleOf(segment));
  });
  const counted = sum(segments.map(totalOf));
  if (sign(sub(counted, sum(intervals.map((interval) => interval.kwh)))) !== 0) {
    throw refuse(
      "usage.intervals",
      "有区间跨越电价变动日零点,请在零点处分开",
      "an interval crosses the midnight at which the price changes: divide it there",
    );
  }
  return { ...nothing, segments };
}

/** Shares energy out over the segments by days; the last takes what rounding leaves. */
function splitByDays(energy: Energy, options: ConsumptionOptions): Energy[] {
  const { segments } = options;
  if (segments.length === 1) return [energy];
  if (options.split === "readings") {
    throw refuse(
      "split",
      "按示数分段需要 usage.meters[].readings(含变动日示数)",
      "to split by readings give usage.meters[].readings with one at the day of the change; or split by days",
    );
  }
  const days = segments.map((segment) => (segment.to ?? 0) - (segment.from ?? 0) + 1);
  const allDays = days.reduce((a, b) => a + b, 0);
  const parts: Energy[] = segments.map(() => ({}));
  for (const key of ["total", ...PERIODS] as const) {
    const whole = energy[key];
    if (whole === undefined) continue;
    let rest = whole;
    for (const [index, part] of parts.entries()) {
      const share =
        index === parts.length - 1
          ? rest
          : divide(mul(whole, dec(days[index] ?? 0)), dec(allDays), options.kwhDecimals);
      part[key] = share;
      rest = sub(rest, share);
    }
  }
  return parts;
}

function profileIntervals(usage: Usage): Interval[] {
  return (usage.days ?? []).flatMap((profile, index) => {
    if (profile.to < profile.from) {
      throw refuse(`usage.days[${index}].to`, "止日早于起日", "`to` lies before `from`: exchange them");
    }
    const days = Array.from({ length: profile.to - profile.from + 1 }, (_, offset) => profile.from + offset);
    return days.flatMap((day) =>
      profile.hourlyKwh.map((kwh, hour) => ({ start: day * 1440 + hour * 60, end: day * 1440 + hour * 60 + 60, kwh })),
    );
  });
}

function showMinute(minute: number): string {
  const day = Math.floor(minute / 1440);
  const clock = minute - day * 1440;
  const pad = (value: number) => String(value).padStart(2, "0");
  return `${showDay(day)}T${pad(Math.floor(clock / 60))}:${pad(clock % 60)}`;
}

function checkIntervals(intervals: readonly Interval[], path: string, period: Period | undefined): void {
  const sorted = intervals.toSorted((a, b) => a.start - b.start);
  let previousEnd = period ? period.from * 1440 : (sorted[0]?.start ?? 0);
  for (const interval of sorted) {
    const at = showMinute(interval.start);
    if (interval.end <= interval.start) {
      throw refuse(path, `${at} 起的区间止点不晚于起点`, `the interval from ${at} ends before it begins`);
    }
    if (interval.start < previousEnd) {
      throw refuse(
        path,
        `${at} 起的区间与前一区间重叠或早于计费期`,
        `the interval from ${at} overlaps the one before it, or lies before the period: correct its start`,
      );
    }
    if (interval.start > previousEnd) throw gap(path, previousEnd, interval.start);
    previousEnd = interval.end;
  }
  if (period && previousEnd < (period.to + 1) * 1440) throw gap(path, previousEnd, (period.to + 1) * 1440);
  if (period && previousEnd > (period.to + 1) * 1440) {
    throw refuse(path, "区间超出计费期", "intervals run past the period: remove them or widen the period");
  }
}

function gap(path: string, from: number, to: number) {
  const span = `${showMinute(from)} – ${showMinute(to)}`;
  return refuse(
    path,
    `${span} 无数据,请补充(未用电填0)`,
    `nothing for ${span}: add it, with 0 kWh if nothing was used`,
  );
}
