import type { DriverLogger } from "../config.ts";
import { type ByteTransport, DeviceError, type OpenTransport } from "../contracts.ts";
import { cancelled, pause, throwIfAborted } from "./abort.ts";
import { createListeners } from "./listeners.ts";

/** A byte transport that comes back: opened at start, re-opened with backoff after every unplug. */
export interface Line extends AsyncDisposable {
  isOpen: () => boolean;
  /** Rejects with `offline` when the line is down: the caller decides whether waiting makes sense. */
  write: (bytes: Uint8Array) => Promise<void>;
  onData: (listener: (bytes: Uint8Array) => void) => () => void;
  onOpen: (listener: () => void) => () => void;
  onClose: (listener: () => void) => () => void;
  /** Waits at most `timeoutMs` for the line to be open; rejects with `offline` or `cancelled`. */
  untilOpen: (timeoutMs: number, signal: AbortSignal) => Promise<void>;
  /** Closes the transport and opens it anew: for an adapter that hangs although it is plugged in. */
  reopen: () => void;
}

export interface LineOptions {
  name: string;
  open: OpenTransport;
  logger: DriverLogger;
  backoffMs?: { first: number; max: number };
}

export const createLine = (options: LineOptions): Line => {
  const { name, open, logger } = options;
  const backoff = options.backoffMs ?? { first: 50, max: 1_000 };
  const stop = new AbortController();
  const report = (error: unknown): void => logger.error({ err: error, line: name }, "a listener of the line failed");
  const data = createListeners<Uint8Array>(report);
  const opened = createListeners<null>(report);
  const closed = createListeners<null>(report);
  let transport: ByteTransport | null = null;
  /** Takes the present transport out of service. */
  let retire = (): void => undefined;

  const holdOpen = async (): Promise<void> => {
    let delayMs = backoff.first;
    while (!stop.signal.aborted) {
      try {
        const current = await open(stop.signal);
        const gone = new Promise<void>((resolve) => current.onClose(() => resolve()));
        const retired = new Promise<void>((resolve) => (retire = resolve));
        current.onData((bytes) => data.emit(bytes));
        transport = current;
        delayMs = backoff.first;
        logger.debug({ line: name }, "line open");
        opened.emit(null);
        await Promise.race([gone, retired, aborted(stop.signal)]);
        if (transport === current) transport = null;
        closed.emit(null);
        await current[Symbol.asyncDispose]();
      } catch (error) {
        if (stop.signal.aborted) return;
        logger.debug({ err: error, line: name, delayMs }, "line cannot be opened, trying again");
      }
      await pause(delayMs, stop.signal).catch(() => undefined);
      delayMs = Math.min(delayMs * 2, backoff.max);
    }
  };

  const holding = holdOpen();

  return {
    isOpen: () => transport !== null,
    write: async (bytes) => {
      if (transport === null) throw new DeviceError("offline", `${name}: the line is down`, { line: name });
      await transport.write(bytes);
    },
    onData: data.add,
    onOpen: (listener) => opened.add(listener),
    onClose: (listener) => closed.add(listener),
    untilOpen: async (timeoutMs, signal) => {
      throwIfAborted(signal, name);
      if (transport !== null) return;
      await new Promise<void>((resolve, reject) => {
        const settle = (act: () => void): void => {
          clearTimeout(timer);
          off();
          signal.removeEventListener("abort", abort);
          act();
        };
        const abort = (): void => settle(() => reject(cancelled(name)));
        const off = opened.add(() => settle(resolve));
        const timer = setTimeout(
          () => settle(() => reject(new DeviceError("offline", `${name}: the line is down`, { line: name }))),
          timeoutMs,
        );
        signal.addEventListener("abort", abort, { once: true });
      });
    },
    reopen: () => retire(),
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await holding;
    },
  };
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
