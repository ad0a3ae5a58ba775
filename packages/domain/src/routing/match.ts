import { showDay, two, weekdayOf } from "../calendar/day.ts";
import { type CallRequest, isWithin } from "../seats/schema.ts";
import { dayKindOf, isInWindow, type LocalTime, localTimeOf, type RoutingCalendar } from "./calendar.ts";
import type { RoutingPolicy } from "./policy.ts";
import type { FailedCondition, PolicyVerdict } from "./reason.ts";

export interface PolicyMatch {
  readonly policy: RoutingPolicy | null;
  /** Every policy that was looked at, in that order, with the first condition that failed. */
  readonly verdicts: readonly PolicyVerdict[];
}

/** The order in which policies are looked at: by priority, then the one that came into force later, then by id. */
export function comparePolicies(a: RoutingPolicy, b: RoutingPolicy): number {
  return (
    b.priority - a.priority ||
    b.validFromMs - a.validFromMs ||
    (a.policyId < b.policyId ? -1 : a.policyId > b.policyId ? 1 : b.version - a.version)
  );
}

/**
 * The policy that routes a request now: the first in order that is in force and whose match holds. Of several versions
 * of a policy in force, the newest alone counts. Null where none matches.
 */
export function matchPolicy(
  request: CallRequest,
  policies: readonly RoutingPolicy[],
  nowMs: number,
  calendar: RoutingCalendar,
): PolicyMatch {
  return matchInOrder(request, policies.toSorted(comparePolicies), nowMs, calendar);
}

/** As `matchPolicy`, for policies that are in order already. */
export function matchInOrder(
  request: CallRequest,
  policies: readonly RoutingPolicy[],
  nowMs: number,
  calendar: RoutingCalendar,
): PolicyMatch {
  const time = localTimeOf(calendar, nowMs);
  const newest = new Map<string, number>();
  for (const policy of policies) {
    if (outOfForce(policy, nowMs)) continue;
    newest.set(policy.policyId, Math.max(policy.version, newest.get(policy.policyId) ?? 0));
  }
  const verdicts: PolicyVerdict[] = [];
  for (const policy of policies) {
    const { policyId, version } = policy;
    const inForce = newest.get(policyId) ?? version;
    const failed =
      outOfForce(policy, nowMs) ??
      (inForce > version ? ({ code: "newer-version", version: inForce } as const) : null) ??
      mismatch(policy, request, time, calendar);
    verdicts.push({ policyId, version, failed });
    if (!failed) return { policy, verdicts };
  }
  return { policy: null, verdicts };
}

function outOfForce(policy: RoutingPolicy, nowMs: number): FailedCondition | null {
  if (nowMs < policy.validFromMs) return { code: "not-yet-in-force", fromMs: policy.validFromMs };
  if (policy.validUntilMs === null || nowMs < policy.validUntilMs) return null;
  return { code: "no-longer-in-force", untilMs: policy.validUntilMs };
}

function mismatch(
  { match }: RoutingPolicy,
  request: CallRequest,
  time: LocalTime,
  calendar: RoutingCalendar,
): FailedCondition | null {
  const outside = (wanted: readonly string[], has: string | null) =>
    wanted.length > 0 && (has === null || !wanted.includes(has));
  if (outside(match.devices, request.deviceId)) return { code: "device", has: request.deviceId };
  if (outside(match.halls, request.hallId)) return { code: "hall", has: request.hallId };
  if (match.units.length > 0 && !match.units.some((unit) => isWithin(request.unitPath, unit)))
    return { code: "unit", has: request.unitPath };
  if (outside(match.services, request.service)) return { code: "service", has: request.service };
  if (outside(match.customerClasses, request.customerClass))
    return { code: "customer-class", has: request.customerClass };
  if (match.priorityAtLeast !== null && request.priority < match.priorityAtLeast)
    return { code: "priority", has: request.priority, atLeast: match.priorityAtLeast };
  if (match.times.length > 0 && !match.times.some((window) => isInWindow(window, time, calendar)))
    return {
      code: "time",
      localDay: showDay(time.day),
      localTime: `${two(Math.floor(time.minute / 60))}:${two(time.minute % 60)}`,
      weekday: weekdayOf(time.day),
      dayKind: dayKindOf(calendar, time.day),
    };
  return null;
}
