import { describe, expect, test } from "vitest";
import { PolicyId } from "../seats/schema.ts";
import { stepSeat } from "../seats/state.ts";
import { SHANGHAI } from "./calendar.ts";
import type { QueuedCall } from "./call.ts";
import type { RouterInput, RoutingDecision } from "./decision.ts";
import { createRouter, restoreRouter } from "./router.ts";
import type { Seat } from "./seat.ts";
import { callIdOf, groupIdOf, policy, queuedCall, request, seat, seatIdOf, step } from "./testing/builders.ts";

type Offer = Extract<RoutingDecision, { type: "offer" }>;
type Untimed<T> = T extends unknown ? Omit<T, "atMs"> : never;
type Steps = ReturnType<typeof step>[];

/** A router with one policy, told things at instants in ms. */
function hall(of: Parameters<typeof policy>[0], seats: readonly Seat[] = []) {
  const router = createRouter({ calendar: SHANGHAI });
  const tell = (atMs: number, input: Untimed<RouterInput>) => router.handle({ ...input, atMs });
  tell(0, { type: "policies-changed", policies: [policy(of)] });
  for (const one of seats) tell(0, { type: "seat-changed", seat: one });
  const queue = (atMs: number, callId: string, rest: Partial<QueuedCall> = {}) =>
    tell(atMs, { type: "call-queued", call: queuedCall(callId, atMs, rest) });
  const answer = (atMs: number, type: "offer-accepted" | "offer-refused" | "offer-expired", offer: Offer) => {
    const { callId, seatId, callEpoch, seatEpoch } = offer;
    return tell(atMs, { type, callId, seatId, callEpoch, seatEpoch });
  };
  const tick = (atMs: number) => tell(atMs, { type: "tick" });
  return { router, tell, queue, answer, tick };
}
const offers = (decisions: readonly RoutingDecision[]) =>
  decisions.filter((decision): decision is Offer => decision.type === "offer");
const offer = (decisions: readonly RoutingDecision[]): Offer => {
  const [first] = offers(decisions);
  if (!first) throw new Error(`no offer among ${JSON.stringify(decisions)}`);
  return first;
};
const told = (decisions: readonly RoutingDecision[]) => decisions.map((decision) => decision.type);
const withSteps = (...steps: Steps) => ({ steps, ending: "callback" as const });
const idle = step({ expiryMs: null });
const day = groupIdOf("day");
const night = groupIdOf("night");

describe("[R4] strategies", () => {
  const seats = [
    { ...seat("a", { ready: 300 }), busyMs: 10, signedInMs: 0, lastOfferedMs: 5 },
    { ...seat("b", { ready: 100 }), busyMs: 90, signedInMs: 0, lastOfferedMs: 7 },
    { ...seat("c", { ready: 200 }), busyMs: 50, signedInMs: 900, lastOfferedMs: null },
  ];
  const last = (seatId: string, atMs: number) => ({ lastAgent: { seatId: seatIdOf(seatId), atMs } });

  test.each([
    [{ kind: "longest-idle" }, {}, "b", "longest-idle", 100],
    [{ kind: "least-occupied" }, {}, "a", "least-occupied", 0.01],
    [{ kind: "round-robin" }, {}, "c", "round-robin", null],
    [{ kind: "sticky", withinMs: 600, otherwise: "longest-idle" }, last("a", 400), "a", "last-agent", 300],
    [{ kind: "sticky", withinMs: 599, otherwise: "longest-idle" }, last("a", 400), "b", "longest-idle", 100],
    [{ kind: "sticky", withinMs: 600, otherwise: "round-robin" }, last("gone", 400), "c", "round-robin", null],
    [{ kind: "sticky", withinMs: 600, otherwise: null }, last("c", 400), "c", "last-agent", 200],
  ] as const)("%o with %o asks %s", (strategy, of, seatId, because, measure) => {
    const { queue } = hall({ steps: [step({ strategy, expiryMs: null })] }, seats);
    expect(offer(queue(1_000, "x", of)).reason.chosen).toEqual({ seatId, because, measure });
  });

  test("round robin gives everybody a turn", () => {
    const { queue, tell, answer } = hall({ steps: [step({ strategy: { kind: "round-robin" }, expiryMs: null })] }, [
      ...["a", "b", "c"].map((id) => seat(id, { ready: 0 })),
    ]);
    const asked = Array.from({ length: 6 }, (_, number) => {
      const made = offer(queue(1_000 + number, `x${number}`));
      const accepted = answer(1_000 + number, "offer-accepted", made)[0];
      tell(1_000 + number, { type: "call-ended", callId: made.callId });
      if (accepted?.type !== "accepted") throw new Error("not accepted");
      const ended = stepSeat(accepted.seat, { type: "end", callId: made.callId }, 1_000 + number);
      tell(1_000 + number, { type: "seat-changed", seat: { ...seat(made.seatId), status: ended.status } });
      return made.seatId;
    });
    expect(asked).toEqual(["a", "b", "c", "a", "b", "c"]);
  });
});

