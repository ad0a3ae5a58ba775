import { type DayNumber, civilOf, dayOf, daysInMonth, parseDay, showDay, two } from "../calendar/day.ts";

/** One billed month of the town, with the days that every bill of it shares. */
export interface TownMonth {
  /** `2026-02`. */
  readonly key: string;
  readonly year: number;
  readonly month: number;
  readonly from: DayNumber;
  readonly to: DayNumber;
  readonly fromText: string;
  readonly toText: string;
  /** Meters are read remotely at midnight; bills are issued on the first. */
  readonly issuedOn: DayNumber;
  readonly issuedText: string;
  /** Residents: the last day of the month of issue. Others: the 20th. */
  readonly dueResidential: DayNumber;
  readonly dueOther: DayNumber;
}

/** The `count` months that end before the month of `asOf`, oldest first. Throws `RangeError` for a day that is none. */
export function monthsBefore(asOf: string, count: number): TownMonth[] {
  const today = parseDay(asOf);
  if (today === null) throw new RangeError(`not a day: ${asOf}`);
  const { year, month } = civilOf(today);
  return Array.from({ length: count }, (_, index) => {
    const from = dayOf(year, month - count + index, 1);
    const civil = civilOf(from);
    const to = from + daysInMonth(civil.year, civil.month) - 1;
    const issued = to + 1;
    const next = civilOf(issued);
    return {
      key: `${civil.year}-${two(civil.month)}`,
      year: civil.year,
      month: civil.month,
      from,
      to,
      fromText: showDay(from),
      toText: showDay(to),
      issuedOn: issued,
      issuedText: showDay(issued),
      dueResidential: issued + daysInMonth(next.year, next.month) - 1,
      dueOther: issued + 19,
    };
  });
}
