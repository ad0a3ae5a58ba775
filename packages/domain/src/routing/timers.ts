import type { CallId } from "../seats/schema.ts";

/** Something of a call that is due at an instant. Whether it still means anything is seen when it comes. */
export interface Timer {
  readonly dueMs: number;
  readonly kind: "offer" | "step" | "refusal";
  readonly callId: CallId;
}

/** A binary heap: the earliest first, equal ones by kind and call, so that the order can be repeated. */
export class Timers {
  readonly #heap: Timer[] = [];

  get nextMs(): number | null {
    return this.#heap[0]?.dueMs ?? null;
  }

  push(timer: Timer): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(timer);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above];
      if (!parent || !isBefore(timer, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = timer;
  }

  /** The earliest timer that is due; null: none is. */
  takeDue(nowMs: number): Timer | null {
    const heap = this.#heap;
    const first = heap[0];
    if (!first || first.dueMs > nowMs) return null;
    const last = heap.pop();
    if (last && heap.length > 0) this.#sink(last);
    return first;
  }

  #sink(timer: Timer): void {
    const heap = this.#heap;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      const left = heap[below];
      if (!left) break;
      const right = heap[below + 1];
      let child = left;
      if (right && isBefore(right, left)) {
        child = right;
        below += 1;
      }
      if (!isBefore(child, timer)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = timer;
  }
}

const ORDER = { offer: 0, step: 1, refusal: 2 } as const;

function isBefore(a: Timer, b: Timer): boolean {
  if (a.dueMs !== b.dueMs) return a.dueMs < b.dueMs;
  if (a.kind !== b.kind) return ORDER[a.kind] < ORDER[b.kind];
  return a.callId < b.callId;
}
