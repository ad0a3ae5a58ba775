import { DeviceError, type DeviceState, type Driver } from "../drivers/contracts.ts";

/** What a test can do to every fake driver. */
export interface FakeControls {
  setState(state: DeviceState): void;
  /** The next call of this method rejects with this fault; calls are counted by name in `calls`. */
  failNext(method: string, error: Error): void;
  /** The next call of this method never settles and ignores its signal. */
  hangNext(method: string): void;
  readonly calls: readonly string[];
  readonly disposed: boolean;
  /** Operations under way. */
  readonly busy: number;
}

export interface FakeBase {
  driver: Driver;
  controls: FakeControls;
  /** Wraps one operation: counts it, and makes it fail, hang or abort as it should. */
  run<T>(method: string, signal: AbortSignal, operation: () => Promise<T> | T): Promise<T>;
}

/** Common part of all fake drivers: in memory, immediate, obedient to signals unless told otherwise. */
export function createFakeBase(kind: string, initial: DeviceState = "online"): FakeBase {
  const listeners = new Set<(state: DeviceState) => void>();
  const failures = new Map<string, Error>();
  const hangs = new Set<string>();
  const calls: string[] = [];
  let state = initial;
  let disposed = false;
  let busy = 0;

  const run: FakeBase["run"] = async (method, signal, operation) => {
    calls.push(method);
    const failure = failures.get(method);
    failures.delete(method);
    if (failure !== undefined) throw failure;
    if (hangs.delete(method)) return new Promise(() => undefined);
    if (signal.aborted) throw new DeviceError("cancelled", "aborted");
    busy++;
    try {
      return await operation();
    } finally {
      busy--;
    }
  };

  return {
    driver: {
      kind,
      model: `fake ${kind}`,
      state: () => state,
      onState: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      reset: (signal) => run("reset", signal, () => ({ mediaInside: false })),
      selfTest: (signal) => run("selfTest", signal, () => ({ ok: true, detail: "fake" })),
      [Symbol.asyncDispose]: async () => {
        disposed = true;
      },
    },
    controls: {
      setState: (next) => {
        state = next;
        for (const listener of listeners) listener(next);
      },
      failNext: (method, error) => void failures.set(method, error),
      hangNext: (method) => void hangs.add(method),
      calls,
      get disposed() {
        return disposed;
      },
      get busy() {
        return busy;
      },
    },
    run,
  };
}

/** Something that a fake device waits for (a card, a code) and a test provides, in either order. */
export interface Mailbox<T> {
  put(item: T): void;
  take(signal: AbortSignal): Promise<T>;
  clear(): void;
}

export function createMailbox<T>(): Mailbox<T> {
  let items: T[] = [];
  const takers = new Set<(item: T) => void>();
  return {
    put: (item) => {
      const [taker] = takers;
      if (taker === undefined) items.push(item);
      else taker(item);
    },
    take: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) return reject(new DeviceError("cancelled", "aborted"));
        const ready = items.shift();
        if (ready !== undefined) return resolve(ready);
        const taker = (item: T): void => {
          settle();
          resolve(item);
        };
        const abort = (): void => {
          settle();
          reject(new DeviceError("cancelled", "aborted"));
        };
        const settle = (): void => {
          takers.delete(taker);
          signal.removeEventListener("abort", abort);
        };
        takers.add(taker);
        signal.addEventListener("abort", abort, { once: true });
      }),
    clear: () => {
      items = [];
    },
  };
}
