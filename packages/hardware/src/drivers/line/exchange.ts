import { DeviceError } from "../contracts.ts";
import { cancelled, pause, throwIfAborted } from "./abort.ts";
import type { Line } from "./line.ts";

/** Cuts a byte stream into frames. `"bad"` stands for a frame whose checksum or end mark was wrong. */
export interface Splitter<F> {
  push: (bytes: Uint8Array) => (F | "bad")[];
  /** Forgets a half frame: called before each attempt, because its other half belongs to nobody's answer. */
  reset: () => void;
}

/**
 * `read` may be repeated by the driver. `value` moves money or cannot be undone: it is sent once, and any failure after
 * the first byte left is DeviceError `indeterminate`, because the device may have obeyed without our hearing of it.
 */
export type Effect = "read" | "value";

export interface ExchangeRequest<F> {
  /** For logs and errors: what is asked of the device. */
  what: string;
  bytes: Uint8Array;
  effect: Effect;
  timeoutMs: number;
  /** Further attempts of a read after the first. */
  retries: number;
  matches: (frame: F) => boolean;
  signal: AbortSignal;
}

/** Half-duplex request and answer on a line: one at a time, first come first served. */
export interface Exchange<F> {
  request: (request: ExchangeRequest<F>) => Promise<F>;
}

/** How long the line must have been quiet before a repeated question: a late answer must not meet the new one. */
const quietMs = 25;

export const createExchange = <F>(line: Line, splitter: Splitter<F>): Exchange<F> => {
  let tail: Promise<unknown> = Promise.resolve();

  const attempt = async (request: ExchangeRequest<F>): Promise<F> => {
    const { what, effect, signal } = request;
    splitter.reset();
    if (effect === "value") throwIfAborted(signal, what);
    if (!line.isOpen()) {
      if (effect === "value") throw new DeviceError("offline", `${what}: the line is down, nothing was sent`);
      await line.untilOpen(request.timeoutMs, signal);
    }
    return new Promise<F>((resolve, reject) => {
      const settle = (act: () => void): void => {
        clearTimeout(timer);
        offData();
        offClose();
        signal.removeEventListener("abort", abort);
        act();
      };
      const fail = (error: unknown): void => settle(() => reject(error));
      // A value command that has left is awaited to its end: abandoning it would only make its outcome unknown.
      const abort = (): void => (effect === "value" ? undefined : fail(cancelled(what)));
      const offData = line.onData((bytes) => {
        for (const frame of splitter.push(bytes)) {
          if (frame === "bad") return fail(new DeviceError("protocol", `${what}: the answer's checksum is wrong`));
          if (request.matches(frame)) return settle(() => resolve(frame));
        }
      });
      const offClose = line.onClose(() =>
        fail(new DeviceError("offline", `${what}: unplugged while waiting for the answer`)),
      );
      const timer = setTimeout(
        () => fail(new DeviceError("timeout", `${what}: no answer within ${request.timeoutMs} ms`)),
        request.timeoutMs,
      );
      signal.addEventListener("abort", abort, { once: true });
      if (signal.aborted) return abort();
      line.write(request.bytes).catch(fail);
    });
  };

  const run = async (request: ExchangeRequest<F>): Promise<F> => {
    if (request.effect === "value") {
      if (!line.isOpen()) throw new DeviceError("offline", `${request.what}: the line is down, nothing was sent`);
      return attempt(request).catch((error: unknown) => {
        if (error instanceof DeviceError && error.code === "cancelled") throw error;
        throw new DeviceError(
          "indeterminate",
          `${request.what}: sent, but no answer came; settle it by the device's counters`,
          { what: request.what },
          { cause: error },
        );
      });
    }
    for (let left = request.retries; ; left--) {
      try {
        return await attempt(request);
      } catch (error) {
        if (left <= 0 || (error instanceof DeviceError && error.code === "cancelled")) throw error;
        await untilQuiet(line, request.signal);
      }
    }
  };

  return {
    request: async (request) => {
      throwIfAborted(request.signal, request.what);
      const before = tail;
      const mine = (async () => {
        await before;
        throwIfAborted(request.signal, request.what);
        return run(request);
      })();
      tail = mine.catch(() => undefined);
      return abandonWhileQueued(mine, before, request);
    },
  };
};

/** A request that is cancelled while it waits for its turn answers at once; its turn then passes without a byte sent. */
const abandonWhileQueued = async <F, R>(
  mine: Promise<R>,
  before: Promise<unknown>,
  request: ExchangeRequest<F>,
): Promise<R> => {
  let started = false;
  void before.then(() => (started = true));
  return new Promise<R>((resolve, reject) => {
    const abort = (): void => {
      if (!started) reject(cancelled(request.what));
    };
    request.signal.addEventListener("abort", abort, { once: true });
    mine.then(resolve, reject).finally(() => request.signal.removeEventListener("abort", abort));
  });
};

const untilQuiet = async (line: Line, signal: AbortSignal): Promise<void> => {
  let lastByteAt = performance.now();
  const off = line.onData(() => (lastByteAt = performance.now()));
  try {
    do await pause(quietMs, signal);
    while (performance.now() - lastByteAt < quietMs);
  } finally {
    off();
  }
};
