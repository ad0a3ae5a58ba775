import { WebSocket } from "ws";
import { z } from "zod";

const Received = z.object({
  header: z.looseObject({
    type: z.string(),
    name: z.string(),
    requestId: z.number().optional(),
    version: z.string(),
    status: z.string().optional(),
    completionCode: z.string().optional(),
    errorDescription: z.string().optional(),
  }),
  payload: z.record(z.string(), z.unknown()).optional(),
});
export type Received = z.infer<typeof Received>;

/** A client that sends whatever a test wants, right or wrong. */
export interface RawClient extends AsyncDisposable {
  send(data: string | Uint8Array): void;
  command(name: string, requestId: number, given?: { payload?: unknown; version?: string; timeout?: number }): void;
  /** The first message, received or still to come, that `isMeant`. */
  next(isMeant: (message: Received) => boolean): Promise<Received>;
  acknowledge(requestId: number): Promise<Received>;
  completion(requestId: number): Promise<Received>;
  readonly received: readonly Received[];
  readonly isOpen: boolean;
}

export async function connectRaw(url: string): Promise<RawClient> {
  const socket = new WebSocket(url);
  socket.setMaxListeners(0);
  const received: Received[] = [];
  const listeners = new Set<() => void>();
  socket.on("message", (data) => {
    received.push(Received.parse(JSON.parse(Buffer.isBuffer(data) ? data.toString("utf8") : "")));
    for (const listener of listeners) listener();
  });
  socket.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => {
    socket.once("open", () => resolve());
    socket.once("close", () => reject(new Error(`no connection to ${url}`)));
  });
  const next: RawClient["next"] = (isMeant) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = received.find(isMeant);
        if (found === undefined) return;
        listeners.delete(look);
        resolve(found);
      };
      listeners.add(look);
      socket.once("close", () => reject(new Error("closed while a message was waited for")));
      look();
    });
  const of = (type: string, requestId: number) =>
    next((message) => {
      return message.header.type === type && message.header.requestId === requestId;
    });
  return {
    received,
    next,
    acknowledge: (requestId) => of("acknowledge", requestId),
    completion: (requestId) => of("completion", requestId),
    get isOpen() {
      return socket.readyState === WebSocket.OPEN;
    },
    send: (data) => socket.send(data),
    command: (name, requestId, { payload = {}, version = "2.0", timeout } = {}) => {
      const header = { type: "command", name, requestId, version, ...(timeout === undefined ? {} : { timeout }) };
      socket.send(JSON.stringify({ header, payload }));
    },
    [Symbol.asyncDispose]: async () => {
      if (socket.readyState === WebSocket.CLOSED) return;
      const closed = new Promise<void>((resolve) => {
        socket.once("close", () => resolve());
      });
      socket.close();
      await closed;
    },
  };
}
