import { z } from "zod";
import { CallId, Epoch, GroupId, InstantMs, SeatId, UnitPath } from "./schema.ts";

/**
 * What an agent is doing. Only a `ready` seat is offered calls. `missed` is where a seat goes by itself when it let an
 * offer ring out: nobody seems to sit there, so nothing more is offered until the agent says ready again.
 */
export const BreakReason = z.enum(["rest", "meal", "meeting", "personal", "other"]);
export type BreakReason = z.infer<typeof BreakReason>;

export const SeatState = z.discriminatedUnion("name", [
  z.object({ name: z.literal("offline") }),
  z.object({ name: z.literal("ready") }),
  z.object({ name: z.literal("reserved"), callId: CallId, expiresMs: InstantMs }),
  z.object({ name: z.literal("connecting"), callId: CallId }),
  z.object({ name: z.literal("in-call"), callId: CallId }),
  z.object({ name: z.literal("wrap-up"), callId: CallId, untilMs: InstantMs, extended: z.boolean() }),
  z.object({ name: z.literal("break"), reason: BreakReason }),
  z.object({ name: z.literal("training") }),
  z.object({ name: z.literal("missed"), callId: CallId }),
  z.object({ name: z.literal("fault"), detail: z.string().max(200) }),
]);
export type SeatState = z.infer<typeof SeatState>;
export type SeatStateName = SeatState["name"];

export const SEAT_STATES: Record<SeatStateName, { zh: string; en: string }> = {
  offline: { zh: "离线", en: "Offline" },
  ready: { zh: "就绪", en: "Ready" },
  reserved: { zh: "振铃中", en: "Ringing" },
  connecting: { zh: "接通中", en: "Connecting" },
  "in-call": { zh: "通话中", en: "In a call" },
  "wrap-up": { zh: "话后整理", en: "Wrap-up" },
  break: { zh: "小休", en: "On a break" },
  training: { zh: "培训", en: "Training" },
  missed: { zh: "未应答", en: "Missed a call" },
  fault: { zh: "故障", en: "Fault" },
};

/** What an agent may ask for; while a call is at hand it is remembered and takes effect after it. */
export const RequestedState = z.discriminatedUnion("name", [
  z.object({ name: z.literal("ready") }),
  z.object({ name: z.literal("break"), reason: BreakReason }),
  z.object({ name: z.literal("training") }),
  z.object({ name: z.literal("offline") }),
]);
export type RequestedState = z.infer<typeof RequestedState>;

export const SeatStatus = z.object({
  state: SeatState,
  sinceMs: InstantMs,
  /** Raised by one with every change of `state`. */
  epoch: Epoch,
  /** Asked for, not yet possible. */
  next: RequestedState.nullable(),
  /** Since when the seat is free for calls; an offer that came to nothing does not reset it. Null unless ready or reserved. */
  idleSinceMs: InstantMs.nullable(),
});
export type SeatStatus = z.infer<typeof SeatStatus>;

/** One change of a seat's state, as stored: statistics of time are computed from these alone. */
export const SeatEvent = z.object({
  seatId: SeatId,
  seq: z.number().int().positive(),
  atMs: InstantMs,
  state: SeatState,
  /** As they were then: a later change of group or unit does not change the past. */
  groups: z.array(GroupId),
  unitPath: UnitPath,
});
export type SeatEvent = z.infer<typeof SeatEvent>;
