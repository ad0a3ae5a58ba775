import { type CustomerAction, HostToUi, type KioskView, type UiToHost } from "@gridhall/domain/kiosk/view.ts";
import type { MediaToClient } from "@gridhall/domain/media/schema.ts";

/** What the UI knows of the host. `view` is the last one received; it is not shown while the line is down. */
export type Link = { state: "down" } | { state: "up"; view: KioskView };

/** What a page says to the host beside what the customer does: all of it belongs to a call. */
export type CallMessage = Extract<UiToHost, { type: "media-join" | "media" | "devices" | "page-map" }>;

export interface Connection {
  link(): Link;
  subscribe(listener: () => void): () => void;
  /** Sends what the customer did, stamped with the revision of the view they saw. Lost while the line is down. */
  act(action: CustomerAction): void;
  /** Lost while the line is down: whoever needs an answer asks again. */
  tell(message: CallMessage): void;
  onMedia(listener: (message: MediaToClient) => void): () => void;
  close(): void;
}

const RETRY_MS = [200, 500, 1_000, 2_000] as const;
/** The host's close code for a token of an earlier start (`uiServer.ts`): only a fresh page has the new one. */
const WRONG_TOKEN = 4401;

/** Talks to the kiosk host at `url` and comes back by itself, for ever. `onStaleToken` should load the page anew. */
export function connect(options: { url: string; token: string; onStaleToken: () => void }): Connection {
  const listeners = new Set<() => void>();
  const mediaListeners = new Set<(message: MediaToClient) => void>();
  let link: Link = { state: "down" };
  let socket: WebSocket | null = null;
  let tries = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let closed = false;

  const show = (next: Link) => {
    link = next;
    for (const listener of listeners) listener();
  };
  const send = (message: UiToHost) => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };

  const open = () => {
    timer = null;
    const current = new WebSocket(options.url);
    socket = current;
    current.addEventListener("open", () => send({ type: "hello", token: options.token }));
    current.addEventListener("message", (event) => {
      const parsed = HostToUi.safeParse(safeJson(event.data));
      if (!parsed.success) return console.error("the host sent a view that this UI does not understand", parsed.error);
      if (parsed.data.type === "refused") return console.error("the host refused a message:", parsed.data.reason);
      if (parsed.data.type === "media") {
        for (const listener of mediaListeners) listener(parsed.data.message);
        return;
      }
      tries = 0;
      show({ state: "up", view: parsed.data.view });
    });
    current.addEventListener("close", (event) => {
      if (closed || socket !== current) return;
      socket = null;
      show({ state: "down" });
      const waitMs = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 2_000;
      tries += 1;
      // Slowly, so that a host that refuses every token is not stormed with page loads.
      if (event.code === WRONG_TOKEN) timer = setTimeout(options.onStaleToken, 1_000);
      else timer = setTimeout(open, waitMs);
    });
  };
  open();

  return {
    link: () => link,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    act(action) {
      if (link.state === "up") send({ type: "action", revision: link.view.revision, action });
    },
    tell: send,
    onMedia(listener) {
      mediaListeners.add(listener);
      return () => mediaListeners.delete(listener);
    },
    close() {
      closed = true;
      if (timer) clearTimeout(timer);
      socket?.close();
    },
  };
}

function safeJson(data: unknown): unknown {
  try {
    return JSON.parse(String(data));
  } catch {
    return null;
  }
}
