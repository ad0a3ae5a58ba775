import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { TransportOf } from "../../transports/config.ts";
import { DeviceError } from "../contracts.ts";
import { cancelled } from "../line/abort.ts";

export interface BrowserBridge extends AsyncDisposable {
  /** True while a browser holds the bridge. */
  connected: () => boolean;
  onConnected: (listener: () => void) => void;
  /** The port really listened on (the configured one may be 0). */
  port: () => Promise<number>;
  take: (position: string, timeoutMs: number, signal: AbortSignal) => Promise<Uint8Array>;
}

const sameToken = (given: string, expected: string): boolean => {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
};

/** CAMERA.md: the browser dials in and answers for the camera it owns; the newest browser wins. */
export const createBrowserBridge = (config: TransportOf<"browser-bridge">): BrowserBridge => {
  const server = new WebSocketServer({
    host: "127.0.0.1",
    port: config.port,
    maxPayload: 16 * 1024 * 1024,
    verifyClient: ({ req }: { req: IncomingMessage }) =>
      sameToken(new URL(req.url ?? "/", "http://bridge").searchParams.get("token") ?? "", config.token),
  });
  const listening = new Promise<void>((resolve, reject) => {
    server.once("listening", () => resolve());
    server.once("error", reject);
  });
  listening.catch(() => undefined);
  const waiting = new Map<number, (picture: Uint8Array) => void>();
  const listeners = new Set<() => void>();
  let browser: WebSocket | null = null;
  let lastId = 0;
  server.on("connection", (socket) => {
    browser?.close(4000, "another browser took the camera bridge");
    browser = socket;
    socket.on("error", () => socket.terminate());
    socket.on("message", (data, isBinary) => {
      if (!isBinary || !Buffer.isBuffer(data) || data.length < 4) return;
      waiting.get(data.readUInt32BE(0))?.(Uint8Array.from(data.subarray(4)));
    });
    socket.on("close", () => {
      if (browser === socket) browser = null;
      for (const listener of listeners) listener();
    });
    for (const listener of listeners) listener();
  });

  return {
    connected: () => browser !== null,
    onConnected: (listener) => void listeners.add(listener),
    port: async () => {
      await listening;
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : config.port;
    },
    take: async (position, timeoutMs, signal) => {
      const socket = browser;
      if (socket === null) throw new DeviceError("offline", "camera: no browser holds the bridge");
      lastId = (lastId + 1) >>> 0;
      const id = lastId;
      return new Promise<Uint8Array>((resolve, reject) => {
        const settle = (act: () => void): void => {
          clearTimeout(timer);
          waiting.delete(id);
          signal.removeEventListener("abort", abort);
          act();
        };
        const abort = (): void => settle(() => reject(cancelled("taking a picture")));
        const timer = setTimeout(
          () => settle(() => reject(new DeviceError("timeout", "camera: the browser sent no picture"))),
          timeoutMs,
        );
        waiting.set(id, (picture) => settle(() => resolve(picture)));
        signal.addEventListener("abort", abort, { once: true });
        socket.send(JSON.stringify({ id, take: position }));
      });
    },
    [Symbol.asyncDispose]: async () => {
      for (const client of server.clients) client.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
