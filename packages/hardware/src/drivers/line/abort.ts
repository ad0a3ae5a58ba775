import { DeviceError } from "../contracts.ts";

export const cancelled = (what: string): DeviceError => new DeviceError("cancelled", `${what} was cancelled`);

export const throwIfAborted = (signal: AbortSignal, what: string): void => {
  if (signal.aborted) throw cancelled(what);
};

/** Waits `ms`, or rejects with DeviceError `cancelled` as soon as the signal aborts. */
export const pause = async (ms: number, signal: AbortSignal, what = "waiting"): Promise<void> => {
  throwIfAborted(signal, what);
  await new Promise<void>((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(cancelled(what));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal.addEventListener("abort", abort, { once: true });
  });
};
