import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { civilOf, dayOf, daysInMonth, parseDay, showDay, weekdayOf } from "./day.ts";
import { HOLIDAY_YEARS } from "./holidays.ts";
import { CHINA, addWorkingDays, createWorkingCalendar, isWorkingDay, workingDaysBetween } from "./workingDays.ts";

const effort = Number(process.env["GRIDHALL_EFFORT"] ?? 1);

describe("days", () => {
  test("agree with the platform's calendar over eight hundred years", () => {
    fc.assert(
      fc.property(fc.integer({ min: -150_000, max: 150_000 }), (day) => {
        const date = new Date(day * 86_400_000);
        expect(showDay(day)).toBe(date.toISOString().slice(0, 10));
        expect(weekdayOf(day) % 7).toBe(date.getUTCDay());
        expect(parseDay(showDay(day))).toBe(day);
        const { year, month } = civilOf(day);
        expect(dayOf(year, month, 1) + daysInMonth(year, month)).toBe(dayOf(year, month + 1, 1));
      }),
      { numRuns: Math.round(1000 * effort) },
    );
  });

  test.each(["2026-02-30", "2026-13-01", "2026-1-1", "today", "2025-02-29", "2026-00-10"])("%s is none", (text) => {
    expect(parseDay(text)).toBeNull();
  });
});

describe("[B5] working days", () => {
  test.each([
    ["2025-01-26", true, "a Sunday worked for Spring Festival"],
    ["2025-01-28", false, "the eve of Spring Festival"],
    ["2025-10-08", false, "the last day of National Day and Mid-Autumn"],
    ["2025-10-11", true, "a Saturday worked for it"],
    ["2026-01-02", false, "a Friday off after New Year"],
    ["2026-01-04", true, "the Sunday worked for it"],
    ["2026-02-23", false, "the ninth day of Spring Festival"],
    ["2026-02-28", true, "a Saturday worked for it"],
    ["2026-03-07", false, "a Saturday"],
    ["2026-03-09", true, "a Monday"],
    ["2027-05-04", false, "Labour Day made up for the weekend it falls on"],
    ["2031-06-02", true, "a Monday of a year without data"],
  ])("%s: %s, %s", (day, expected) => {
    expect(isWorkingDay(day)).toBe(expected);
  });

  test("deadlines skip holidays and weekends and use the weekends that are worked", () => {
    expect(addWorkingDays("2026-03-06", 2)).toBe("2026-03-10");
    // 13 February (Friday) → 14 (worked Saturday), 24, 25 …
    expect(addWorkingDays("2026-02-13", 3)).toBe("2026-02-25");
    expect(addWorkingDays("2026-02-25", -3)).toBe("2026-02-13");
    expect(addWorkingDays("2026-10-01", 0)).toBe("2026-10-01");
    expect(() => addWorkingDays("2026-10-01", 1.5)).toThrow(RangeError);
    expect(() => addWorkingDays("2026-02-30", 1)).toThrow(RangeError);
  });

  test("counting and adding agree", () => {
    const day = fc.integer({ min: dayOf(2025, 1, 1), max: dayOf(2027, 12, 31) }).map(showDay);
    fc.assert(
      fc.property(day, fc.integer({ min: -60, max: 60 }), (from, count) => {
        const to = addWorkingDays(from, count);
        expect(workingDaysBetween(from, to)).toBe(count);
        if (count !== 0) expect(isWorkingDay(to)).toBe(true);
      }),
      { numRuns: Math.round(500 * effort) },
    );
  });

  test("holidays take thirteen weekdays a year, net of the weekends worked for them, as the law gives since 2025", () => {
    for (const { year, status } of HOLIDAY_YEARS) {
      let weekdaysOff = 0;
      let weekendsWorked = 0;
      for (let day = dayOf(year, 1, 1); day <= dayOf(year, 12, 31); day += 1) {
        const weekend = weekdayOf(day) > 5;
        if (!weekend && !CHINA.isWorkingDay(day)) weekdaysOff += 1;
        if (weekend && CHINA.isWorkingDay(day)) weekendsWorked += 1;
      }
      expect([year, weekdaysOff - weekendsWorked]).toEqual([year, 13]);
      expect(CHINA.certaintyOf(year)).toBe(status);
    }
    expect(CHINA.certaintyOf(2040)).toBe("unknown");
    expect(CHINA.holidayOn(dayOf(2026, 10, 1))?.en).toBe("National Day");
  });

  test("data that cannot be is refused", () => {
    const year = { year: 2030, status: "published" as const, source: "", daysOff: [], workedWeekends: [] };
    expect(() => createWorkingCalendar([{ ...year, workedWeekends: ["2030-01-01"] }])).toThrow(/weekend/);
    const daysOff = [{ from: "2031-01-01", to: "2031-01-01", zh: "", en: "" }];
    expect(() => createWorkingCalendar([{ ...year, daysOff }])).toThrow(/2030/);
  });
});
