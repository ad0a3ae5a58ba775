import { SHANGHAI } from "@gridhall/domain/routing/calendar.ts";
import type { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import { type PastCall, replay, type SeatMove } from "@gridhall/domain/routing/replay.ts";
import type { CallEvent } from "@gridhall/domain/seats/call.ts";
import type { SeatEvent } from "@gridhall/domain/seats/state.ts";
import type { ReplayReport } from "@gridhall/domain/seats/reports.ts";
import type { Tx } from "../db/database.ts";
import { callEventsIn, seatEventsIn } from "./eventStore.ts";
import { listSeats, toSeat } from "./seatStore.ts";

interface Past extends PastCall {
  outcome: "answered" | "abandoned" | "callback" | "message" | "still-waiting";
  seatId: string | null;
  waitMs: number;
}

/**
 * The calls of a period, routed again. Those who were answered would have lost patience too: they get the longest
 * patience that somebody of the period showed, so that a worse policy is not made to look harmless.
 */
export async function replayPast(
  tx: Tx,
  query: { fromMs: number; untilMs: number; policies: readonly RoutingPolicy[] },
): Promise<ReplayReport> {
  const { fromMs, untilMs, policies } = query;
  const calls = pastCalls(await callEventsIn(tx, fromMs, untilMs), fromMs, untilMs);
  const shown = calls.flatMap((call) => (call.outcome === "abandoned" ? [call.waitMs] : []));
  const assumedPatienceMs = shown.length > 0 ? Math.max(...shown) : null;
  const seats = (await listSeats(tx)).map(toSeat);
  const result = replay(
    calls.map((call) => ({ ...call, patienceMs: call.patienceMs ?? assumedPatienceMs })),
    policies,
    { seats, moves: movesOf(await seatEventsIn(tx, fromMs, untilMs), fromMs) },
    { calendar: SHANGHAI, untilMs },
  );
  const after = new Map(result.calls.map((call) => [call.callId as string, call]));
  return {
    before: sideOf(calls),
    after: sideOf(result.calls),
    calls: calls.map((call) => {
      const other = after.get(call.call.callId);
      return {
        callId: call.call.callId,
        queuedMs: call.queuedMs,
        before: { outcome: call.outcome, seatId: call.seatId, waitMs: call.waitMs },
        after: {
          outcome: other?.outcome ?? "still-waiting",
          seatId: other?.seatId ?? null,
          waitMs: other?.waitMs ?? 0,
          policyId: other?.policy?.policyId ?? null,
        },
      };
    }),
    assumedPatienceMs,
  };
}

function sideOf(calls: readonly { outcome: string; waitMs: number }[]): ReplayReport["before"] {
  const answered = calls.filter((call) => call.outcome === "answered");
  const mean = answered.reduce((sum, call) => sum + call.waitMs, 0) / answered.length;
  return {
    calls: calls.length,
    answered: answered.length,
    abandoned: calls.filter((call) => call.outcome === "abandoned").length,
    ended: calls.filter((call) => ["callback", "message", "choice"].includes(call.outcome)).length,
    meanWaitMs: answered.length > 0 ? Math.round(mean) : null,
    within20s: calls.length > 0 ? answered.filter((call) => call.waitMs <= 20_000).length / calls.length : null,
  };
}

function pastCalls(events: readonly CallEvent[], fromMs: number, untilMs: number): Past[] {
  const byCall = Map.groupBy(events, (event) => event.callId);
  const past: Past[] = [];
  for (const [callId, own] of byCall) {
    const requested = own.find((event) => event.type === "requested");
    const queued = own.find((event) => event.type === "queued");
    if (requested?.type !== "requested" || !queued || queued.atMs < fromMs || queued.atMs >= untilMs) continue;
    const connected = own.find((event) => event.type === "connected");
    const over = own.find((event) => ["abandoned", "ended", "callback-left", "message-left"].includes(event.type));
    const offered = own.find((event) => event.type === "offered");
    const accepted = own.find((event) => event.type === "accepted");
    const waitMs = Math.max(0, (connected?.atMs ?? over?.atMs ?? untilMs) - queued.atMs);
    const outcome = connected ? "answered" : outcomeOf(over?.type);
    past.push({
      call: { callId, request: requested.request, lastAgent: null },
      queuedMs: queued.atMs,
      patienceMs: outcome === "abandoned" ? waitMs : null,
      talkMs: connected ? Math.max(1_000, (over?.atMs ?? untilMs) - connected.atMs) : 180_000,
      answerMs: offered && accepted ? Math.max(0, accepted.atMs - offered.atMs) : 4_000,
      wrapMs: null,
      outcome,
      seatId: connected?.type === "connected" ? connected.seatId : null,
      waitMs,
    });
  }
  return past.toSorted((a, b) => a.queuedMs - b.queuedMs || (a.call.callId < b.call.callId ? -1 : 1));
}

function outcomeOf(type: string | undefined): Past["outcome"] {
  switch (type) {
    case "abandoned":
      return "abandoned";
    case "callback-left":
      return "callback";
    case "message-left":
      return "message";
    case "ended":
      return "message";
    default:
      return "still-waiting";
  }
}

/** What agents did by themselves: coming, breaks, training, going. States that calls brought are what the replay decides. */
function movesOf(events: readonly SeatEvent[], fromMs: number): SeatMove[] {
  const moves: SeatMove[] = [];
  for (const event of events) {
    const { state, seatId } = event;
    const atMs = Math.max(event.atMs, fromMs);
    switch (state.name) {
      case "ready":
        moves.push({ atMs, seatId, input: { type: "request", to: { name: "ready" } } });
        break;
      case "break":
        moves.push({ atMs, seatId, input: { type: "request", to: { name: "break", reason: state.reason } } });
        break;
      case "training":
        moves.push({ atMs, seatId, input: { type: "request", to: { name: "training" } } });
        break;
      case "offline":
        moves.push({ atMs, seatId, input: { type: "lose" } });
        break;
      case "fault":
        moves.push({ atMs, seatId, input: { type: "fail", detail: state.detail } });
        break;
      case "reserved":
      case "connecting":
      case "in-call":
      case "wrap-up":
      case "missed":
        // At the beginning of the period: somebody who worked then was signed in.
        if (event.atMs < fromMs) moves.push({ atMs, seatId, input: { type: "request", to: { name: "ready" } } });
        break;
      default:
        state satisfies never;
    }
  }
  return moves.toSorted((a, b) => a.atMs - b.atMs);
}
