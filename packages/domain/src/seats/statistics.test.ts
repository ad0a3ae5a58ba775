import { describe, expect, test } from "vitest";
import { SEAT_FIGURES } from "./figures.ts";
import { SeatEvent } from "./state.ts";
import { statisticsOf, type StatisticsQuery } from "./statistics.ts";
import { callEvents, type Told } from "./testing/events.ts";

const HOUR = 3_600_000;
const s2 = { seatId: "s2", groups: ["night", "day"], unitPath: "p.b" };
const hall = (hallId: string, customerKey: string) => ({ hallId, customerKey, service: "pay-bill" });

/** Queued at `atMs`, answered after `waitMs`, talked for `talkMs`. */
function answered(atMs: number, waitMs: number, talkMs: number): Told[] {
  const from = atMs + waitMs;
  return [
    ["requested", atMs - 50],
    ["queued", atMs],
    ["offered", atMs],
    ["accepted", from],
    ["connected", from],
    ["ended", from + talkMs],
  ];
}

const calls = [
  ...callEvents("c1", hall("h1", "anna"), ...answered(1_000, 12_000, 60_000), ["rated", 90_000, { score: 3 }]),
  ...callEvents("c2", hall("h1", "anna"), ...answered(2_000, 20_000, 30_000)),
  ...callEvents("c3", hall("h2", "bo"), ...answered(3_000, 20_001, 30_000)),
  // Long and short abandons, at the threshold and just below it.
  ...callEvents("c4", hall("h2", "cy"), ["requested", 4_000], ["queued", 4_000], ["abandoned", 9_000]),
  ...callEvents("c5", hall("h2", "di"), ["requested", 5_000], ["queued", 5_000], ["abandoned", 9_999]),
  ...callEvents("c6", hall("h1", "ed"), ["requested", 6_000], ["queued", 6_000], ["callback-left", 40_000]),
  // Rang out, refused, then helped by s1, interrupted, lost, again by s1, handed to s2, who is rated.
  ...callEvents(
    ...(["c7", hall("h1", "fay")] as const),
    ...([
      ["requested", 10_000],
      ["queued", 10_000],
      ["offered", 10_000],
      ["offer-expired", 15_000],
    ] as const),
    ...([
      ["offered", 15_000, { seatId: "s2" }],
      ["refused", 16_000, { seatId: "s2" }],
    ] as const),
    ...([
      ["offered", 16_000],
      ["accepted", 17_000],
      ["connected", 18_000],
    ] as const),
    ...([
      ["held", 20_000],
      ["resumed", 22_000],
      ["interrupted", 28_000],
      ["rejoined", 33_000],
    ] as const),
    ...([
      ["interrupted", 38_000, { side: "seat" }],
      ["requeued", 45_000],
      ["offered", 46_000],
    ] as const),
    ...([
      ["accepted", 47_000],
      ["connected", 48_000],
    ] as const),
    ...([
      ["transferred", 58_000, { to: { kind: "seat", ...s2 } }],
      ["ended", 68_000],
      ["rated", 70_000],
    ] as const),
  ),
  // The end of the period is not in it; what began before it counts in it to its end.
  ...callEvents("c8", hall("h1", "gus"), ...answered(HOUR - 1, 2, 10_000)),
  ...callEvents("c9", hall("h1", "hal"), ...answered(HOUR, 0, 10_000)),
  ...callEvents("c10", hall("h1", "ivy"), ["requested", 100]),
];
const seatEvent = (seatId: string, seq: number, atMs: number, state: object) =>
  SeatEvent.parse({
    ...{ seatId, seq, atMs, state },
    groups: seatId === "s2" ? ["night", "day"] : ["day"],
    unitPath: "p.a",
  });
const seats = [
  seatEvent("s1", 1, -HOUR, { name: "ready" }),
  seatEvent("s1", 2, 600_000, { name: "in-call", callId: "x" }),
  seatEvent("s1", 3, 1_200_000, { name: "wrap-up", callId: "x", untilMs: 0, extended: false }),
  seatEvent("s1", 4, 1_500_000, { name: "break", reason: "meal" }),
  seatEvent("s1", 5, 1_800_000, { name: "offline" }),
  seatEvent("s2", 1, 1_800_000, { name: "training" }),
  seatEvent("s2", 2, 3_000_000, { name: "ready" }),
];
const query: StatisticsQuery = { fromMs: 0, untilMs: HOUR, groupBy: "none", nowMs: 10 * HOUR };
const rowsBy = (groupBy: StatisticsQuery["groupBy"], of: Partial<StatisticsQuery> = {}) =>
  Object.fromEntries(statisticsOf({ calls, seats }, { ...query, groupBy, ...of }).map((row) => [row.key, row.figures]));

