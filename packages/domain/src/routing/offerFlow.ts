import { type SeatInput, stepSeat } from "../seats/state.ts";
import { noteSeat, refuse, type RouterCore } from "./core.ts";
import type { OfferKey, RouterInput, RoutingDecision } from "./decision.ts";
import type { LiveCall } from "./pools.ts";
import type { SeatSlot } from "./seatIndex.ts";

/** How an offer is answered, and how it ends without an answer. */

/** The call whose open offer is meant; null, and refused, where it is not that one any more. */
export function openOffer(core: RouterCore, input: { readonly type: RouterInput["type"] } & OfferKey): LiveCall | null {
  const call = core.calls.get(input.callId);
  const place = call?.row.place;
  const isOpen =
    place?.name === "offered" &&
    place.seatId === input.seatId &&
    place.seatEpoch === input.seatEpoch &&
    call?.row.epoch === input.callEpoch;
  if (call && isOpen) return call;
  refuse(core, input.type, call ? "stale-epoch" : "unknown-call", input.callId, input.seatId);
  return null;
}

/** Ends the open offer of a call; what becomes of the call is for the caller. */
export function closeOffer(
  core: RouterCore,
  call: LiveCall,
  cause: Extract<RoutingDecision, { type: "offer-over" }>["cause"],
): void {
  const { place, callId, epoch } = call.row;
  if (place.name !== "offered") throw new Error(`call ${callId} has no open offer`);
  const entry = core.seats.get(place.seatId);
  if (entry?.callId === callId) {
    entry.callId = null;
    // A row that came meanwhile says what the seat is doing now, and that is not to be changed.
    if (entry.seat.status.epoch === place.seatEpoch)
      moveSeat(core, entry, { type: cause === "rang-out" ? "miss" : "release", callId });
    noteSeat(core, entry);
  }
  core.out.push({
    ...{ type: "offer-over", callId, seatId: place.seatId, callEpoch: epoch, seatEpoch: place.seatEpoch },
    ...{ cause, seat: entry?.seat.status ?? null },
  });
}

function moveSeat(core: RouterCore, entry: SeatSlot, input: SeatInput): void {
  const step = stepSeat(entry.seat.status, input, core.nowMs);
  if (step.ok) entry.seat = { ...entry.seat, status: step.status };
}

export function acceptOffer(
  core: RouterCore,
  call: LiveCall,
  { callId, seatId, callEpoch, seatEpoch }: OfferKey,
): void {
  const entry = core.seats.get(seatId);
  if (!entry) throw new Error(`the offer of call ${callId} outlived seat ${seatId}`);
  moveSeat(core, entry, { type: "accept", callId });
  core.seats.refresh(entry);
  call.row.place = { name: "taken", seatId, sinceMs: core.nowMs };
  core.out.push({ type: "accepted", callId, seatId, callEpoch, seatEpoch, seat: entry.seat.status });
}

export function refuseOffer(core: RouterCore, call: LiveCall, { callId, seatId }: OfferKey): void {
  const others = call.row.refusals.filter((refusal) => refusal.seatId !== seatId);
  call.row.refusals = [...others, { seatId, atMs: core.nowMs }];
  core.timers.push({ dueMs: core.nowMs + core.settings.refusalMs, kind: "refusal", callId });
  closeOffer(core, call, "refused");
}

/**
 * As if the offer had never been made. The seat stays as it is here, not ready, until its true row comes: that row may
 * have the epoch from before.
 */
export function undoOffer(core: RouterCore, call: LiveCall, { seatId }: OfferKey): void {
  const entry = core.seats.get(seatId);
  call.row.epoch -= 1;
  if (!entry) return;
  const { status } = entry.seat;
  entry.callId = null;
  entry.seat = { ...entry.seat, status: { ...status, epoch: status.epoch - 1 } };
  noteSeat(core, entry);
}
