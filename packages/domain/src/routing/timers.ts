import type { CallId } from "../seats/schema.ts";
import { Heap } from "./heap.ts";

/** Something of a call that is due at an instant. Whether it still means anything is seen when it comes. */
export interface Timer {
  readonly dueMs: number;
  readonly kind: "offer" | "step" | "refusal";
  readonly callId: CallId;
}

const ORDER = { offer: 0, step: 1, refusal: 2 } as const;

/** The earliest first, equal ones by kind and call: the order must not depend on when they were set. */
function isBefore(a: Timer, b: Timer): boolean {
  if (a.dueMs !== b.dueMs) return a.dueMs < b.dueMs;
  if (a.kind !== b.kind) return ORDER[a.kind] < ORDER[b.kind];
  return a.callId < b.callId;
}

export class Timers {
  readonly #heap = new Heap(isBefore);

  get nextMs(): number | null {
    return this.#heap.first?.dueMs ?? null;
  }

  push(timer: Timer): void {
    this.#heap.push(timer);
  }

  /** The earliest timer that is due; null: none is. */
  takeDue(nowMs: number): Timer | null {
    const { first } = this.#heap;
    return first && first.dueMs <= nowMs ? (this.#heap.take() ?? null) : null;
  }
}
