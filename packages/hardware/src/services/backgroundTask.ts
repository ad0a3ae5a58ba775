import type { DriverLogger } from "../drivers/config.ts";

/** What a service does with its device while no command wants it: waiting for a card to be taken away. */
export interface BackgroundTask {
  /** No command runs and none waits. */
  idle(): void;
  /** A command is about to run. What it returns, if anything, is to be awaited first. */
  busy(): Promise<void> | undefined;
  close(): Promise<void>;
}

/** A pause between two commands that is shorter is not worth starting for: APDUs come in rows. */
const restMs = 100;

export function createBackgroundTask(options: {
  /** Starts the task; null: there is nothing to do now. */
  start(signal: AbortSignal): Promise<void> | null;
  /** How long a task may ignore its signal before the next command begins regardless. */
  graceMs: number;
  logger: DriverLogger;
}): BackgroundTask {
  let isBusy = false;
  let idleSince = 0;
  let timer: NodeJS.Timeout | null = null;
  let running: { stop: AbortController; done: Promise<void> } | null = null;
  let isClosed = false;

  const look = (): void => {
    timer = null;
    if (isBusy || isClosed || running !== null) return;
    const restedMs = performance.now() - idleSince;
    if (restedMs < restMs) {
      timer = setTimeout(look, restMs - restedMs);
      return;
    }
    start();
  };
  const start = (): void => {
    const stop = new AbortController();
    const task = options.start(stop.signal);
    if (task === null) return;
    const done = task.then(
      () => undefined,
      (error: unknown) => {
        if (!stop.signal.aborted) options.logger.debug({ err: error }, "the background task ended");
      },
    );
    running = { stop, done };
    void done.then(() => {
      running = null;
    });
  };
  const stop = async (task: NonNullable<typeof running>): Promise<void> => {
    task.stop.abort();
    let late: NodeJS.Timeout | undefined;
    const grace = new Promise<void>((resolve) => {
      late = setTimeout(resolve, options.graceMs);
    });
    await Promise.race([task.done, grace]);
    clearTimeout(late);
  };

  return {
    idle: () => {
      isBusy = false;
      idleSince = performance.now();
      timer ??= setTimeout(look, restMs);
    },
    busy: () => {
      isBusy = true;
      return running === null ? undefined : stop(running);
    },
    close: async () => {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      if (running !== null) await stop(running);
    },
  };
}
