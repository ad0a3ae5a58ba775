import { request } from "../../routing/testing/builders.ts";
import { CallEvent } from "../call.ts";
import type { CallRequest } from "../schema.ts";

/** A call event as a test writes it: `[type, atMs, rest]`; the numbers follow from the order. */
export type Told = readonly [type: CallEvent["type"], atMs: number, rest?: Record<string, unknown>];

/** The events of one call. Offers get their epochs by themselves. */
export function callEvents(callId: string, of: Partial<CallRequest>, ...told: readonly Told[]): CallEvent[] {
  let callEpoch = 0;
  return told.map(([type, atMs, rest = {}], index) => {
    if (type === "offered") callEpoch += 1;
    return CallEvent.parse({
      ...{ callId, seq: index + 1, atMs, type, callEpoch, seatEpoch: 1, ...defaults[type] },
      ...(type === "requested" ? { request: { ...request(), ...of } } : {}),
      ...rest,
    });
  });
}

const seat = { seatId: "s1", groups: ["day"], unitPath: "p.a" };
const defaults: Partial<Record<CallEvent["type"], Record<string, unknown>>> = {
  queued: { policy: { policyId: "plain", version: 1 }, step: 0 },
  "step-advanced": { step: 1, overflow: false },
  offered: { seatId: "s1", expiresMs: 99_000 },
  "offer-expired": { seatId: "s1", cause: "rang-out" },
  refused: { seatId: "s1", reason: "" },
  accepted: seat,
  connected: { seatId: "s1" },
  interrupted: { side: "customer" },
  transferred: { fromSeatId: "s1", to: { kind: "queue" } },
  requeued: { fromSeatId: "s1", cause: "seat-lost" },
  "callback-left": { phone: null },
  "message-left": { messageId: null },
  ended: { by: "customer", reason: "done" },
  "wrap-ended": { seatId: "s1" },
  rated: { score: 5 },
};
