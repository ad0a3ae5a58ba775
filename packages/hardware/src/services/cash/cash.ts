import type { AcceptorEvent, CashDriver } from "../../drivers/contracts.ts";
import type { StatusPayload } from "../../protocol/interfaces/status.ts";
import type { Behaviour, Device } from "../behaviour.ts";
import { createCashIn } from "./cashIn.ts";
import { createCashOut } from "./cashOut.ts";
import { usualNotesFen } from "./noteTypes.ts";
import { createExchange } from "./exchange.ts";
import { type CashState, mostItems } from "./state.ts";
import { createUnitBook, replenishmentOf, type UnitChanges } from "./unitBook.ts";

export interface CashOptions {
  /** Notes that the acceptor can take. */
  acceptsFen?: readonly number[] | undefined;
}

/** The cash service: notes in through escrow, change out, one set of storage counts for both. */
export function behaveAsCash(device: Device<CashDriver>, options: CashOptions = {}): Behaviour<CashDriver> {
  const book = createUnitBook();
  const state: CashState = { exchange: "inactive", jam: null, safeDoorOpen: false, escrowed: false };
  const noteListeners = new Set<(event: AcceptorEvent) => void>();

  const tell = (changes: UnitChanges): void => {
    const storage = book.storage();
    const pick = (names: string[]) =>
      Object.fromEntries(names.flatMap((name) => (storage[name] === undefined ? [] : [[name, storage[name]]])));
    if (changes.counts.length > 0) device.unsolicited("Storage.CountsChangedEvent", pick(changes.counts));
    if (changes.thresholds.length > 0) device.unsolicited("Storage.StorageThresholdEvent", pick(changes.thresholds));
  };
  /** Reads the counts, tells what has changed. */
  const readUnits = async (driver: CashDriver, signal: AbortSignal, stackedFen?: number): Promise<UnitChanges> => {
    const changes = book.read(await driver.units(signal), stackedFen);
    tell(changes);
    return changes;
  };
  const setEscrowed = (escrowed: boolean): void => {
    if (state.escrowed === escrowed) return;
    state.escrowed = escrowed;
    device.statusChanged({ cashAcceptor: stackerStatus(escrowed) });
  };

  const shared = { device, book, state, readUnits, setEscrowed, acceptsFen: options.acceptsFen ?? usualNotesFen };
  const cashIn = createCashIn({
    ...shared,
    onNote: (listener) => {
      noteListeners.add(listener);
      return () => noteListeners.delete(listener);
    },
  });
  const cashOut = createCashOut(shared);
  const exchange = createExchange({ ...shared, isCashInActive: cashIn.isActive });

  const refreshUnits = (): void => {
    device.errand("read the counts", async (driver, signal) => {
      await readUnits(driver, signal);
      const lying = await driver.escrow(signal);
      setEscrowed(lying !== null);
      if (lying !== null) cashIn.adopt(lying);
    });
  };
  const setJam = (jam: CashState["jam"]): void => {
    if (state.jam === jam) return;
    state.jam = jam;
    device.statusChanged({ cashAcceptor: acceptorPositions(jam), cashDispenser: dispenserPositions(jam) });
  };
  const handleEvent = (event: AcceptorEvent): void => {
    switch (event.type) {
      case "note-escrowed":
        setEscrowed(true);
        if (noteListeners.size === 0)
          device.unsolicited("CashManagement.ItemsInsertedEvent", { position: "inDefault" });
        break;
      case "note-returned":
        setEscrowed(false);
        device.unsolicited("CashManagement.ItemsPresentedEvent", { position: "outDefault", additionalBunches: "0" });
        break;
      case "note-refused":
        break;
      case "jam":
        setJam(event.where === "dispenser" ? "output" : "input");
        device.unsolicited("Common.ErrorEvent", {
          eventId: "hardware",
          action: "clear",
          vendorDescription: `jam: ${event.where}`,
        });
        break;
      case "jam-cleared":
        setJam(null);
        refreshUnits();
        break;
      case "door":
        state.safeDoorOpen = event.open;
        device.statusChanged({ auxiliaries: { safeDoor: event.open ? "open" : "closed" } });
        if (!event.open) refreshUnits();
        break;
      case "units-changed":
        refreshUnits();
        break;
      default:
        event satisfies never;
    }
    for (const listener of noteListeners) listener(event);
  };

  return {
    interfaces: ["CashAcceptor", "CashDispenser", "CashManagement", "Storage", "X-Cash"],
    handlers: { ...cashIn.handlers, ...cashOut.handlers, ...exchange.handlers },
    attach: (driver) => driver.onEvent(handleEvent),
    online: refreshUnits,
    status: () => ({
      exchange: state.exchange,
      cashAcceptor: { ...stackerStatus(state.escrowed), banknoteReader: "ok", ...acceptorPositions(state.jam) },
      cashDispenser: dispenserPositions(state.jam),
      cashManagement: unitsStatus(book.units()),
      auxiliaries: { safeDoor: state.safeDoorOpen ? "open" : "closed" },
    }),
    capabilities: () => ({
      cashAcceptor: {
        type: "selfServiceBill",
        maxCashInItems: 1,
        shutter: false,
        shutterControl: true,
        intermediateStacker: 1,
        itemsTakenSensor: false,
        itemsInsertedSensor: true,
        positions: [
          {
            position: "inDefault",
            usage: { in: true },
            shutterControl: true,
            itemsTakenSensor: false,
            itemsInsertedSensor: true,
            presentControl: true,
            preparePresent: false,
          },
        ],
        cashInLimit: { byTotalItems: false, byAmount: true },
      },
      cashDispenser: {
        type: "selfServiceBill",
        maxDispenseItems: mostItems,
        shutterControl: true,
        intermediateStacker: false,
        itemsTakenSensor: false,
        positions: { center: true },
      },
      cashManagement: {
        cashBox: false,
        exchangeType: { byHand: true },
        itemInfoTypes: { serialNumber: true, signature: false, image: false },
        classificationList: false,
        classifications: { fit: true },
      },
    }),
  };
}

const stackerStatus = (escrowed: boolean) =>
  escrowed
    ? ({ intermediateStacker: "full", stackerItems: "customerAccess" } as const)
    : ({ intermediateStacker: "empty", stackerItems: "noItems" } as const);

const transport = (jammed: boolean) => (jammed ? ("inoperative" as const) : ("ok" as const));
const acceptorPositions = (jam: CashState["jam"]) => ({
  positions: [{ position: "inDefault" as const, transport: transport(jam === "input") }],
});
const dispenserPositions = (jam: CashState["jam"]) => ({
  positions: [{ position: "outDefault" as const, transport: transport(jam === "output") }],
});

function unitsStatus(units: ReturnType<ReturnType<typeof createUnitBook>["units"]>): StatusPayload["cashManagement"] {
  const stateOf = (roles: string[], bad: string[]) => {
    const meant = units.filter((unit) => roles.includes(unit.role)).map(replenishmentOf);
    if (meant.length === 0) return units.length === 0 ? "unknown" : "stop";
    if (meant.every((state) => bad[0] === state)) return "stop";
    return meant.some((state) => bad.includes(state)) ? "attention" : "ok";
  };
  return {
    dispenser: stateOf(["cashOut", "recycle"], ["empty", "low"]),
    acceptor: stateOf(["cashIn", "recycle"], ["full", "high"]),
  };
}
