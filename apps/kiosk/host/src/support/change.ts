import type { CashLevel } from "@gridhall/domain/fleet/schema.ts";
import type { CashPort } from "../devices/ports.ts";

export type CashReadiness =
  | { ready: true; changeShort: boolean; maxChangeFen: number }
  | { ready: false; problem: string };

/** Whether cash can be taken at all, and whether change is certain for whatever note the customer puts in. */
export function cashReadiness(port: CashPort | null): CashReadiness {
  if (!port) return { ready: false, problem: "problem.cash-unavailable" };
  const health = port.health();
  if (health.conditions.includes("jam")) return { ready: false, problem: "problem.cash-jam" };
  if (health.state !== "online" || health.conditions.includes("stacker-full"))
    return { ready: false, problem: "problem.cash-unavailable" };
  const levels = port.levels();
  return { ready: true, changeShort: !canAlwaysGiveChange(levels), maxChangeFen: payableFen(levels) };
}

const LARGEST_NOTE_YUAN = 100;

/** True where every whole-yuan change below the largest note can be paid from what is inside. */
export function canAlwaysGiveChange(levels: readonly CashLevel[]): boolean {
  for (let yuan = 1; yuan < LARGEST_NOTE_YUAN; yuan += 1) if (!canPay(levels, yuan * 100)) return false;
  return true;
}

/** Largest first, as the dispenser does it: what it cannot make that way it does not pay. */
export function canPay(levels: readonly CashLevel[], amountFen: number): boolean {
  let restFen = amountFen;
  for (const unit of payingUnits(levels))
    restFen -= Math.min(unit.count, Math.floor(restFen / unit.denominationFen)) * unit.denominationFen;
  return restFen === 0;
}

function payableFen(levels: readonly CashLevel[]): number {
  return payingUnits(levels).reduce((sum, unit) => sum + unit.count * unit.denominationFen, 0);
}

function payingUnits(levels: readonly CashLevel[]): { denominationFen: number; count: number }[] {
  return levels
    .filter((unit) => unit.role === "cashOut" || unit.role === "recycle")
    .flatMap((unit) =>
      unit.denominationFen === null ? [] : [{ denominationFen: unit.denominationFen, count: unit.count }],
    )
    .sort((a, b) => b.denominationFen - a.denominationFen);
}
