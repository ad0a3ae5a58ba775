import type { FaultEngine } from "../faults/engine.ts";
import { createStore } from "../state/store.ts";
import { createDevice, type SimulatedDevice } from "../wire/device.ts";
import { createPty } from "../wire/pty.ts";
import { createHxIdProgram } from "./hx.ts";
import type { Person } from "./persons.ts";
import { createSdtProgram } from "./sdt.ts";

export interface IdReaderDevice extends SimulatedDevice {
  layCard: (person: Person) => void;
  removeCard: () => void;
}

/** A resident-ID reader that speaks one of two dialects; the card lying on it is a fact, and survives power loss. */
export const createIdReaderDevice = (settings: {
  link: string;
  stateFile: string;
  dialect: "sdt" | "hx";
  faults: FaultEngine;
  onError: (error: unknown) => void;
}): IdReaderDevice => {
  const store = createStore<{ lying: Person | null }>(settings.stateFile, () => ({ lying: null }));
  const field = { lying: () => store.state.lying };
  const device = createDevice({
    name: "idReader",
    faults: settings.faults,
    connect: (onBytes) => createPty(settings.link, onBytes),
    boot: (wire) => (settings.dialect === "sdt" ? createSdtProgram : createHxIdProgram)(wire, field, settings.onError),
    reload: store.reload,
    snapshot: () => ({ dialect: settings.dialect, lying: store.state.lying }),
    onError: settings.onError,
  });
  const lay = (person: Person | null): void => {
    store.state.lying = person;
    store.commit();
  };
  return { ...device, layCard: lay, removeCard: () => lay(null) };
};