describe("[R4] reasons", () => {
  test("say of every other seat why it was not chosen", () => {
    const skilled = { skills: { tariff: 5 }, groups: [day], unitPath: "p.a" };
    const status = (input: Parameters<typeof stepSeat>[1]) => stepSeat(seat("x", { ready: 0 }).status, input, 0).status;
    const { queue, answer } = hall(
      {
        steps: [
          step({
            skills: { op: "skill", skill: "tariff", atLeast: 3 },
            groups: [day],
            units: { kind: "units", units: ["p.a"] },
            expiryMs: null,
          }),
        ],
      },
      [
        seat("refuses", { ...skilled, ready: 0 }),
        seat("chosen", { ...skilled, ready: 10 }),
        seat("later", { ...skilled, ready: 20 }),
        seat("wrong-group", { ...skilled, ready: 0, groups: [night] }),
        seat("wrong-unit", { ...skilled, ready: 0, unitPath: "p.ab" }),
        seat("beginner", { ...skilled, ready: 0, skills: { tariff: 2 } }),
        seat("unskilled", { ...skilled, ready: 0, skills: {} }),
        seat("away", { ...skilled, status: status({ type: "request", to: { name: "break", reason: "meal" } }) }),
        seat("ringing", {
          ...skilled,
          status: status({ type: "reserve", callId: callIdOf("elsewhere"), expiresMs: 9 }),
        }),
        seat("gone", skilled),
      ],
    );
    const first = offer(queue(1_000, "x", { request: request({ priority: 2 }) }));
    expect(first.seatId).toBe("refuses");
    const { reason } = offer(answer(61_000, "offer-expired", first).concat(answer(61_000, "offer-refused", first)));
    expect(reason).toMatchObject({
      callId: "x",
      step: 0,
      chosen: { seatId: "chosen" },
      waitedMs: 60_000,
      agedPriority: 3,
    });
    const gap = (has: number) => [{ skill: "tariff", level: 3, has, excluded: false }];
    expect(new Map(reason.others.flatMap(({ whyNot, seatIds }) => seatIds.map((id) => [String(id), whyNot])))).toEqual(
      new Map<string, unknown>([
        ["refuses", { code: "state", state: "missed" }],
        ["later", { code: "outranked" }],
        ["wrong-group", { code: "group", groups: ["day"] }],
        ["wrong-unit", { code: "unit", units: ["p.a"] }],
        ["beginner", { code: "skill", gaps: gap(2) }],
        ["unskilled", { code: "skill", gaps: gap(0) }],
        ["away", { code: "state", state: "break" }],
        ["ringing", { code: "busy", state: "reserved" }],
        ["gone", { code: "state", state: "offline" }],
      ]),
    );
    expect(reason.others.find(({ whyNot }) => whyNot.code === "outranked")?.measures).toEqual([20]);
  });
});

