import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyCallEvent, isOver, seatOfPhase } from "./applyCallEvent.ts";
import type { Call, CallEvent } from "./call.ts";
import { callEvents, type Told } from "./testing/events.ts";

const effort = Number(process.env["GRIDHALL_EFFORT"] ?? 1);
const begin: readonly Told[] = [
  ["requested", 0],
  ["queued", 100],
];
const talking: readonly Told[] = [...begin, ["offered", 200], ["accepted", 300], ["connected", 400]];
const s2 = { seatId: "s2", groups: ["night"], unitPath: "p.b" };

function applied(...told: readonly Told[]) {
  let call: Call | null = null;
  for (const event of callEvents("c1", {}, ...told)) {
    const step = applyCallEvent(call, event);
    if (!step.ok) return step;
    ({ call } = step);
  }
  if (!call) throw new Error("no events");
  return { ok: true as const, call };
}

describe("[R4] life of a call", () => {
  test("from the request to the rating", () => {
    const { call } = applied(
      ...talking,
      ["held", 500],
      ["resumed", 600],
      ["ended", 700],
      ["rated", 800],
      ["wrap-ended", 900],
    );
    expect(call).toMatchObject({
      ...{ phase: { name: "ended" }, queuedMs: 100, firstConnectedMs: 400, endedMs: 700, epoch: 1 },
      ...{ seatIds: ["s1"], wrapping: [], rating: 5, seq: 10 },
    });
  });

  test.each<[string, readonly Told[], string]>([
    [
      "an offer before the queue",
      [
        ["requested", 0],
        ["offered", 1],
      ],
      "wrong-phase",
    ],
    ["a second offer while one rings", [...begin, ["offered", 200], ["offered", 300]], "wrong-phase"],
    ["an offer out of turn", [...begin, ["offered", 200, { callEpoch: 2 }]], "stale-epoch"],
    ["an answer by another seat", [...begin, ["offered", 200], ["accepted", 300, s2]], "other-seat"],
    [
      "an answer to the offer before",
      [...begin, ["offered", 1], ["offer-expired", 2], ["offered", 3], ["accepted", 4, { callEpoch: 1 }]],
      "stale-epoch",
    ],
    ["an answer after it rang out", [...begin, ["offered", 1], ["offer-expired", 2], ["accepted", 3]], "wrong-phase"],
    ["a refusal with another seat epoch", [...begin, ["offered", 1], ["refused", 2, { seatEpoch: 7 }]], "stale-epoch"],
    ["holding before anybody talks", [...begin, ["held", 200]], "wrong-phase"],
    ["hanging up in a talk as abandoning", [...talking, ["abandoned", 500]], "wrong-phase"],
    ["a callback after the end", [...talking, ["ended", 500], ["callback-left", 600]], "wrong-phase"],
    ["two ends", [...talking, ["ended", 500], ["ended", 600]], "wrong-phase"],
    ["a rating of a call nobody answered", [...begin, ["abandoned", 200], ["rated", 300]], "wrong-phase"],
    ["two ratings", [...talking, ["rated", 500], ["rated", 600]], "already-rated"],
    [
      "a transfer to oneself",
      [...talking, ["transferred", 500, { to: { kind: "seat", ...s2, seatId: "s1" } }]],
      "other-seat",
    ],
    ["a transfer by somebody else", [...talking, ["transferred", 500, { fromSeatId: "s2" }]], "other-seat"],
    ["wrap-up of a seat that has none", [...talking, ["wrap-ended", 500]], "wrong-phase"],
    [
      "a gap in the numbers",
      [
        ["requested", 0],
        ["queued", 1, { seq: 3 }],
      ],
      "out-of-order",
    ],
    [
      "the same event twice",
      [
        ["requested", 0],
        ["queued", 1],
        ["queued", 1, { seq: 2 }],
      ],
      "out-of-order",
    ],
    ["a beginning in the midst", [["queued", 0]], "first-is-requested"],
    [
      "an event of another call",
      [
        ["requested", 0],
        ["queued", 1, { callId: "c2" }],
      ],
      "other-call",
    ],
  ])("%s is refused", (_, told, reason) => {
    expect(applied(...told)).toMatchObject({ ok: false, reason });
  });

  test("a transfer to an agent keeps the customer talking; one to the queue makes them wait again", () => {
    const toSeat = applied(...talking, ["transferred", 500, { to: { kind: "seat", ...s2 } }]);
    expect(toSeat.call).toMatchObject({
      ...{ phase: { name: "connected", seatId: "s2" }, transfers: 1, wrapping: ["s1"], seatIds: ["s1", "s2"] },
    });
    const toQueue = applied(...talking, ["transferred", 500], ["offered", 600, { seatId: "s2" }]);
    expect(toQueue.call).toMatchObject({
      phase: { name: "offered", seatId: "s2" },
      epoch: 2,
      transfers: 1,
      queuedMs: 100,
    });
  });

  test("a lost agent puts the call back into the queue with its waiting time, without wrap-up", () => {
    const lost = applied(...talking, ["interrupted", 500, { side: "seat" }], ["requeued", 600]);
    expect(lost.call).toMatchObject({ phase: { name: "queued" }, queuedMs: 100, requeues: 1, wrapping: [] });
    const back = applied(...talking, ["held", 450], ["interrupted", 500], ["rejoined", 600]);
    expect(back.call?.phase).toEqual({ name: "held", seatId: "s1" });
  });

  test("in any order, a call that is over stays over, has one seat at most, and an epoch for every offer", () => {
    const types: readonly Told[] = [
      ...talking.slice(1),
      ...([
        ["offered", 0, { seatId: "s2" }],
        ["accepted", 0, s2],
        ["connected", 0, { seatId: "s2" }],
      ] as const),
      ...(["held", "resumed", "interrupted", "rejoined", "transferred", "requeued", "abandoned", "ended"] as const).map(
        (type): Told => [type, 0],
      ),
      ...(["callback-left", "wrap-ended", "rated", "offer-expired", "refused", "step-advanced"] as const).map(
        (type): Told => [type, 0],
      ),
      ["transferred", 0, { to: { kind: "seat", ...s2 } }],
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...types), { maxLength: 80 }), (told) => {
        let call: Call | null = null;
        let offers = 0;
        const [first] = callEvents("c1", {}, ["requested", 0]);
        if (first) ({ call } = applyCallEvent(null, first));
        told.forEach((one, index) => {
          const [made] = callEvents("c1", {}, one);
          if (!call || !made) return;
          const epoch = call.epoch + (made.type === "offered" ? 1 : 0);
          const event = { ...made, seq: call.seq + 1, atMs: index, callEpoch: epoch } as CallEvent;
          const before: Call = call;
          const step = applyCallEvent(before, event);
          if (!step.ok) {
            expect(step.call).toBe(before);
            return;
          }
          ({ call } = step);
          if (event.type === "offered") offers += 1;
          expect(call.epoch).toBe(offers);
          if (isOver(before.phase)) expect(call.phase).toEqual(before.phase);
          const seatId = seatOfPhase(call.phase);
          if (call.phase.name === "connected") expect(call.seatIds).toContain(seatId);
          expect(call.endedMs !== null).toBe(isOver(call.phase));
          expect(new Set(call.seatIds).size).toBe(call.seatIds.length);
        });
      }),
      { numRuns: Math.round(500 * effort) },
    );
  });
});
