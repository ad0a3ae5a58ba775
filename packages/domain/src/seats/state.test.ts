import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CallId } from "./schema.ts";
import { callOfSeat, newSeatStatus, SEAT_RULES, type SeatInput, type SeatStatus, stepSeat } from "./state.ts";

const effort = Number(process.env["GRIDHALL_EFFORT"] ?? 1);
const c1 = CallId.parse("c1");
const c2 = CallId.parse("c2");
const ready = { type: "request", to: { name: "ready" } } as const;
const meal = { type: "request", to: { name: "break", reason: "meal" } } as const;
const reserve = { type: "reserve", callId: c1, expiresMs: 20_000 } as const;
const call = <T extends string>(type: T) => ({ type, callId: c1 });

/** Inputs one second apart; the last step. */
function after(...inputs: readonly SeatInput[]) {
  let status = newSeatStatus(0);
  let nowMs = 0;
  let last: ReturnType<typeof stepSeat> = { ok: true, status };
  for (const input of inputs) {
    nowMs += 1_000;
    last = stepSeat(status, input, nowMs);
    ({ status } = last);
  }
  return last;
}
const stateAfter = (...inputs: readonly SeatInput[]) => after(...inputs).status.state;
const talking = [ready, reserve, call("accept"), call("connect")] as const;

