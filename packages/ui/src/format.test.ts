import { describe, expect, test } from "vitest";
import { chinaClock, date, dateTime, grouped, money, month, number } from "./format.ts";

describe("formats of the screens", () => {
  test("money has the sign, groups of thousands and two decimals", () => {
    expect(money(123_456_789)).toBe("¥\u00A01,234,567.89");
    expect(money(0)).toBe("¥\u00A00.00");
    expect(money(-5)).toBe("¥\u00A0-0.05");
  });

  test("[S4] months and days read naturally in both languages", () => {
    expect(month("2026-09", "zh-CN")).toBe("2026年9月");
    expect(month("2026-09", "en")).toBe("Sep 2026");
    expect(date("2026-01-05", "zh-CN")).toBe("2026年1月5日");
    expect(date("2026-01-05T00:00:00Z", "en")).toBe("5 Jan 2026");
    expect(month("总计", "en")).toBe("总计");
  });

  test("the clock is China's, wherever the machine believes to be", () => {
    const epochMs = Date.parse("2026-09-30T17:05:00Z");
    expect(chinaClock(epochMs, "en").time).toBe("01:05");
    expect(dateTime("2026-09-30T17:05:00Z", "zh-CN")).toBe("2026年10月1日 01:05");
    expect(dateTime("never", "en")).toBe("never");
  });

  test("digits are grouped while they are typed", () => {
    expect(grouped("330100", [4, 4, 5])).toBe("3301 00");
    expect(grouped("3301000012345", [4, 4, 5])).toBe("3301 0000 12345");
    expect(grouped("", [3, 4, 4])).toBe("");
    expect(number(1234.567)).toBe("1,234.57");
  });
});
