import type { DayNumber } from "../calendar/day.ts";
import type { Note } from "./bill.ts";
import { PERIODS, type Period, type PeriodName } from "./caseFields.ts";
import type { Schedule } from "./clock.ts";
import { type Dec, ZERO, add, sign, sub, sum } from "./decimal.ts";
import { refuse } from "./problem.ts";

/** kWh by period of the day, or, where the periods are not known, the `total` alone. */
export type Energy = Partial<Record<PeriodName | "total", Dec | undefined>>;

/** A part of the bill's period in which prices do not change. Null days: the case gives no period. */
export interface Segment {
  readonly from: DayNumber | null;
  readonly to: DayNumber | null;
}

export interface ConsumptionOptions {
  readonly period: Period | undefined;
  readonly segments: readonly Segment[];
  readonly split: "days" | "readings";
  readonly kwhDecimals: number;
  /** Times of day of a segment, asked only where intervals have to be sorted into periods. */
  scheduleOf(segment: Segment): Schedule;
  readonly notes: Note[];
}

export function totalOf(energy: Energy): Dec {
  return energy.total ?? sum(PERIODS.map((period) => energy[period] ?? ZERO));
}

/** Flat is what remains of the total, as metering systems work it out (平 = 总 − 尖 − 峰 − 谷). */
export function normalise(energy: Energy, path: string, notes: Note[]): Energy {
  const known = PERIODS.filter((period) => energy[period] !== undefined);
  if (known.length === 0) {
    if (energy.total === undefined) throw refuse(path, "没有电量", "no energy: give `total` or kWh by period");
    return { total: energy.total };
  }
  const result: Energy = {};
  for (const period of known) result[period] = energy[period];
  if (energy.total === undefined) return result;
  const others = sum(known.filter((period) => period !== "flat").map((period) => energy[period] ?? ZERO));
  const flat = sub(energy.total, others);
  if (sign(flat) < 0) {
    throw refuse(
      path,
      "各时段电量之和大于总电量,请核对示数",
      "the periods add up to more than the total: check the readings",
    );
  }
  if (energy.flat !== undefined && sign(sub(flat, energy.flat)) !== 0) {
    notes.push({
      zh: "总电量与各时段之和不等,差额计入平段",
      en: "The total differs from the sum of the periods; the difference is in the flat period",
    });
  }
  if (energy.flat !== undefined || sign(flat) > 0) result.flat = flat;
  return result;
}

/** Adds energy of the same shape; a meter without periods counts to flat beside meters that have them. */
export function addEnergy(a: Energy, b: Energy): Energy {
  const result: Energy = {};
  for (const key of ["total", ...PERIODS] as const) {
    const left = a[key];
    const right = b[key];
    if (left === undefined && right === undefined) continue;
    result[key] = add(left ?? ZERO, right ?? ZERO);
  }
  return result;
}
