import { describe, expect, test } from "vitest";
import { parseDay } from "../calendar/day.ts";
import { CHINA } from "../calendar/workingDays.ts";
import { PolicyId } from "../seats/schema.ts";
import { instantOf, isInWindow, localTimeOf, type RoutingCalendar, SHANGHAI } from "./calendar.ts";
import { matchPolicy } from "./match.ts";
import { TimeWindow } from "./policy.ts";
import { policy, request } from "./testing/builders.ts";

/** `2026-10-01 08:30` in Shanghai. */
function at(text: string, calendar: RoutingCalendar = SHANGHAI): number {
  const [day = "", time = "00:00"] = text.split(" ");
  const minute = Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
  return instantOf(calendar, { day: parseDay(day) ?? Number.NaN, minute });
}
const named = (policyId: string, of: Parameters<typeof policy>[0] = {}) =>
  policy({ ...of, policyId: PolicyId.parse(policyId) });
const chosen = (policies: Parameters<typeof matchPolicy>[1], nowMs: number, of: Parameters<typeof request>[0] = {}) =>
  matchPolicy(request(of), policies, nowMs, SHANGHAI).policy?.policyId ?? null;
const everything = named("everything", { priority: 0 });

describe("[R4] local time", () => {
  test("Shanghai is eight hours ahead the whole year", () => {
    expect(at("2026-01-01 00:00")).toBe(Date.UTC(2025, 11, 31, 16));
    expect(at("2026-07-01 00:00")).toBe(Date.UTC(2026, 5, 30, 16));
  });

  test("a wall clock that is put back shows a time twice, and one that is put forward leaves one out", () => {
    const back = Date.UTC(2026, 9, 25, 1);
    const autumn: RoutingCalendar = { working: CHINA, offsetMinutesAt: (ms) => (ms < back ? 120 : 60) };
    expect(at("2026-10-25 02:30", autumn)).toBe(Date.UTC(2026, 9, 25, 0, 30));
    expect(at("2026-10-25 03:30", autumn)).toBe(Date.UTC(2026, 9, 25, 2, 30));
    const spring: RoutingCalendar = { working: CHINA, offsetMinutesAt: (ms) => (ms < back ? 60 : 120) };
    expect(at("2026-10-25 01:59", spring)).toBe(Date.UTC(2026, 9, 25, 0, 59));
    expect(localTimeOf(spring, at("2026-10-25 02:30", spring))).toMatchObject({ minute: 3 * 60 + 30 });
  });

  test.each([
    // A Friday night runs into Saturday; the day it starts on must fit.
    [{ from: "22:00", until: "06:00", weekdays: [5] }, "2026-03-06 22:00", true],
    [{ from: "22:00", until: "06:00", weekdays: [5] }, "2026-03-06 21:59", false],
    [{ from: "22:00", until: "06:00", weekdays: [5] }, "2026-03-07 05:59", true],
    [{ from: "22:00", until: "06:00", weekdays: [5] }, "2026-03-07 06:00", false],
    [{ from: "22:00", until: "06:00", weekdays: [5] }, "2026-03-06 05:00", false],
    [{ from: "00:00", until: "24:00", dayKinds: ["holiday" as const] }, "2026-10-01 00:00", true],
    [{ from: "00:00", until: "24:00", dayKinds: ["holiday" as const] }, "2026-10-08 00:00", false],
    // The Saturday worked for National Day is a working day, and still a Saturday.
    [{ from: "08:30", until: "17:30", dayKinds: ["working" as const] }, "2026-10-10 17:29", true],
    [{ from: "08:30", until: "17:30", dayKinds: ["working" as const] }, "2026-10-10 17:30", false],
    [{ from: "08:30", until: "17:30", weekdays: [6] }, "2026-10-10 09:00", true],
    [{ from: "08:30", until: "17:30", dayKinds: ["weekend" as const] }, "2026-10-10 09:00", false],
    [{ from: "08:30", until: "17:30", dayKinds: ["weekend" as const] }, "2026-10-11 09:00", true],
    // The eve of a holiday is a working day until midnight and beyond, for a night that starts on it.
    [{ from: "20:00", until: "08:00", dayKinds: ["working" as const] }, "2026-10-01 07:00", true],
    [{ from: "20:00", until: "08:00", dayKinds: ["working" as const] }, "2026-10-02 07:00", false],
  ])("%o at %s: %s", (window, time, expected) => {
    const parsed = TimeWindow.parse(window);
    expect(isInWindow(parsed, localTimeOf(SHANGHAI, at(time)), SHANGHAI)).toBe(expected);
  });

  test("an empty window cannot be written", () => {
    expect(TimeWindow.safeParse({ from: "08:00", until: "08:00" }).success).toBe(false);
    expect(TimeWindow.safeParse({ from: "24:00", until: "08:00" }).success).toBe(false);
  });
});

