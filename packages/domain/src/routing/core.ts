import type { CallId, SeatId } from "../seats/schema.ts";
import type { RoutingCalendar } from "./calendar.ts";
import type { RouterSettings } from "./call.ts";
import type { RouterInput, RouterRefusal, RoutingDecision } from "./decision.ts";
import { type HandleTime, NO_HANDLE_TIME } from "./handleTime.ts";
import type { RoutingPolicy } from "./policy.ts";
import { type LiveCall, Pools } from "./pools.ts";
import { SeatIndex, type SeatSlot } from "./seatIndex.ts";
import { Timers } from "./timers.ts";

/** What the router holds. Everything in it follows from rows; see `snapshot`. */
export interface RouterCore {
  readonly calendar: RoutingCalendar;
  readonly settings: RouterSettings;
  nowMs: number;
  /** In the order in which they are looked at. */
  policies: readonly RoutingPolicy[];
  readonly seats: SeatIndex;
  readonly pools: Pools;
  readonly timers: Timers;
  readonly calls: Map<CallId, LiveCall>;
  handleTime: HandleTime;
  /** Calls and seats that may find a partner by the present input. */
  readonly openCalls: Set<LiveCall>;
  readonly openSeats: Set<SeatSlot>;
  /** Decisions of the present input. */
  out: RoutingDecision[];
}

export function newCore(calendar: RoutingCalendar, settings: RouterSettings, nowMs: number): RouterCore {
  const seats = new SeatIndex();
  return {
    ...{ calendar, settings, nowMs, policies: [], seats, pools: new Pools(seats, settings), timers: new Timers() },
    ...{ calls: new Map(), handleTime: NO_HANDLE_TIME, openCalls: new Set(), openSeats: new Set(), out: [] },
  };
}

export function refuse(
  core: RouterCore,
  input: RouterInput["type"],
  reason: RouterRefusal,
  callId: CallId | null,
  seatId: SeatId | null = null,
): void {
  core.out.push({ type: "refused", input, callId, seatId, reason });
}

/** A seat's status or call has changed: it may be free now. */
export function noteSeat(core: RouterCore, entry: SeatSlot): void {
  core.seats.refresh(entry);
  if (core.seats.free.has(entry.slot)) core.openSeats.add(entry);
  else core.openSeats.delete(entry);
}
