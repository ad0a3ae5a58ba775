import type { CallId } from "../seats/schema.ts";
import type { RoutingCalendar } from "./calendar.ts";
import { ROUTER_SETTINGS, type RoutedCall, type RouterSettings } from "./call.ts";
import { advanceIfDue, backToQueue, endCall, enter, queueCall, repin, requeueCall, stepDueMs } from "./callFlow.ts";
import { newCore, type RouterCore } from "./core.ts";
import type { RouterInput, RoutingDecision } from "./decision.ts";
import { type HandleTime, meanHandleMs, NO_HANDLE_TIME } from "./handleTime.ts";
import { comparePolicies } from "./match.ts";
import { matchAll } from "./matching.ts";
import { acceptOffer, closeOffer, openOffer, refuseOffer, undoOffer } from "./offerFlow.ts";
import type { RoutingPolicy } from "./policy.ts";
import type { LiveCall } from "./pools.ts";
import type { Seat } from "./seat.ts";
import { changeSeat, removeSeat } from "./seatFlow.ts";

/** Everything the router knows, as rows: a router restored from it decides as the one it was taken from. */
export interface RouterSnapshot {
  readonly nowMs: number;
  /** Those that new calls are matched with. */
  readonly policies: readonly RoutingPolicy[];
  /** Versions that are not among them any more and that calls are still pinned to. */
  readonly heldPolicies: readonly RoutingPolicy[];
  readonly seats: readonly Seat[];
  readonly calls: readonly RoutedCall[];
  readonly handleTime: HandleTime;
}

export interface RouterOptions {
  readonly calendar: RoutingCalendar;
  readonly settings?: RouterSettings;
}

/**
 * Brings waiting calls and ready seats together. Plain data, no clock, no randomness: the same inputs give the same
 * decisions. After every input no waiting call is left that a free seat could take.
 */
export interface Router {
  handle(input: RouterInput): RoutingDecision[];
  /** When the router has to be told the time next; null: nothing is due. */
  nextDueMs(): number | null;
  /** 1: the next to be served; null: not waiting (ringing, taken or unknown). */
  position(callId: CallId): number | null;
  /** What the customer may be told; null: not waiting, or nobody works who could take the call. */
  expectedWaitMs(callId: CallId): number | null;
  snapshot(): RouterSnapshot;
}

const NOTHING: RouterSnapshot = {
  ...{ nowMs: Number.MIN_SAFE_INTEGER, policies: [], heldPolicies: [], seats: [], calls: [] },
  handleTime: NO_HANDLE_TIME,
};

export function createRouter(options: RouterOptions): Router {
  return restoreRouter(options, NOTHING).router;
}

/**
 * A router from rows, at the instant `nowMs` of the snapshot. Its first decisions are what has become due or possible
 * since the rows were written.
 */
export function restoreRouter(
  { calendar, settings = ROUTER_SETTINGS }: RouterOptions,
  snapshot: RouterSnapshot,
): { router: Router; decisions: RoutingDecision[] } {
  const core = newCore(calendar, settings, snapshot.nowMs);
  fill(core, snapshot);
  passTime(core);
  return { router: routerOf(core), decisions: decide(core) };
}

function routerOf(core: RouterCore): Router {
  return {
    handle: (input) => {
      core.nowMs = Math.max(core.nowMs, input.atMs);
      passTime(core);
      apply(core, input);
      return decide(core);
    },
    nextDueMs: () => core.timers.nextMs,
    position: (callId) => {
      const call = core.calls.get(callId);
      return call?.pool ? core.pools.ahead(call).count + 1 : null;
    },
    expectedWaitMs: (callId) => {
      const call = core.calls.get(callId);
      const staff = call?.pool?.able.count(core.seats.working) ?? 0;
      if (!call || staff === 0) return null;
      // One place in line is passed whenever one of so many seats gets free.
      const placeMs = meanHandleMs(core.handleTime, core.settings.assumedHandleMs) / staff;
      return Math.round((core.pools.ahead(call).share + 1) * placeMs);
    },
    snapshot: () => ({
      nowMs: core.nowMs,
      policies: core.policies,
      heldPolicies: heldPolicies(core),
      seats: [...core.seats.all()].map((entry) => entry.seat),
      calls: [...core.calls.values()].map(({ row }) => ({ ...row })),
      handleTime: core.handleTime,
    }),
  };
}

function decide(core: RouterCore): RoutingDecision[] {
  matchAll(core);
  const decisions = core.out;
  core.out = [];
  return decisions;
}