describe("[R4] offers", () => {
  test("ring out, make the seat not ready, and the call goes to the next at once", () => {
    const { queue, tick, answer } = hall({ steps: [idle] }, [seat("a", { ready: 0 }), seat("b", { ready: 1 })]);
    const first = offer(queue(1_000, "x"));
    expect(first).toMatchObject({ seatId: "a", callEpoch: 1, seatEpoch: 1, expiresMs: 21_000 });
    expect(tick(20_999)).toEqual([]);
    const decisions = tick(21_000);
    expect(decisions[0]).toMatchObject({ type: "offer-over", cause: "rang-out", seat: { state: { name: "missed" } } });
    expect(offer(decisions)).toMatchObject({ seatId: "b", callEpoch: 2 });
    expect(answer(21_001, "offer-accepted", first)).toEqual([
      { type: "refused", input: "offer-accepted", callId: "x", seatId: "a", reason: "stale-epoch" },
    ]);
    // With nobody left the call waits instead of ringing at the same seat for ever.
    expect(told(tick(41_000))).toEqual(["offer-over"]);
    expect(told(tick(1_000_000))).toEqual([]);
  });

  test("an answer in the very instant of expiry is too late", () => {
    const { queue, answer } = hall({ steps: [idle] }, [seat("a", { ready: 0 })]);
    const made = offer(queue(0, "x"));
    expect(told(answer(20_000, "offer-accepted", made))).toEqual(["offer-over", "refused"]);
  });

  test("that are refused go elsewhere, and come back to the same seat only after a while", () => {
    const { queue, answer, tick } = hall({ steps: [idle] }, [seat("a", { ready: 0 })]);
    const refused = answer(1_000, "offer-refused", offer(queue(0, "x")));
    expect(refused).toMatchObject([{ type: "offer-over", cause: "refused", seat: { state: { name: "ready" } } }]);
    expect(offers(queue(2_000, "y"))).toMatchObject([{ callId: "y", seatId: "a" }]);
    const again = hall({ steps: [idle] }, [seat("a", { ready: 0 })]);
    again.answer(1_000, "offer-refused", offer(again.queue(0, "x")));
    expect(told(again.tick(120_999))).toEqual([]);
    expect(offers(again.tick(121_000))).toMatchObject([{ callId: "x", seatId: "a" }]);
    expect(tick(3_000)).toEqual([]);
  });

  test("are withdrawn when the seat goes away while it rings, and the call keeps its place", () => {
    const { queue, tell } = hall({ steps: [idle] }, [seat("a", { ready: 0 })]);
    const made = offer(queue(0, "x"));
    queue(10, "y");
    const { status } = stepSeat(made.seat, { type: "lose" }, 500);
    const lost = tell(500, { type: "seat-changed", seat: { ...seat("a"), status } });
    expect(lost).toMatchObject([{ type: "offer-over", cause: "seat-lost" }]);
    expect(offer(tell(600, { type: "seat-changed", seat: seat("b", { ready: 600 }) })).callId).toBe("x");
  });

  test("end with the call when the customer hangs up, and the seat is free for the next", () => {
    const { queue, tell } = hall({ steps: [idle] }, [seat("a", { ready: 0 })]);
    queue(0, "x");
    queue(10, "y");
    const decisions = tell(20, { type: "call-abandoned", callId: callIdOf("x") });
    expect(decisions).toMatchObject([
      { type: "offer-over", cause: "abandoned", seat: { state: { name: "ready" }, idleSinceMs: 0 } },
      { type: "offer", callId: "y", seatId: "a" },
    ]);
  });

  test("that could not be stored never were: the call goes on, the seat waits for its row", () => {
    const { queue, tell } = hall({ steps: [idle] }, [seat("a", { ready: 0 })]);
    const { callId, seatId, callEpoch, seatEpoch } = offer(queue(0, "x"));
    expect(tell(5, { type: "offer-failed", callId, seatId, callEpoch, seatEpoch })).toEqual([]);
    const row = seat("a", { ready: 0 });
    expect(offer(tell(6, { type: "seat-changed", seat: row }))).toMatchObject({
      callId: "x",
      callEpoch: 1,
      seatEpoch: 1,
    });
  });
});

