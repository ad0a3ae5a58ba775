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

/** Times of the installation, in ms. */
export interface SeatRules {
  /** After-work that every call gets by itself; 0: none. */
  readonly wrapUpMs: number;
  /** What the agent may add to it, once a call; 0: nothing. */
  readonly wrapUpExtensionMs: number;
}
export const SEAT_RULES: SeatRules = { wrapUpMs: 30_000, wrapUpExtensionMs: 60_000 };

export type SeatInput =
  /** The agent asks for a state; from `offline` this is signing in. */
  | { type: "request"; to: RequestedState }
  | { type: "reserve"; callId: CallId; expiresMs: number }
  /** The offer came to nothing and not by the seat's silence: refused, withdrawn, customer gone. */
  | { type: "release"; callId: CallId }
  /** The offer rang out. */
  | { type: "miss"; callId: CallId }
  | { type: "accept"; callId: CallId }
  | { type: "connect"; callId: CallId }
  /** The call is over for this seat: ended, transferred away or taken from it. */
  | { type: "end"; callId: CallId }
  | { type: "wrap-done" }
  | { type: "extend-wrap" }
  /** Time has passed; ends a wrap-up whose time is over. */
  | { type: "due" }
  /** The agent's equipment does not work. */
  | { type: "fail"; detail: string }
  | { type: "recover" }
  /** The agent is gone: signed out by force, or no sign of life. */
  | { type: "lose" };

export type SeatRefusal =
  /** Remembered as the requested next state. */
  | "while-reserved"
  | "after-this-call"
  | "after-wrap-up"
  | "after-the-fault"
  /** Not remembered. */
  | "not-ready"
  | "wrong-state"
  | "other-call"
  | "already-extended"
  | "not-due";

/** The status that comes with a refusal is to be stored too: it may carry the remembered request. */
export type SeatStep =
  | { readonly ok: true; readonly status: SeatStatus }
  | { readonly ok: false; readonly reason: SeatRefusal; readonly remembered: boolean; readonly status: SeatStatus };

export function newSeatStatus(nowMs: number): SeatStatus {
  return { state: { name: "offline" }, sinceMs: nowMs, epoch: 0, next: null, idleSinceMs: null };
}

/** The only way a seat changes its state. */
export function stepSeat(status: SeatStatus, input: SeatInput, nowMs: number, rules: SeatRules = SEAT_RULES): SeatStep {
  const { state } = status;
  switch (input.type) {
    case "request":
      return request(status, input.to, nowMs);
    case "reserve":
      if (state.name !== "ready") return refuse(status, "not-ready");
      return move(status, { name: "reserved", callId: input.callId, expiresMs: input.expiresMs }, nowMs);
    case "release":
    case "miss":
    case "accept":
      if (state.name !== "reserved") return refuse(status, "wrong-state");
      if (state.callId !== input.callId) return refuse(status, "other-call");
      if (input.type === "accept") return move(status, { name: "connecting", callId: state.callId }, nowMs);
      if (input.type === "release" || status.next) return settle(status, nowMs);
      return move(status, { name: "missed", callId: state.callId }, nowMs);
    case "connect":
      if (state.name !== "connecting") return refuse(status, "wrong-state");
      if (state.callId !== input.callId) return refuse(status, "other-call");
      return move(status, { name: "in-call", callId: state.callId }, nowMs);
    case "end":
      return end(status, input.callId, nowMs, rules);
    case "wrap-done":
      return state.name === "wrap-up" ? settle(status, nowMs) : refuse(status, "wrong-state");
    case "extend-wrap":
      return extendWrap(status, rules);
    case "due":
      if (state.name !== "wrap-up" || state.untilMs > nowMs) return refuse(status, "not-due");
      return settle(status, nowMs);
    case "fail":
      if (state.name === "offline" || state.name === "fault") return refuse(status, "wrong-state");
      return move(status, { name: "fault", detail: input.detail }, nowMs);
    case "recover":
      if (state.name !== "fault") return refuse(status, "wrong-state");
      // Never straight to ready: somebody has to say that they sit there again.
      return settle({ ...status, next: status.next ?? { name: "break", reason: "other" } }, nowMs);
    case "lose":
      if (state.name === "offline") return refuse(status, "wrong-state");
      return move({ ...status, next: null }, { name: "offline" }, nowMs);
    default:
      return input satisfies never;
  }
}

