import { z } from "zod";
import { openPcsc } from "../../transports/pcsc.ts";
import type { DriverConfig, DriverLogger } from "../config.ts";
import { type CardTransport, type ChipCardDriver, DeviceError } from "../contracts.ts";
import { pause, throwIfAborted } from "../line/abort.ts";
import { createPresence, requestOnly } from "../line/presence.ts";

const Options = z.object({
  pollMs: z.int().min(20).max(5_000).default(200),
  heartbeatMs: z.int().min(100).max(60_000).default(1_000),
});

/** Contact chip cards in a PC/SC reader. An APDU is sent once; repeating one is the caller's decision. */
export const createPcscDriver = (config: DriverConfig, logger: DriverLogger): ChipCardDriver => {
  const options = Options.parse(config.options);
  const { transport } = config;
  if (transport.type !== "pcsc") throw new Error(`transport.type: the pcsc driver needs "pcsc" with a reader`);
  let slot: CardTransport | null = null;
  let opening: Promise<CardTransport> | null = null;

  const drop = async (): Promise<void> => {
    const current = slot;
    slot = null;
    await current?.[Symbol.asyncDispose]();
  };
  /** The reader, opened anew when pcscd or the reader was gone. */
  const opened = async (signal: AbortSignal): Promise<CardTransport> => {
    if (slot !== null) return slot;
    opening ??= openPcsc(transport, signal).finally(() => (opening = null));
    slot = await opening;
    return slot;
  };
  const isPresent = async (signal: AbortSignal): Promise<boolean> => {
    throwIfAborted(signal, "asking the card reader");
    try {
      return await (await opened(signal)).isPresent();
    } catch (error) {
      await drop();
      throw error;
    }
  };
  const presence = createPresence({
    name: "card reader",
    line: requestOnly,
    logger,
    everyMs: () => options.heartbeatMs,
    beat: async (signal) => {
      await isPresent(signal);
      return "online";
    },
  });

  return {
    kind: "chipCard",
    model: `PC/SC ${transport.reader}`,
    state: presence.state,
    onState: presence.onState,
    awaitCard: async (signal) => {
      for (;;) {
        while (!(await isPresent(signal))) await pause(options.pollMs, signal, "waiting for a card");
        try {
          return { atr: await (await opened(signal)).powerOn(signal) };
        } catch (error) {
          // Pulled out again, or not yet seated: go on waiting.
          if (!(error instanceof DeviceError) || !["no-media", "media-error"].includes(error.code)) throw error;
          await pause(options.pollMs, signal, "waiting for a card");
        }
      }
    },
    transmit: async (apdu, signal) => {
      throwIfAborted(signal, "the card command");
      if (slot === null) throw new DeviceError("no-media", "no card has been powered; wait for a card first");
      return slot.transmit(apdu);
    },
    eject: async () => {
      // A contact reader without motor: the card is unpowered, the customer pulls it out.
      await drop();
    },
    awaitRemoval: async (signal) => {
      while (await isPresent(signal)) await pause(options.pollMs, signal, "waiting for the card's removal");
    },
    reset: async (signal) => {
      await drop();
      return { mediaInside: await isPresent(signal) };
    },
    selfTest: async (signal) => ({ ok: true, detail: (await isPresent(signal)) ? "card inside" : "empty" }),
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
      await drop();
    },
  };
};
