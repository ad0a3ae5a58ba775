import type { CallId, SeatId } from "../seats/schema.ts";
import { advanceDeserted, backToQueue } from "./callFlow.ts";
import { noteSeat, refuse, type RouterCore } from "./core.ts";
import { noteWrap } from "./handleTime.ts";
import { closeOffer } from "./offerFlow.ts";
import type { LiveCall } from "./pools.ts";
import type { Seat } from "./seat.ts";

/** How the rows of seats come in. */

export function changeSeat(core: RouterCore, seat: Seat): void {
  const { seats } = core;
  const known = seats.get(seat.seatId);
  const before = known?.seat.status;
  if (before && seat.status.epoch < before.epoch) return refuse(core, "seat-changed", "stale-epoch", null, seat.seatId);
  if (before?.state.name === "wrap-up" && seat.status.state.name !== "wrap-up")
    core.handleTime = noteWrap(core.handleTime, seat.status.sinceMs - before.sinceMs);
  const { entry, abilityChanged } = seats.put({ ...seat, lastOfferedMs: later(known?.seat, seat) });
  if (!known) entry.callId = callTakenBy(core, seat.seatId);
  if (abilityChanged) core.pools.follow(entry);
  noteSeat(core, entry);
  const call = entry.callId === null ? undefined : core.calls.get(entry.callId);
  if (call?.row.place.name === "offered" && !stillRings(seat, call)) {
    const { name } = seat.status.state;
    closeOffer(core, call, name === "offline" || name === "fault" ? "seat-lost" : "withdrawn");
    backToQueue(core, call);
  }
  if (known && (abilityChanged || !seats.signedIn.has(entry.slot))) advanceDeserted(core);
}

/** A row may have been written before the last offer was stored in it. */
function later(known: Seat | undefined, seat: Seat): number | null {
  if (!known || known.lastOfferedMs === null) return seat.lastOfferedMs;
  return Math.max(known.lastOfferedMs, seat.lastOfferedMs ?? known.lastOfferedMs);
}

/** A seat that was removed and comes back may still have a call that nobody has reported as over. */
function callTakenBy(core: RouterCore, seatId: SeatId): CallId | null {
  for (const [callId, { row }] of core.calls)
    if (row.place.name === "taken" && row.place.seatId === seatId) return callId;
  return null;
}

/** Is the offer of a call open by the seat's own row, too, and is the seat still one that may take it? */
function stillRings(seat: Seat, { row }: LiveCall): boolean {
  const { state, epoch } = seat.status;
  const { place } = row;
  const isSame = place.name === "offered" && place.seatEpoch === epoch;
  return isSame && state.name === "reserved" && state.callId === row.callId;
}

export function removeSeat(core: RouterCore, seatId: SeatId): void {
  const entry = core.seats.get(seatId);
  if (!entry) return refuse(core, "seat-removed", "unknown-seat", null, seatId);
  const call = entry.callId === null ? undefined : core.calls.get(entry.callId);
  core.openSeats.delete(entry);
  core.seats.remove(entry);
  core.pools.follow(entry, true);
  if (call?.row.place.name === "offered") {
    closeOffer(core, call, "seat-lost");
    backToQueue(core, call);
  }
  advanceDeserted(core);
}
