import { describe, expect, test } from "vitest";
import { erlangA } from "../seats/erlang.ts";
import { createRandom } from "../town/random.ts";
import { SHANGHAI } from "./calendar.ts";
import { explainRouting } from "./explain.ts";
import { type PastCall, replay, type SeatMove, type SeatTimeline } from "./replay.ts";
import { callIdOf, groupIdOf, policy, queuedCall, request, seat, seatIdOf, step } from "./testing/builders.ts";

const day = groupIdOf("day");
const able = (seatId: string, groups = [day]) => ({ seatId: seatIdOf(seatId), unitPath: "p", groups, skills: {} });
const move = (atMs: number, seatId: string, name: "ready" | "offline"): SeatMove => ({
  ...{ atMs, seatId: seatIdOf(seatId), input: { type: "request", to: { name } } },
});
const past = (callId: string, queuedMs: number, of: Partial<PastCall> = {}): PastCall => ({
  call: { callId: callIdOf(callId), request: request(), lastAgent: null },
  ...{ queuedMs, patienceMs: null, talkMs: 60_000, answerMs: 2_000, wrapMs: 10_000, ...of },
});
const options = { calendar: SHANGHAI, untilMs: 3_600_000 };

describe("[R4] explaining a call before it is made", () => {
  const seats = [seat("a", { ready: 5, groups: [day] }), seat("b", { ready: 0 })];
  const steps = [step({ groups: [day], expiryMs: 10_000 }), step({ expiryMs: 20_000 })];
  const explain = (of: Parameters<typeof policy>[0], among = seats) =>
    explainRouting(queuedCall("x", 1_000), [policy(of)], among, 1_000, SHANGHAI);

  test("says who would get it, by which policy and step, and why not the others", () => {
    const found = explain({ steps, ending: "message" });
    expect(found).toMatchObject({
      verdicts: [{ policyId: "plain", failed: null }],
      outcome: { kind: "offer", seatId: "a", step: 0, afterMs: 0 },
    });
    expect(found.steps[0]?.choice.others).toEqual([
      { whyNot: { code: "group", groups: ["day"] }, seatIds: ["b"], measures: [] },
    ]);
  });

  test("goes on from step to step as time would", () => {
    const [, b] = seats;
    expect(explain({ steps, ending: "message" }, b ? [b] : [])).toMatchObject({
      steps: [
        { step: 0, afterMs: 0 },
        { step: 1, afterMs: 10_000 },
      ],
      outcome: { kind: "offer", seatId: "b", step: 1, afterMs: 10_000 },
    });
    expect(explain({ steps, ending: "message" }, []).outcome).toEqual({
      kind: "ends",
      ending: "message",
      afterMs: 30_000,
    });
    expect(explain({}, []).outcome).toEqual({ kind: "waits", step: 0 });
    const hasty = [
      step({ whenNobody: "advance" }),
      step({ entry: "overflow", strategy: { kind: "sticky", withinMs: 1, otherwise: null } }),
    ];
    expect(explain({ steps: hasty, ending: "callback" }, [])).toMatchObject({
      steps: [{ passedOver: "nobody-signed-in" }, { passedOver: "no-last-agent" }],
      outcome: { kind: "ends", ending: "callback", afterMs: 0 },
    });
    expect(explain({ match: { services: ["move-in"] } }).outcome).toEqual({
      kind: "ends",
      ending: "message",
      afterMs: 0,
    });
  });
});

describe("[R4] replaying past calls with other policies", () => {
  const timeline: SeatTimeline = {
    seats: [able("a"), able("b", [])],
    moves: [move(0, "a", "ready"), move(30_000, "b", "ready")],
  };

  test("tells who would have answered, after what wait, and who would have hung up", () => {
    const calls = [past("one", 1_000), past("two", 2_000), past("three", 3_000, { patienceMs: 20_000 })];
    const found = replay(calls, [policy({})], timeline, options);
    expect(found.calls).toEqual([
      {
        callId: "one",
        policy: { policyId: "plain", version: 1 },
        outcome: "answered",
        seatId: "a",
        waitMs: 2_000,
        offers: 1,
        lastStep: 0,
      },
      {
        callId: "two",
        policy: { policyId: "plain", version: 1 },
        outcome: "answered",
        seatId: "b",
        waitMs: 30_000,
        offers: 1,
        lastStep: 0,
      },
      {
        callId: "three",
        policy: { policyId: "plain", version: 1 },
        outcome: "abandoned",
        seatId: null,
        waitMs: 20_000,
        offers: 0,
        lastStep: 0,
      },
    ]);
    expect(Object.fromEntries(found.busyMs)).toEqual({ a: 70_000, b: 70_000 });
  });

  test("another policy gives another result from the same past", () => {
    const calls = [past("one", 1_000), past("two", 2_000)];
    const strict = policy({ steps: [step({ groups: [day], expiryMs: 50_000 })], ending: "callback" });
    expect(replay(calls, [strict], timeline, options).calls.map(({ outcome, waitMs }) => [outcome, waitMs])).toEqual([
      ["answered", 2_000],
      ["callback", 50_000],
    ]);
    const open = { ...options, untilMs: 20_000 };
    expect(replay(calls, [policy({})], timeline, open).calls[1]).toMatchObject({
      outcome: "still-waiting",
      waitMs: 18_000,
    });
  });

  test("an agent who lets it ring is passed over, and gone agents get nothing", () => {
    const moves = [move(0, "a", "ready"), move(0, "b", "ready"), move(500, "b", "offline")];
    const found = replay([past("one", 1_000, { answerMs: null })], [policy({})], { ...timeline, moves }, options);
    expect(found.calls[0]).toMatchObject({ outcome: "still-waiting", offers: 1 });
  });

  test("is repeatable, and comes close to Erlang A where the past was as Erlang A assumes", () => {
    const random = createRandom(4, 1);
    const exponential = (meanMs: number) => Math.round(-Math.log(1 - random.next()) * meanMs);
    let atMs = 0;
    const calls = Array.from({ length: 20_000 }, (_, number) => {
      atMs += exponential(15_000);
      const drawn = { patienceMs: exponential(180_000), talkMs: exponential(180_000), answerMs: 0, wrapMs: 0 };
      return past(`c${number}`, atMs, drawn);
    });
    const seats = Array.from({ length: 12 }, (_, number) => able(`s${number}`));
    const moves = seats.map(({ seatId }) => move(0, seatId, "ready"));
    const run = () => replay(calls, [policy({})], { seats, moves }, { calendar: SHANGHAI, untilMs: atMs + 3_600_000 });
    const first = run();
    const abandoned = first.calls.filter(({ outcome }) => outcome === "abandoned").length / calls.length;
    // The load that was drawn, not the one that was meant: with it most of the chance in so few calls is gone.
    const load = calls.reduce((sum, call) => sum + call.talkMs, 0) / atMs;
    expect(abandoned / erlangA(12, load, 180_000, 180_000).abandons).toBeCloseTo(1, 1);
    expect(run()).toEqual(first);
  });
});
