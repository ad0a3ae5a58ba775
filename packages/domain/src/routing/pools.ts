import { Bits } from "./bits.ts";
import { compareCalls, type RoutedCall, type RouterSettings } from "./call.ts";
import { WhyNotGroups } from "./pick.ts";
import type { RoutingPolicy } from "./policy.ts";
import type { WhyNotGroup } from "./reason.ts";
import { type Ring, ringsOf, whyNotAble } from "./ring.ts";
import type { SeatIndex, SeatSlot } from "./seatIndex.ts";

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
  able: Bits;
  /** Sorted by `compareCalls`. */
  readonly calls: LiveCall[];
  /** Why the seats that are not able are not, with the version of the index it was worked out for. */
  unable: { readonly version: number; readonly groups: readonly WhyNotGroup[] } | null;
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
      pool = { key, rings, able: this.#ableFor(rings), calls: [], unable: null };
      this.#pools.set(key, pool);
    }
    return pool;
  }

  #ableFor(rings: readonly Ring[]): Bits {
    const able = new Bits();
    for (const ring of rings) able.addAll(this.#seats.ableFor(ring));
    return able;
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

  /** What a seat can do has changed, or a seat is gone: the pools follow the rings. */
  follow({ slot }: SeatSlot): void {
    for (const pool of this.#pools.values())
      pool.able.put(
        slot,
        pool.rings.some((ring) => this.#seats.ableFor(ring).has(slot)),
      );
  }

  /** Drops what no waiting call needs: after a change of policies their versions would pile up otherwise. */
  prune(): void {
    const needed = new Set<string>();
    for (const pool of this.#pools.values()) {
      if (pool.calls.length === 0) this.#pools.delete(pool.key);
      else for (const ring of pool.rings) needed.add(ring.key);
    }
    this.#seats.forgetRings((key) => needed.has(key));
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

  /** Why the seats that are not able to take calls of a pool are not. */
  unableFor(pool: Pool): readonly WhyNotGroup[] {
    if (pool.unable?.version === this.#seats.version) return pool.unable.groups;
    const groups = new WhyNotGroups();
    const [own] = pool.rings;
    for (const { slot, seat } of this.#seats.all()) {
      if (pool.able.has(slot)) continue;
      groups.add((own && whyNotAble(own, seat)) ?? { code: "not-last-agent" }, seat.seatId);
    }
    pool.unable = { version: this.#seats.version, groups: groups.list() };
    return pool.unable.groups;
  }

  *waiting(): Iterable<LiveCall> {
    for (const pool of this.#occupied) yield* pool.calls;
  }

  /** Calls in order of the queue. */
  inOrder(calls: Iterable<LiveCall>): LiveCall[] {
    return [...calls].toSorted((a, b) => compareCalls(a.row, b.row, this.#settings));
  }
}
