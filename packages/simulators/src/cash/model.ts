import { addEvent, emptyRing, type EventRing } from "../hx/eventRing.ts";
import { pack } from "../hx/fields.ts";
import type { DurableStore } from "../state/store.ts";

export interface CashUnit {
  unitId: string;
  role: "cashIn" | "cashOut" | "recycle" | "reject" | "retract";
  denominationFen: number | null;
  isCoin: boolean;
  count: number;
  capacity: number;
  lowThreshold: number;
  highThreshold: number;
}
export type JamPlace = "entry" | "escrow" | "stacker" | "dispenser";

/** Everything that survives power loss: the device's own memory, and where the money physically lies. */
export interface CashState {
  units: CashUnit[];
  escrow: { denominationFen: number; noteId: string } | null;
  /** Fen as decimal text: JSON has no bigint. */
  stackedFen: string;
  dispensedFen: string;
  lastTransaction: number;
  lastStackedNoteId: string | null;
  noteSerial: number;
  ring: EventRing;
  jam: JamPlace | null;
  safeDoorOpen: boolean;
  /** A returned note sticking out of the mouth, until the customer takes it. */
  mouth: { denominationFen: number } | null;
  /** Change lying in the tray, until the customer takes it. */
  tray: { unitId: string; denominationFen: number; isCoin: boolean; count: number }[];
  /** What crossed between customer and machine: the physical truth that tests hold the ledger against. */
  physical: { insertedFen: number; takenBackFen: number; takenChangeFen: number };
}

const unit = (
  unitId: string,
  role: CashUnit["role"],
  denominationFen: number | null,
  isCoin: boolean,
  count: number,
  [capacity, lowThreshold, highThreshold]: readonly [number, number, number],
): CashUnit => ({ unitId, role, denominationFen, isCoin, count, capacity, lowThreshold, highThreshold });

export const initialCashState = (counts: Readonly<Record<string, number>> = {}): CashState => ({
  units: [
    unit("cashbox", "cashIn", null, false, 0, [1000, 0, 900]),
    unit("cassette1", "cashOut", 1000, false, 100, [500, 20, 480]),
    unit("cassette2", "cashOut", 500, false, 100, [500, 20, 480]),
    unit("hopper1", "cashOut", 100, true, 300, [800, 50, 780]),
    unit("hopper2", "cashOut", 10, true, 300, [800, 50, 780]),
    unit("reject", "reject", null, false, 0, [50, 0, 40]),
  ].map((u) => ({ ...u, count: counts[u.unitId] ?? u.count })),
  escrow: null,
  stackedFen: "0",
  dispensedFen: "0",
  lastTransaction: 0,
  lastStackedNoteId: null,
  noteSerial: 0,
  ring: emptyRing(),
  jam: null,
  safeDoorOpen: false,
  mouth: null,
  tray: [],
  physical: { insertedFen: 0, takenBackFen: 0, takenChangeFen: 0 },
});

export const eventTypes = {
  escrowed: 1,
  refused: 2,
  returned: 3,
  jam: 4,
  jamCleared: 5,
  door: 6,
  unitsChanged: 7,
} as const;
const places: readonly JamPlace[] = ["entry", "escrow", "stacker", "dispenser"];
const refusals = ["unrecognised", "counterfeit", "disabled-denomination", "escrow-busy", "full"] as const;
export type Refusal = (typeof refusals)[number];

export const placeCode = (place: JamPlace | null): number => (place === null ? 0 : places.indexOf(place) + 1);
const add = (amount: string, fen: number): string => (BigInt(amount) + BigInt(fen)).toString();