/** The call that occupies the seat; null where it has none. Wrap-up occupies no call any more. */
export function callOfSeat(state: SeatState): CallId | null {
  return state.name === "reserved" || state.name === "connecting" || state.name === "in-call" ? state.callId : null;
}

function request(status: SeatStatus, to: RequestedState, nowMs: number): SeatStep {
  switch (status.state.name) {
    case "reserved":
      return remember(status, to, "while-reserved");
    case "connecting":
    case "in-call":
      return remember(status, to, "after-this-call");
    case "wrap-up":
      // Asking for ready says that the after-work is done; anything else is for when it is.
      return to.name === "ready" ? settle({ ...status, next: null }, nowMs) : remember(status, to, "after-wrap-up");
    case "fault":
      if (to.name === "offline") return move({ ...status, next: null }, { name: "offline" }, nowMs);
      return remember(status, to, "after-the-fault");
    case "ready":
    case "offline":
      if (to.name === status.state.name) return { ok: true, status };
      return move(status, to, nowMs);
    case "break":
    case "training":
    case "missed":
      return move(status, to, nowMs);
    default:
      return status.state satisfies never;
  }
}

/** Asking for ready during a call only takes back what was asked before: ready follows by itself. */
function remember(status: SeatStatus, to: RequestedState, reason: SeatRefusal): SeatStep {
  if (to.name === "ready" && reason !== "after-the-fault") return { ok: true, status: { ...status, next: null } };
  return { ok: false, reason, remembered: true, status: { ...status, next: to } };
}

function end(status: SeatStatus, callId: CallId, nowMs: number, rules: SeatRules): SeatStep {
  const { state } = status;
  if (state.name !== "connecting" && state.name !== "in-call") return refuse(status, "wrong-state");
  if (state.callId !== callId) return refuse(status, "other-call");
  // Nobody was spoken to, so there is nothing to write down.
  if (state.name === "connecting" || rules.wrapUpMs === 0) return settle(status, nowMs);
  return move(status, { name: "wrap-up", callId, untilMs: nowMs + rules.wrapUpMs, extended: false }, nowMs);
}

function extendWrap(status: SeatStatus, rules: SeatRules): SeatStep {
  const { state } = status;
  if (state.name !== "wrap-up") return refuse(status, "wrong-state");
  if (state.extended || rules.wrapUpExtensionMs === 0) return refuse(status, "already-extended");
  const untilMs = state.untilMs + rules.wrapUpExtensionMs;
  // The same stay in the same state: neither its beginning nor its epoch changes.
  return { ok: true, status: { ...status, state: { ...state, untilMs, extended: true } } };
}

/** To what was asked for meanwhile, else to ready. */
function settle(status: SeatStatus, nowMs: number): SeatStep {
  return move({ ...status, next: null }, status.next ?? { name: "ready" }, nowMs);
}

function refuse(status: SeatStatus, reason: SeatRefusal): SeatStep {
  return { ok: false, reason, remembered: false, status };
}

function move(status: SeatStatus, state: SeatState, nowMs: number): SeatStep {
  const keepsIdle = status.state.name === "ready" || status.state.name === "reserved";
  const idle = state.name === "ready" || state.name === "reserved";
  return {
    ok: true,
    status: {
      ...status,
      state,
      sinceMs: nowMs,
      epoch: status.epoch + 1,
      idleSinceMs: idle ? ((keepsIdle ? status.idleSinceMs : null) ?? nowMs) : null,
    },
  };
}
