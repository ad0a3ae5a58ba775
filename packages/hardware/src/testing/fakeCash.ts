import { type AcceptorEvent, type CashDriver, type CashUnitState, DeviceError } from "../drivers/contracts.ts";
import { createFakeBase, type FakeControls } from "./fakeDriver.ts";

export interface FakeCash extends FakeControls {
  driver: CashDriver;
  /** A customer puts a note in: goes to escrow if the acceptor is open for it. */
  insertNote(denominationFen: number): void;
  emit(event: AcceptorEvent): void;
  unit(unitId: string): CashUnitState;
  /** The next dispense stops after so many items, with this fault. */
  stopDispenseAfter(items: number, fault: DeviceError): void;
  /** Denominations that the acceptor is open for; null: closed. */
  accepting(): readonly number[] | null;
}

/** A cash device in memory: cash box for notes, five-yuan notes and one-yuan and five-jiao coins for change. */
export function createFakeCash(): FakeCash {
  const { driver, controls, run } = createFakeBase("cash");
  const listeners = new Set<(event: AcceptorEvent) => void>();
  const units: CashUnitState[] = [
    unitOf("cashbox", "cashIn", null, 0, 1_000),
    unitOf("cassette1", "cashOut", 500, 100, 500),
    unitOf("hopper1", "cashOut", 100, 200, 500),
    unitOf("hopper2", "cashOut", 50, 200, 500),
  ];
  let accepting: readonly number[] | null = null;
  let escrow: { denominationFen: number; noteId: string } | null = null;
  let lastStackedNoteId: string | null = null;
  let stackedFen = 0n;
  let dispensedFen = 0n;
  let notes = 0;
  let stop: { items: number; fault: DeviceError } | null = null;

  const unit = (unitId: string): CashUnitState => {
    const found = units.find((one) => one.unitId === unitId);
    if (found === undefined) throw new DeviceError("refused", `no unit ${unitId}`);
    return found;
  };
  const emit = (event: AcceptorEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const requireEscrow = () => {
    if (escrow === null) throw new DeviceError("no-media", "no note lies in escrow");
    return escrow;
  };

  const cash: CashDriver = {
    ...driver,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    units: (signal) => run("units", signal, () => units.map((one) => ({ ...one }))),
    escrow: (signal) => run("escrow", signal, () => escrow),
    enableAcceptor: (denominationsFen, signal) =>
      run("enableAcceptor", signal, () => {
        accepting = [...denominationsFen];
      }),
    disableAcceptor: (signal) =>
      run("disableAcceptor", signal, () => {
        accepting = null;
      }),
    stackEscrow: (signal) =>
      run("stackEscrow", signal, () => {
        const note = requireEscrow();
        escrow = null;
        lastStackedNoteId = note.noteId;
        stackedFen += BigInt(note.denominationFen);
        unit("cashbox").count++;
        return note;
      }),
    returnEscrow: (signal) =>
      run("returnEscrow", signal, () => {
        const note = requireEscrow();
        escrow = null;
        emit({ type: "note-returned", denominationFen: note.denominationFen });
      }),
    dispense: (request, signal) =>
      run("dispense", signal, () => {
        const limit = stop;
        stop = null;
        let left = limit?.items ?? Number.MAX_SAFE_INTEGER;
        const dispensed = request.map(({ unitId, count }) => {
          const from = unit(unitId);
          const paid = Math.min(count, from.count, left);
          left -= paid;
          from.count -= paid;
          dispensedFen += BigInt(paid * (from.denominationFen ?? 0));
          return { unitId, count: paid };
        });
        return { dispensed, fault: limit?.fault ?? null };
      }),
    counters: (signal) => run("counters", signal, () => ({ stackedFen, dispensedFen, lastStackedNoteId })),
    setUnits: (counts, signal) =>
      run("setUnits", signal, () => {
        for (const { unitId, count } of counts) unit(unitId).count = count;
      }),
    reset: (signal) => run("reset", signal, () => ({ mediaInside: escrow !== null })),
  };
  return Object.assign(controls, {
    driver: cash,
    insertNote: (denominationFen: number) => {
      if (accepting === null || escrow !== null) return;
      if (!accepting.includes(denominationFen)) return emit({ type: "note-refused", reason: "disabled-denomination" });
      escrow = { denominationFen, noteId: `N${++notes}` };
      emit({ type: "note-escrowed", ...escrow });
    },
    emit,
    unit,
    stopDispenseAfter: (items: number, fault: DeviceError) => {
      stop = { items, fault };
    },
    accepting: () => accepting,
  });
}

function unitOf(
  unitId: string,
  role: CashUnitState["role"],
  denominationFen: number | null,
  count: number,
  capacity: number,
): CashUnitState {
  const isCoin = unitId.startsWith("hopper");
  return { unitId, role, denominationFen, isCoin, count, capacity, lowThreshold: 20, highThreshold: capacity - 50 };
}
