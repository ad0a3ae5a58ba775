import type { DriverLogger } from "../config.ts";
import { DeviceError, type DeviceState } from "../contracts.ts";
import type { Line } from "./line.ts";
import { createListeners } from "./listeners.ts";

/** What a driver knows of its device's presence, and the heartbeat that keeps the knowledge true. */
export interface Presence extends AsyncDisposable {
  state: () => DeviceState;
  onState: (listener: (state: DeviceState) => void) => () => void;
  /** For faults that only the driver sees (tamper, hardware error). */
  set: (state: DeviceState) => void;
  /** Ask now instead of at the next beat; failures are the heartbeat's affair. */
  beatNow: () => void;
}

/** What the heartbeat needs of a line; devices reached by requests of their own (IPP, HTTP) use `requestOnly`. */
export type PresenceLine = Pick<Line, "isOpen" | "untilOpen" | "onOpen" | "onClose" | "reopen">;

export const requestOnly: PresenceLine = {
  isOpen: () => true,
  untilOpen: async () => undefined,
  onOpen: () => () => undefined,
  onClose: () => () => undefined,
  reopen: () => undefined,
};

export interface PresenceOptions {
  name: string;
  line: PresenceLine;
  logger: DriverLogger;
  /** How long until the next question; read after each beat, so that a driver can hurry while something is going on. */
  everyMs: () => number;
  /** One cheap round trip. Answers the state that the device is in; a rejection means that it does not answer. */
  beat: (signal: AbortSignal) => Promise<DeviceState>;
}

/** After so many unanswered beats on an open line the line itself is suspected and opened anew. */
const missesBeforeReopen = 5;

export const createPresence = (options: PresenceOptions): Presence => {
  const { name, line, logger } = options;
  const stop = new AbortController();
  /** Ends the present pause; a call between two pauses shortens the next one to nothing. */
  let wake = (): void => undefined;
  let awake = false;
  let state: DeviceState = "starting";
  let misses = 0;
  const listeners = createListeners<DeviceState>((error) =>
    logger.error({ err: error, device: name }, "a state listener failed"),
  );
  const set = (next: DeviceState): void => {
    if (next === state || stop.signal.aborted) return;
    logger.info({ device: name, from: state, to: next }, "device state");
    state = next;
    listeners.emit(next);
  };
  const hurry = (): void => {
    awake = true;
    wake();
  };
  const rest = async (ms: number): Promise<void> => {
    if (awake || stop.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  };
  const offOpen = line.onOpen(hurry);
  const offClose = line.onClose(() => set("offline"));

  const loop = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      awake = false;
      if (line.isOpen()) await beat();
      // A line that cannot even be opened is as offline as one that was closed.
      else if (state === "starting") await line.untilOpen(500, stop.signal).catch(() => set("offline"));
      await rest(line.isOpen() ? options.everyMs() : 1_000);
    }
  };
  const beat = async (): Promise<void> => {
    try {
      set(await options.beat(stop.signal));
      misses = 0;
    } catch (error) {
      if (stop.signal.aborted) return;
      logger.debug({ err: error, device: name }, "no answer to the heartbeat");
      set(error instanceof DeviceError && error.code === "tampered" ? "fraudAttempt" : "offline");
      misses++;
      if (misses % missesBeforeReopen === 0) line.reopen();
    }
  };
  const looping = loop();

  return {
    state: () => state,
    onState: listeners.add,
    set,
    beatNow: hurry,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      wake();
      offOpen();
      offClose();
      await looping;
    },
  };
};
