import type { FaultEngine } from "../faults/engine.ts";
import { createStore } from "../state/store.ts";
import { createDevice, type SimulatedDevice } from "../wire/device.ts";
import { createPty } from "../wire/pty.ts";
import { initialReceiptState, type ReceiptState, type RollLevel } from "./model.ts";
import { createReceiptProgram, type ReceiptProgram } from "./program.ts";

export interface ReceiptDevice extends SimulatedDevice {
  setRoll: (level: RollLevel) => void;
  jam: () => void;
  clearJam: () => void;
  setCover: (open: boolean) => void;
  /** The customer takes what lies in the presenter. */
  takePaper: () => { taken: number };
}

/** The receipt printer of ESCPOS.md, with its roll, cover, cutter and presenter. */
export const createReceiptDevice = (settings: {
  link: string;
  stateFile: string;
  faults: FaultEngine;
  lineMs: number;
  onError: (error: unknown) => void;
}): ReceiptDevice => {
  const store = createStore<ReceiptState>(settings.stateFile, initialReceiptState);
  let program: ReceiptProgram | null = null;
  const device = createDevice({
    name: "receipt",
    faults: settings.faults,
    connect: (onBytes) => createPty(settings.link, onBytes),
    boot: (wire) =>
      (program = createReceiptProgram(wire, { store, lineMs: settings.lineMs, onError: settings.onError })),
    reload: store.reload,
    snapshot: () => store.state,
    onError: settings.onError,
  });
  const change = (act: (state: ReceiptState) => void): void => {
    act(store.state);
    store.commit();
    if (device.isPowered()) program?.changed();
  };
  return {
    ...device,
    setRoll: (level) => change((state) => (state.roll = level)),
    jam: () => change((state) => (state.jammed = true)),
    clearJam: () => change((state) => (state.jammed = false)),
    setCover: (open) => change((state) => (state.coverOpen = open)),
    takePaper: () => {
      let taken = 0;
      change((state) => {
        for (const slip of state.slips) {
          if (slip.where !== "presenter" && slip.where !== "pushed-out") continue;
          slip.where = "taken";
          taken++;
        }
      });
      return { taken };
    },
  };
};
