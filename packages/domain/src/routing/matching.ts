import { stepSeat } from "../seats/state.ts";
import { agedPriority, compareCalls } from "./call.ts";
import type { RouterCore } from "./core.ts";
import { comparisonOf, measureOf, pick, WhyNotGroups } from "./pick.ts";
import type { LiveCall, Pool } from "./pools.ts";
import type { Chosen, SeatChoice, WhyNotGroup } from "./reason.ts";
import { lastAgentFor, whyNotReady } from "./ring.ts";
import type { Seat } from "./seat.ts";
import type { SeatSlot } from "./seatIndex.ts";

/** With more seats than this that became free at once it is cheaper to go through the whole queue. */
const MANY_SEATS = 16;

/**
 * Serves calls in order of the queue, as long as any of them finds a free seat. Before this input no waiting call could
 * have had a free seat, so only what the input opened is looked at: seats that became free, calls that are new or in
 * another step.
 */
export function matchAll(core: RouterCore): void {
  const { pools, openSeats, openCalls, settings } = core;
  const everything = openSeats.size > MANY_SEATS;
  const open = pools.inOrder(everything ? pools.waiting() : openCalls);
  const seats = everything ? [] : [...openSeats];
  for (let at = 0; ;) {
    const first = firstForAny(core, seats);
    const next = open[at];
    if (first && (!next || compareCalls(first.row, next.row, settings) <= 0)) {
      if (!offer(core, first)) throw new Error(`call ${first.row.callId} has a free seat and cannot be offered`);
    } else if (next) {
      if (next.row.place.name === "waiting") offer(core, next);
      at += 1;
    } else break;
  }
  openSeats.clear();
  openCalls.clear();
}

/** The first call in line for any of these seats. */
function firstForAny(core: RouterCore, seats: readonly SeatSlot[]): LiveCall | null {
  let first: LiveCall | null = null;
  for (const entry of seats) {
    if (!core.seats.free.has(entry.slot)) continue;
    const call = core.pools.firstFor(entry, (other) => !hasRefused(core, other, entry.seat));
    if (call && (!first || compareCalls(call.row, first.row, core.settings) < 0)) first = call;
  }
  return first;
}

function hasRefused(core: RouterCore, { row }: LiveCall, { seatId }: Seat): boolean {
  if (row.refusals.length === 0) return false;
  return row.refusals.some(
    (refusal) => refusal.seatId === seatId && core.nowMs < refusal.atMs + core.settings.refusalMs,
  );
}

/** Offers a waiting call to the seat that its step's strategy prefers. False: there is none. */
function offer(core: RouterCore, call: LiveCall): boolean {
  const { row, policy, pool } = call;
  const step = policy.steps[row.step];
  if (!pool || !step) return false;
  const candidates: Seat[] = [];
  pool.able.each((slot) => {
    const { seat } = core.seats.at(slot);
    if (!hasRefused(core, call, seat)) candidates.push(seat);
  }, core.seats.free);
  const picked = pick(step.strategy, candidates, lastAgentFor(step, row, row.stepSinceMs), core.nowMs);
  if (!picked) return false;
  const entry = core.seats.get(picked.seat.seatId);
  const { callId } = row;
  const expiresMs = core.nowMs + step.ringMs;
  const reserved = stepSeat(picked.seat.status, { type: "reserve", callId, expiresMs }, core.nowMs);
  if (!entry || !reserved.ok) throw new Error(`seat ${picked.seat.seatId} is free and cannot be reserved`);
  const reason = {
    ...describe(core, call, pool, picked.chosen),
    ...{ callId, chosen: picked.chosen, waitedMs: Math.max(0, core.nowMs - row.waitingSinceMs) },
    ...{ agedPriority: agedPriority(row, core.nowMs, core.settings), requeued: row.requeued },
  };
  core.pools.take(call);
  const { epoch: seatEpoch } = reserved.status;
  row.epoch += 1;
  row.place = { name: "offered", seatId: entry.seat.seatId, seatEpoch, expiresMs };
  entry.callId = callId;
  entry.seat = { ...entry.seat, status: reserved.status, lastOfferedMs: core.nowMs };
  core.seats.refresh(entry);
  core.timers.push({ dueMs: expiresMs, kind: "offer", callId });
  core.out.push({
    ...{ type: "offer", callId, seatId: entry.seat.seatId, callEpoch: row.epoch, seatEpoch },
    ...{ expiresMs, seat: reserved.status, reason },
  });
  return true;
}

/** Why every other seat is not the one, from the index: what `chooseSeat` finds by looking at all of them. */
function describe(core: RouterCore, call: LiveCall, pool: Pool, chosen: Chosen): SeatChoice {
  const { row, policy } = call;
  const step = policy.steps[row.step];
  const kind = step ? comparisonOf(step.strategy) : "longest-idle";
  const groups = new WhyNotGroups();
  pool.able.each((slot) => {
    const entry = core.seats.at(slot);
    const { seat } = entry;
    if (seat.seatId === chosen.seatId) return;
    const busy = whyNotReady(seat);
    if (busy) groups.add(busy, seat.seatId);
    else if (entry.callId !== null) groups.add({ code: "call-not-ended" }, seat.seatId);
    else if (hasRefused(core, call, seat)) groups.add({ code: "refused-this-call" }, seat.seatId);
    else groups.add({ code: "outranked" }, seat.seatId, measureOf(kind, seat, core.nowMs));
  });
  const others: WhyNotGroup[] = [...core.pools.unableFor(pool), ...groups.list()];
  return { policyId: policy.policyId, version: policy.version, step: row.step, chosen, others };
}
