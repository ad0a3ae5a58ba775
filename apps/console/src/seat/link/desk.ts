import type { PageMap } from "@gridhall/domain/seats/assist.ts";
import type { CentreToDesk, DeskState, DeskToCentre } from "@gridhall/domain/seats/desk.ts";
import { useEffect, useState, useSyncExternalStore } from "react";
import { type CallMedia, openCallMedia } from "../media/callMedia.ts";
import { type DeskLink, type DeskSocket, openDeskSocket } from "./deskSocket.ts";
import { claimDesk } from "./openOnce.ts";
import type { RefusedOrder } from "./refusals.ts";

/**
 * This window's desk: opened by the pages that need it and kept while the person walks through the console, so that a
 * call goes on while its agent looks something up on another page.
 */
export interface DeskView {
  readonly link: DeskLink;
  readonly attempts: number;
  readonly state: DeskState | null;
  /** The centre's clock minus this computer's. */
  readonly offsetMs: number;
  readonly map: PageMap | null;
  readonly media: CallMedia | null;
  readonly refused: RefusedOrder | null;
  /** The centre speaks a newer version than this page. */
  readonly outdated: boolean;
}

const NOTHING: DeskView = {
  link: "closed",
  attempts: 0,
  state: null,
  offsetMs: 0,
  map: null,
  media: null,
  refused: null,
  outdated: false,
};

let view = NOTHING;
let socket: DeskSocket | null = null;
let release: (() => void) | null = null;
/** Counts openings: what an older one still answers is not for the present one. */
let opening = 0;
/** Orders given while the desk was just being opened (a supervisor's first action). */
let waiting: DeskToCentre[] = [];
const listeners = new Set<() => void>();

function change(part: Partial<DeskView>): void {
  view = { ...view, ...part };
  for (const listener of listeners) listener();
}

function everySecond(beat: () => void): () => void {
  const worker = new Worker(new URL("./alive.worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener("message", beat);
  return () => worker.terminate();
}

function connect(): WebSocket {
  const here = new URL("/api/seats/desk", location.href);
  here.protocol = here.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(here);
}

function handleLink(link: DeskLink, attempts: number): void {
  if (link === "open") {
    const orders = waiting;
    waiting = [];
    for (const order of orders) socket?.send(order);
    view.media?.signallingRestored();
  }
  if (link === "opened-elsewhere" || link === "signed-out" || link === "not-allowed") leaveMedia();
  change({ link, attempts });
}

function leaveMedia(): void {
  view.media?.close();
  if (view.media) change({ media: null, map: null });
}

function handleMessage(message: CentreToDesk): void {
  switch (message.type) {
    case "state":
      return handleState(message.state);
    case "page-map":
      if (message.callId === view.state?.call?.callId) change({ map: message.map });
      return;
    case "media":
      if (message.callId === view.media?.callId) view.media.receive(message.message);
      return;
    case "refused":
      return tellRefused(message.order, message.reason);
    default:
      return message satisfies never;
  }
}

function tellRefused(order: string, reason: string): void {
  change({ refused: { n: (view.refused?.n ?? 0) + 1, order, reason } });
}

function handleState(state: DeskState): void {
  const { call } = state;
  if (view.media && view.media.callId !== call?.callId) leaveMedia();
  change({ state, offsetMs: state.nowMs - Date.now() });
  if (!call) return;
  const party = call.parties.find((one) => one.seatId === state.seatId);
  const part = call.part === "supervising" ? (party?.mode ?? "listen") : "talking";
  if (view.media) view.media.setPart(part);
  else
    change({
      map: null,
      media: openCallMedia({
        callId: call.callId,
        part,
        join: () => void socket?.send({ type: "media-join", callId: call.callId }),
        send: (message) => void socket?.send({ type: "media", callId: call.callId, message }),
      }),
    });
}

export const desk = {
  /** Connects unless connected. Another window of this browser that has the desk keeps it, unless `takeOver`. */
  open(takeOver = false): void {
    const { link } = view;
    if (link === "connecting" || link === "open" || link === "reconnecting") return;
    if (link !== "closed" && !takeOver) return;
    opening += 1;
    const mine = opening;
    change({ ...NOTHING, link: "connecting" });
    const released = new Promise<void>((done) => {
      release = done;
    });
    const lost = (): void => {
      if (mine !== opening) return;
      socket?.close();
      socket = null;
      leaveMedia();
      change({ link: "opened-elsewhere" });
    };
    void claimDesk(takeOver, lost, released).then((claimed) => {
      if (mine !== opening) return;
      if (!claimed) return change({ link: "opened-elsewhere" });
      socket = openDeskSocket({
        connect,
        everySecond,
        nowMs: () => Date.now(),
        random: () => Math.random(),
        onLink: (link, attempts) => mine === opening && handleLink(link, attempts),
        onMessage: (message) => mine === opening && handleMessage(message),
        onUnreadable: () => mine === opening && change({ outdated: true }),
      });
    });
  },
  close(): void {
    opening += 1;
    waiting = [];
    socket?.close();
    socket = null;
    release?.();
    release = null;
    leaveMedia();
    change(NOTHING);
  },
  /** Gives an order. One that cannot be sent is refused at once, in words, and not kept for later. */
  order(order: DeskToCentre): boolean {
    if (view.link === "connecting" && view.state === null) {
      waiting.push(order);
      return true;
    }
    const sent = socket?.send(order) ?? false;
    if (!sent) tellRefused(order.type, "not-connected");
    return sent;
  },
  /** Like `order`, but silently lost while the line is down: for what means nothing later, and what is repeated anyway. */
  hint(order: DeskToCentre): boolean {
    return socket?.send(order) ?? false;
  },
};

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useDesk(): DeskView {
  return useSyncExternalStore(subscribe, () => view);
}

/** The present by the centre's clock, for times of states and deadlines. */
export function useCentreNow(everyMs = 500): number {
  const { offsetMs } = useDesk();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now + offsetMs;
}