describe("[R4] steps", () => {
  const dayFirst = withSteps(
    step({ groups: [day], expiryMs: 30_000 }),
    step({ groups: [night], expiryMs: 30_000 }),
    step({ entry: "overflow", units: { kind: "units", units: ["p.b"] }, expiryMs: 30_000 }),
  );

  test("widen from ring to ring, overflow, and end with what the policy says", () => {
    const { queue, tick } = hall(dayFirst);
    queue(0, "x");
    expect(tick(29_999)).toEqual([]);
    expect(tick(30_000)).toEqual([{ type: "step-advanced", callId: "x", step: 1, cause: "expired" }]);
    expect(tick(60_000)).toEqual([{ type: "overflow", callId: "x", step: 2, cause: "expired" }]);
    expect(tick(90_000)).toEqual([{ type: "end-with", callId: "x", ending: "callback", cause: "steps-exhausted" }]);
  });

  test("a widened step keeps the seats of the steps before it, an overflow leaves them", () => {
    const { queue, tick, tell } = hall(dayFirst);
    queue(0, "x");
    const dayAgent = seat("a", { ready: 0, groups: [day] });
    tick(30_000);
    expect(offer(tell(30_001, { type: "seat-changed", seat: dayAgent })).callId).toBe("x");
    const other = hall(dayFirst);
    other.queue(0, "x");
    other.tick(30_000);
    other.tick(60_000);
    expect(other.tell(60_001, { type: "seat-changed", seat: dayAgent })).toEqual([]);
    const elsewhere = seat("b", { ready: 0, unitPath: "p.b.x" });
    expect(offer(other.tell(60_002, { type: "seat-changed", seat: elsewhere })).callId).toBe("x");
  });

  test("whose time ends while the call rings are left only when it comes back", () => {
    const { queue, tick } = hall(dayFirst, [seat("a", { ready: 0, groups: [day] })]);
    queue(0, "x");
    expect(told(tick(20_000))).toEqual(["offer-over"]);
    const slow = hall(withSteps(step({ ringMs: 50_000, expiryMs: 30_000 })), [seat("a", { ready: 0 })]);
    slow.queue(0, "x");
    expect(slow.tick(30_000)).toEqual([]);
    expect(told(slow.tick(50_000))).toEqual(["offer-over", "end-with"]);
  });

  test("without anybody signed in are passed over at once where the policy wants it, also later", () => {
    const steps = withSteps(step({ whenNobody: "advance" }), step({ groups: [night], whenNobody: "advance" }));
    const empty = hall(steps);
    expect(empty.queue(0, "x").slice(1)).toEqual([
      { type: "step-advanced", callId: "x", step: 1, cause: "nobody-signed-in" },
      { type: "end-with", callId: "x", ending: "callback", cause: "nobody-signed-in" },
    ]);
    const onBreak = stepSeat(seat("a", { ready: 0 }).status, { type: "request", to: { name: "training" } }, 0).status;
    const { queue, tell } = hall(steps, [{ ...seat("a"), status: onBreak }]);
    expect(told(queue(0, "x"))).toEqual(["pinned"]);
    const gone = stepSeat(onBreak, { type: "lose" }, 500).status;
    const decisions = tell(500, { type: "seat-changed", seat: { ...seat("a"), status: gone } });
    expect(told(decisions)).toEqual(["step-advanced", "end-with"]);
  });

  test("for the last agent alone are passed over by customers who have none", () => {
    const sticky = step({ strategy: { kind: "sticky", withinMs: 1_000, otherwise: null }, expiryMs: 10_000 });
    const { queue } = hall({ steps: [sticky, idle] }, [seat("a", { ready: 0 }), seat("b", { ready: 5 })]);
    expect(queue(100, "x")[1]).toMatchObject({ type: "step-advanced", cause: "no-last-agent" });
    const known = queue(100, "y", { lastAgent: { seatId: seatIdOf("b"), atMs: 50 } });
    expect(offer(known)).toMatchObject({ seatId: "b", reason: { step: 0, chosen: { because: "last-agent" } } });
  });

  test("none at all: straight to the ending; no policy: the last resort", () => {
    expect(hall({ steps: [], ending: "message" }).queue(0, "x")[1]).toMatchObject({
      ending: "message",
      cause: "no-steps",
    });
    const closed = hall({ match: { services: ["move-in"] } });
    expect(closed.queue(0, "x")).toMatchObject([
      { type: "pinned", policy: null, verdicts: [{ failed: { code: "service" } }] },
      { type: "end-with", ending: "message", cause: "no-policy" },
    ]);
  });

  test("units of the customer widen level by level", () => {
    const steps = withSteps(
      step({ units: { kind: "customer", levelsUp: 0 } }),
      step({ units: { kind: "customer", levelsUp: 1 } }),
    );
    const { queue, tick, tell } = hall(steps);
    queue(0, "x", { request: request({ unitPath: "p.a.h1" }) });
    expect(tell(1, { type: "seat-changed", seat: seat("n", { ready: 0, unitPath: "p.a.h2" }) })).toEqual([]);
    expect(offer(tick(60_000)).seatId).toBe("n");
  });
});

