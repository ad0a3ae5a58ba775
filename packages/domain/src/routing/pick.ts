import type { SeatId } from "../seats/schema.ts";
import type { Strategy } from "./policy.ts";
import type { Chosen, WhyNot, WhyNotGroup } from "./reason.ts";
import { occupancyOf, type Seat } from "./seat.ts";

type Comparison = Exclude<Strategy["kind"], "sticky">;

/** What a strategy compares: the smaller goes first. Null: never offered anything, so before everybody. */
export function measureOf(kind: Comparison, seat: Seat, nowMs: number): number | null {
  switch (kind) {
    case "longest-idle":
      return seat.status.idleSinceMs ?? nowMs;
    case "least-occupied":
      return occupancyOf(seat, nowMs);
    case "round-robin":
      return seat.lastOfferedMs;
    default:
      return kind satisfies never;
  }
}

/**
 * The seat that the strategy prefers among those that are able and ready; null without any. `lastAgent` is the seat that a
 * sticky strategy looks for.
 */
export function pick(
  strategy: Strategy,
  candidates: readonly Seat[],
  lastAgent: SeatId | null,
  nowMs: number,
): { seat: Seat; chosen: Chosen } | null {
  const kind = comparisonOf(strategy);
  if (strategy.kind === "sticky" && lastAgent !== null) {
    const seat = candidates.find((candidate) => candidate.seatId === lastAgent);
    if (seat)
      return {
        seat,
        chosen: { seatId: seat.seatId, because: "last-agent", measure: measureOf(kind, seat, nowMs) },
      };
  }
  let best: Seat | null = null;
  let bestMeasure = 0;
  for (const seat of candidates) {
    const measure = measureOf(kind, seat, nowMs) ?? Number.NEGATIVE_INFINITY;
    if (best && (measure > bestMeasure || (measure === bestMeasure && seat.seatId > best.seatId))) continue;
    best = seat;
    bestMeasure = measure;
  }
  if (!best) return null;
  const measure = measureOf(kind, best, nowMs);
  return { seat: best, chosen: { seatId: best.seatId, because: kind, measure } };
}

export function comparisonOf(strategy: Strategy): Comparison {
  return strategy.kind === "sticky" ? (strategy.otherwise ?? "longest-idle") : strategy.kind;
}

/** Sorts seats by the reason why they were not chosen; each reason appears once. */
export class WhyNotGroups {
  readonly #groups = new Map<string, WhyNotGroup>();

  add(whyNot: WhyNot, seatId: SeatId, measure?: number | null): void {
    const key = keyOf(whyNot);
    let group = this.#groups.get(key);
    if (!group) {
      group = { whyNot, seatIds: [], measures: [] };
      this.#groups.set(key, group);
    }
    group.seatIds.push(seatId);
    if (measure !== undefined) group.measures.push(measure);
  }

  list(): WhyNotGroup[] {
    return [...this.#groups.values()];
  }
}

function keyOf(whyNot: WhyNot): string {
  switch (whyNot.code) {
    case "state":
    case "busy":
      return `${whyNot.code} ${whyNot.state}`;
    case "skill":
      return `skill ${whyNot.gaps.map((gap) => `${gap.skill} ${gap.level} ${gap.has} ${gap.excluded}`).join()}`;
    case "group":
      return `group ${whyNot.groups.join()}`;
    case "unit":
      return `unit ${whyNot.units.join()}`;
    case "not-last-agent":
    case "not-the-target":
    case "call-not-ended":
    case "refused-this-call":
    case "outranked":
      return whyNot.code;
    default:
      return whyNot satisfies never;
  }
}
