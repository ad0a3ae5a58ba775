import { WebSocket } from "ws";
import type { z } from "zod";
import { type DriverLogger, silentLogger } from "./drivers/config.ts";
import {
  type CommandName,
  type CommandPayload,
  commands,
  type Completion,
  type EventName,
  type EventPayload,
  findEvent,
} from "./protocol/messages.ts";
import { encode, faultOf, type OnViolation, parsePayload, parseServiceMessage } from "./protocol/validate.ts";
import { createTurnOutbox, type TurnOutbox } from "./turnOutbox.ts";
import { XfsError } from "./xfsError.ts";

export type { Completion } from "./protocol/messages.ts";
export { isIndeterminate, successOf, XfsCommandError, XfsError } from "./xfsError.ts";

export interface SendOptions {
  /** Limit that the service keeps; absent or 0: none, the command waits for the customer as long as it takes. */
  timeoutMs?: number;
  /**
   * Cancels the command: Common.Cancel is sent, and the promise still answers how the command ended (`canceled`, or
   * `success` where it was too late). It rejects with "aborted" only if nothing was sent yet.
   */
  signal?: AbortSignal;
  /** Events that belong to this command. */
  onEvent?: (name: EventName, payload: unknown) => void;
}

export type ClientState = "connecting" | "connected" | "closed";

/** One connection to one service (or to the publisher), kept up. */
export interface XfsClient extends AsyncDisposable {
  readonly url: string;
  state(): ClientState;
  onState(listener: (state: ClientState) => void): () => void;
  /**
   * Sends a command and waits for its completion, whatever its code.
   *
   * @throws XfsError not-connected, aborted: nothing was sent; refused: the service did not queue it; connection-lost,
   * invalid-response, no-answer: the command may have taken effect
   */
  send<N extends CommandName>(name: N, payload: CommandPayload<N>, options?: SendOptions): Promise<Completion<N>>;
  /** Unsolicited events, and events of commands (whichever command they belong to). Returns what removes the listener. */
  on<E extends EventName>(name: E, listener: (payload: EventPayload<E>, requestId: number | null) => void): () => void;
}

export interface ConnectOptions {
  /** Gives up the first connect; later reconnects go on until the client is disposed. */
  signal: AbortSignal;
  logger?: DriverLogger;
  /** Our own payloads that break their schema. Default: logged. */
  onViolation?: OnViolation;
  /** Sees every message that goes out; for tests and tracing. */
  tap?: (text: string) => void;
}

interface Outstanding {
  name: CommandName;
  onEvent: SendOptions["onEvent"];
  resolve(completion: Completion<CommandName>): void;
  reject(error: XfsError): void;
}

const firstRetryMs = 100;
const longestRetryMs = 3_000;
/** How much longer than the service's own limit a completion is waited for. */
const answerMarginMs = 10_000;
const pingMs = 5_000;

