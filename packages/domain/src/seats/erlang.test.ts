import { describe, expect, test } from "vitest";
import { parseDay } from "../calendar/day.ts";
import { CHINA } from "../calendar/workingDays.ts";
import { agentsNeeded, erlangA, erlangB, erlangC, meanWaitMs, serviceLevel } from "./erlang.ts";
import { forecastDay, type PastSlot } from "./forecast.ts";

describe("[R5] Erlang", () => {
  test.each([
    // Erlang B traffic tables at 1 % and 5 % blocking.
    [10, 4.461, 0.01],
    [20, 12.03, 0.01],
    [50, 37.9, 0.01],
    [100, 84.06, 0.01],
    [10, 6.216, 0.05],
    [1, 1, 0.5],
    [2, 1, 0.2],
  ])("B: %i lines with %f erlangs block %f", (agents, load, blocked) => {
    expect(erlangB(agents, load)).toBeCloseTo(blocked, 3);
  });

  test("C: a hundred calls of three minutes in half an hour, the usual worked example", () => {
    const load = 10;
    const goal = { share: 0.8, withinMs: 20_000, handleMs: 180_000 };
    expect(erlangC(11, load)).toBeCloseTo(0.6821, 4);
    expect(erlangC(14, load)).toBeCloseTo(0.1741, 4);
    expect(serviceLevel(14, load, 180_000, 20_000)).toBeCloseTo(0.8884, 4);
    expect(meanWaitMs(14, load, 180_000)).toBeCloseTo(7_836, -1);
    expect(agentsNeeded(load, goal)).toBe(14);
    expect(serviceLevel(13, load, 180_000, 20_000)).toBeLessThan(0.8);
  });

  test("C and A: fifty agents, 48 calls a minute of one minute, patience of two (Garnett, Mandelbaum, Reiman 2002)", () => {
    expect(meanWaitMs(50, 48, 60_000) / 1000).toBeCloseTo(20.8, 1);
    const withPatience = erlangA(50, 48, 60_000, 120_000);
    expect(withPatience.abandons).toBeCloseTo(0.031, 3);
    expect(withPatience.meanWaitMs / 1000).toBeCloseTo(3.7, 1);
    expect(withPatience.occupancy).toBeCloseTo(0.93, 2);
    expect(withPatience.meanQueue).toBeCloseTo(3, 1);
  });

  test("A agrees with Palm's closed form", () => {
    for (const [agents, load, patience] of [
      [1, 0.5, 2],
      [5, 5, 0.5],
      [20, 26, 1.5],
      [200, 195, 3],
    ] as const) {
      // A(x, y) = Σ y^j / ((x+1)…(x+j)); Mandelbaum and Zeltyn (2007), section 5.
      const [x, y] = [agents * patience, load * patience];
      let [series, term] = [1, 1];
      for (let j = 1; term > 1e-17 * series; j += 1) {
        term *= y / (x + j);
        series += term;
      }
      const blocked = erlangB(agents, load);
      const waits = (series * blocked) / (1 + (series - 1) * blocked);
      const abandons = (1 / ((load / agents) * series) + 1 - agents / load) * waits;
      const found = erlangA(agents, load, 1, patience);
      expect(found.waits).toBeCloseTo(waits, 10);
      expect(found.abandons).toBeCloseTo(abandons, 10);
      expect(found.meanWaitMs).toBeCloseTo(abandons * patience, 10);
    }
  });

  test("stays exact with two thousand agents, at ease and flooded", () => {
    expect(erlangC(2000, 1990)).toBeGreaterThan(0.7);
    expect(erlangC(2000, 1990)).toBeLessThan(0.8);
    const flooded = erlangA(2000, 6000, 300_000, 60_000);
    // Everything beyond what the agents can do hangs up.
    expect(flooded.abandons).toBeCloseTo(1 - 2000 / 6000, 6);
    expect(flooded.occupancy).toBeCloseTo(1, 9);
    const idle = erlangA(2000, 500, 300_000, 60_000);
    expect(idle.abandons).toBeLessThan(1e-12);
    expect(idle.occupancy).toBeCloseTo(0.25, 9);
    const needed = agentsNeeded(1900, { share: 0.8, withinMs: 20_000, handleMs: 300_000 });
    expect(serviceLevel(needed, 1900, 300_000, 20_000)).toBeGreaterThanOrEqual(0.8);
    expect(serviceLevel(needed - 1, 1900, 300_000, 20_000)).toBeLessThan(0.8);
  });

  test("nothing to do needs nobody, and goals that nothing reaches are refused", () => {
    expect(agentsNeeded(0, { share: 0.8, withinMs: 0, handleMs: 1 })).toBe(0);
    expect(() => agentsNeeded(1, { share: 1, withinMs: 0, handleMs: 1 })).toThrow(RangeError);
    expect([erlangC(3, 3), erlangC(3, 0), meanWaitMs(3, 4, 1)]).toEqual([1, 0, Number.POSITIVE_INFINITY]);
  });
});

describe("[R5] forecast of agents by half hour", () => {
  const day = (text: string) => parseDay(text) ?? Number.NaN;
  const at = (text: string, calls: number): PastSlot => ({ day: day(text), slot: 20, calls, handleMs: 180_000 });
  const goal = { share: 0.8, withinMs: 20_000, shrinkage: 0 };
  const history = [
    at("2026-01-05", 90),
    at("2026-01-12", 110),
    at("2026-01-13", 40),
    // New Year's holiday, and the Sunday worked for it.
    at("2026-01-02", 10),
    at("2026-01-04", 70),
    at("2026-01-10", 20),
  ];

  test.each([
    ["2026-01-19", "same-weekday", 100, 14],
    ["2026-02-16", "holidays", 10, 3],
    ["2026-02-14", "working-days", (90 + 110 + 40 + 70) / 4, 11],
    ["2026-01-18", "weekends", 20, 4],
    ["2026-01-24", "same-weekday", 20, 4],
  ] as const)("%s rests on %s", (text, basis, calls, agents) => {
    const forecast = forecastDay(history, day(text), CHINA, goal);
    expect(forecast.basis).toBe(basis);
    expect(forecast.slots[20]).toMatchObject({ calls, agents });
    expect(forecast.slots[21]).toMatchObject({ calls: 0, agents: 0 });
  });

  test("shrinkage is added, and no history says so", () => {
    expect(forecastDay(history, day("2026-01-19"), CHINA, { ...goal, shrinkage: 0.3 }).slots[20]?.agents).toBe(20);
    expect(forecastDay([], day("2026-01-19"), CHINA, goal)).toMatchObject({ basis: "nothing", days: [] });
  });
});
