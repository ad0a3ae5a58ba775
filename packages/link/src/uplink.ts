import {
  type Ack,
  Ack as AckSchema,
  DownCommand,
  type Lane,
  LANES,
  RpcResponse,
  topic,
} from "@gridhall/domain/link/schema.ts";
import { CallDown, type CallUp } from "@gridhall/domain/seats/callLink.ts";
import mqtt, { type IClientOptions, type MqttClient } from "mqtt";
import type { Outbox } from "./outbox.ts";

/**
 * The device's end of the link. Reconnects for ever with jittered back-off; drains the outbox lane by lane in the order
 * of their urgency; asks the centre questions with a time-out; hands commands on exactly once.
 */
export interface Uplink extends AsyncDisposable {
  isOnline(): boolean;
  onOnline(listener: (online: boolean) => void): () => void;
  /** Rejects with UplinkError: offline, time-out, or the centre's own error with its code. */
  request(method: string, params: unknown, options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<unknown>;
  /** A passing message of a call; gone where the link is down. */
  sendCall(message: CallUp): void;
  /** Centre clock minus this device's wall clock, from the last hello; null before the first. */
  clockOffsetMs(): number | null;
}

export class UplinkError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UplinkError";
    this.code = code;
  }
}

export interface UplinkOptions {
  url: string;
  deviceId: string;
  tls: { ca: string; cert: string; key: string } | null;
  outbox: Outbox;
  logger: { info(details: object, message: string): void; warn(details: object, message: string): void };
  wallMs(): number;
  newId(): string;
  random(): number;
  /** Runs once for each command, never again after a crash. Its text goes up as the result. */
  onCommand(command: DownCommand): Promise<{ outcome: "done" | "failed" | "refused"; detail: string }>;
  /** Passing messages of a call. */
  onCall?(message: CallDown): void;
  /** Unacknowledged batches on the way at a time. */
  window?: number;
  batchSize?: number;
}

const RESEND_AFTER_MS = 8_000;
const KEEPALIVE_S = 15;

