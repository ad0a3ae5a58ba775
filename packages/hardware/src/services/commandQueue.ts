import type { StopCause } from "./faults.ts";

/** One command (or one errand of the service itself) in the one queue of a service. */
export interface QueueJob {
  /** Milliseconds from now on, waiting included; 0: no limit. */
  readonly timeoutMs: number;
  /** Does the work and tells its outcome itself. Never rejects. */
  execute(signal: AbortSignal): Promise<void>;
  /** Tells the outcome in place of `execute`: stopped while it waited, or given up because the driver ignored the signal. */
  abandon(cause: StopCause, stage: "queued" | "running"): void;
}

export interface Ticket {
  stop(cause: StopCause): void;
  isRunning(): boolean;
}

export interface CommandQueue {
  isFull(): boolean;
  /** The job may begin before this returns. */
  push(job: QueueJob): Ticket;
  /** Jobs waiting and running. */
  size(): number;
  /** Stops everything, waits for what is running (at most the grace). */
  close(): Promise<void>;
}

/** Why the job that has this signal was told to stop. */
export function stopCauseOf(signal: AbortSignal): StopCause {
  return signal.reason instanceof DOMException && signal.reason.message === "timeOut" ? "timeOut" : "canceled";
}

/** The longest delay that setTimeout takes; a longer limit means none. */
const longestDelayMs = 2 ** 31 - 1;

/**
 * First in, first out; one job at a time. A job that goes on for `graceMs` after it was told to stop is given up, so that
 * no driver can hold up a service.
 */
export function createCommandQueue(options: {
  limit: number;
  graceMs: number;
  /** The running job ignored its signal and was given up. */
  onWedged(): void;
  /** Nothing runs and nothing waits. */
  onIdle(): void;
  /** A job is about to run; what it returns is awaited first. */
  beforeJob(): Promise<void> | undefined;
}): CommandQueue {
  interface Entry {
    job: QueueJob;
    controller: AbortController;
    timer: NodeJS.Timeout | null;
    grace: NodeJS.Timeout | null;
    giveUp: (() => void) | null;
  }
  const waiting: Entry[] = [];
  let running: Entry | null = null;
  let closed = false;
  let drained: (() => void) | null = null;

  const stop = (entry: Entry, cause: StopCause): void => {
    if (entry === running) {
      if (entry.controller.signal.aborted) return;
      entry.controller.abort(new DOMException(cause, "AbortError"));
      entry.grace = setTimeout(() => {
        entry.job.abandon(cause, "running");
        options.onWedged();
        entry.giveUp?.();
      }, options.graceMs);
      return;
    }
    const index = waiting.indexOf(entry);
    if (index < 0) return;
    waiting.splice(index, 1);
    if (entry.timer !== null) clearTimeout(entry.timer);
    entry.job.abandon(cause, "queued");
  };

  const run = async (entry: Entry): Promise<void> => {
    const before = options.beforeJob();
    if (before !== undefined) await before;
    const givenUp = new Promise<void>((resolve) => {
      entry.giveUp = resolve;
    });
    await Promise.race([entry.job.execute(entry.controller.signal), givenUp]);
    if (entry.timer !== null) clearTimeout(entry.timer);
    if (entry.grace !== null) clearTimeout(entry.grace);
    running = null;
    next();
  };

  const next = (): void => {
    if (running !== null) return;
    const entry = waiting.shift();
    if (entry === undefined) {
      drained?.();
      if (!closed) options.onIdle();
      return;
    }
    running = entry;
    void run(entry);
  };

  return {
    isFull: () => closed || waiting.length >= options.limit,
    push: (job) => {
      const entry: Entry = { job, controller: new AbortController(), timer: null, grace: null, giveUp: null };
      if (job.timeoutMs > 0 && job.timeoutMs <= longestDelayMs) {
        entry.timer = setTimeout(() => stop(entry, "timeOut"), job.timeoutMs);
      }
      waiting.push(entry);
      next();
      return { stop: (cause) => stop(entry, cause), isRunning: () => entry === running };
    },
    size: () => waiting.length + (running === null ? 0 : 1),
    close: async () => {
      closed = true;
      for (const entry of [...waiting]) stop(entry, "canceled");
      if (running === null) return;
      const done = new Promise<void>((resolve) => {
        drained = resolve;
      });
      stop(running, "canceled");
      await done;
    },
  };
}
