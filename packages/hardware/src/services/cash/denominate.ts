/** A unit that can pay out, as far as its count goes. */
export interface PayingUnit {
  unitId: string;
  denominationFen: number;
  count: number;
}
export type Payout = { unitId: string; count: number }[];

/**
 * The fewest items that make an amount exactly, or null where the units cannot make it. Greedy is wrong where a unit is
 * short (60 from one 50 and three 20), so amounts are built up: fewest[a] for each reachable amount a.
 *
 * @param amountFen at most a few hundred yuan of change; the work grows with amountFen / (greatest common divisor)
 */
export function denominate(units: readonly PayingUnit[], amountFen: number): Payout | null {
  if (amountFen === 0) return [];
  const paying = units.filter(({ denominationFen, count }) => denominationFen > 0 && count > 0);
  const step = paying.reduce((divisor, { denominationFen }) => gcd(divisor, denominationFen), 0);
  if (step === 0 || amountFen % step !== 0) return null;
  const target = amountFen / step;
  if (target > mostSteps) return null;

  // best[a]: fewest items for a·step with the units seen so far; used[u][a]: how many of unit u are among them.
  let best: (number | null)[] = [0, ...Array.from({ length: target }, () => null)];
  const used: number[][] = [];
  for (const unit of paying) {
    const size = unit.denominationFen / step;
    const nextBest: (number | null)[] = [];
    const counts: number[] = [];
    for (let amount = 0; amount <= target; amount++) {
      let fewest: number | null = null;
      let chosen = 0;
      for (let count = 0; count <= unit.count && count * size <= amount; count++) {
        const before = best[amount - count * size] ?? null;
        if (before === null || (fewest !== null && before + count >= fewest)) continue;
        fewest = before + count;
        chosen = count;
      }
      nextBest.push(fewest);
      counts.push(chosen);
    }
    best = nextBest;
    used.push(counts);
  }
  if ((best[target] ?? null) === null) return null;

  const payout: Payout = [];
  let rest = target;
  for (const [index, unit] of [...paying.entries()].reverse()) {
    const count = used[index]?.[rest] ?? 0;
    if (count > 0) payout.unshift({ unitId: unit.unitId, count });
    rest -= (count * unit.denominationFen) / step;
  }
  return payout;
}

/** 2,000 yuan where the smallest coin is one jiao: far above any change, and still quick. */
const mostSteps = 20_000;

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