describe("[R3] states of a seat", () => {
  test("a call goes through ringing, connecting, talking and wrap-up back to ready", () => {
    expect(stateAfter(ready)).toEqual({ name: "ready" });
    expect(stateAfter(ready, reserve)).toEqual({ name: "reserved", callId: c1, expiresMs: 20_000 });
    expect(stateAfter(ready, reserve, call("accept"))).toEqual({ name: "connecting", callId: c1 });
    expect(stateAfter(...talking)).toEqual({ name: "in-call", callId: c1 });
    expect(stateAfter(...talking, call("end"))).toEqual({
      ...{ name: "wrap-up", callId: c1, untilMs: 5_000 + SEAT_RULES.wrapUpMs, extended: false },
    });
    expect(stateAfter(...talking, call("end"), { type: "wrap-done" })).toEqual({ name: "ready" });
  });

  test("only a ready seat is reserved", () => {
    expect(after(reserve)).toMatchObject({ ok: false, reason: "not-ready" });
    expect(after(ready, reserve, { ...reserve, callId: c2 })).toMatchObject({ ok: false, reason: "not-ready" });
    expect(after(meal, reserve)).toMatchObject({ ok: false, reason: "not-ready" });
    expect(after(...talking, call("end"), reserve)).toMatchObject({ ok: false, reason: "not-ready" });
  });

  test("a break asked for while it rings or during a call is remembered and taken afterwards", () => {
    expect(after(ready, reserve, meal)).toMatchObject({ ok: false, reason: "while-reserved", remembered: true });
    expect(stateAfter(ready, reserve, meal, call("release"))).toEqual({ name: "break", reason: "meal" });
    expect(after(...talking, meal)).toMatchObject({ reason: "after-this-call", remembered: true });
    expect(stateAfter(...talking, meal, call("end"), { type: "wrap-done" })).toEqual({ name: "break", reason: "meal" });
    // Asking for ready takes it back.
    expect(stateAfter(...talking, meal, ready, call("end"), { type: "wrap-done" })).toEqual({ name: "ready" });
  });

  test("a seat that lets an offer ring out is not ready any more, until the agent says so", () => {
    expect(stateAfter(ready, reserve, call("miss"))).toEqual({ name: "missed", callId: c1 });
    expect(stateAfter(ready, reserve, call("miss"), ready)).toEqual({ name: "ready" });
  });

  test("wrap-up ends by itself, can be extended once, and is not begun for a call that never connected", () => {
    const { status } = after(...talking, call("end"));
    const endMs = 5_000 + SEAT_RULES.wrapUpMs;
    expect(stepSeat(status, { type: "due" }, endMs - 1)).toMatchObject({ ok: false, reason: "not-due" });
    expect(stepSeat(status, { type: "due" }, endMs).status.state).toEqual({ name: "ready" });
    const extended = stepSeat(status, { type: "extend-wrap" }, 6_000);
    expect(extended.status).toMatchObject({ epoch: status.epoch, sinceMs: status.sinceMs });
    expect(stepSeat(extended.status, { type: "due" }, endMs).ok).toBe(false);
    expect(stepSeat(extended.status, { type: "due" }, endMs + SEAT_RULES.wrapUpExtensionMs).ok).toBe(true);
    expect(stepSeat(extended.status, { type: "extend-wrap" }, 7_000)).toMatchObject({ reason: "already-extended" });
    expect(stateAfter(ready, reserve, call("accept"), call("end"))).toEqual({ name: "ready" });
    expect(stepSeat(status, ready, 6_000).status.state).toEqual({ name: "ready" });
  });

  test("what belongs to another call changes nothing", () => {
    for (const type of ["release", "miss", "accept"] as const)
      expect(after(ready, reserve, { type, callId: c2 })).toMatchObject({ ok: false, reason: "other-call" });
    expect(after(...talking, { type: "end", callId: c2 })).toMatchObject({ ok: false, reason: "other-call" });
  });

  test("after a fault nobody is ready before they say so", () => {
    const fail = { type: "fail", detail: "camera" } as const;
    expect(stateAfter(...talking, fail)).toEqual({ name: "fault", detail: "camera" });
    expect(stateAfter(ready, fail, { type: "recover" })).toEqual({ name: "break", reason: "other" });
    expect(stateAfter(ready, fail, ready, { type: "recover" })).toEqual({ name: "ready" });
    expect(stateAfter(...talking, meal, { type: "lose" })).toEqual({ name: "offline" });
  });

  test("idle time goes on over an offer that came to nothing, and begins anew after a call or a break", () => {
    expect(after(ready, reserve, call("release")).status.idleSinceMs).toBe(1_000);
    expect(after(...talking, call("end"), { type: "wrap-done" }).status.idleSinceMs).toBe(6_000);
    expect(after(ready, meal, ready).status.idleSinceMs).toBe(3_000);
  });

  test("whatever comes in whatever order, the epoch counts the changes and a call is only lost with the seat", () => {
    const id = fc.constantFrom(c1, c2);
    const input: fc.Arbitrary<SeatInput> = fc.oneof(
      fc.constantFrom<SeatInput>(
        ...[ready, meal, { type: "request", to: { name: "training" } } as const],
        ...[{ type: "request", to: { name: "offline" } } as const, { type: "wrap-done" } as const],
        ...[{ type: "extend-wrap" } as const, { type: "due" } as const, { type: "fail", detail: "" } as const],
        ...[{ type: "recover" } as const, { type: "lose" } as const],
      ),
      id.map((callId): SeatInput => ({ type: "reserve", callId, expiresMs: 0 })),
      fc
        .record({ type: fc.constantFrom("release", "miss", "accept", "connect", "end"), callId: id })
        .map((made) => made as SeatInput),
    );
    fc.assert(
      fc.property(fc.array(input, { maxLength: 60 }), (inputs) => {
        let status: SeatStatus = newSeatStatus(0);
        inputs.forEach((next, index) => {
          const before = status;
          const step = stepSeat(before, next, index * 10_000);
          ({ status } = step);
          const changed = status.state.name !== before.state.name || step.ok;
          expect(status.epoch - before.epoch).toBeLessThanOrEqual(1);
          if (status.state.name !== before.state.name) expect(status.epoch).toBe(before.epoch + 1);
          if (!changed) expect(status.state).toEqual(before.state);
          const lost = callOfSeat(before.state) !== null && callOfSeat(status.state) === null;
          if (lost) expect(["release", "miss", "end", "fail", "lose"]).toContain(next.type);
          expect(status.idleSinceMs !== null).toBe(["ready", "reserved"].includes(status.state.name));
          if (status.state.name === "ready" || status.state.name === "break") expect(status.next).toBeNull();
        });
      }),
      { numRuns: Math.round(500 * effort) },
    );
  });
});
