import type { CallId, SeatId } from "../seats/schema.ts";
import { newSeatStatus, SEAT_RULES, type SeatInput, type SeatRules, stepSeat } from "../seats/state.ts";
import type { RoutingCalendar } from "./calendar.ts";
import { type QueuedCall, ROUTER_SETTINGS, type RouterSettings } from "./call.ts";
import type { RoutingDecision } from "./decision.ts";
import { EventQueue } from "./eventQueue.ts";
import type { Ending, RoutingPolicy } from "./policy.ts";
import { createRouter, type Router } from "./router.ts";
import type { Seat } from "./seat.ts";

/** A call of the past, as another set of policies is to route it again. */
export interface PastCall {
  readonly call: Pick<QueuedCall, "callId" | "request" | "lastAgent">;
  readonly queuedMs: number;
  /** Waits so long before hanging up; null: as long as it takes. Known of calls that were abandoned only. */
  readonly patienceMs: number | null;
  /** From being connected to the end. */
  readonly talkMs: number;
  /** From the offer until the agent answers; null: the agent lets it ring out. */
  readonly answerMs: number | null;
  /** Part of the wrap-up that was used; null: all of it. */
  readonly wrapMs: number | null;
}

/** What a seat did by itself: signing in and out, breaks, training. Calls are what the replay decides. */
export interface SeatMove {
  readonly atMs: number;
  readonly seatId: SeatId;
  readonly input: Extract<SeatInput, { type: "request" | "lose" | "fail" | "recover" }>;
}

export interface SeatTimeline {
  readonly seats: readonly Omit<Seat, "status" | "signedInMs" | "busyMs" | "lastOfferedMs">[];
  /** In order of time. */
  readonly moves: readonly SeatMove[];
}

export interface ReplayedCall {
  readonly callId: CallId;
  readonly policy: { readonly policyId: string; readonly version: number } | null;
  readonly outcome: "answered" | "abandoned" | Exclude<Ending, "keep-waiting"> | "still-waiting";
  readonly seatId: SeatId | null;
  /** Until answered, abandoned, ended, or the end of the replay. */
  readonly waitMs: number;
  readonly offers: number;
  readonly lastStep: number;
}

export interface Replay {
  /** In order of queueing. */
  readonly calls: readonly ReplayedCall[];
  readonly busyMs: ReadonlyMap<SeatId, number>;
}

export interface ReplayOptions {
  readonly calendar: RoutingCalendar;
  readonly settings?: RouterSettings;
  readonly seatRules?: SeatRules;
  /** The replay goes on until then at most; calls that still wait are told as such. */
  readonly untilMs: number;
}

interface Progress {
  readonly past: PastCall;
  policy: ReplayedCall["policy"];
  outcome: ReplayedCall["outcome"];
  seatId: SeatId | null;
  endMs: number | null;
  offers: number;
  lastStep: number;
}

/**
 * What a set of policies would have done with the calls of the past: the real router in a simulated time, without
 * randomness. The result is as good as its inputs: how long a customer who was answered would have waited is not known.
 */