function apply(core: RouterCore, input: RouterInput): void {
  switch (input.type) {
    case "call-queued":
      return queueCall(core, input.call);
    case "call-requeued":
      return requeueCall(core, input.callId);
    case "call-abandoned":
    case "call-ended":
      return endCall(core, input.type, input.callId);
    case "offer-accepted":
    case "offer-refused":
    case "offer-expired":
    case "offer-failed":
      return answer(core, input);
    case "seat-changed":
      return changeSeat(core, input.seat);
    case "seat-removed":
      return removeSeat(core, input.seatId);
    case "policies-changed":
      return changePolicies(core, input.policies);
    case "tick":
      return;
    default:
      return input satisfies never;
  }
}

function answer(core: RouterCore, input: Extract<RouterInput, { callEpoch: number }>): void {
  const call = openOffer(core, input);
  if (!call) return;
  switch (input.type) {
    case "offer-accepted":
      return acceptOffer(core, call, input);
    case "offer-refused":
      refuseOffer(core, call, input);
      return backToQueue(core, call);
    case "offer-expired":
      closeOffer(core, call, "rang-out");
      return backToQueue(core, call);
    case "offer-failed":
      undoOffer(core, call, input);
      return backToQueue(core, call);
    default:
      return input satisfies never;
  }
}

const pinKey = ({ policyId, version }: { policyId: string; version: number }) => `${policyId}@${version}`;

function heldPolicies(core: RouterCore): RoutingPolicy[] {
  const given = new Set(core.policies.map(pinKey));
  const held = new Map<string, RoutingPolicy>();
  for (const { policy } of core.calls.values()) if (!given.has(pinKey(policy))) held.set(pinKey(policy), policy);
  return [...held.values()];
}

/** Waiting calls keep the version they are pinned to as long as it is among the policies given. */
function changePolicies(core: RouterCore, policies: readonly RoutingPolicy[]): void {
  core.policies = policies.toSorted(comparePolicies);
  const pins = new Set(policies.map(pinKey));
  for (const call of core.pools.inOrder(core.calls.values()))
    if (call.row.place.name === "waiting" && !pins.has(pinKey(call.policy))) repin(core, call);
  core.pools.prune();
}

/** A timer whose time is not that of its call any more was set for something that is over. */
function passTime(core: RouterCore): void {
  for (let timer = core.timers.takeDue(core.nowMs); timer; timer = core.timers.takeDue(core.nowMs)) {
    const call = core.calls.get(timer.callId);
    if (!call) continue;
    const { place } = call.row;
    switch (timer.kind) {
      case "offer":
        if (place.name !== "offered" || place.expiresMs !== timer.dueMs) break;
        closeOffer(core, call, "rang-out");
        backToQueue(core, call);
        break;
      case "step":
        if (stepDueMs(call) === timer.dueMs) advanceIfDue(core, call);
        break;
      case "refusal":
        if (place.name === "waiting") core.openCalls.add(call);
        break;
      default:
        timer.kind satisfies never;
    }
  }
}

function fill(core: RouterCore, { policies, heldPolicies, seats, calls, handleTime }: RouterSnapshot): void {
  core.policies = policies.toSorted(comparePolicies);
  core.handleTime = handleTime;
  for (const seat of seats) {
    const { entry } = core.seats.put(seat);
    if (core.seats.free.has(entry.slot)) core.openSeats.add(entry);
  }
  const byPin = new Map([...policies, ...heldPolicies].map((policy) => [pinKey(policy), policy]));
  for (const row of calls) restoreCall(core, { ...row }, byPin.get(pinKey(row.policy)) ?? null);
}

function restoreCall(core: RouterCore, row: RoutedCall, pinned: RoutingPolicy | null): void {
  const { place, callId } = row;
  const policy = pinned ?? core.policies[0];
  if (!policy) throw new Error(`call ${callId} is pinned to a policy and there is none`);
  const call: LiveCall = { row, policy, pool: null };
  core.calls.set(callId, call);
  for (const { atMs } of row.refusals)
    core.timers.push({ dueMs: atMs + core.settings.refusalMs, kind: "refusal", callId });
  if (place.name === "waiting") return pinned ? enter(core, call, row.step, null) : repin(core, call);
  const entry = core.seats.get(place.seatId);
  if (entry) {
    entry.callId = callId;
    core.seats.refresh(entry);
    core.openSeats.delete(entry);
  }
  if (place.name === "offered") core.timers.push({ dueMs: place.expiresMs, kind: "offer", callId });
  const dueMs = stepDueMs(call);
  if (dueMs !== null) core.timers.push({ dueMs, kind: "step", callId });
}
