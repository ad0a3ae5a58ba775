import { z } from "zod";
import { CallId, CallRequest, Epoch, GroupId, InstantMs, PinnedPolicy, SeatId } from "../seats/schema.ts";

/** Where a call is, for routing: in the queue, ringing at a seat, or taken by one. */
export const RoutedPlace = z.discriminatedUnion("name", [
  z.object({ name: z.literal("waiting") }),
  z.object({ name: z.literal("offered"), seatId: SeatId, seatEpoch: Epoch, expiresMs: InstantMs }),
  z.object({ name: z.literal("taken"), seatId: SeatId, sinceMs: InstantMs }),
]);
export type RoutedPlace = z.infer<typeof RoutedPlace>;

/** Whom a call was transferred to: it goes to nobody else, whatever its policy says of seats. The steps' times hold. */
export const Target = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("seat"), seatId: SeatId }),
  z.object({ kind: z.literal("group"), groupId: GroupId }),
]);
export type Target = z.infer<typeof Target>;

/** A call that asks for a seat. */
export const QueuedCall = z.object({
  callId: CallId,
  request: CallRequest,
  /** Number of offers made so far; an answer must carry that of the open one. */
  epoch: Epoch,
  /** Since when the customer waits. */
  waitingSinceMs: InstantMs,
  /** The agent who helped this customer last, and when that ended. */
  lastAgent: z.object({ seatId: SeatId, atMs: InstantMs }).nullable(),
  /** Goes before all that are not: its seat was lost or handed it on, and the customer has waited once already. */
  requeued: z.boolean(),
  target: Target.nullable(),
});
export type QueuedCall = z.infer<typeof QueuedCall>;

/** A call in the router, as a row: with these the router can be built again. */
export const RoutedCall = QueuedCall.extend({
  policy: PinnedPolicy,
  step: z.number().int().min(0),
  stepSinceMs: InstantMs,
  refusals: z.array(z.object({ seatId: SeatId, atMs: InstantMs })),
  place: RoutedPlace,
});
export type RoutedCall = z.infer<typeof RoutedCall>;

export interface RouterSettings {
  /** Waiting this long weighs as much as one level of priority: priority is a head start, and nobody starves. */
  readonly ageingMsPerPriority: number;
  /** How long a call is not offered again to a seat that refused it. */
  readonly refusalMs: number;
  /** Mean time a seat needs for a call with its wrap-up, until the router has seen some. */
  readonly assumedHandleMs: number;
  /** What happens to a call that no policy matches. */
  readonly withoutPolicy: "callback" | "message" | "choice";
}
export const ROUTER_SETTINGS: RouterSettings = {
  ageingMsPerPriority: 60_000,
  refusalMs: 120_000,
  assumedHandleMs: 240_000,
  withoutPolicy: "message",
};

/** Priority together with what waiting has added to it. */
export function agedPriority(
  call: Pick<QueuedCall, "request" | "waitingSinceMs">,
  nowMs: number,
  settings: RouterSettings,
): number {
  return call.request.priority + (nowMs - call.waitingSinceMs) / settings.ageingMsPerPriority;
}

/**
 * The order of the queue: requeued calls, then by aged priority, then by time, then by id. All age at one rate, so the
 * order of two calls never changes while they wait and nothing has to be sorted again as time passes.
 */
export function compareCalls(a: QueuedCall, b: QueuedCall, settings: RouterSettings): number {
  if (a.requeued !== b.requeued) return a.requeued ? -1 : 1;
  const headStart = (call: QueuedCall) => call.waitingSinceMs - call.request.priority * settings.ageingMsPerPriority;
  return (
    headStart(a) - headStart(b) ||
    a.waitingSinceMs - b.waitingSinceMs ||
    (a.callId < b.callId ? -1 : a.callId > b.callId ? 1 : 0)
  );
}
