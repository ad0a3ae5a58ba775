import { z } from "zod";
import { isBytePipe, openTransport } from "../../transports/open.ts";
import type { DriverConfig, DriverLogger } from "../config.ts";
import { type BarcodeDriver, DeviceError } from "../contracts.ts";
import { cancelled, throwIfAborted } from "../line/abort.ts";
import { createExchange, type Splitter } from "../line/exchange.ts";
import { createLine } from "../line/line.ts";
import { createListeners } from "../line/listeners.ts";
import { createPresence } from "../line/presence.ts";
import { symbologyOf } from "./aim.ts";

const Options = z.object({
  answerTimeoutMs: z.int().min(50).max(10_000).default(800),
  retries: z.int().min(0).max(10).default(2),
  heartbeatMs: z.int().min(100).max(60_000).default(1_000),
});

const syn = 0x16;
const cr = 0x0d;
const ack = 0x06;
const nak = 0x15;
/** Begins an AIM identifier. */
const closingBracket = 0x5d;
const crlf = Buffer.from([cr, 0x0a]);
const maxLine = 8_192;
const commands = {
  trigger: { letter: 0x54, bytes: [syn, 0x54, cr] },
  release: { letter: 0x55, bytes: [syn, 0x55, cr] },
  identify: { letter: 0x4d, bytes: [syn, 0x4d, cr, ...Buffer.from("REV.")] },
} as const;

/** A line may begin with the half of another message that broke off: the whole one stands behind it. */
const withoutHalf = (line: Buffer): Uint8Array | null => {
  const isAnswer = line.at(-1) === ack || line.at(-1) === nak;
  const start = isAnswer ? line.lastIndexOf(syn) : line.indexOf(closingBracket);
  // Before a code only (part of) an answer may stand; anything else there is the rest of something.
  if (start < 0 || (!isAnswer && start > 0 && line[0] !== syn)) return null;
  return new Uint8Array(line.subarray(start));
};

/** Cuts the stream at CR LF. */
const createLineSplitter = (): Splitter<Uint8Array> => {
  let buffer = Buffer.alloc(0);
  return {
    // Codes come unasked: a new question must not throw away the first half of one.
    reset: () => undefined,
    push: (bytes) => {
      buffer = Buffer.concat([buffer, bytes]);
      const lines: Uint8Array[] = [];
      for (let end = buffer.indexOf(crlf); end >= 0; end = buffer.indexOf(crlf)) {
        const line = buffer.subarray(0, end);
        buffer = buffer.subarray(end + crlf.length);
        const whole = withoutHalf(line);
        if (whole !== null) lines.push(whole);
      }
      if (buffer.length > maxLine) buffer = Buffer.alloc(0);
      return lines;
    },
  };
};

/** Barcode scanner on a serial line, see SCANNER.md. The light is on only while somebody waits for a code. */
export const createScannerSerial = (config: DriverConfig, logger: DriverLogger): BarcodeDriver => {
  const options = Options.parse(config.options);
  if (!isBytePipe(config.transport)) throw new Error(`transport.type: scanner-serial needs serial or tcp`);
  const line = createLine({ name: "scanner", open: openTransport(config.transport), logger });
  const exchange = createExchange(line, createLineSplitter());
  const codes = createListeners<Uint8Array>((error) =>
    logger.error({ err: error, device: "scanner" }, "a listener failed"),
  );
  const codeSplitter = createLineSplitter();
  let model = "serial scanner";
  line.onData((bytes) => {
    for (const found of codeSplitter.push(bytes)) if (found !== "bad" && found[0] === closingBracket) codes.emit(found);
  });

  const send = async (what: keyof typeof commands, signal: AbortSignal): Promise<Uint8Array> => {
    const { letter, bytes } = commands[what];
    const answer = await exchange.request({
      what: `scanner: ${what}`,
      bytes: Uint8Array.from(bytes),
      effect: "read",
      timeoutMs: options.answerTimeoutMs,
      retries: options.retries,
      matches: (found) => found[0] === syn && found[1] === letter,
      signal,
    });
    if (answer.at(-1) !== ack) throw new DeviceError("refused", `scanner: ${what} was refused`);
    return answer;
  };
  const identify = async (signal: AbortSignal): Promise<string> => {
    model = Buffer.from((await send("identify", signal)).subarray(2, -1)).toString("latin1");
    return model;
  };
  const presence = createPresence({
    name: "scanner",
    line,
    logger,
    everyMs: () => options.heartbeatMs,
    beat: async (signal) => {
      await identify(signal);
      return "online";
    },
  });

  const nextCode = (wanted: readonly string[], signal: AbortSignal) => {
    let stop = (): void => undefined;
    const code = new Promise<{ symbology: string; data: Uint8Array }>((resolve, reject) => {
      const abort = (): void => reject(cancelled("scanning"));
      const offs = [
        codes.add((bytes) => {
          const symbology = symbologyOf(Buffer.from(bytes.subarray(0, 3)).toString("latin1"));
          if (symbology === null || (wanted.length > 0 && !wanted.includes(symbology))) return;
          resolve({ symbology, data: bytes.subarray(3) });
        }),
        line.onClose(() => reject(new DeviceError("offline", "scanner: unplugged while waiting for a code"))),
        () => signal.removeEventListener("abort", abort),
      ];
      signal.addEventListener("abort", abort, { once: true });
      stop = () => offs.forEach((off) => off());
    });
    code.catch(() => undefined);
    return { code, stop };
  };
  /** Best effort: the light must go out also when the reading was cancelled. */
  const lightOff = async (): Promise<void> => {
    if (line.isOpen()) await send("release", AbortSignal.timeout(options.answerTimeoutMs * 4)).catch(() => undefined);
  };

  return {
    kind: "barcode",
    get model() {
      return model;
    },
    state: presence.state,
    onState: presence.onState,
    read: async (symbologies, signal) => {
      throwIfAborted(signal, "scanning");
      const { code, stop } = nextCode(symbologies, signal);
      try {
        await send("trigger", signal);
        return await code;
      } finally {
        stop();
        await lightOff();
      }
    },
    reset: async (signal) => {
      await send("release", signal);
      return { mediaInside: false };
    },
    selfTest: async (signal) => ({ ok: true, detail: await identify(signal) }),
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
      await line[Symbol.asyncDispose]();
    },
  };
};