export function replay(
  pastCalls: readonly PastCall[],
  policies: readonly RoutingPolicy[],
  timeline: SeatTimeline,
  { calendar, settings = ROUTER_SETTINGS, seatRules = SEAT_RULES, untilMs }: ReplayOptions,
): Replay {
  const router: Router = createRouter({ calendar, settings });
  const seats = new Map<SeatId, Seat>();
  const calls = new Map<CallId, Progress>();
  const events = new EventQueue<() => void>();
  let nowMs = Math.min(untilMs, pastCalls[0]?.queuedMs ?? untilMs, timeline.moves[0]?.atMs ?? untilMs);

  const hear = (decisions: readonly RoutingDecision[]): void => decisions.forEach(obey);

  function moveSeat(seatId: SeatId, input: SeatInput): void {
    const seat = seats.get(seatId);
    if (!seat) return;
    const before = seat.status;
    const { status } = stepSeat(before, input, nowMs, seatRules);
    if (status === before) return;
    const isOffline = status.state.name === "offline";
    const wasBusy = before.state.name === "in-call" || before.state.name === "wrap-up";
    const spentMs = wasBusy && status.epoch !== before.epoch ? nowMs - before.sinceMs : 0;
    const signedInMs = isOffline ? null : (seat.signedInMs ?? nowMs);
    store({ ...seat, status, signedInMs, busyMs: seat.busyMs + spentMs });
    if (status.state.name !== "wrap-up") return;
    const { callId, untilMs: wrapUntilMs } = status.state;
    const used = calls.get(callId)?.past.wrapMs ?? null;
    events.push(used === null ? wrapUntilMs : Math.min(wrapUntilMs, nowMs + used), () => {
      const { state } = seats.get(seatId)?.status ?? {};
      if (state?.name === "wrap-up" && state.callId === callId) moveSeat(seatId, { type: "wrap-done" });
    });
  }

  function store(seat: Seat): void {
    seats.set(seat.seatId, seat);
    hear(router.handle({ type: "seat-changed", atMs: nowMs, seat }));
  }

  function note(seatId: SeatId, of: Partial<Seat>): void {
    const seat = seats.get(seatId);
    if (seat) seats.set(seatId, { ...seat, ...of });
  }

  function obey(decision: RoutingDecision): void {
    if (decision.type === "refused") return;
    const call = calls.get(decision.callId);
    if (!call) return;
    switch (decision.type) {
      case "pinned":
        call.policy = decision.policy;
        return;
      case "offer": {
        call.offers += 1;
        note(decision.seatId, { status: decision.seat, lastOfferedMs: nowMs });
        const { answerMs } = call.past;
        if (answerMs !== null)
          events.push(nowMs + answerMs, () => {
            const { callId, seatId, callEpoch, seatEpoch } = decision;
            hear(router.handle({ type: "offer-accepted", atMs: nowMs, callId, seatId, callEpoch, seatEpoch }));
          });
        return;
      }
      case "offer-over":
        if (decision.seat) note(decision.seatId, { status: decision.seat });
        return;
      case "accepted":
        note(decision.seatId, { status: decision.seat });
        return connect(call, decision.callId, decision.seatId);
      case "step-advanced":
      case "overflow":
        call.lastStep = decision.step;
        return;
      case "end-with":
        return finish(call, decision.ending, null);
      case "requeued":
        return;
      default:
        return decision satisfies never;
    }
  }

  function connect(call: Progress, callId: CallId, seatId: SeatId): void {
    finish(call, "answered", seatId);
    moveSeat(seatId, { type: "connect", callId });
    events.push(nowMs + call.past.talkMs, () => {
      hear(router.handle({ type: "call-ended", atMs: nowMs, callId }));
      moveSeat(seatId, { type: "end", callId });
    });
  }

  function finish(call: Progress, outcome: Progress["outcome"], seatId: SeatId | null): void {
    Object.assign(call, { outcome, seatId, endMs: nowMs });
  }

  function arrive(past: PastCall): void {
    const { callId } = past.call;
    const call: Progress = {
      ...{ past, policy: null, outcome: "still-waiting", seatId: null, endMs: null, offers: 0, lastStep: 0 },
    };
    calls.set(callId, call);
    const queued: QueuedCall = {
      ...past.call,
      ...{ epoch: 0, waitingSinceMs: past.queuedMs, requeued: false, target: null },
    };
    if (past.patienceMs !== null)
      events.push(past.queuedMs + past.patienceMs, () => {
        if (call.outcome !== "still-waiting") return;
        finish(call, "abandoned", null);
        hear(router.handle({ type: "call-abandoned", atMs: nowMs, callId }));
      });
    hear(router.handle({ type: "call-queued", atMs: nowMs, call: queued }));
  }

  router.handle({ type: "policies-changed", atMs: nowMs, policies });
  for (const seat of timeline.seats)
    store({ ...seat, status: newSeatStatus(nowMs), signedInMs: null, busyMs: 0, lastOfferedMs: null });
  for (const { atMs, seatId, input } of timeline.moves) events.push(atMs, () => moveSeat(seatId, input));
  for (const past of pastCalls) events.push(past.queuedMs, () => arrive(past));

  for (;;) {
    const next = events.nextMs;
    const due = router.nextDueMs();
    const atMs = Math.min(next ?? Number.POSITIVE_INFINITY, due ?? Number.POSITIVE_INFINITY);
    if (atMs > untilMs) break;
    nowMs = Math.max(nowMs, atMs);
    // What has run out at an instant has run out before anything else happens at it.
    if (due !== null && due <= nowMs) hear(router.handle({ type: "tick", atMs: nowMs }));
    else events.take()?.();
  }
  return {
    calls: [...calls].map(([callId, call]) => ({
      ...{ callId, policy: call.policy, outcome: call.outcome, seatId: call.seatId, offers: call.offers },
      ...{ waitMs: (call.endMs ?? untilMs) - call.past.queuedMs, lastStep: call.lastStep },
    })),
    busyMs: new Map([...seats].map(([seatId, seat]) => [seatId, seat.busyMs])),
  };
}
