import { CentreToDesk, type DeskToCentre } from "@gridhall/domain/seats/desk.ts";

export type DeskLink =
  | "closed"
  | "connecting"
  | "open"
  /** Cut off; tried again by itself. */
  | "reconnecting"
  /** Another window has the desk now: this one does not take it back by itself, or the two would fight for it. */
  | "opened-elsewhere"
  | "signed-out"
  | "not-allowed";

/** What is used of a `WebSocket`. */
export interface Wire {
  readonly readyState: number;
  send(text: string): void;
  close(): void;
  addEventListener(type: "open", listener: () => void): void;
  addEventListener(type: "message", listener: (event: { data: unknown }) => void): void;
  addEventListener(type: "close", listener: (event: { code: number }) => void): void;
}

export interface DeskSocketOptions {
  connect(): Wire;
  /** Calls back about once a second until the returned function is called. */
  everySecond(beat: () => void): () => void;
  nowMs(): number;
  random(): number;
  onLink(link: DeskLink, attempts: number): void;
  onMessage(message: CentreToDesk): void;
  /** Something that this version of the page does not understand. */
  onUnreadable(): void;
}

export interface DeskSocket {
  /** False: not connected, and the order is not kept. */
  send(order: DeskToCentre): boolean;
  close(): void;
}

const FIRST_PAUSE_MS = 300;
const LONGEST_PAUSE_MS = 3_000;
/** The centre sends the whole state each five seconds: after this long without a word the line is dead, whatever TCP thinks. */
const SILENT_MS = 12_000;
const OPEN = 1;
const FINAL: Readonly<Record<number, DeskLink>> = {
  4401: "signed-out",
  4403: "not-allowed",
  4409: "opened-elsewhere",
};

/** 0.3 s, 0.6 s … 3 s, each a little different so that a hall of desks does not come back at one instant. */
export function pauseMs(attempts: number, random: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts) * (0.75 + random / 4);
}

/** Keeps one desk connected until `close`, or until the centre says that it shall not be. */
export function openDeskSocket(options: DeskSocketOptions): DeskSocket {
  let wire: Wire | null = null;
  let attempts = 0;
  let heardMs = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let ended = false;

  const end = (link: DeskLink): void => {
    ended = true;
    clearTimeout(retry);
    stopBeat();
    options.onLink(link, attempts);
  };
  const lost = (): void => {
    wire = null;
    const pause = pauseMs(attempts, options.random());
    attempts += 1;
    options.onLink("reconnecting", attempts);
    retry = setTimeout(connect, pause);
  };
  const connect = (): void => {
    const mine = options.connect();
    wire = mine;
    heardMs = options.nowMs();
    mine.addEventListener("open", () => {
      if (wire !== mine) return;
      attempts = 0;
      heardMs = options.nowMs();
      options.onLink("open", 0);
    });
    mine.addEventListener("message", ({ data }) => {
      if (wire !== mine || typeof data !== "string") return;
      heardMs = options.nowMs();
      const message = CentreToDesk.safeParse(readJson(data));
      if (message.success) options.onMessage(message.data);
      else options.onUnreadable();
    });
    mine.addEventListener("close", ({ code }) => {
      if (wire !== mine || ended) return;
      const final = FINAL[code];
      if (final) end(final);
      else lost();
    });
  };
  const send = (order: DeskToCentre): boolean => {
    if (wire?.readyState !== OPEN) return false;
    wire.send(JSON.stringify(order));
    return true;
  };
  const stopBeat = options.everySecond(() => {
    send({ type: "alive" });
    if (!wire || options.nowMs() - heardMs < SILENT_MS) return;
    const dead = wire;
    lost();
    dead.close();
  });

  options.onLink("connecting", 0);
  connect();
  return {
    send,
    close() {
      if (ended) return;
      end("closed");
      wire?.close();
      wire = null;
    },
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