/** What happens to money inside the machine. Each function changes the state and makes it durable before it returns. */
export const createCashMechanics = (store: DurableStore<CashState>) => {
  const unitOf = (unitId: string): CashUnit | undefined => store.state.units.find((u) => u.unitId === unitId);
  const cashbox = (): CashUnit | undefined => store.state.units.find((u) => u.role === "cashIn");
  const note = (type: number, payload?: Uint8Array): void => addEvent(store.state.ring, type, payload);
  return {
    unitOf,
    cashboxFull: (): boolean => {
      const box = cashbox();
      return box === undefined || box.count >= box.capacity;
    },
    escrowNote: (denominationFen: number): string => {
      const { state } = store;
      state.noteSerial++;
      const noteId = `N${String(state.noteSerial).padStart(6, "0")}`;
      state.escrow = { denominationFen, noteId };
      state.physical.insertedFen += denominationFen;
      note(eventTypes.escrowed, pack(["u32", denominationFen], ["text", noteId]));
      store.commit();
      return noteId;
    },
    refuseNote: (reason: Refusal): void => {
      note(eventTypes.refused, pack(["u8", refusals.indexOf(reason) + 1]));
      store.commit();
    },
    jam: (place: JamPlace): void => {
      store.state.jam = place;
      note(eventTypes.jam, pack(["u8", placeCode(place)]));
      store.commit();
    },
    clearJam: (): void => {
      if (store.state.jam === null) return;
      store.state.jam = null;
      note(eventTypes.jamCleared);
      store.commit();
    },
    setDoor: (open: boolean): void => {
      if (store.state.safeDoorOpen === open) return;
      store.state.safeDoorOpen = open;
      note(eventTypes.door, pack(["u8", open ? 1 : 0]));
      store.commit();
    },
    useTransaction: (transaction: number): boolean => {
      if (transaction <= store.state.lastTransaction) return false;
      store.state.lastTransaction = transaction;
      store.commit();
      return true;
    },
    stack: (): { denominationFen: number; noteId: string } | null => {
      const { state } = store;
      const box = cashbox();
      const lying = state.escrow;
      if (lying === null || box === undefined) return null;
      box.count++;
      state.stackedFen = add(state.stackedFen, lying.denominationFen);
      state.lastStackedNoteId = lying.noteId;
      state.escrow = null;
      note(eventTypes.unitsChanged);
      store.commit();
      return lying;
    },
    giveBack: (): { denominationFen: number } | null => {
      const { state } = store;
      const lying = state.escrow;
      if (lying === null) return null;
      state.escrow = null;
      state.mouth = { denominationFen: lying.denominationFen };
      note(eventTypes.returned, pack(["u32", lying.denominationFen]));
      store.commit();
      return lying;
    },
    /** One item leaves its unit and falls into the tray. */
    dispenseItem: (from: CashUnit): void => {
      const { state } = store;
      const denominationFen = from.denominationFen ?? 0;
      from.count--;
      state.dispensedFen = add(state.dispensedFen, denominationFen);
      const lying = state.tray.find(({ unitId }) => unitId === from.unitId);
      if (lying === undefined) state.tray.push({ unitId: from.unitId, denominationFen, isCoin: from.isCoin, count: 1 });
      else lying.count++;
      store.commit();
    },
    setCounts: (counts: readonly { unitId: string; count: number }[]): void => {
      for (const { unitId, count } of counts) {
        const changed = unitOf(unitId);
        if (changed !== undefined) changed.count = Math.min(count, changed.capacity);
      }
      note(eventTypes.unitsChanged);
      store.commit();
    },
    unitsChanged: (): void => {
      note(eventTypes.unitsChanged);
      store.commit();
    },
    takeNote: (): { takenFen: number } => {
      const takenFen = store.state.mouth?.denominationFen ?? 0;
      store.state.mouth = null;
      store.state.physical.takenBackFen += takenFen;
      store.commit();
      return { takenFen };
    },
    takeChange: (): { takenFen: number } => {
      const takenFen = store.state.tray.reduce((sum, { denominationFen, count }) => sum + denominationFen * count, 0);
      store.state.tray = [];
      store.state.physical.takenChangeFen += takenFen;
      store.commit();
      return { takenFen };
    },
  };
};
export type CashMechanics = ReturnType<typeof createCashMechanics>;
