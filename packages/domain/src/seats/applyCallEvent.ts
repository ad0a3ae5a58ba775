import type { Call, CallEvent, CallPhase } from "./call.ts";
import type { SeatId } from "./schema.ts";

export type CallRefusal =
  | "first-is-requested"
  /** An event is missing before this one, or it was applied already. */
  | "out-of-order"
  | "other-call"
  | "wrong-phase"
  /** The offer that this answers is not the open one. */
  | "stale-epoch"
  | "other-seat"
  | "already-rated";

export type CallStep =
  | { readonly ok: true; readonly call: Call }
  | { readonly ok: false; readonly reason: CallRefusal; readonly call: Call | null };

type Next = Partial<Omit<Call, "callId" | "request" | "seq" | "atMs">> | CallRefusal;

/** The call after one more event; a refusal leaves it as it was. Null before its first event. */
export function applyCallEvent(call: Call | null, event: CallEvent): CallStep {
  if (!call) return event.type === "requested" && event.seq === 1 ? open(event) : no(null, "first-is-requested");
  if (event.callId !== call.callId) return no(call, "other-call");
  if (event.seq !== call.seq + 1) return no(call, "out-of-order");
  const next = after(call, event);
  if (typeof next === "string") return no(call, next);
  return { ok: true, call: { ...call, ...next, seq: event.seq, atMs: event.atMs } };
}

function no(call: Call | null, reason: CallRefusal): CallStep {
  return { ok: false, reason, call };
}

function open(event: Extract<CallEvent, { type: "requested" }>): CallStep {
  const { callId, seq, atMs, request } = event;
  return {
    ok: true,
    call: {
      ...{ callId, request, seq, atMs, requestedMs: atMs },
      phase: { name: "requested" },
      ...{ queuedMs: null, policy: null, step: 0, epoch: 0, firstConnectedMs: null, endedMs: null },
      ...{ seatIds: [], transfers: 0, requeues: 0, wrapping: [], rating: null },
    },
  };
}

/** The seat that talks or is about to; null while nobody has the call. */
export function seatOfPhase(phase: CallPhase): SeatId | null {
  switch (phase.name) {
    case "connecting":
    case "connected":
    case "held":
    case "interrupted":
      return phase.seatId;
    case "requested":
    case "queued":
    case "offered":
    case "callback-left":
    case "message-left":
    case "abandoned":
    case "ended":
      return null;
    default:
      return phase satisfies never;
  }
}

export function isOver(phase: CallPhase): boolean {
  return ["callback-left", "message-left", "abandoned", "ended"].includes(phase.name);
}

const isWaiting = (phase: CallPhase): boolean => phase.name === "queued" || phase.name === "offered";

function after(call: Call, event: CallEvent): Next {
  const { phase } = call;
  switch (event.type) {
    case "requested":
      return "out-of-order";
    case "queued":
      if (phase.name !== "requested") return "wrong-phase";
      return { phase: { name: "queued" }, queuedMs: event.atMs, policy: event.policy, step: event.step };
    case "step-advanced":
      return isWaiting(phase) ? { step: event.step } : "wrong-phase";
    case "offered":
      if (phase.name !== "queued") return "wrong-phase";
      if (event.callEpoch !== call.epoch + 1) return "stale-epoch";
      return {
        phase: { name: "offered", seatId: event.seatId, seatEpoch: event.seatEpoch, expiresMs: event.expiresMs },
        epoch: event.callEpoch,
      };
    case "offer-expired":
    case "refused":
      return answers(call, event, event.seatEpoch) ?? { phase: { name: "queued" } };
    case "accepted":
      return answers(call, event, null) ?? { phase: { name: "connecting", seatId: event.seatId } };
    case "connected":
    case "held":
    case "resumed":
    case "interrupted":
    case "rejoined":
    case "transferred":
    case "requeued":
      return duringCall(call, event);
    case "callback-left":
    case "message-left":
      return isWaiting(phase) || phase.name === "requested"
        ? { phase: { name: event.type }, endedMs: event.atMs }
        : "wrong-phase";
    case "abandoned":
      return isOver(phase) || isTalking(phase) ? "wrong-phase" : { phase: { name: "abandoned" }, endedMs: event.atMs };
    case "ended":
      if (isOver(phase)) return "wrong-phase";
      return { phase: { name: "ended" }, endedMs: event.atMs, wrapping: withWrap(call, talkingSeat(phase)) };
    case "wrap-ended":
      if (!call.wrapping.includes(event.seatId)) return "wrong-phase";
      return { wrapping: call.wrapping.filter((seatId) => seatId !== event.seatId) };
    case "rated":
      if (call.firstConnectedMs === null) return "wrong-phase";
      return call.rating === null ? { rating: event.score } : "already-rated";
    default:
      return event satisfies never;
  }
}

