import { z } from "zod";
import { CallId, CallRequest, Epoch, GroupId, InstantMs, PinnedPolicy, SeatId, UnitPath } from "./schema.ts";

/**
 * The life of a call, as the facts that the server recorded. Everything said about a call later (its state, its row in
 * a list, statistics) is computed from these and nothing else.
 */
const base = { callId: CallId, seq: z.number().int().positive(), atMs: InstantMs };
/** Who took the call, with what they belonged to at that moment. */
const handler = { seatId: SeatId, groups: z.array(GroupId), unitPath: UnitPath };
const offer = { seatId: SeatId, callEpoch: Epoch, seatEpoch: Epoch };

export const CallEvent = z.discriminatedUnion("type", [
  z.object({ ...base, type: z.literal("requested"), request: CallRequest }),
  /** Null policy: none matched, the call waits for nobody and the installation's last resort ends it. */
  z.object({ ...base, type: z.literal("queued"), policy: PinnedPolicy.nullable(), step: z.number().int().min(0) }),
  z.object({
    ...base,
    type: z.literal("step-advanced"),
    step: z.number().int().min(0),
    overflow: z.boolean(),
  }),
  z.object({ ...base, ...offer, type: z.literal("offered"), expiresMs: InstantMs }),
  z.object({
    ...base,
    ...offer,
    type: z.literal("offer-expired"),
    /** `rang-out`: nobody answered; `seat-lost`: the seat left while it rang; `withdrawn`: taken back by the server. */
    cause: z.enum(["rang-out", "seat-lost", "withdrawn"]),
  }),
  z.object({ ...base, ...offer, type: z.literal("refused"), reason: z.string().max(200) }),
  z.object({ ...base, ...handler, type: z.literal("accepted"), callEpoch: Epoch }),
  /** Both sides hear each other for the first time with this seat. */
  z.object({ ...base, type: z.literal("connected"), seatId: SeatId }),
  z.object({ ...base, type: z.literal("held") }),
  z.object({ ...base, type: z.literal("resumed") }),
  /** One side's link broke; the call stays with its seat until it is back or the call is requeued or ended. */
  z.object({ ...base, type: z.literal("interrupted"), side: z.enum(["customer", "seat"]) }),
  z.object({ ...base, type: z.literal("rejoined") }),
  z.object({
    ...base,
    type: z.literal("transferred"),
    fromSeatId: SeatId,
    /** `seat`: the other agent has agreed and talks from now on; `queue`: the call waits again. */
    to: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("seat"), ...handler }),
      z.object({ kind: z.literal("queue") }),
    ]),
  }),
  /** Back at the head of the queue, its waiting time kept, because its seat was lost. */
  z.object({ ...base, type: z.literal("requeued"), fromSeatId: SeatId, cause: z.enum(["seat-lost", "failed"]) }),
  z.object({ ...base, type: z.literal("callback-left"), phone: z.string().max(32).nullable() }),
  z.object({ ...base, type: z.literal("message-left"), messageId: z.string().max(64).nullable() }),
  z.object({ ...base, type: z.literal("abandoned") }),
  z.object({
    ...base,
    type: z.literal("ended"),
    by: z.enum(["customer", "seat", "supervisor", "system"]),
    reason: z.enum(["done", "customer-left", "failed", "no-policy", "closed", "shutdown"]),
  }),
  z.object({ ...base, type: z.literal("wrap-ended"), seatId: SeatId }),
  z.object({ ...base, type: z.literal("rated"), score: z.number().int().min(1).max(5) }),
]);
export type CallEvent = z.infer<typeof CallEvent>;
export type CallEventType = CallEvent["type"];

export const CallPhase = z.discriminatedUnion("name", [
  z.object({ name: z.literal("requested") }),
  z.object({ name: z.literal("queued") }),
  z.object({ name: z.literal("offered"), seatId: SeatId, seatEpoch: Epoch, expiresMs: InstantMs }),
  z.object({ name: z.literal("connecting"), seatId: SeatId }),
  z.object({ name: z.literal("connected"), seatId: SeatId }),
  z.object({ name: z.literal("held"), seatId: SeatId }),
  z.object({
    name: z.literal("interrupted"),
    seatId: SeatId,
    side: z.enum(["customer", "seat"]),
    before: z.enum(["connecting", "connected", "held"]),
  }),
  z.object({ name: z.literal("callback-left") }),
  z.object({ name: z.literal("message-left") }),
  z.object({ name: z.literal("abandoned") }),
  z.object({ name: z.literal("ended") }),
]);
export type CallPhase = z.infer<typeof CallPhase>;

/** What the events of a call add up to. */
export const Call = z.object({
  callId: CallId,
  request: CallRequest,
  phase: CallPhase,
  /** Of the last event that was applied. */
  seq: z.number().int().positive(),
  atMs: InstantMs,
  requestedMs: InstantMs,
  /** First time in the queue; waiting counts from here, also after a requeue. Null before it. */
  queuedMs: InstantMs.nullable(),
  policy: PinnedPolicy.nullable(),
  step: z.number().int().min(0),
  /** Raised by every offer. */
  epoch: Epoch,
  firstConnectedMs: InstantMs.nullable(),
  endedMs: InstantMs.nullable(),
  /** Every seat that was connected, in order, each once. */
  seatIds: z.array(SeatId),
  transfers: z.number().int().min(0),
  requeues: z.number().int().min(0),
  /** Seats whose after-work of this call is not over yet. */
  wrapping: z.array(SeatId),
  rating: z.number().int().min(1).max(5).nullable(),
});
export type Call = z.infer<typeof Call>;