describe("[R4] the queue", () => {
  test("goes by priority, and waiting makes up for it", () => {
    const { queue, tell, router } = hall({ steps: [idle] });
    queue(0, "early");
    queue(59_000, "urgent", { request: request({ priority: 1 }) });
    queue(61_000, "late-urgent", { request: request({ priority: 1 }) });
    // A level of priority is a head start of a minute: 59 s is within it, 61 s is not.
    expect(["early", "urgent", "late-urgent"].map((id) => router.position(callIdOf(id)))).toEqual([2, 1, 3]);
    const served = ["a", "b", "c"].map((id) =>
      offer(tell(70_000, { type: "seat-changed", seat: seat(id, { ready: 70_000 }) })),
    );
    expect(served.map((made) => made.callId)).toEqual(["urgent", "early", "late-urgent"]);
  });

  test("takes a call whose agent was lost back at its head, with the time it has waited", () => {
    const { queue, answer, tell } = hall({ steps: [idle] }, [seat("a", { ready: 0 })]);
    const made = offer(queue(0, "x"));
    queue(10, "y", { request: request({ priority: 9 }) });
    answer(20, "offer-accepted", made);
    expect(tell(300_000, { type: "call-requeued", callId: callIdOf("x") })).toEqual([
      { type: "requeued", callId: "x" },
    ]);
    const next = offer(tell(300_500, { type: "seat-changed", seat: seat("b", { ready: 300_500 }) }));
    expect(next).toMatchObject({ callId: "x", callEpoch: 2, reason: { requeued: true, waitedMs: 300_500 } });
  });

  test("offers nothing to a seat whose call has not ended, whatever its row says", () => {
    const { queue, answer, tell } = hall({ steps: [idle] }, [seat("a", { ready: 0 })]);
    answer(20, "offer-accepted", offer(queue(0, "x")));
    queue(30, "y");
    const ready = seat("a", { ready: 40 });
    expect(tell(40, { type: "seat-changed", seat: { ...ready, status: { ...ready.status, epoch: 9 } } })).toEqual([]);
    expect(offer(tell(50, { type: "call-ended", callId: callIdOf("x") })).callId).toBe("y");
  });

  test("gives a transferred call to its target alone", () => {
    const { queue } = hall({ steps: [idle] }, [seat("a", { ready: 0 }), seat("b", { ready: 5, groups: [night] })]);
    const target = { kind: "group", groupId: night } as const;
    expect(offer(queue(10, "x", { target })).seatId).toBe("b");
    expect(offers(queue(10, "y", { target: { kind: "seat", seatId: seatIdOf("b") } }))).toEqual([]);
  });

  test("tells position and expected wait by the seats that share the line", () => {
    const busy = (id: string, of: Partial<Seat>) => {
      const { status } = stepSeat(
        seat(id, { ready: 0 }).status,
        { type: "reserve", callId: callIdOf(id), expiresMs: 9 },
        0,
      );
      return seat(id, { ...of, status });
    };
    const steps = [step({ units: { kind: "customer", levelsUp: 0 }, expiryMs: null })];
    const { queue, router } = hall({ steps }, [
      ...[busy("a", { unitPath: "p.a" }), busy("b", { unitPath: "p.a" }), busy("c", { unitPath: "p.b" })],
    ]);
    const from = (unitPath: string) => ({ request: request({ unitPath }) });
    queue(0, "x", from("p.a"));
    queue(1, "other", from("p.b"));
    queue(2, "y", from("p.a"));
    queue(3, "nobody", from("p.c"));
    const at = (id: string) => [router.position(callIdOf(id)), router.expectedWaitMs(callIdOf(id))];
    // Four minutes a call are assumed; two seats halve that.
    expect([at("x"), at("other"), at("y"), at("nobody"), at("unknown")]).toEqual([
      ...[
        [1, 120_000],
        [1, 240_000],
        [2, 240_000],
        [1, null],
        [null, null],
      ],
    ]);
  });

  test("learns how long calls take", () => {
    const { queue, answer, tell, router } = hall({ steps: [idle] }, [seat("a", { ready: 0 })]);
    answer(0, "offer-accepted", offer(queue(0, "x")));
    tell(60_000, { type: "call-ended", callId: callIdOf("x") });
    queue(60_000, "y");
    expect(router.expectedWaitMs(callIdOf("y"))).toBe(60_000);
  });
});