/** Does it answer the offer that is open? Null: yes. */
function answers(
  call: Call,
  answer: { readonly seatId: SeatId; readonly callEpoch: number },
  seatEpoch: number | null,
): CallRefusal | null {
  if (call.phase.name !== "offered") return answer.callEpoch < call.epoch ? "stale-epoch" : "wrong-phase";
  if (answer.callEpoch !== call.epoch) return "stale-epoch";
  if (call.phase.seatId !== answer.seatId) return "other-seat";
  return seatEpoch !== null && seatEpoch !== call.phase.seatEpoch ? "stale-epoch" : null;
}

/** Has the customer spoken with the seat of this phase? */
function isTalking(phase: CallPhase): boolean {
  return talkingSeat(phase) !== null;
}

function talkingSeat(phase: CallPhase): SeatId | null {
  if (phase.name === "connected" || phase.name === "held") return phase.seatId;
  return phase.name === "interrupted" && phase.before !== "connecting" ? phase.seatId : null;
}

function withWrap(call: Call, seatId: SeatId | null): SeatId[] {
  return seatId === null || call.wrapping.includes(seatId) ? call.wrapping : [...call.wrapping, seatId];
}

type DuringCall = Extract<
  CallEvent,
  { type: "connected" | "held" | "resumed" | "interrupted" | "rejoined" | "transferred" | "requeued" }
>;

function duringCall(call: Call, event: DuringCall): Next {
  const { phase } = call;
  const seatId = seatOfPhase(phase);
  if (seatId === null) return "wrong-phase";
  switch (event.type) {
    case "connected":
      if (phase.name !== "connecting") return "wrong-phase";
      return event.seatId === seatId ? talksWith(call, seatId, event.atMs) : "other-seat";
    case "held":
      return phase.name === "connected" ? { phase: { name: "held", seatId } } : "wrong-phase";
    case "resumed":
      return phase.name === "held" ? { phase: { name: "connected", seatId } } : "wrong-phase";
    case "interrupted":
      if (phase.name !== "connecting" && phase.name !== "connected" && phase.name !== "held") return "wrong-phase";
      return { phase: { name: "interrupted", seatId, side: event.side, before: phase.name } };
    case "rejoined":
      return phase.name === "interrupted" ? { phase: { name: phase.before, seatId } } : "wrong-phase";
    case "transferred": {
      if (!isTalking(phase)) return "wrong-phase";
      if (event.fromSeatId !== seatId) return "other-seat";
      const moved = { wrapping: withWrap(call, seatId), transfers: call.transfers + 1 };
      if (event.to.kind === "queue") return { ...moved, phase: { name: "queued" } };
      if (event.to.seatId === seatId) return "other-seat";
      return { ...moved, ...talksWith(call, event.to.seatId, event.atMs) };
    }
    case "requeued":
      if (event.fromSeatId !== seatId) return "other-seat";
      // A lost seat is not there to write anything down.
      return {
        phase: { name: "queued" },
        requeues: call.requeues + 1,
        wrapping: withWrap(call, event.cause === "seat-lost" ? null : talkingSeat(phase)),
      };
    default:
      return event satisfies never;
  }
}

function talksWith(call: Call, seatId: SeatId, atMs: number): Exclude<Next, string> {
  return {
    phase: { name: "connected", seatId },
    firstConnectedMs: call.firstConnectedMs ?? atMs,
    seatIds: call.seatIds.includes(seatId) ? call.seatIds : [...call.seatIds, seatId],
  };
}
