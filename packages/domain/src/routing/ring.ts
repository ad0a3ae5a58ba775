import { isWithin, type GroupId, type SeatId } from "../seats/schema.ts";
import type { QueuedCall, Target } from "./call.ts";
import type { RoutingPolicy, Step, UnitScope } from "./policy.ts";
import type { WhyNot } from "./reason.ts";
import type { Seat } from "./seat.ts";
import { meets, NO_SKILL_NEEDED, type SkillExpression, skillGaps } from "./skills.ts";

/** The seats that one step opens for a call. Calls of the same step and unit share their rings. */
export interface Ring {
  /** Rings with the same key are the same. */
  readonly key: string;
  readonly skills: SkillExpression;
  readonly groups: readonly GroupId[];
  /** Null: every unit. */
  readonly units: readonly string[] | null;
  /** The only seat of it, where it is for the last agent or the target of a transfer alone. */
  readonly only: { readonly seatId: SeatId; readonly as: "last-agent" | "target" } | null;
}

/** What rings depend on beside the policy. */
type Caller = Pick<QueuedCall, "lastAgent" | "request" | "target">;

/** The last agent of a call, where the step is sticky and that was not too long ago. */
export function lastAgentFor(step: Step, call: Pick<QueuedCall, "lastAgent">, nowMs: number): SeatId | null {
  if (step.strategy.kind !== "sticky" || !call.lastAgent) return null;
  return nowMs - call.lastAgent.atMs <= step.strategy.withinMs ? call.lastAgent.seatId : null;
}

/**
 * The rings open to a call in a step, the step's own first: those of the steps before it back to the last overflow stay
 * open. A ring for the last agent alone is left out where there is no such agent. `nowMs` is the time at which the call
 * entered the step.
 */
export function ringsOf(policy: RoutingPolicy, stepIndex: number, call: Caller, nowMs: number): Ring[] {
  if (call.target) return [targetRing(call.target)];
  const rings: Ring[] = [];
  for (let index = stepIndex; index >= 0; index -= 1) {
    const step = policy.steps[index];
    if (!step) break;
    const ring = ringOf(policy, index, step, call, nowMs);
    if (ring) rings.push(ring);
    if (step.entry === "overflow") break;
  }
  return rings;
}

function ringOf(policy: RoutingPolicy, index: number, step: Step, call: Caller, nowMs: number): Ring | null {
  const exclusive = step.strategy.kind === "sticky" && step.strategy.otherwise === null;
  const lastAgent = exclusive ? lastAgentFor(step, call, nowMs) : null;
  if (exclusive && lastAgent === null) return null;
  const units = unitsOf(step.units, call.request.unitPath);
  const own = step.units.kind === "customer" ? (units?.[0] ?? "") : "";
  return {
    key: `${policy.policyId}@${policy.version}#${index}|${own}|${lastAgent ?? ""}`,
    skills: step.skills,
    groups: step.groups,
    units,
    only: lastAgent === null ? null : { seatId: lastAgent, as: "last-agent" },
  };
}

function targetRing(target: Target): Ring {
  const free = { skills: NO_SKILL_NEEDED, units: null };
  return target.kind === "seat"
    ? { ...free, key: `>seat ${target.seatId}`, groups: [], only: { seatId: target.seatId, as: "target" } }
    : { ...free, key: `>group ${target.groupId}`, groups: [target.groupId], only: null };
}

function unitsOf(scope: UnitScope, unitPath: string): readonly string[] | null {
  switch (scope.kind) {
    case "any":
      return null;
    case "units":
      return scope.units;
    case "customer": {
      const labels = unitPath.split(".");
      return [labels.slice(0, Math.max(1, labels.length - scope.levelsUp)).join(".")];
    }
    default:
      return scope satisfies never;
  }
}

/** Can the seat take calls of this ring, whatever it is doing now? */
export function isAble(ring: Ring, seat: Seat): boolean {
  return (
    (ring.only === null || ring.only.seatId === seat.seatId) &&
    (ring.groups.length === 0 || ring.groups.some((group) => seat.groups.includes(group))) &&
    (ring.units === null || ring.units.some((unit) => isWithin(seat.unitPath, unit))) &&
    meets(ring.skills, seat.skills)
  );
}

/** The first thing that keeps a seat out of a ring; null: nothing does. */
export function whyNotAble(ring: Ring, seat: Seat): WhyNot | null {
  if (ring.only !== null && ring.only.seatId !== seat.seatId)
    return { code: ring.only.as === "target" ? "not-the-target" : "not-last-agent" };
  if (ring.groups.length > 0 && !ring.groups.some((group) => seat.groups.includes(group)))
    return { code: "group", groups: [...ring.groups] };
  if (ring.units !== null && !ring.units.some((unit) => isWithin(seat.unitPath, unit)))
    return { code: "unit", units: [...ring.units] };
  return meets(ring.skills, seat.skills) ? null : { code: "skill", gaps: skillGaps(ring.skills, seat.skills) };
}

/** What a seat is doing that keeps it from being offered a call; null: it is ready. */
export function whyNotReady(seat: Seat): WhyNot | null {
  const { name } = seat.status.state;
  switch (name) {
    case "ready":
      return null;
    case "reserved":
    case "connecting":
    case "in-call":
    case "wrap-up":
      return { code: "busy", state: name };
    case "offline":
    case "break":
    case "training":
    case "missed":
    case "fault":
      return { code: "state", state: name };
    default:
      return name satisfies never;
  }
}