describe("[R5] statistics from events alone", () => {
  test("every figure of the whole, worked out by hand", () => {
    expect(rowsBy("none")["all"]).toEqual({
      ...{ offered: 8, answered: 5, abandoned: 1, shortAbandoned: 1, abandonment: 1 / 7, callbacks: 1, messages: 0 },
      // anna called twice, hal after the period; ivy never came into the queue.
      applicants: 7,
      ...{ meanWaitMs: (12_000 + 20_000 + 20_001 + 8_000 + 2) / 5, longestWaitMs: 34_000 },
      ...{ serviceLevel20: 4 / 7, serviceLevel12: 3 / 7, transfers: 1, requeues: 1 },
      // c1, c2, c3, c7 with two seats; c8 connected after the period.
      ...{
        assists: 5,
        assistMs: 60_000 + 30_000 + 30_000 + 25_000 + 10_000,
        meanAssistMs: 31_000,
        rating: 4,
        ratings: 2,
      },
      ...{ offersMade: 7 + 1, offersRangOut: 1, offersRefused: 1 },
      ...{ signedInMs: 1_800_000 + 1_800_000, busyMs: 900_000, wrapUpMs: 300_000, breakMs: 300_000 },
      occupancy: 900_000 / (600_000 + 900_000 + 600_000),
    });
  });

  test("by agent: what each answered, the ratings of those who finished, offers that were theirs", () => {
    const rows = rowsBy("agent");
    expect(Object.keys(rows)).toEqual(["s1", "s2"]);
    expect(rows["s1"]).toMatchObject({
      answered: 5,
      assists: 4,
      rating: 3,
      offersMade: 7,
      offersRangOut: 1,
      requeues: 1,
    });
    expect(rows["s1"]?.assistMs).toBe(60_000 + 30_000 + 30_000 + 25_000);
    expect(rows["s2"]).toMatchObject({
      answered: 0,
      assists: 1,
      assistMs: 10_000,
      rating: 5,
      offersRefused: 1,
      transfers: 0,
    });
    expect(rows["s1"]).toMatchObject({ transfers: 1, abandoned: 0, occupancy: 900_000 / 1_500_000 });
  });

  test("by group an agent counts in each of theirs, by unit of the seat once", () => {
    const groups = rowsBy("group");
    expect(groups["day"]?.assists).toBe(5);
    expect(groups["night"]?.assists).toBe(1);
    expect(rowsBy("seat-unit")["p.b"]?.assists).toBe(1);
  });

  test("by hall and service: calls, not the time of seats", () => {
    const halls = rowsBy("hall");
    expect(halls["h1"]).toMatchObject({ offered: 5, answered: 4, applicants: 4, busyMs: null, occupancy: null });
    expect(halls["h2"]).toMatchObject({ offered: 3, answered: 1, abandonment: 1 / 2 });
    expect(rowsBy("service")["pay-bill"]?.offered).toBe(8);
    expect(rowsBy("unit")["p"]?.offered).toBe(8);
  });

  test("by slices of time, cut to the millisecond", () => {
    const slices = rowsBy("period", { sliceMs: HOUR / 2 });
    expect(slices["0"]).toMatchObject({ offered: 7, busyMs: 900_000, signedInMs: 1_800_000 });
    expect(slices["1800000"]).toMatchObject({ offered: 1, busyMs: 0, signedInMs: 1_800_000 });
    expect(rowsBy("period", { sliceMs: 1_000 })["2000"]?.offered).toBe(1);
  });

  test("periods side by side count nothing twice and leave nothing out", () => {
    const total = (from: number, until: number) =>
      statisticsOf({ calls, seats }, { ...query, fromMs: from, untilMs: until })[0];
    for (const cut of [1, 2_000, 2_001, 18_000, HOUR - 1]) {
      for (const figure of [
        "offered",
        "answered",
        "abandoned",
        "assists",
        "assistMs",
        "offersMade",
        "busyMs",
        "transfers",
      ] as const)
        expect((total(0, cut)?.figures[figure] ?? 0) + (total(cut, 2 * HOUR)?.figures[figure] ?? 0)).toBe(
          total(0, 2 * HOUR)?.figures[figure],
        );
    }
  });

  test("what goes on counts up to the instant of asking", () => {
    const open = callEvents("o", {}, ...answered(0, 0, 0).slice(0, -1));
    const [row] = statisticsOf({ calls: open, seats }, { ...query, nowMs: 7_000 });
    expect(row?.figures).toMatchObject({ assistMs: 7_000, signedInMs: 7_000 });
  });

  test("the order in which events are read does not matter", () => {
    expect(statisticsOf({ calls: calls.toReversed(), seats: seats.toReversed() }, query)).toEqual(
      statisticsOf({ calls, seats }, query),
    );
  });

  test("each figure has a name in both languages and one definition", () => {
    for (const figure of Object.values(SEAT_FIGURES)) {
      expect([figure.zh, figure.en, figure.definition].every((text) => text.length > 1)).toBe(true);
    }
    expect(Object.keys(rowsBy("none")["all"] ?? {}).toSorted()).toEqual(Object.keys(SEAT_FIGURES).toSorted());
  });
});
