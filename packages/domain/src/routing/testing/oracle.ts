import type { CallRequest } from "../../seats/schema.ts";
import type { RoutedCall } from "../call.ts";
import type { RoutingPolicy } from "../policy.ts";
import type { Seat } from "../seat.ts";
import type { SkillExpression } from "../skills.ts";

/**
 * The rules of routing once more, as slowly and plainly as they can be written and without a line of the router, for the
 * model test to compare with. Days come from the platform's own calendar.
 */

export interface NaiveZone {
  offsetMinutesAt(ms: number): number;
  /** Days written `2026-10-01`. */
  readonly holidays: ReadonlySet<string>;
  readonly workedWeekends: ReadonlySet<string>;
}

function localParts(zone: NaiveZone, ms: number): { day: string; weekday: number; minute: number } {
  const local = new Date(ms + zone.offsetMinutesAt(ms) * 60_000);
  return {
    day: local.toISOString().slice(0, 10),
    weekday: local.getUTCDay() === 0 ? 7 : local.getUTCDay(),
    minute: local.getUTCHours() * 60 + local.getUTCMinutes(),
  };
}

function kindOf(zone: NaiveZone, day: string, weekday: number): string {
  if (zone.holidays.has(day)) return "holiday";
  if (zone.workedWeekends.has(day)) return "working";
  return weekday >= 6 ? "weekend" : "working";
}

export function naivelyMatches(policy: RoutingPolicy, request: CallRequest, ms: number, zone: NaiveZone): boolean {
  const { match } = policy;
  const below = (unit: string) => `${request.unitPath}.`.startsWith(`${unit}.`);
  if (match.devices.length > 0 && !match.devices.some((id) => id === request.deviceId)) return false;
  if (match.halls.length > 0 && !match.halls.some((id) => id === request.hallId)) return false;
  if (match.units.length > 0 && !match.units.some(below)) return false;
  if (match.services.length > 0 && !match.services.some((id) => id === request.service)) return false;
  if (match.customerClasses.length > 0 && !match.customerClasses.includes(request.customerClass)) return false;
  if (request.priority < (match.priorityAtLeast ?? 0)) return false;
  if (match.times.length === 0) return true;
  const today = localParts(zone, ms);
  const eve = new Date(Date.parse(`${today.day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
  const eveWeekday = today.weekday === 1 ? 7 : today.weekday - 1;
  const minutes = (text: string) => Number(text.split(":")[0]) * 60 + Number(text.split(":")[1]);
  return match.times.some((window) => {
    const fits = (day: string, weekday: number) =>
      (window.weekdays.length === 0 || window.weekdays.includes(weekday)) &&
      (window.dayKinds.length === 0 || window.dayKinds.some((kind) => kind === kindOf(zone, day, weekday)));
    const from = minutes(window.from);
    const until = minutes(window.until);
    const length = until > from ? until - from : until + 1440 - from;
    // A window that starts on a day covers its minutes from there on, some of which may lie on the day after.
    const sinceToday = today.minute - from;
    const sinceEve = today.minute + 1440 - from;
    return (
      (sinceToday >= 0 && sinceToday < length && fits(today.day, today.weekday)) ||
      (sinceEve >= 0 && sinceEve < length && fits(eve, eveWeekday))
    );
  });
}

export function naivePolicy(
  policies: readonly RoutingPolicy[],
  request: CallRequest,
  ms: number,
  zone: NaiveZone,
): RoutingPolicy | null {
  const inForce = policies.filter((policy) => policy.validFromMs <= ms && ms < (policy.validUntilMs ?? Infinity));
  const newest = inForce.filter(
    (policy) => !inForce.some((other) => other.policyId === policy.policyId && other.version > policy.version),
  );
  const fitting = newest.filter((policy) => naivelyMatches(policy, request, ms, zone));
  const order = (policy: RoutingPolicy) => [-policy.priority, -policy.validFromMs, policy.policyId] as const;
  fitting.sort((a, b) => {
    const [x, y] = [order(a), order(b)];
    return x[0] - y[0] || x[1] - y[1] || (x[2] < y[2] ? -1 : 1);
  });
  return fitting[0] ?? null;
}

function naivelySkilled(expression: SkillExpression, seat: Seat): boolean {
  if (expression.op === "skill") return (seat.skills[expression.skill] ?? 0) >= expression.atLeast;
  if (expression.op === "not") return !naivelySkilled(expression.of, seat);
  const met = expression.of.filter((part) => naivelySkilled(part, seat)).length;
  return expression.op === "all" ? met === expression.of.length : met > 0;
}

/** May this call be offered to this seat at all, in the step that it is in, whatever the seat is doing? */
export function naivelyAllowed(call: RoutedCall, policy: RoutingPolicy, seat: Seat): boolean {
  if (call.target) {
    if (call.target.kind === "seat") return seat.seatId === call.target.seatId;
    return seat.groups.includes(call.target.groupId);
  }
  let first = call.step;
  while (first > 0 && policy.steps[first]?.entry === "widen") first -= 1;
  return policy.steps.slice(first, call.step + 1).some((step) => {
    if (step.strategy.kind === "sticky" && step.strategy.otherwise === null) {
      const { lastAgent } = call;
      if (!lastAgent || lastAgent.seatId !== seat.seatId) return false;
      if (call.stepSinceMs - lastAgent.atMs > step.strategy.withinMs) return false;
    }
    if (step.groups.length > 0 && !step.groups.some((group) => seat.groups.includes(group))) return false;
    const own = call.request.unitPath.split(".");
    const scope =
      step.units.kind === "any"
        ? null
        : step.units.kind === "units"
          ? step.units.units
          : [own.slice(0, Math.max(1, own.length - step.units.levelsUp)).join(".")];
    if (scope && !scope.some((unit) => `${seat.unitPath}.`.startsWith(`${unit}.`))) return false;
    return naivelySkilled(step.skills, seat);
  });
}

/** Does `a` stand before `b` in line? */
export function naivelyBefore(a: RoutedCall, b: RoutedCall, nowMs: number, ageingMs: number): boolean {
  if (a.requeued !== b.requeued) return a.requeued;
  const weight = (call: RoutedCall) => call.request.priority * ageingMs + (nowMs - call.waitingSinceMs);
  if (weight(a) !== weight(b)) return weight(a) > weight(b);
  if (a.waitingSinceMs !== b.waitingSinceMs) return a.waitingSinceMs < b.waitingSinceMs;
  return a.callId < b.callId;
}
