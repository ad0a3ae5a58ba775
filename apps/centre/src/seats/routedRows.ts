import type { QueuedCall, RoutedCall } from "@gridhall/domain/routing/call.ts";
import { SeatId } from "@gridhall/domain/seats/schema.ts";
import type { Tx } from "../db/database.ts";
import { type CallRecord, eventsOf, lastAgentOf } from "./callStore.ts";

/** Calls of the database as the router wants them. */

/** A call that asks for a seat, as the router is told of it. */
export async function queuedOf(tx: Tx, record: CallRecord): Promise<QueuedCall> {
  const { state } = record;
  const last = await lastAgentOf(tx, record.customer_key);
  return {
    callId: state.callId,
    request: state.request,
    epoch: state.epoch,
    waitingSinceMs: state.queuedMs ?? state.requestedMs,
    lastAgent: last ? { seatId: SeatId.parse(last.seatId), atMs: last.atMs } : null,
    // Whoever was with an agent already goes before those who were not.
    requeued: state.requeues > 0 || state.transfers > 0,
    target: record.live.target,
  };
}

/** The call as the router would have it in its rows; null where the router has no business with it. */
export async function routedOf(tx: Tx, record: CallRecord): Promise<RoutedCall | null> {
  const { state } = record;
  const { phase } = state;
  if (!state.policy || record.live.nobody) return null;
  const events = await eventsOf(tx, record.call_id);
  const step = events.findLast((event) => event.type === "queued" || event.type === "step-advanced");
  const refusals = new Map<string, number>();
  for (const event of events) if (event.type === "refused") refusals.set(event.seatId, event.atMs);
  const queued = await queuedOf(tx, record);
  const row = {
    ...queued,
    policy: state.policy,
    step: state.step,
    stepSinceMs: step?.atMs ?? state.requestedMs,
    refusals: [...refusals].map(([seatId, atMs]) => ({ seatId: SeatId.parse(seatId), atMs })),
  };
  switch (phase.name) {
    case "queued":
      return { ...row, place: { name: "waiting" } };
    case "offered":
      return {
        ...row,
        place: { name: "offered", seatId: phase.seatId, seatEpoch: phase.seatEpoch, expiresMs: phase.expiresMs },
      };
    case "connecting":
    case "connected":
    case "held":
    case "interrupted": {
      const taken = events.findLast((event) => event.type === "accepted" || event.type === "transferred");
      return { ...row, place: { name: "taken", seatId: phase.seatId, sinceMs: taken?.atMs ?? state.requestedMs } };
    }
    case "requested":
    case "callback-left":
    case "message-left":
    case "abandoned":
    case "ended":
      return null;
    default:
      return phase satisfies never;
  }
}
