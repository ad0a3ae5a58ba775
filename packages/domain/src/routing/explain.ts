import type { RoutingCalendar } from "./calendar.ts";
import { type QueuedCall, ROUTER_SETTINGS, type RouterSettings } from "./call.ts";
import { chooseSeat } from "./choose.ts";
import { matchPolicy } from "./match.ts";
import type { Ending, RoutingPolicy } from "./policy.ts";
import type { PolicyVerdict, SeatChoice } from "./reason.ts";
import { isAble, ringsOf } from "./ring.ts";
import type { Seat } from "./seat.ts";

/** What would come of a call that arrived now, if nobody waited before it. */
export interface RoutingExplanation {
  readonly policy: RoutingPolicy | null;
  readonly verdicts: readonly PolicyVerdict[];
  /** Every step up to the one in which somebody would be asked, or all of them, with the time at which it would begin. */
  readonly steps: readonly ExplainedStep[];
  readonly outcome:
    | { readonly kind: "offer"; readonly seatId: Seat["seatId"]; readonly step: number; readonly afterMs: number }
    | { readonly kind: "waits"; readonly step: number }
    | { readonly kind: "ends"; readonly ending: Exclude<Ending, "keep-waiting">; readonly afterMs: number };
}

export interface ExplainedStep {
  readonly step: number;
  readonly afterMs: number;
  readonly passedOver: "nobody-signed-in" | "no-last-agent" | null;
  readonly choice: SeatChoice;
}

/**
 * The dry run: which policy would route the call, who would get it and why not the others, and what follows as long as no
 * seat changes what it is doing.
 */
export function explainRouting(
  call: QueuedCall,
  policies: readonly RoutingPolicy[],
  seats: readonly Seat[],
  nowMs: number,
  calendar: RoutingCalendar,
  settings: RouterSettings = ROUTER_SETTINGS,
): RoutingExplanation {
  const { policy, verdicts } = matchPolicy(call.request, policies, nowMs, calendar);
  const steps: ExplainedStep[] = [];
  if (!policy)
    return { policy, verdicts, steps, outcome: { kind: "ends", ending: settings.withoutPolicy, afterMs: 0 } };
  let afterMs = 0;
  for (const [index, step] of policy.steps.entries()) {
    const stepSinceMs = nowMs + afterMs;
    const row = { ...call, step: index, stepSinceMs, refusals: [] };
    const choice = chooseSeat(row, policy, seats, stepSinceMs, settings);
    const rings = ringsOf(policy, index, call, stepSinceMs);
    const someone = seats.some(
      (seat) =>
        seat.status.state.name !== "offline" &&
        seat.status.state.name !== "fault" &&
        rings.some((ring) => isAble(ring, seat)),
    );
    const waitsOn = index === policy.steps.length - 1 && policy.ending === "keep-waiting";
    const deserted = step.whenNobody === "advance" && !someone ? "nobody-signed-in" : null;
    const passedOver = waitsOn ? null : rings.length === 0 ? "no-last-agent" : deserted;
    steps.push({ step: index, afterMs, passedOver, choice });
    if (choice.chosen)
      return {
        ...{ policy, verdicts, steps },
        outcome: { kind: "offer", seatId: choice.chosen.seatId, step: index, afterMs },
      };
    if (waitsOn || (!passedOver && step.expiryMs === null))
      return { policy, verdicts, steps, outcome: { kind: "waits", step: index } };
    if (!passedOver) afterMs += step.expiryMs ?? 0;
  }
  const ending = policy.ending === "keep-waiting" ? settings.withoutPolicy : policy.ending;
  return { policy, verdicts, steps, outcome: { kind: "ends", ending, afterMs } };
}
