import type { Duplex } from "node:stream";
import { type RawData, WebSocket } from "ws";
import type { DriverLogger } from "../drivers/config.ts";
import type { CommandHeader } from "../protocol/envelope.ts";
import { parseCommand } from "../protocol/validate.ts";
import type { ServiceClient } from "../services/service.ts";
import { createTurnOutbox } from "../turnOutbox.ts";

/** What a connection was made to: a service, or the publisher itself. */
export interface Target {
  connect(client: ServiceClient): void;
  disconnect(client: ServiceClient): void;
  submit(client: ServiceClient, header: CommandHeader, payload: unknown): void;
}

/** Sees every message that goes out; for tests and tracing. */
export type Tap = (text: string) => void;

/** A client that does not read for so long that this piles up is dropped rather than fed. */
const mostBufferedBytes = 32 * 1024 * 1024;
const pingMs = 10_000;

/** Serves one WebSocket connection until it closes. */
export function serveConnection(
  socket: WebSocket,
  duplex: Duplex,
  target: Target,
  options: { logger: DriverLogger; tap: Tap | null },
): void {
  const { logger, tap } = options;
  const outbox = createTurnOutbox(duplex);
  let isAlive = true;
  const client: ServiceClient = {
    send: (text, mayWait = false) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > mostBufferedBytes) {
        logger.warn({ bufferedBytes: socket.bufferedAmount }, "a client does not read and is dropped");
        socket.terminate();
        return;
      }
      tap?.(text);
      outbox(() => socket.send(text), mayWait);
    },
  };

  const refuse = (status: string, name: string, requestId: number, errorDescription: string): void => {
    logger.debug({ status, name }, "a message was refused");
    const header = { type: "acknowledge", name, requestId, version: "1.0", status, errorDescription };
    client.send(JSON.stringify({ header }));
  };
  const handleMessage = (data: RawData, isBinary: boolean): void => {
    if (isBinary) return refuse("invalidMessage", "", 0, "messages are text frames");
    const command = parseCommand(textOf(data));
    if (!command.ok) return refuse(command.status, command.name, command.requestId, command.problem);
    target.submit(client, command.header, command.payload);
  };

  const heartbeat = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingMs);
  socket.on("pong", () => {
    isAlive = true;
  });
  socket.on("message", (data, isBinary) => {
    try {
      handleMessage(data, isBinary);
    } catch (error) {
      // A bug of ours. It must not take the other services of this process with it.
      logger.error({ err: error }, "a message could not be handled; its connection is closed");
      socket.terminate();
    }
  });
  socket.on("error", (error) => logger.debug({ err: error }, "a connection failed"));
  socket.on("close", () => {
    clearInterval(heartbeat);
    target.disconnect(client);
  });
  target.connect(client);
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString("utf8");
  return Array.isArray(data) ? Buffer.concat(data).toString("utf8") : Buffer.from(data).toString("utf8");
}
