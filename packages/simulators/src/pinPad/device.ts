import { randomBytes } from "node:crypto";
import type { FaultEngine } from "../faults/engine.ts";
import { createStore } from "../state/store.ts";
import { createDevice, type SimulatedDevice } from "../wire/device.ts";
import { createPty } from "../wire/pty.ts";
import type { Algorithm } from "./cipher.ts";
import { createEntry } from "./entry.ts";
import { createKeyStore, type KeyUse, type PadState } from "./keys.ts";
import { createPadProgram } from "./program.ts";

export interface PinPadDevice extends SimulatedDevice {
  /** Presses keys one after the other: digits, "clear", "enter", "cancel". Answers how many the pad took. */
  press: (keys: readonly string[]) => { taken: number };
  /** Foil or switch broken: the pad zeroises its keys by itself, powered or not. */
  tamper: () => void;
  /** The workshop's repair: a new pad without keys. */
  replace: () => void;
  /** Stands for the key-loading facility, which knows the master key by ceremony: seals a key for IMPORT. */
  sealKey: (use: KeyUse, algorithm: Algorithm, keyHex: string) => string;
}

const codes: Readonly<Record<string, string>> = { clear: "C", enter: "E", cancel: "X" };

/** The encrypting PIN pad of PINPAD.md. Keys live in its state file only. */
export const createPinPadDevice = (settings: {
  link: string;
  stateFile: string;
  faults: FaultEngine;
  onError: (error: unknown) => void;
}): PinPadDevice => {
  const store = createStore<PadState>(settings.stateFile, () => ({ tampered: false, keys: [] }));
  const keys = createKeyStore(() => store.state, store.commit, randomBytes);
  const entry = createEntry();
  const device = createDevice({
    name: "pinPad",
    faults: settings.faults,
    connect: (onBytes) => createPty(settings.link, onBytes),
    boot: (wire) => createPadProgram(wire, { state: () => store.state, keys, entry, onError: settings.onError }),
    reload: store.reload,
    snapshot: () => ({
      tampered: store.state.tampered,
      keys: store.state.tampered
        ? []
        : keys.list().map(({ name, use, kcv }) => ({ name, use, kcv: kcv.toString("hex").toUpperCase() })),
      entry: entry.snapshot(),
    }),
    onError: settings.onError,
  });
  return {
    ...device,
    press: (pressed) => {
      if (!device.isPowered()) return { taken: 0 };
      return { taken: pressed.filter((key) => entry.press(codes[key] ?? key)).length };
    },
    tamper: () => {
      entry.stop();
      keys.zeroise();
    },
    replace: () => {
      store.state.keys = [];
      store.state.tampered = false;
      store.commit();
    },
    sealKey: (use, algorithm, keyHex) => {
      const block = keys.sealKey(use, algorithm, Buffer.from(keyHex, "hex"));
      if (block === null) throw new RangeError("the pad has no master key yet: ENSURE-MASTER first");
      return block.toString("hex");
    },
  };
};
