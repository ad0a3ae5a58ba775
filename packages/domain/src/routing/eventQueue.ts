import { Heap } from "./heap.ts";

interface Planned<T> {
  readonly atMs: number;
  readonly order: number;
  readonly thing: T;
}

/** Things to come in simulated time: the earliest first, at the same time in the order in which they were planned. */
export class EventQueue<T> {
  readonly #heap = new Heap<Planned<T>>((a, b) => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order));
  #planned = 0;

  get nextMs(): number | null {
    return this.#heap.first?.atMs ?? null;
  }

  push(atMs: number, thing: T): void {
    this.#heap.push({ atMs, order: this.#planned, thing });
    this.#planned += 1;
  }

  take(): T | undefined {
    return this.#heap.take()?.thing;
  }
}
