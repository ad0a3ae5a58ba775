import type { CashUnitState } from "../../drivers/contracts.ts";
import type { CashCounts, CashIn, CashOut } from "../../protocol/interfaces/cashManagement.ts";
import type { StorageUnit } from "../../protocol/interfaces/storage.ts";
import { countsOf, currency, itemsIn, noteTypeOf, unrecognized, yuanOf } from "./noteTypes.ts";

/** "unitCassette1": the standard wants storage units to be called unit…, of letters and digits. */
export function unitNameOf(unitId: string): string {
  const letters = unitId.replaceAll(/[^0-9A-Za-z]/g, "");
  return `unit${letters.charAt(0).toUpperCase()}${letters.slice(1)}`;
}

type Replenishment = StorageUnit["cash"]["status"]["replenishmentStatus"];

/** How full a unit is. The device's thresholds are inclusive: at the threshold it wants attention. */
export function replenishmentOf(unit: CashUnitState): Replenishment {
  if (unit.role !== "cashIn" && unit.count <= 0 && unit.role !== "retract" && unit.role !== "reject") return "empty";
  if (unit.count >= unit.capacity) return "full";
  const paysOut = unit.role === "cashOut" || unit.role === "recycle";
  if (paysOut && unit.count <= unit.lowThreshold) return "low";
  return unit.count >= unit.highThreshold && unit.role !== "cashOut" ? "high" : "ok";
}

/** What a reading of the device's counts changed. */
export interface UnitChanges {
  /** By unit name. */
  counts: string[];
  thresholds: string[];
}

interface Page {
  unit: CashUnitState;
  initial: CashCounts;
  in: CashIn;
  out: CashOut;
  accuracy: StorageUnit["cash"]["status"]["accuracy"];
}

/**
 * The storage counts of the standard, over a device that only counts what is in each unit now: a unit's page begins with
 * the device's count when it was first read or set, and every later difference is entered as deposited or presented, so
 * that initial + in − out is the device's own count at any time.
 */
export interface UnitBook {
  units(): readonly CashUnitState[];
  /**
   * Enters the device's counts.
   *
   * @param stackedFen the note that has just been stacked: tells what came into a unit of mixed notes
   */
  read(units: readonly CashUnitState[], stackedFen?: number): UnitChanges;
  /** A clerk counted the units: pages begin anew. */
  begin(units: readonly CashUnitState[]): void;
  storage(): Record<string, StorageUnit>;
  idOf(unitName: string): string | null;
}

export function createUnitBook(): UnitBook {
  let pages = new Map<string, Page>();

  const newPage = (unit: CashUnitState, accuracy: Page["accuracy"]): Page => ({
    unit,
    initial: unit.denominationFen === null ? unrecognized(unit.count) : countsOf(unit.denominationFen, unit.count),
    in: {},
    out: {},
    accuracy,
  });

  return {
    units: () => [...pages.values()].map(({ unit }) => unit),
    read: (units, stackedFen) => {
      const changes: UnitChanges = { counts: [], thresholds: [] };
      const next = new Map<string, Page>();
      for (const unit of units) {
        const name = unitNameOf(unit.unitId);
        const page = pages.get(name);
        if (page === undefined || page.unit.denominationFen !== unit.denominationFen) {
          next.set(name, newPage(unit, "accurate"));
          if (pages.size > 0) changes.counts.push(name);
          continue;
        }
        const difference = unit.count - page.unit.count;
        if (difference !== 0) changes.counts.push(name);
        if (replenishmentOf(unit) !== replenishmentOf(page.unit)) changes.thresholds.push(name);
        next.set(name, { ...enter(page, difference, stackedFen ?? null), unit });
      }
      pages = next;
      return changes;
    },
    begin: (units) => {
      pages = new Map(units.map((unit) => [unitNameOf(unit.unitId), newPage(unit, "accurateSet")]));
    },
    storage: () => Object.fromEntries([...pages].map(([name, page], index) => [name, storageUnitOf(page, index + 1)])),
    idOf: (name) => pages.get(name)?.unit.unitId ?? null,
  };
}

/** Items that came into a unit were deposited; items that left it were presented. */
function enter(page: Page, difference: number, stackedFen: number | null): Page {
  const { denominationFen } = page.unit;
  const isThatNote = difference === 1 && denominationFen === null;
  if (difference > 0) {
    const kind = isThatNote ? stackedFen : denominationFen;
    return { ...page, in: { deposited: added(page.in.deposited, kind, difference) } };
  }
  if (difference < 0) return { ...page, out: { presented: added(page.out.presented, denominationFen, -difference) } };
  return page;
}

function added(counts: CashCounts = {}, denominationFen: number | null, items: number): CashCounts {
  if (denominationFen === null) return { ...counts, ...unrecognized((counts.unrecognized ?? 0) + items) };
  const sameKind = itemsIn(onlyKind(counts, noteTypeOf(denominationFen)));
  return { ...counts, ...countsOf(denominationFen, sameKind + items) };
}

function onlyKind(counts: CashCounts, noteType: string): CashCounts {
  return Object.fromEntries(Object.entries(counts).filter(([kind]) => kind === noteType)) as CashCounts;
}

function storageUnitOf({ unit, initial, in: into, out, accuracy }: Page, index: number): StorageUnit {
  const types = {
    cashIn: unit.role === "cashIn" || unit.role === "recycle",
    cashOut: unit.role === "cashOut" || unit.role === "recycle",
    cashInRetract: unit.role === "retract",
    reject: unit.role === "reject",
  };
  const items = { fit: true };
  const cashItems = unit.denominationFen === null ? undefined : [noteTypeOf(unit.denominationFen)];
  return {
    positionName: unit.unitId,
    capacity: unit.capacity,
    status: "ok",
    cash: {
      capabilities: { types, items, hardwareSensors: true, ...(cashItems === undefined ? {} : { cashItems }) },
      configuration: {
        types,
        items,
        currency,
        value: yuanOf(unit.denominationFen ?? 0),
        ...(unit.highThreshold > 0 ? { highThreshold: unit.highThreshold } : {}),
        ...(unit.lowThreshold > 0 ? { lowThreshold: unit.lowThreshold } : {}),
        ...(cashItems === undefined ? {} : { cashItems }),
        name: unit.unitId,
      },
      status: {
        index,
        initial,
        ...(into.deposited === undefined ? {} : { in: into }),
        ...(out.presented === undefined ? {} : { out }),
        accuracy,
        replenishmentStatus: replenishmentOf(unit),
      },
    },
  };
}