describe("[R4] policies", () => {
  test("are pinned to a call when it is queued; a new version is for those who come after it", () => {
    const { queue, tell, tick } = hall(withSteps(step({ expiryMs: 10_000 })));
    queue(0, "x");
    const second = policy({ ...withSteps(step({ expiryMs: 500 })), ending: "message", version: 2 });
    const first = policy(withSteps(step({ expiryMs: 10_000 })));
    tell(10, { type: "policies-changed", policies: [first, second] });
    expect(queue(20, "y")[0]).toMatchObject({ policy: { version: 2 } });
    expect(tick(520)).toMatchObject([{ callId: "y", ending: "message" }]);
    expect(tick(10_000)).toMatchObject([{ callId: "x", ending: "callback" }]);
  });

  test("that are gone altogether are replaced for the calls that wait", () => {
    const { queue, tell } = hall({ steps: [idle] });
    queue(0, "x");
    const other = policy({ policyId: PolicyId.parse("other") });
    expect(tell(10, { type: "policies-changed", policies: [other] })).toMatchObject([
      { type: "pinned", callId: "x", policy: { policyId: "other" }, repinned: true },
    ]);
  });
});

describe("[R4] a router built from rows", () => {
  test("finishes what has become due or possible meanwhile", () => {
    const { queue, router } = hall(withSteps(step({ expiryMs: 30_000 })), [seat("a", { ready: 0 })]);
    queue(0, "ringing");
    queue(10, "waiting");
    queue(19_000, "late");
    const rows = router.snapshot();
    const seats = [...rows.seats, seat("b", { ready: 35_000 })];
    const { decisions } = restoreRouter({ calendar: SHANGHAI }, { ...rows, seats, nowMs: 35_000 });
    expect(decisions.map((decision) => [decision.type, "callId" in decision ? decision.callId : null])).toEqual([
      ["offer-over", "ringing"],
      ["end-with", "ringing"],
      ["end-with", "waiting"],
      ["offer", "late"],
    ]);
  });
});
