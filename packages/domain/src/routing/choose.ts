import type { RoutedCall, RouterSettings } from "./call.ts";
import { comparisonOf, measureOf, pick, WhyNotGroups } from "./pick.ts";
import type { RoutingPolicy } from "./policy.ts";
import type { SeatChoice } from "./reason.ts";
import { isAble, lastAgentFor, ringsOf, whyNotAble, whyNotReady } from "./ring.ts";
import type { Seat } from "./seat.ts";

/**
 * Which of the seats a waiting call would be offered to now, and for each other why not: the rule itself, looking at every
 * seat. The router decides the same from its index.
 */
export function chooseSeat(
  call: Pick<RoutedCall, "request" | "lastAgent" | "target" | "refusals" | "step" | "stepSinceMs">,
  policy: RoutingPolicy,
  seats: readonly Seat[],
  nowMs: number,
  settings: Pick<RouterSettings, "refusalMs">,
): SeatChoice {
  const { policyId, version } = policy;
  const step = policy.steps[call.step];
  const others = new WhyNotGroups();
  const candidates: Seat[] = [];
  if (!step) return { policyId, version, step: call.step, chosen: null, others: [] };
  const rings = ringsOf(policy, call.step, call, call.stepSinceMs);
  for (const seat of seats) {
    const [own] = rings;
    const unable = rings.some((ring) => isAble(ring, seat))
      ? null
      : own
        ? whyNotAble(own, seat)
        : ({ code: "not-last-agent" } as const);
    const whyNot =
      unable ??
      whyNotReady(seat) ??
      (hasRefused(call, seat, nowMs, settings) ? ({ code: "refused-this-call" } as const) : null);
    if (whyNot) others.add(whyNot, seat.seatId);
    else candidates.push(seat);
  }
  const picked = pick(step.strategy, candidates, lastAgentFor(step, call, call.stepSinceMs), nowMs);
  const kind = comparisonOf(step.strategy);
  for (const seat of candidates)
    if (seat !== picked?.seat) others.add({ code: "outranked" }, seat.seatId, measureOf(kind, seat, nowMs));
  return { policyId, version, step: call.step, chosen: picked?.chosen ?? null, others: others.list() };
}

function hasRefused(
  call: Pick<RoutedCall, "refusals">,
  seat: Seat,
  nowMs: number,
  settings: Pick<RouterSettings, "refusalMs">,
): boolean {
  return call.refusals.some((refusal) => refusal.seatId === seat.seatId && nowMs < refusal.atMs + settings.refusalMs);
}
