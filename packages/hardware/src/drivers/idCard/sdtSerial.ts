import { z } from "zod";
import { isBytePipe, openTransport } from "../../transports/open.ts";
import type { DriverConfig, DriverLogger } from "../config.ts";
import { DeviceError, type IdCardDriver, type ResidentIdCard } from "../contracts.ts";
import { pause } from "../line/abort.ts";
import { createExchange } from "../line/exchange.ts";
import { createLine } from "../line/line.ts";
import { createPresence } from "../line/presence.ts";
import { parseSdtCard } from "./fields.ts";
import { createSdtSplitter, encodeSdtRequest, type SdtAnswer, sdtCommands, sdtStatus } from "./sdtFrame.ts";

const Options = z.object({
  answerTimeoutMs: z.int().min(50).max(10_000).default(800),
  /** A card's radio exchange takes most of a second. */
  readTimeoutMs: z.int().min(50).max(20_000).default(3_000),
  retries: z.int().min(0).max(10).default(2),
  pollMs: z.int().min(20).max(5_000).default(200),
  heartbeatMs: z.int().min(100).max(60_000).default(1_000),
});

/** ID reader with an SDT module on a serial line. Every command is a read: all may be repeated. */
export const createSdtSerial = (config: DriverConfig, logger: DriverLogger): IdCardDriver => {
  const options = Options.parse(config.options);
  if (!isBytePipe(config.transport)) throw new Error(`transport.type: sdt-serial needs serial or tcp`);
  const line = createLine({ name: "id reader", open: openTransport(config.transport), logger });
  const exchange = createExchange(line, createSdtSplitter());

  const ask = (
    command: keyof typeof sdtCommands,
    expects: (answer: SdtAnswer) => boolean,
    signal: AbortSignal,
  ): Promise<SdtAnswer> =>
    exchange.request({
      what: `id reader: ${command}`,
      bytes: encodeSdtRequest(sdtCommands[command]),
      effect: "read",
      timeoutMs: command === "read" ? options.readTimeoutMs : options.answerTimeoutMs,
      retries: options.retries,
      // SDT answers name no command; status and length tell a late answer to another question apart.
      matches: expects,
      signal,
    });
  const presence = createPresence({
    name: "id reader",
    line,
    logger,
    everyMs: () => options.heartbeatMs,
    beat: async (signal) => {
      await ask("status", ({ data }) => data.length === 0, signal);
      return "online";
    },
  });

  const find = async (signal: AbortSignal): Promise<boolean> =>
    (await ask("find", ({ status }) => status === sdtStatus.found || status === sdtStatus.noCard, signal)).status ===
    sdtStatus.found;
  const select = async (signal: AbortSignal): Promise<boolean> =>
    (await ask("select", ({ status }) => status === sdtStatus.ok || status === sdtStatus.selectFailed, signal))
      .status === sdtStatus.ok;
  const isReadAnswer = ({ status, data }: SdtAnswer): boolean =>
    status === sdtStatus.readFailed || (status === sdtStatus.ok && data.length > 8);

  return {
    kind: "idCard",
    model: "SDT resident-ID module",
    state: presence.state,
    onState: presence.onState,
    awaitCard: async (signal) => {
      while (!((await find(signal)) && (await select(signal))))
        await pause(options.pollMs, signal, "waiting for a card");
    },
    read: async (signal): Promise<ResidentIdCard> => {
      for (let left = options.retries; ; left--) {
        const answer = await ask("read", isReadAnswer, signal);
        if (answer.status === sdtStatus.ok) return parseSdtCard(answer.data);
        // A card that moved loses its selection: find and select it anew before the next try.
        const lying = (await find(signal)) && (await select(signal));
        if (!lying) throw new DeviceError("no-media", "no card lies on the reader");
        if (left <= 0) throw new DeviceError("media-error", "the card on the reader cannot be read");
      }
    },
    awaitRemoval: async (signal) => {
      while (await find(signal)) await pause(options.pollMs, signal, "waiting for the card's removal");
    },
    reset: async (signal) => {
      await ask("status", ({ data }) => data.length === 0, signal);
      return { mediaInside: await find(signal) };
    },
    selfTest: async (signal) => {
      const { status } = await ask("status", ({ data }) => data.length === 0, signal);
      return { ok: status === sdtStatus.ok, detail: `SAM status ${status.toString(16)}` };
    },
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
      await line[Symbol.asyncDispose]();
    },
  };
};