export function startUplink(options: UplinkOptions): Uplink {
  const { outbox, deviceId, logger } = options;
  const window = options.window ?? 4;
  const batchSize = options.batchSize ?? 200;
  const abort = new AbortController();
  const onlineListeners = new Set<(online: boolean) => void>();
  const waiting = new Map<string, { resolve(value: unknown): void; reject(cause: Error): void }>();
  let client: MqttClient | null = null;
  let online = false;
  let offsetMs: number | null = null;
  // What has been handed to the socket in this connection, and what the centre has confirmed.
  let sent: Record<Lane, number> = emptyMarks();
  let acked: Record<Lane, number> = emptyMarks();
  let batches: { lane: Lane; lastSeq: number }[] = [];
  let lastProgressMs = 0;

  const setOnline = (value: boolean) => {
    if (online === value) return;
    online = value;
    for (const listener of onlineListeners) listener(value);
  };

  const drain = () => {
    if (!online || !client) return;
    for (const lane of LANES) {
      while (batches.length < window) {
        const events = outbox.pending(lane, sent[lane], batchSize);
        const last = events.at(-1);
        if (!last) break;
        sent[lane] = last.seq;
        if (batches.length === 0) lastProgressMs = performance.now();
        batches.push({ lane, lastSeq: last.seq });
        client.publish(topic.up(deviceId), JSON.stringify({ epoch: outbox.epoch, lane, events }), { qos: 1 }, () => {});
      }
      if (batches.length >= window) return;
    }
  };

  const handleAck = (ack: Ack) => {
    if (ack.epoch !== outbox.epoch) return;
    lastProgressMs = performance.now();
    acked[ack.lane] = Math.max(acked[ack.lane], ack.seq);
    outbox.acknowledge(ack.lane, ack.seq);
    batches = batches.filter((batch) => batch.lane !== ack.lane || batch.lastSeq > ack.seq);
    drain();
  };

  const handleCommand = async (command: DownCommand) => {
    if (!outbox.acceptCommand(command.fencingToken, command.id)) return;
    const late = offsetMs !== null && options.wallMs() + offsetMs > command.expiresMs;
    const result = late
      ? { outcome: "expired" as const, detail: "arrived after its expiry" }
      : await options
          .onCommand(command)
          .catch((cause: unknown) => ({ outcome: "failed" as const, detail: String(cause) }));
    outbox.finishCommand(command.id, result);
    outbox.changed.notify();
  };

  const handleMessage = (name: string, payload: Buffer) => {
    try {
      const message: unknown = JSON.parse(payload.toString());
      if (name === topic.ack(deviceId)) handleAck(AckSchema.parse(message));
      else if (name === topic.callDown(deviceId)) options.onCall?.(CallDown.parse(message));
      else if (name === topic.command(deviceId)) void handleCommand(DownCommand.parse(message));
      else if (name === topic.response(deviceId)) {
        const response = RpcResponse.parse(message);
        const asker = waiting.get(response.id);
        waiting.delete(response.id);
        if (response.ok) asker?.resolve(response.result);
        else asker?.reject(new UplinkError(response.error.code, response.error.message));
      }
    } catch (cause) {
      logger.warn({ topic: name, cause: String(cause) }, "the centre sent something unreadable; passed over");
    }
  };

  const ask = (method: string, params: unknown, timeoutMs: number, signal?: AbortSignal): Promise<unknown> => {
    const current = client;
    if (!current?.connected) return Promise.reject(new UplinkError("link.offline", "no connection to the centre"));
    const id = options.newId();
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", aborted);
        waiting.delete(id);
        act();
      };
      const aborted = () => settle(() => reject(new UplinkError("link.aborted", `${method} was given up`)));
      const timer = setTimeout(
        () => settle(() => reject(new UplinkError("link.timeout", `${method}: no answer within ${timeoutMs} ms`))),
        timeoutMs,
      );
      signal?.addEventListener("abort", aborted);
      waiting.set(id, {
        resolve: (value) => settle(() => resolve(value)),
        reject: (cause) => settle(() => reject(cause)),
      });
      current.publish(topic.request(deviceId), JSON.stringify({ id, method, params }), { qos: 0 });
    });
  };

  /** One connection from its first byte to its loss. */
  const runOnce = async (): Promise<void> => {
    const session = outbox.nextSession();
    const settings: IClientOptions = {
      clientId: deviceId,
      clean: true,
      reconnectPeriod: 0,
      connectTimeout: 8_000,
      keepalive: KEEPALIVE_S,
      protocolVersion: 4,
      queueQoSZero: false,
      will: {
        topic: topic.presence(deviceId),
        payload: Buffer.from(JSON.stringify({ online: false, session })),
        qos: 1,
        retain: false,
      },
      ...(options.tls
        ? { ca: options.tls.ca, cert: options.tls.cert, key: options.tls.key, rejectUnauthorized: true }
        : {}),
    };
    const current = await mqtt.connectAsync(options.url, settings, false);
    client = current;
    const lost = new Promise<void>((done) => {
      current.once("close", () => done());
      abort.signal.addEventListener("abort", () => done(), { once: true });
    });
    current.on("error", (cause) => logger.warn({ cause: String(cause) }, "link error"));
    current.on("message", handleMessage);
    try {
      const topics = [topic.ack(deviceId), topic.response(deviceId), topic.command(deviceId), topic.callDown(deviceId)];
      await current.subscribeAsync(topics, { qos: 1 });
      const askedMs = options.wallMs();
      const hello = (await ask("link.hello", { epoch: outbox.epoch, session }, 10_000)) as {
        nowMs: number;
        marks: Partial<Record<Lane, number>>;
      };
      offsetMs = Math.round(hello.nowMs - (askedMs + options.wallMs()) / 2);
      sent = emptyMarks();
      acked = emptyMarks();
      batches = [];
      for (const lane of LANES) {
        const mark = hello.marks[lane] ?? 0;
        sent[lane] = mark;
        acked[lane] = mark;
        outbox.acknowledge(lane, mark);
      }
      setOnline(true);
      drain();
      await lost;
    } finally {
      setOnline(false);
      client = null;
      for (const asker of waiting.values()) asker.reject(new UplinkError("link.offline", "the connection was lost"));
      // A graceful end says goodbye itself: the broker sends no will after a DISCONNECT.
      if (abort.signal.aborted && current.connected)
        await current
          .publishAsync(topic.presence(deviceId), JSON.stringify({ online: false, session }), { qos: 1 })
          .catch(() => {});
      await current.endAsync(!abort.signal.aborted).catch(() => {});
    }
  };

  const run = async () => {
    for (const id of outbox.unfinishedCommands())
      outbox.finishCommand(id, { outcome: "failed", detail: "interrupted by a restart; not repeated" });
    let failures = 0;
    while (!abort.signal.aborted) {
      const startedMs = performance.now();
      try {
        await runOnce();
        failures = performance.now() - startedMs > 10_000 ? 0 : failures + 1;
      } catch (cause) {
        failures += 1;
        if (failures === 1 || failures % 20 === 0)
          logger.warn({ cause: String(cause), failures }, "cannot reach the centre");
      }
      // 0.25 s … 15 s, jittered so that a hall's kiosks do not come back in step.
      const delayMs = Math.min(15_000, 250 * 2 ** Math.min(failures, 6)) * (0.5 + options.random());
      await pause(delayMs, abort.signal);
    }
  };

  const stopListening = outbox.changed.listen(drain);
  const resend = setInterval(() => {
    if (!online || batches.length === 0 || performance.now() - lastProgressMs < RESEND_AFTER_MS) return;
    // Silence of the centre: begin again after its last mark.
    sent = { ...acked };
    batches = [];
    drain();
  }, 1_000);
  const running = run();

  return {
    isOnline: () => online,
    onOnline(listener) {
      onlineListeners.add(listener);
      return () => onlineListeners.delete(listener);
    },
    request: (method, params, extra) => ask(method, params, extra?.timeoutMs ?? 8_000, extra?.signal),
    sendCall(message) {
      if (client?.connected) client.publish(topic.call(deviceId), JSON.stringify(message), { qos: 0 });
    },
    clockOffsetMs: () => offsetMs,
    async [Symbol.asyncDispose]() {
      stopListening();
      clearInterval(resend);
      abort.abort();
      await running;
    },
  };
}

function emptyMarks(): Record<Lane, number> {
  return { alarms: 0, money: 0, traces: 0, status: 0, logs: 0 };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done) => {
    if (signal.aborted) return done();
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", () => (clearTimeout(timer), done()), { once: true });
  });
}
