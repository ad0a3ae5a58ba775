import { Bits } from "./bits.ts";
import { compareCalls, type RoutedCall, type RouterSettings } from "./call.ts";
import type { RoutingPolicy } from "./policy.ts";
import type { WhyNot, WhyNotGroup } from "./reason.ts";
import { isAble, type Ring, ringsOf } from "./ring.ts";
import type { SeatIndex, SeatSlot } from "./seatIndex.ts";
import type { SkillExpression } from "./skills.ts";

/** A call in the router: its row, the policy it is pinned to, and the pool it waits in while it waits. */
export interface LiveCall {
  row: RoutedCall;
  policy: RoutingPolicy;
  pool: Pool | null;
}

/** Waiting calls for which the same seats are able, in order of the queue. */
export interface Pool {
  readonly key: string;
  readonly rings: readonly Ring[];
  readonly able: Bits;
  /** Sorted by `compareCalls`. */
  readonly calls: LiveCall[];
}

/** The waiting calls, in pools. */
export class Pools {
  readonly #seats: SeatIndex;
  readonly #settings: RouterSettings;
  readonly #pools = new Map<string, Pool>();
  readonly #occupied = new Set<Pool>();

  constructor(seats: SeatIndex, settings: RouterSettings) {
    this.#seats = seats;
    this.#settings = settings;
  }

  /** The pool that a call would wait in, in the step its row says. */
  poolOf(call: LiveCall): Pool {
    const rings = ringsOf(call.policy, call.row.step, call.row, call.row.stepSinceMs);
    const key = rings.map((ring) => ring.key).join(" ");
    let pool = this.#pools.get(key);
    if (!pool) {
      pool = { key, rings, able: this.#seats.ableFor(rings), calls: [] };
      this.#pools.set(key, pool);
    }
    return pool;
  }

  add(call: LiveCall, pool: Pool): void {
    call.pool = pool;
    pool.calls.splice(this.#placeIn(pool, call.row), 0, call);
    this.#occupied.add(pool);
  }

  take(call: LiveCall): void {
    const { pool } = call;
    if (!pool) return;
    pool.calls.splice(this.#placeIn(pool, call.row), 1);
    call.pool = null;
    if (pool.calls.length > 0) return;
    this.#occupied.delete(pool);
    // Pools of one agent are many and short-lived; the others are worth keeping.
    if (pool.rings.some((ring) => ring.only !== null)) this.#pools.delete(pool.key);
  }

  /** How many calls of the pool go before this one. */
  #placeIn(pool: Pool, row: RoutedCall): number {
    let low = 0;
    let high = pool.calls.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = pool.calls[middle];
      if (other && compareCalls(other.row, row, this.#settings) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What a seat can do has changed, or it is gone. */
  follow({ slot, seat }: SeatSlot, isGone = false): void {
    for (const { able, rings } of this.#pools.values())
      able.put(slot, !isGone && rings.some((ring) => isAble(ring, seat)));
  }

  /** Drops what no waiting call needs: after a change of policies their versions would pile up otherwise. */
  prune(): void {
    const needed = new Set<SkillExpression>();
    for (const pool of this.#pools.values()) {
      if (pool.calls.length === 0) this.#pools.delete(pool.key);
      else for (const ring of pool.rings) needed.add(ring.skills);
    }
    this.#seats.abilities.forgetSkills((skills) => needed.has(skills));
  }

  /** The first waiting call that a seat is able to take and that `isOpen` to it. */
  firstFor({ slot }: SeatSlot, isOpen: (call: LiveCall) => boolean): LiveCall | null {
    let best: LiveCall | null = null;
    for (const pool of this.#occupied) {
      if (!pool.able.has(slot)) continue;
      for (const call of pool.calls) {
        if (best && compareCalls(best.row, call.row, this.#settings) < 0) break;
        if (!isOpen(call)) continue;
        best = call;
        break;
      }
    }
    return best;
  }

  /** Waiting calls that no signed-in seat is able to take. */
  withoutAnybody(): LiveCall[] {
    const found: LiveCall[] = [];
    for (const pool of this.#occupied) if (!pool.able.meets(this.#seats.signedIn)) found.push(...pool.calls);
    return found;
  }

  /**
   * Calls that stand before this one for seats of its own. `share` weighs each with the part of its seats that are also
   * this call's: who may be served elsewhere takes less of the line.
   */
  ahead(call: LiveCall): { count: number; share: number } {
    const { pool } = call;
    if (!pool) return { count: 0, share: 0 };
    let count = 0;
    let share = 0;
    for (const other of this.#occupied) {
      const before = this.#placeIn(other, call.row);
      if (before === 0) continue;
      const shared = other === pool ? 1 : this.#sharedPart(other, pool);
      if (shared === 0) continue;
      count += before;
      share += before * shared;
    }
    return { count, share };
  }

  #sharedPart(other: Pool, pool: Pool): number {
    const theirs = new Bits();
    other.able.each((slot) => theirs.put(slot, true), this.#seats.working);
    const all = theirs.count();
    return all === 0 ? 0 : theirs.count(pool.able) / all;
  }

  /** Why the seats that are not able to take calls of a pool are not: what its first ring says of them. */
  unableFor(pool: Pool): WhyNotGroup[] {
    const [own] = pool.rings;
    if (!own) return [];
    const groups = new Map<WhyNot, WhyNotGroup>();
    const reasonOf = this.#seats.abilities.reasonsOf(own);
    for (const { slot, seat } of this.#seats.all()) {
      if (pool.able.has(slot)) continue;
      const whyNot = reasonOf(slot, seat);
      const group = groups.get(whyNot);
      if (group) group.seatIds.push(seat.seatId);
      else groups.set(whyNot, { whyNot, seatIds: [seat.seatId], measures: [] });
    }
    return [...groups.values()];
  }

  *waiting(): Iterable<LiveCall> {
    for (const pool of this.#occupied) yield* pool.calls;
  }

  /** Calls in order of the queue. */
  inOrder(calls: Iterable<LiveCall>): LiveCall[] {
    return [...calls].toSorted((a, b) => compareCalls(a.row, b.row, this.#settings));
  }
}
