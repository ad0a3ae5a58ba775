import { CallId, CallRequest, GroupId, PolicyId, SeatId } from "../../seats/schema.ts";
import { newSeatStatus } from "../../seats/state.ts";
import type { QueuedCall } from "../call.ts";
import { type Match, RoutingPolicy, Step } from "../policy.ts";
import type { Seat } from "../seat.ts";
import type { z } from "zod";

/** Short ways to write policies, seats and calls in tests; what is not said is as plain as can be. */

export function step(of: Partial<z.input<typeof Step>> = {}): Step {
  return Step.parse({ ringMs: 20_000, expiryMs: 60_000, ...of });
}

export function policy(of: Partial<Omit<z.input<typeof RoutingPolicy>, "match">> & { match?: z.input<typeof Match> }) {
  const policyId = of.policyId ?? PolicyId.parse("plain");
  return RoutingPolicy.parse({
    ...{ policyId, version: 1, title: { zh: policyId, en: policyId }, priority: 50, validFromMs: 0 },
    ...{ validUntilMs: null, match: {}, steps: [step({ expiryMs: null })], ending: "keep-waiting" },
    ...of,
  });
}

export function seat(seatId: string, of: Partial<Seat> & { ready?: number } = {}): Seat {
  const { ready, ...rest } = of;
  const idle = ready === undefined ? {} : { state: { name: "ready" as const }, sinceMs: ready, idleSinceMs: ready };
  return {
    ...{ seatId: SeatId.parse(seatId), unitPath: "p", groups: [], skills: {}, signedInMs: ready ?? null },
    ...{ busyMs: 0, lastOfferedMs: null, status: { ...newSeatStatus(0), ...idle } },
    ...rest,
  };
}

export function request(of: Partial<z.input<typeof CallRequest>> = {}): CallRequest {
  return CallRequest.parse({
    ...{ deviceId: null, hallId: null, unitPath: "p", service: null, customerClass: "residential", priority: 0 },
    ...{ customerKey: "somebody", ...of },
  });
}

export function queuedCall(callId: string, waitingSinceMs: number, of: Partial<QueuedCall> = {}): QueuedCall {
  return {
    ...{ callId: CallId.parse(callId), request: request(), epoch: 0, waitingSinceMs },
    ...{ lastAgent: null, requeued: false, target: null, ...of },
  };
}

export const seatIdOf = (text: string): SeatId => SeatId.parse(text);
export const callIdOf = (text: string): CallId => CallId.parse(text);
export const groupIdOf = (text: string): GroupId => GroupId.parse(text);