/** Connects to a service's URL and keeps the connection. Resolves when connected, rejects when `signal` aborts. */
export async function connectXfs(url: string, options: ConnectOptions): Promise<XfsClient> {
  const { signal, logger = silentLogger, tap } = options;
  const onViolation: OnViolation =
    options.onViolation ?? ((violation) => logger.error({ violation }, "a message of ours breaks its schema"));
  const outstanding = new Map<number, Outstanding>();
  const listeners = new Map<string, Set<(payload: never, requestId: number | null) => void>>();
  const stateListeners = new Set<(state: ClientState) => void>();
  let socket: WebSocket | null = null;
  let state: ClientState = "connecting";
  let lastId = 0;
  let retryMs = firstRetryMs;
  let retry: NodeJS.Timeout | null = null;
  let outbox: TurnOutbox = (send) => send();

  const setState = (next: ClientState): void => {
    if (next === state) return;
    state = next;
    for (const listener of stateListeners) listener(next);
  };

  const open = (): void => {
    retry = null;
    const opening = new WebSocket(url, { perMessageDeflate: false, maxPayload: mostMessageBytes });
    socket = opening;
    let isAlive = true;
    const heartbeat = setInterval(() => {
      if (opening.readyState !== WebSocket.OPEN) return;
      if (!isAlive) return opening.terminate();
      isAlive = false;
      opening.ping();
    }, pingMs);
    opening.on("pong", () => {
      isAlive = true;
    });
    opening.on("upgrade", (response) => {
      outbox = createTurnOutbox(response.socket);
    });
    opening.on("open", () => {
      retryMs = firstRetryMs;
      setState("connected");
    });
    opening.on("message", (data, isBinary) => {
      if (!isBinary && Buffer.isBuffer(data)) handleMessage(data.toString("utf8"));
    });
    opening.on("error", (error) => logger.debug({ err: error, url }, "the connection failed"));
    opening.on("close", () => {
      clearInterval(heartbeat);
      for (const request of outstanding.values()) {
        request.reject(new XfsError("connection-lost", "the connection was lost before the completion", { url }));
      }
      outstanding.clear();
      if (state === "closed") return;
      setState("connecting");
      retry = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, longestRetryMs);
    });
  };

  const handleMessage = (text: string): void => {
    const message = parseServiceMessage(text);
    if (!message.ok) {
      logger.warn({ url, problem: message.problem }, "a message of the service cannot be read");
      return;
    }
    const { header, payload } = message;
    switch (header.type) {
      case "acknowledge":
        if (header.status !== undefined) {
          take(header.requestId)?.reject(
            new XfsError("refused", header.errorDescription ?? header.status, { url, status: header.status }),
          );
        }
        return;
      case "completion":
        return handleCompletion(header.requestId, header.completionCode, header.errorDescription, payload);
      case "event":
        return handleEvent(header.name, payload, header.requestId);
      case "unsolicited":
        return handleEvent(header.name, payload, null);
      default:
        return header satisfies never;
    }
  };

  const take = (requestId: number): Outstanding | undefined => {
    const request = outstanding.get(requestId);
    outstanding.delete(requestId);
    return request;
  };

  const handleCompletion = (
    requestId: number,
    completionCode: Completion<CommandName>["completionCode"],
    errorDescription: string | undefined,
    payload: unknown,
  ): void => {
    const request = take(requestId);
    if (request === undefined) return;
    const { result, failure }: { result: z.ZodType; failure: z.ZodType } = commands[request.name];
    const parsed = parsePayload(completionCode === "success" ? result : failure, payload);
    if (!parsed.ok) {
      const problem = `completion of ${request.name}: ${parsed.problem}`;
      return request.reject(new XfsError("invalid-response", problem, { url, completionCode }));
    }
    const completion =
      completionCode === "success"
        ? { completionCode, payload: parsed.value }
        : { completionCode, errorDescription, payload: parsed.value };
    request.resolve(completion as Completion<CommandName>);
  };

  const handleEvent = (name: string, payload: unknown, requestId: number | null): void => {
    const definition = findEvent(name);
    if (definition === undefined) return;
    const parsed = parsePayload(definition.payload, payload);
    if (!parsed.ok) {
      logger.warn({ url, name, problem: parsed.problem }, "an event of the service cannot be read");
      return;
    }
    if (requestId !== null) outstanding.get(requestId)?.onEvent?.(name as EventName, parsed.value);
    for (const listener of listeners.get(name) ?? []) listener(parsed.value as never, requestId);
  };

  const write = (name: CommandName, payload: unknown, timeoutMs: number | undefined): number => {
    const problem = faultOf(commands[name].payload, payload);
    if (problem !== null) onViolation({ direction: "sent", type: "command", name, problem });
    const requestId = ++lastId;
    const header = { type: "command" as const, name, requestId, version: commands[name].version };
    const text = encode(timeoutMs === undefined ? header : { ...header, timeout: timeoutMs }, payload);
    tap?.(text);
    outbox(() => socket?.send(text), false);
    return requestId;
  };

  const send = <N extends CommandName>(
    name: N,
    payload: CommandPayload<N>,
    sending: SendOptions = {},
  ): Promise<Completion<N>> =>
    new Promise((resolve, reject) => {
      if (sending.signal?.aborted === true)
        return reject(new XfsError("aborted", "aborted before it was sent", { url }));
      if (state !== "connected") return reject(new XfsError("not-connected", `no connection to ${url}`, { url }));
      const { timeoutMs } = sending;
      const requestId = write(name, payload, timeoutMs);
      const cancel = (): void => {
        if (state === "connected") write("Common.Cancel", { requestIds: [requestId] }, undefined);
      };
      const late =
        timeoutMs === undefined || timeoutMs === 0
          ? undefined
          : setTimeout(() => {
              take(requestId)?.reject(
                new XfsError("no-answer", "no completion long after the time-out", { url, name }),
              );
            }, timeoutMs + answerMarginMs);
      const settle = (): void => {
        clearTimeout(late);
        sending.signal?.removeEventListener("abort", cancel);
      };
      sending.signal?.addEventListener("abort", cancel, { once: true });
      outstanding.set(requestId, {
        name,
        onEvent: sending.onEvent,
        resolve: (completion) => {
          settle();
          // `name` ties the completion's type to the command's.
          resolve(completion as Completion<N>);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
    });

  const close = async (): Promise<void> => {
    if (state === "closed") return;
    setState("closed");
    if (retry !== null) clearTimeout(retry);
    const closing = socket;
    if (closing === null || closing.readyState === WebSocket.CLOSED) return;
    const closed = new Promise<void>((resolve) => {
      closing.once("close", () => resolve());
    });
    closing.close(1000);
    const late = setTimeout(() => closing.terminate(), closeMs);
    await closed;
    clearTimeout(late);
  };

  const client: XfsClient = {
    url,
    state: () => state,
    onState: (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    send,
    on: (name, listener) => {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
    [Symbol.asyncDispose]: close,
  };

  open();
  await untilConnected(client, signal);
  return client;
}

const closeMs = 500;
const mostMessageBytes = 16 * 1024 * 1024;

async function untilConnected(client: XfsClient, signal: AbortSignal): Promise<void> {
  const connected = new Promise<boolean>((resolve) => {
    if (client.state() === "connected") return resolve(true);
    const off = client.onState((state) => {
      if (state === "connected") done(true);
    });
    const abort = (): void => done(false);
    const done = (outcome: boolean): void => {
      off();
      signal.removeEventListener("abort", abort);
      resolve(outcome);
    };
    signal.addEventListener("abort", abort);
    if (signal.aborted) done(false);
  });
  if (await connected) return;
  await client[Symbol.asyncDispose]();
  throw new XfsError("aborted", `gave up connecting to ${client.url}`, { url: client.url });
}
