import { isBytePipe, openTransport } from "../../transports/open.ts";
import type { DriverConfig, DriverLogger } from "../config.ts";
import { DeviceError, type IdCardDriver, type ResidentIdCard } from "../contracts.ts";
import { readBytes, u8 } from "../hx/bytes.ts";
import { createHxLink, HxLinkOptions } from "../hx/link.ts";
import { pause } from "../line/abort.ts";
import { createPresence } from "../line/presence.ts";
import { type CardFields, parseCard } from "./fields.ts";

const Options = HxLinkOptions.extend({ heartbeatMs: HxLinkOptions.shape.pollMs.default(1_000) });

/** HX-ID.md */
const commands = { status: 0x10, select: 0x11, read: 0x12, release: 0x13 } as const;
const groups = { text: 1, photo: 2 } as const;
const presenceCodes = { none: 0, lying: 1, selected: 2 } as const;
const tags: readonly (keyof CardFields | null)[] = [
  null,
  "name",
  "sexCode",
  "ethnicityCode",
  "birthDate",
  "address",
  "idNumber",
  "issuer",
  "validFrom",
  "validTo",
];

const parseFields = (data: Uint8Array): Record<string, string> => {
  const fields: Record<string, string> = {};
  const reader = readBytes(data);
  while (reader.left() > 0) {
    const field = tags[reader.u8()];
    const value = Buffer.from(reader.bytes(reader.u16())).toString("utf8");
    if (field) fields[field] = value;
  }
  return fields;
};

/** ID reader that speaks our second dialect, see HX-ID.md. */
export const createHxSerial = (config: DriverConfig, logger: DriverLogger): IdCardDriver => {
  const options = Options.parse({ pollMs: 200, ...config.options });
  if (!isBytePipe(config.transport)) throw new Error(`transport.type: hx-serial needs serial or tcp`);
  const link = createHxLink({
    name: "id reader",
    address: 0x01,
    open: openTransport(config.transport),
    logger,
    options,
  });
  const status = async (signal: AbortSignal): Promise<number> =>
    (await link.request({ what: "status", command: commands.status, signal })).u8();
  const presence = createPresence({
    name: "id reader",
    line: link.line,
    logger,
    everyMs: () => options.heartbeatMs,
    beat: async (signal) => {
      await status(signal);
      return "online";
    },
  });

  /** False when no card lies there or it does not answer yet. */
  const select = async (signal: AbortSignal): Promise<boolean> => {
    try {
      await link.request({ what: "select", command: commands.select, signal });
      return true;
    } catch (error) {
      if (error instanceof DeviceError && (error.code === "no-media" || error.code === "media-error")) return false;
      throw error;
    }
  };
  const readGroup = async (group: number, signal: AbortSignal): Promise<Uint8Array> =>
    (
      await link.request({
        what: "read",
        command: commands.read,
        data: u8(group),
        timeoutMs: options.answerTimeoutMs * 4,
        signal,
      })
    ).rest();

  return {
    kind: "idCard",
    get model() {
      return link.model();
    },
    state: presence.state,
    onState: presence.onState,
    awaitCard: async (signal) => {
      while (!((await status(signal)) !== presenceCodes.none && (await select(signal)))) {
        await pause(options.pollMs, signal, "waiting for a card");
      }
    },
    read: async (signal): Promise<ResidentIdCard> => {
      for (let left = options.retries; ; left--) {
        try {
          return parseCard(parseFields(await readGroup(groups.text, signal)), await readGroup(groups.photo, signal));
        } catch (error) {
          if (!(error instanceof DeviceError) || !["media-error", "no-media", "refused"].includes(error.code))
            throw error;
          // A card that moved loses its selection: select it anew before the next try.
          const lying = (await status(signal)) !== presenceCodes.none && (await select(signal));
          if (!lying) throw new DeviceError("no-media", "no card lies on the reader", {}, { cause: error });
          if (left <= 0)
            throw new DeviceError("media-error", "the card on the reader cannot be read", {}, { cause: error });
        }
      }
    },
    awaitRemoval: async (signal) => {
      while ((await status(signal)) !== presenceCodes.none)
        await pause(options.pollMs, signal, "waiting for the card's removal");
    },
    reset: async (signal) => {
      await link.request({ what: "release", command: commands.release, signal });
      return { mediaInside: (await status(signal)) !== presenceCodes.none };
    },
    selfTest: async (signal) => ({ ok: (await status(signal)) <= presenceCodes.selected, detail: link.model() }),
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
      await link[Symbol.asyncDispose]();
    },
  };
};