describe("[R4] the policy that routes a request", () => {
  const noon = at("2026-03-10 12:00");

  test.each([
    [{ devices: ["k-h1-1"] }, { deviceId: "k-h1-1" }, true],
    [{ devices: ["k-h1-1"] }, { deviceId: null }, false],
    [{ halls: ["h1"] }, { hallId: "h1" }, true],
    [{ units: ["p.tj.jz"] }, { unitPath: "p.tj.jz" }, true],
    [{ units: ["p.tj.jz"] }, { unitPath: "p.tj.jz.s1.h1" }, true],
    [{ units: ["p.tj.jz"] }, { unitPath: "p.tj.jzx" }, false],
    [{ units: ["p.tj.jz"] }, { unitPath: "p.tj" }, false],
    [{ services: ["pay-bill"] }, { service: "pay-bill" }, true],
    [{ services: ["pay-bill"] }, { service: null }, false],
    [{ customerClasses: ["elderly"] }, { customerClass: "residential" }, false],
    [{ priorityAtLeast: 3 }, { priority: 3 }, true],
    [{ priorityAtLeast: 3 }, { priority: 2 }, false],
  ])("%o and a call of %o: %s", (match, of, expected) => {
    expect(chosen([named("narrow", { match }), everything], noon, of)).toBe(expected ? "narrow" : "everything");
  });

  test("is the first by priority, then the one that came into force later, then by id", () => {
    const [a, b, c] = [named("a", { priority: 5 }), named("b", { priority: 7 }), named("c", { priority: 5 })];
    expect(chosen([a, b, c], noon)).toBe("b");
    expect(chosen([a, c], noon)).toBe("a");
    expect(chosen([a, named("c", { priority: 5, validFromMs: noon })], noon)).toBe("c");
  });

  test("is in force from its beginning up to its end, to the millisecond", () => {
    const from = at("2026-10-01 00:00");
    const until = at("2026-10-08 00:00");
    const week = named("week", { validFromMs: from, validUntilMs: until });
    expect(chosen([week, everything], from - 1)).toBe("everything");
    expect(chosen([week, everything], from)).toBe("week");
    expect(chosen([week, everything], until - 1)).toBe("week");
    expect(chosen([week, everything], until)).toBe("everything");
    expect(chosen([week], until)).toBeNull();
  });

  test("is the newest version in force, and a version of the future changes nothing yet", () => {
    const first = named("a", { version: 1 });
    const second = named("a", { version: 2, validFromMs: noon, match: { services: ["move-in"] } });
    expect(matchPolicy(request(), [first, second], noon - 1, SHANGHAI).policy?.version).toBe(1);
    // The newer version does not fit, but the old one does not come back for that.
    expect(chosen([first, second, everything], noon)).toBe("everything");
  });

  test("says of each policy that it looked at which condition failed first", () => {
    const policies = [
      named("later", { priority: 9, validFromMs: noon + 1 }),
      named("past", { priority: 8, validUntilMs: noon }),
      named("old", { priority: 7 }),
      named("old", { priority: 7, version: 2, match: { units: ["p.b"], services: ["move-in"] } }),
      named("night", { priority: 6, match: { times: [{ from: "20:00", until: "08:00" }] } }),
      named("strict", { priority: 5, match: { priorityAtLeast: 4 } }),
      everything,
      named("not-looked-at", { priority: 0, validFromMs: -1 }),
    ];
    expect(matchPolicy(request({ priority: 1 }), policies, noon, SHANGHAI).verdicts).toEqual([
      { policyId: "later", version: 1, failed: { code: "not-yet-in-force", fromMs: noon + 1 } },
      { policyId: "past", version: 1, failed: { code: "no-longer-in-force", untilMs: noon } },
      { policyId: "old", version: 2, failed: { code: "unit", has: "p" } },
      { policyId: "old", version: 1, failed: { code: "newer-version", version: 2 } },
      {
        policyId: "night",
        version: 1,
        failed: { code: "time", localDay: "2026-03-10", localTime: "12:00", weekday: 2, dayKind: "working" },
      },
      { policyId: "strict", version: 1, failed: { code: "priority", has: 1, atLeast: 4 } },
      { policyId: "everything", version: 1, failed: null },
    ]);
  });
});
