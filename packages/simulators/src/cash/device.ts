import type { FaultEngine } from "../faults/engine.ts";
import { createStore } from "../state/store.ts";
import { createDevice, type SimulatedDevice } from "../wire/device.ts";
import { createPty } from "../wire/pty.ts";
import { type CashState, createCashMechanics, initialCashState, type JamPlace, type Refusal } from "./model.ts";
import { createMouth } from "./mouth.ts";
import { createCashProgram } from "./program.ts";

export type Insertion = { accepted: true; noteId: string } | { accepted: false; reason: Refusal | "closed" | "jam" };

export interface CashDevice extends SimulatedDevice {
  /** A customer pushes a note in. `closed`: the mouth is shut, the note stays with the customer and nothing is reported. */
  insertNote: (note: { denominationFen: number; counterfeit: boolean }) => Insertion;
  takeNote: () => { takenFen: number };
  takeChange: () => { takenFen: number };
  jam: (where: JamPlace) => void;
  clearJam: () => void;
  setSafeDoor: (open: boolean) => void;
  refill: (unitId: string, count: number) => void;
}

/** The cash device of CASH.md with its slots, box, cassettes, hoppers and tray. */
export const createCashDevice = (settings: {
  link: string;
  stateFile: string;
  faults: FaultEngine;
  counts: Readonly<Record<string, number>>;
  motionMs: number;
  onError: (error: unknown) => void;
}): CashDevice => {
  const store = createStore<CashState>(settings.stateFile, () => initialCashState(settings.counts));
  const mechanics = createCashMechanics(store);
  const mouth = createMouth(() => performance.now());
  const device = createDevice({
    name: "cash",
    faults: settings.faults,
    connect: (onBytes) => createPty(settings.link, onBytes),
    boot: (wire) =>
      createCashProgram(wire, { store, mechanics, mouth, motionMs: settings.motionMs, onError: settings.onError }),
    reload: store.reload,
    snapshot: () => ({
      ...store.state,
      acceptorOpen: device.isPowered() && mouth.isOpen(),
      enabledFen: mouth.enabledFen(),
    }),
    onError: settings.onError,
  });

  return {
    ...device,
    insertNote: ({ denominationFen, counterfeit }) => {
      const refuse = (reason: Refusal): Insertion => {
        mechanics.refuseNote(reason);
        return { accepted: false, reason };
      };
      const { jam, safeDoorOpen, escrow, mouth: lyingInMouth } = store.state;
      const shut = !device.isPowered() || !mouth.isOpen() || jam !== null || safeDoorOpen || lyingInMouth !== null;
      if (shut) return { accepted: false, reason: "closed" };
      const fault = settings.faults.at("cash", "insert");
      if (fault?.type === "jam") {
        mechanics.jam("entry");
        return { accepted: false, reason: "jam" };
      }
      if (escrow !== null) return refuse("escrow-busy");
      if (fault?.type === "misread") return refuse("unrecognised");
      if (counterfeit) return refuse("counterfeit");
      if (!mouth.takes(denominationFen)) return refuse("disabled-denomination");
      if (mechanics.cashboxFull()) return refuse("full");
      return { accepted: true, noteId: mechanics.escrowNote(denominationFen) };
    },
    takeNote: mechanics.takeNote,
    takeChange: mechanics.takeChange,
    jam: mechanics.jam,
    clearJam: mechanics.clearJam,
    setSafeDoor: mechanics.setDoor,
    refill: (unitId, count) => {
      if (mechanics.unitOf(unitId) === undefined) throw new RangeError(`unitId: no unit "${unitId}"`);
      mechanics.setCounts([{ unitId, count }]);
    },
  };
};
