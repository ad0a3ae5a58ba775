import { z } from "zod";
import type { DriverLogger } from "../config.ts";
import { DeviceError, type OpenTransport } from "../contracts.ts";
import { createExchange, type Effect } from "../line/exchange.ts";
import { createLine, type Line } from "../line/line.ts";
import { type ByteReader, readBytes } from "./bytes.ts";
import { createHxSplitter, encodeHxFrame } from "./frame.ts";

/** Options that every driver over the HX link takes; the defaults suit the real lines. */
export const HxLinkOptions = z.object({
  answerTimeoutMs: z.int().min(50).max(60_000).default(800),
  retries: z.int().min(0).max(10).default(2),
  pollMs: z.int().min(20).max(60_000).default(500),
});
export type HxLinkOptions = z.infer<typeof HxLinkOptions>;

export interface HxRequest {
  what: string;
  command: number;
  data?: Uint8Array;
  effect?: Effect;
  /** Longer than the link's own time-out for commands that move something. */
  timeoutMs?: number;
  signal: AbortSignal;
}

export interface HxLink extends AsyncDisposable {
  readonly line: Line;
  /** The device's own model name, once it has said HELLO. */
  model: () => string;
  /** Changes at each power-up of the device; null until the first HELLO. */
  boot: () => number | null;
  /** Sends one request; the reader stands behind the status byte. Rejects with the DeviceError that the status means. */
  request: (request: HxRequest) => Promise<ByteReader>;
}

const helloCommand = 0x01;
/** Status bytes of HX-LINK.md in their order. */
const statusCodes: readonly (DeviceError["code"] | null)[] = [
  null,
  "refused",
  "refused",
  "refused",
  "no-media",
  "media-error",
  "jam",
  "empty",
  "full",
  "cover-open",
  "tampered",
  "refused",
];
const statusTexts = [
  "ok",
  "bad parameter",
  "refused",
  "busy",
  "no media",
  "media error",
  "jam",
  "empty",
  "full",
  "cover open",
  "tampered",
  "unknown command",
];

/** What a status byte means; null for ok. Unknown ones count as refusals: nothing happened that we could name. */
export const statusError = (what: string, status: number): DeviceError | null => {
  const code = status < statusCodes.length ? (statusCodes[status] ?? null) : "refused";
  return code === null
    ? null
    : new DeviceError(code, `${what}: ${statusTexts[status] ?? `status ${status}`}`, { status });
};

export const createHxLink = (settings: {
  name: string;
  address: number;
  open: OpenTransport;
  logger: DriverLogger;
  options: HxLinkOptions;
}): HxLink => {
  const { name, address, options } = settings;
  const line = createLine({ name, open: settings.open, logger: settings.logger });
  const exchange = createExchange(line, createHxSplitter());
  let seq = 0;
  let greeted = false;
  let greeting: Promise<void> | null = null;
  let boot: number | null = null;
  let model = name;
  const offClose = line.onClose(() => (greeted = false));

  const send = async (request: HxRequest, seqOfRequest: number): Promise<ByteReader> => {
    const { what, command, effect = "read" } = request;
    const answer = await exchange.request({
      what: `${name}: ${what}`,
      bytes: encodeHxFrame({ address, seq: seqOfRequest, command, data: request.data ?? new Uint8Array() }),
      effect,
      timeoutMs: request.timeoutMs ?? options.answerTimeoutMs,
      retries: options.retries,
      signal: request.signal,
      matches: (frame) => frame.address === address && frame.seq === seqOfRequest && frame.command === (command | 0x80),
    });
    const reader = readBytes(answer.data);
    const status = reader.u8();
    const error = statusError(`${name}: ${what}`, status);
    if (error !== null) throw error;
    return reader;
  };

  /** HELLO on a freshly opened line: it makes the device forget an answer kept for somebody before us. */
  const greet = async (signal: AbortSignal): Promise<void> => {
    const reader = await send({ what: "hello", command: helloCommand, signal }, 0);
    boot = reader.u32();
    model = reader.text();
    greeted = true;
  };

  return {
    line,
    model: () => model,
    boot: () => boot,
    request: async (request) => {
      if (!greeted) {
        // Shared by whoever comes first; not cancelled by one of them, since the others need it too.
        greeting ??= greet(new AbortController().signal).finally(() => (greeting = null));
        await greeting;
      }
      seq = (seq % 255) + 1;
      return send(request, seq);
    },
    [Symbol.asyncDispose]: async () => {
      offClose();
      await line[Symbol.asyncDispose]();
    },
  };
};
