import { z } from "zod";
import { isBytePipe, openTransport } from "../../transports/open.ts";
import type { DriverConfig, DriverLogger } from "../config.ts";
import { DeviceError, type PinPadDriver } from "../contracts.ts";
import { type ByteReader, concat, text, u16, u8 } from "../hx/bytes.ts";
import { createHxLink, HxLinkOptions } from "../hx/link.ts";
import { pause, throwIfAborted } from "../line/abort.ts";
import { createListeners } from "../line/listeners.ts";
import { createPresence } from "../line/presence.ts";

const Options = HxLinkOptions.extend({ entryPollMs: z.int().min(20).max(1_000).default(60) });

/** PINPAD.md */
const commands = {
  status: 0x10,
  keys: 0x11,
  ensureMaster: 0x12,
  import: 0x13,
  delete: 0x14,
  crypt: 0x15,
  mac: 0x16,
  random: 0x17,
  entryStart: 0x18,
  entryPoll: 0x19,
  entryStop: 0x1a,
  pinBlock: 0x1b,
} as const;
const uses = ["master", "pin", "data", "mac"] as const;
const formats = ["iso0", "iso4", "sm4"] as const;
const entryKinds = { data: 0, pin: 1 } as const;
const entryStates = ["none", "running", "entered", "cancelled"] as const;
const keyNames: Readonly<Record<string, string>> = { C: "clear", E: "enter", X: "cancel" };
/** Whole blocks that surely fit a frame beside name and IV. */
const chunkBytes = 3_584;

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex").toUpperCase();

/** Encrypting PIN pad over our serial protocol, see PINPAD.md. */
export const createPinpadSerial = (config: DriverConfig, logger: DriverLogger): PinPadDriver => {
  const options = Options.parse(config.options);
  if (!isBytePipe(config.transport)) throw new Error(`transport.type: pinpad-serial needs serial or tcp`);
  const link = createHxLink({ name: "pin pad", address: 0x03, open: openTransport(config.transport), logger, options });
  const tampers = createListeners<null>((error) =>
    logger.error({ err: error, device: "pin pad" }, "a tamper listener failed"),
  );
  let tamperSeen = false;

  const ask = (what: keyof typeof commands, signal: AbortSignal, ...data: Uint8Array[]): Promise<ByteReader> =>
    link.request({ what, command: commands[what], data: concat(...data), signal });
  const isTampered = async (signal: AbortSignal): Promise<boolean> => {
    const tampered = (await ask("status", signal)).u8() === 1;
    if (tampered && !tamperSeen) tampers.emit(null);
    tamperSeen = tampered;
    return tampered;
  };
  const presence = createPresence({
    name: "pin pad",
    line: link.line,
    logger,
    everyMs: () => options.pollMs,
    beat: async (signal) => ((await isTampered(signal)) ? "fraudAttempt" : "online"),
  });

  /** Follows an entry to its end; key codes are numbered, so that a lost answer loses no key. */
  const followEntry = async (
    kind: keyof typeof entryKinds,
    limits: { minLen: number; maxLen: number },
    onProgress: (digits: number, keys: string) => void,
    signal: AbortSignal,
  ): Promise<number> => {
    throwIfAborted(signal, "entry");
    await ask("entryStart", signal, u8(entryKinds[kind]), u8(limits.minLen), u8(limits.maxLen));
    let seen = 0;
    try {
      for (;;) {
        const reader = await ask("entryPoll", signal, u8(seen));
        const state = entryStates[reader.u8()];
        const digits = reader.u8();
        const pressed = reader.u8();
        const keys = Buffer.from(reader.rest()).toString("latin1");
        if (pressed !== seen) onProgress(digits, keys);
        seen = pressed;
        if (state === "entered") return digits;
        if (state === "cancelled")
          throw new DeviceError("cancelled", "the customer pressed cancel", { byCustomer: true });
        if (state !== "running") throw new DeviceError("refused", "the pad ended the entry by itself");
        await pause(options.entryPollMs, signal, "entry");
      }
    } catch (error) {
      // Nothing of a broken entry may stay in the pad.
      await ask("entryStop", AbortSignal.timeout(options.answerTimeoutMs * 4)).catch(() => undefined);
      throw error;
    }
  };

  return {
    kind: "pinPad",
    get model() {
      return link.model();
    },
    state: presence.state,
    onState: presence.onState,
    onTamper: (listener) => tampers.add(() => listener()),
    isTampered,
    keys: async (signal) => {
      const reader = await ask("keys", signal);
      return Array.from({ length: reader.u8() }, () => ({
        name: reader.text(),
        use: uses[reader.u8()] ?? "data",
        kcv: hex(reader.bytes(3)),
      }));
    },
    ensureMasterKey: async (signal) => ({ kcv: hex((await ask("ensureMaster", signal)).bytes(3)) }),
    importKey: async (name, use, wrapped, signal) => {
      const reader = await ask("import", signal, text(name), u8(uses.indexOf(use)), wrapped);
      return { kcv: hex(reader.bytes(3)) };
    },
    deleteKey: async (name, signal) => {
      await ask("delete", signal, text(name));
    },
    crypt: async (mode, keyName, iv, data, signal) => {
      if (data.length % 16 !== 0 || iv.length !== 16) {
        throw new DeviceError("refused", "pin pad: CBC takes whole 16-byte blocks and a 16-byte IV; pad the data");
      }
      const parts: Uint8Array[] = [];
      let chain = iv;
      for (let at = 0; at < data.length; at += chunkBytes) {
        const chunk = data.subarray(at, at + chunkBytes);
        const answer = await ask("crypt", signal, u8(mode === "encrypt" ? 0 : 1), text(keyName), chain, chunk);
        const result = answer.rest();
        parts.push(result);
        chain = (mode === "encrypt" ? result : chunk).subarray(-16);
      }
      return concat(...parts);
    },
    mac: async (keyName, data, signal) => {
      if (data.length > chunkBytes)
        throw new DeviceError("refused", `pin pad: at most ${chunkBytes} bytes for a MAC; hash them first`);
      return (await ask("mac", signal, text(keyName), data)).rest();
    },
    random: async (length, signal) => {
      const parts: Uint8Array[] = [];
      for (let left = length; left > 0; left -= chunkBytes) {
        parts.push((await ask("random", signal, u16(Math.min(left, chunkBytes)))).rest());
      }
      return concat(...parts);
    },
    dataEntry: async (onKey, maxLen, signal) => {
      let entered = "";
      await followEntry(
        "data",
        { minLen: 0, maxLen },
        (_digits, keys) => {
          for (const key of keys) {
            if (/\d/u.test(key)) entered += key;
            else if (key === "C") entered = "";
            onKey(keyNames[key] ?? key);
          }
        },
        signal,
      );
      return entered;
    },
    pinEntry: async (onDigit, limits, signal) => {
      const digits = await followEntry("pin", limits, (count) => onDigit(count), signal);
      return { digits };
    },
    pinBlock: async (format, keyName, pan, signal) =>
      (await ask("pinBlock", signal, u8(formats.indexOf(format)), text(keyName), text(pan))).rest(),
    reset: async (signal) => {
      if (!(await isTampered(signal))) await ask("entryStop", signal);
      return { mediaInside: false };
    },
    selfTest: async (signal) => {
      const tampered = await isTampered(signal);
      return { ok: !tampered, detail: tampered ? "tampered" : link.model() };
    },
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
      await link[Symbol.asyncDispose]();
    },
  };
};
