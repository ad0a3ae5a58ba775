import type { CallId } from "../seats/schema.ts";
import type { QueuedCall, RoutedCall } from "./call.ts";
import { noteSeat, refuse, type RouterCore } from "./core.ts";
import type { StepCause } from "./decision.ts";
import { noteTalk } from "./handleTime.ts";
import { matchInOrder } from "./match.ts";
import { closeOffer } from "./offerFlow.ts";
import type { RoutingPolicy } from "./policy.ts";
import type { LiveCall } from "./pools.ts";

/** How calls come into the router, go through the steps of their policy, and leave. */

export function queueCall(core: RouterCore, queued: QueuedCall): void {
  if (core.calls.has(queued.callId)) return refuse(core, "call-queued", "known-call", queued.callId);
  const policy = pin(core, queued, false);
  if (!policy) return;
  const { policyId, version } = policy;
  const row: RoutedCall = {
    ...queued,
    ...{ policy: { policyId, version }, step: 0, stepSinceMs: core.nowMs, refusals: [], place: { name: "waiting" } },
  };
  const call: LiveCall = { row, policy, pool: null };
  core.calls.set(queued.callId, call);
  enter(core, call, 0, null);
}

function pin(core: RouterCore, queued: QueuedCall, repinned: boolean): RoutingPolicy | null {
  const { callId } = queued;
  const { policy, verdicts } = matchInOrder(queued.request, core.policies, core.nowMs, core.calendar);
  const pinned = policy && { policyId: policy.policyId, version: policy.version };
  core.out.push({ type: "pinned", callId, policy: pinned, verdicts, repinned });
  if (!policy) core.out.push({ type: "end-with", callId, ending: core.settings.withoutPolicy, cause: "no-policy" });
  return policy;
}

/** The version a waiting call is pinned to is gone: it is matched anew and begins with the first step. */
export function repin(core: RouterCore, call: LiveCall): void {
  const policy = pin(core, call.row, true);
  if (!policy) return forget(core, call);
  core.pools.take(call);
  call.policy = policy;
  call.row.policy = { policyId: policy.policyId, version: policy.version };
  call.row.step = 0;
  call.row.stepSinceMs = core.nowMs;
  enter(core, call, 0, null);
}

/** Into a step and past those that have nobody, until the call waits in one or is over. `cause` null: it is in the step already. */
export function enter(core: RouterCore, call: LiveCall, step: number, cause: StepCause | null): void {
  const { row, policy } = call;
  core.pools.take(call);
  for (let at = step, why = cause; ; at += 1) {
    const definition = policy.steps[at];
    if (!definition) return endWith(core, call, why);
    if (why !== null) {
      row.step = at;
      row.stepSinceMs = core.nowMs;
      const type = definition.entry === "overflow" ? "overflow" : "step-advanced";
      core.out.push({ type, callId: row.callId, step: at, cause: why });
    }
    const nobody = whyPass(core, call);
    if (!nobody || (at === policy.steps.length - 1 && policy.ending === "keep-waiting")) return wait(core, call);
    why = nobody;
  }
}

function endWith(core: RouterCore, call: LiveCall, why: StepCause | null): void {
  const { callId } = call.row;
  const { ending } = call.policy;
  const cause = why === "expired" ? "steps-exhausted" : (why ?? "no-steps");
  // A policy that keeps waiting without any step is a fault that validation reports; the customer still gets an answer.
  const type = "end-with";
  core.out.push({ type, callId, cause, ending: ending === "keep-waiting" ? core.settings.withoutPolicy : ending });
  forget(core, call);
}

/** Why the step that the call is in is passed over at once; null: it is not. */
function whyPass(core: RouterCore, call: LiveCall): StepCause | null {
  const pool = core.pools.poolOf(call);
  if (pool.rings.length === 0) return "no-last-agent";
  if (call.policy.steps[call.row.step]?.whenNobody !== "advance") return null;
  return pool.able.meets(core.seats.signedIn) ? null : "nobody-signed-in";
}

function wait(core: RouterCore, call: LiveCall): void {
  call.row.place = { name: "waiting" };
  core.pools.add(call, core.pools.poolOf(call));
  core.openCalls.add(call);
  const dueMs = stepDueMs(call);
  if (dueMs !== null) core.timers.push({ dueMs, kind: "step", callId: call.row.callId });
}

/** When the step of a call expires; null: never, as in the last step of a policy that keeps waiting. */
export function stepDueMs({ row, policy }: LiveCall): number | null {
  const expiryMs = policy.steps[row.step]?.expiryMs ?? null;
  const isLast = row.step === policy.steps.length - 1;
  return expiryMs === null || (isLast && policy.ending === "keep-waiting") ? null : row.stepSinceMs + expiryMs;
}

/** A waiting call whose step is over goes on to the next. */
export function advanceIfDue(core: RouterCore, call: LiveCall): boolean {
  const dueMs = stepDueMs(call);
  if (call.row.place.name !== "waiting" || dueMs === null || dueMs > core.nowMs) return false;
  enter(core, call, call.row.step + 1, "expired");
  return true;
}

/** From a seat that it rang at back into the queue. The time of its step went on meanwhile. */
export function backToQueue(core: RouterCore, call: LiveCall): void {
  call.row.place = { name: "waiting" };
  if (!advanceIfDue(core, call)) enter(core, call, call.row.step, null);
}

/** Steps that do not wait while nobody able is signed in are left as soon as that is so. */
export function advanceDeserted(core: RouterCore): void {
  for (const call of core.pools.inOrder(core.pools.withoutAnybody()))
    if (call.policy.steps[call.row.step]?.whenNobody === "advance") enter(core, call, call.row.step, null);
}

export function requeueCall(core: RouterCore, callId: CallId): void {
  const call = core.calls.get(callId);
  if (!call) return refuse(core, "call-requeued", "unknown-call", callId);
  if (call.row.place.name !== "taken") return refuse(core, "call-requeued", "not-taken", callId);
  leaveSeat(core, call);
  call.row.requeued = true;
  // The talk was no waiting, so the step's time begins again.
  call.row.stepSinceMs = core.nowMs;
  core.out.push({ type: "requeued", callId });
  enter(core, call, call.row.step, null);
}

export function endCall(core: RouterCore, input: "call-abandoned" | "call-ended", callId: CallId): void {
  const call = core.calls.get(callId);
  if (!call) return refuse(core, input, "unknown-call", callId);
  const { place } = call.row;
  if (place.name === "offered") closeOffer(core, call, "abandoned");
  if (place.name === "taken") {
    if (input === "call-ended") core.handleTime = noteTalk(core.handleTime, core.nowMs - place.sinceMs);
    leaveSeat(core, call);
  }
  forget(core, call);
}

function leaveSeat(core: RouterCore, call: LiveCall): void {
  if (call.row.place.name !== "taken") return;
  const entry = core.seats.get(call.row.place.seatId);
  if (entry?.callId !== call.row.callId) return;
  entry.callId = null;
  noteSeat(core, entry);
}

function forget(core: RouterCore, call: LiveCall): void {
  core.pools.take(call);
  core.openCalls.delete(call);
  core.calls.delete(call.row.callId);
}
