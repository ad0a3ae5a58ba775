import { type AcceptorEvent, type CashDriver, DeviceError } from "../../drivers/contracts.ts";
import { refusal } from "../../protocol/commandFailure.ts";
import type { EventPayload, ResultPayload } from "../../protocol/messages.ts";
import type { CommandContext, Device, Handlers } from "../behaviour.ts";
import type { CashState } from "./state.ts";
import { countsOf, currency, fenOf, fenOfNoteType, noteTypeOf, yuanOf } from "./noteTypes.ts";
import type { UnitBook, UnitChanges } from "./unitBook.ts";

interface Note {
  denominationFen: number;
  noteId: string;
}
/** The cash-in transaction that is going on, or the last one. */
interface Transaction {
  status: ResultPayload<"CashAcceptor.GetCashInStatus">["status"];
  limitFen: number | null;
  refused: number;
  note: Note | null;
  /** "stacker", "customer", or a unit's name. */
  location: string;
}

/** The accepting half of the cash service. */
export function createCashIn(shared: {
  device: Device<CashDriver>;
  book: UnitBook;
  state: CashState;
  acceptsFen: readonly number[];
  readUnits: (driver: CashDriver, signal: AbortSignal, stackedFen?: number) => Promise<UnitChanges>;
  setEscrowed: (escrowed: boolean) => void;
  onNote: (listener: (event: AcceptorEvent) => void) => () => void;
}): { handlers: Handlers; isActive: () => boolean; adopt: (note: Note) => void } {
  const { device, book, state, acceptsFen } = shared;
  const enabled = new Set(acceptsFen);
  let transaction: Transaction | null = null;

  const isActive = (): boolean => transaction?.status === "active";
  /** A note lies in escrow and nobody here knows of it: the service was restarted in the middle of a transaction. */
  const adopt = (note: Note): void => {
    transaction ??= { status: "active", limitFen: null, refused: 0, note, location: "stacker" };
  };
  const requireNoExchange = (): void => {
    if (state.exchange === "active") throw refusal("exchangeActive", "the cash units are being exchanged");
  };
  const requireActive = (): Transaction => {
    requireNoExchange();
    if (transaction?.status !== "active") throw refusal("noCashInActive", "CashInStart comes first");
    return transaction;
  };

  /** Waits for a note to lie in escrow. When told to stop, a note that came in meanwhile still counts. */
  const awaitNote = async (driver: CashDriver, limitFen: number | null, context: CommandContext): Promise<Note> => {
    const current = requireActive();
    const before = await driver.escrow(context.signal);
    if (before !== null) return before;
    const wanted = [...enabled].filter((fen) => limitFen === null || fen <= limitFen);
    if (wanted.length === 0) throw refusal("noItems", "no note is accepted within the limit");

    const { promise, resolve, reject } = Promise.withResolvers<Note>();
    const off = shared.onNote((event) => {
      // What the device tells may be old: a note that was looked up above is told of once more after it was stacked.
      if (event.type === "note-escrowed")
        void lookForNote({ denominationFen: event.denominationFen, noteId: event.noteId });
      if (event.type === "jam") reject(new DeviceError("jam", `jam: ${event.where}`));
      // The device has lost its memory, and what it would have told with it.
      if (event.type === "units-changed") void lookForNote(null);
      if (event.type === "note-refused") {
        current.refused++;
        context.event("CashAcceptor.InputRefuseEvent", { reason: refusalReasons[event.reason] });
      }
    });
    /** A device that does not answer is believed what it told. */
    const lookForNote = async (told: Note | null): Promise<void> => {
      const lying = await driver.escrow(context.signal).catch(() => told);
      if (lying !== null) resolve(lying);
    };
    const offState = driver.onState((now) => {
      if (now !== "online" && now !== "deviceBusy") reject(new DeviceError("offline", `the device is ${now}`));
    });
    const stop = (): void => reject(new DeviceError("cancelled", "no note came"));
    context.signal.addEventListener("abort", stop, { once: true });
    try {
      await driver.enableAcceptor(wanted, context.signal);
      context.event("CashAcceptor.InsertItemsEvent", {});
      if (context.signal.aborted) stop();
      const note = await promise;
      await closeAcceptor(driver);
      return note;
    } catch (error) {
      promise.catch(() => undefined);
      await closeAcceptor(driver);
      const late = await driver.escrow(AbortSignal.timeout(closeMs)).catch(() => null);
      if (late !== null) return late;
      throw error;
    } finally {
      off();
      offState();
      context.signal.removeEventListener("abort", stop);
    }
  };

  /** Also after the command was told to stop: an acceptor must not stay open. */
  const closeAcceptor = async (driver: CashDriver): Promise<void> => {
    try {
      await driver.disableAcceptor(AbortSignal.timeout(closeMs));
    } catch (error) {
      device.logger.warn({ err: error }, "the acceptor could not be closed");
    }
  };

  const handlers: Handlers = {
    "CashAcceptor.CashInStart": async ({ amountLimit }) => {
      requireNoExchange();
      if (isActive()) throw refusal("cashInActive", "a cash-in transaction is going on");
      if (state.safeDoorOpen) throw refusal("safeDoorOpen", "the safe door is open");
      device.driver();
      const limit = amountLimit?.find((one) => one.currency === currency);
      const limitFen = limit === undefined ? null : fenOf(limit.value);
      transaction = { status: "active", limitFen, refused: 0, note: null, location: "unknown" };
      return {};
    },
    "CashAcceptor.CashIn": async (_payload, context) => {
      const current = requireActive();
      if (state.safeDoorOpen) throw refusal("safeDoorOpen", "the safe door is open");
      const note = await awaitNote(device.driver(), current.limitFen, context);
      current.note = note;
      current.location = "stacker";
      shared.setEscrowed(true);
      return { items: countsOf(note.denominationFen, 1) };
    },
    "CashAcceptor.CashInEnd": async (_payload, { signal }) => {
      const current = requireActive();
      const driver = device.driver();
      const before = await driver.escrow(signal);
      if (before === null) {
        transaction = { ...current, status: "unknown" };
        throw refusal("noItems", "no note lies in escrow");
      }
      // If the answer is lost the transaction stays open: evidence may show the note still in escrow, to be handed back.
      transaction = { ...current, note: before, location: "unknown" };
      const note = await driver.stackEscrow(signal);
      // From here on the note is in; nothing that fails may make the answer sound as if it were not.
      shared.setEscrowed(false);
      const unit = await stackedInto(driver, note.denominationFen);
      transaction = { ...transaction, note, status: "ok", location: unit ?? "deviceUnknown" };
      return { storage: unit === null ? {} : { [unit]: { deposited: countsOf(note.denominationFen, 1) } } };
    },
    "CashAcceptor.CashInRollback": async (_payload, { signal }) => {
      const current = requireActive();
      const driver = device.driver();
      if ((await driver.escrow(signal)) === null) {
        transaction = { ...current, status: "rollback" };
        throw refusal("noItems", "no note lies in escrow");
      }
      await driver.returnEscrow(signal);
      shared.setEscrowed(false);
      transaction = { ...current, status: "rollback", location: "customer" };
      return {};
    },
    "CashAcceptor.GetCashInStatus": async () => ({
      status: transaction?.status ?? "unknown",
      ...(transaction === null || transaction.refused === 0 ? {} : { numOfRefused: transaction.refused }),
      ...(transaction?.note == null ? {} : { noteNumberList: countsOf(transaction.note.denominationFen, 1) }),
    }),
    "CashAcceptor.ConfigureNoteTypes": async ({ items }) => {
      requireNoExchange();
      if (isActive()) throw refusal("cashInActive", "a cash-in transaction is going on");
      for (const { item, enabled: isEnabled } of items) {
        const fen = fenOfNoteType(item);
        if (fen === null || !acceptsFen.includes(fen)) continue;
        if (isEnabled) enabled.add(fen);
        else enabled.delete(fen);
      }
      return {};
    },
    "CashManagement.GetBankNoteTypes": async () => ({
      items: Object.fromEntries(
        knownFen(acceptsFen, book).map((fen, index) => [
          noteTypeOf(fen),
          { cashItem: { noteID: index + 1, currency, value: yuanOf(fen), release: 0 }, enabled: enabled.has(fen) },
        ]),
      ),
    }),
    "CashManagement.GetItemInfo": async ({ items }) => {
      const { note = null, location = "unknown" } = transaction ?? {};
      const isMeant = note !== null && (items?.level ?? "fit") === "fit" && (items?.index ?? 0) === 0;
      if (!isMeant) return { itemsList: [] };
      const { denominationFen, noteId } = note;
      const item = { noteType: noteTypeOf(denominationFen), level: "fit", serialNumber: noteId } as const;
      return { itemsList: [{ ...item, itemLocation: location }] };
    },
    "CashManagement.Reset": async (_payload, { signal }) => {
      const driver = device.driver();
      await closeAcceptor(driver);
      const { mediaInside } = await driver.reset(signal);
      if (transaction?.status === "active") transaction = { ...transaction, status: "reset" };
      shared.setEscrowed(mediaInside && (await driver.escrow(signal)) !== null);
      await shared.readUnits(driver, signal);
      return {};
    },
    "X-Cash.GetEvidence": async (_payload, { signal }) => {
      const driver = device.driver();
      const { stackedFen, dispensedFen, lastStackedNoteId } = await driver.counters(signal);
      const escrow = await driver.escrow(signal);
      shared.setEscrowed(escrow !== null);
      return { stackedFen: Number(stackedFen), dispensedFen: Number(dispensedFen), lastStackedNoteId, escrow };
    },
  };

  /** The unit whose count went up. Never fails: the note is stacked already. */
  const stackedInto = async (driver: CashDriver, denominationFen: number): Promise<string | null> => {
    try {
      const changes = await shared.readUnits(driver, AbortSignal.timeout(closeMs), denominationFen);
      const roles = new Map(book.units().map((unit) => [unit.unitId, unit.role]));
      const into = changes.counts.find((name) => {
        const role = roles.get(book.idOf(name) ?? "");
        return role === "cashIn" || role === "recycle";
      });
      return into ?? null;
    } catch (error) {
      device.logger.warn({ err: error }, "the counts could not be read after stacking a note");
      return null;
    }
  };

  return { handlers, isActive, adopt };
}

const closeMs = 3_000;

const refusalReasons = {
  unrecognised: "invalidBill",
  counterfeit: "counterfeit",
  "disabled-denomination": "limitOverAmount",
  "escrow-busy": "stackerFull",
  full: "cashInUnitFull",
} as const satisfies Record<
  Extract<AcceptorEvent, { type: "note-refused" }>["reason"],
  EventPayload<"CashAcceptor.InputRefuseEvent">["reason"]
>;

/** What the device handles: notes it takes, and whatever its units pay out. */
function knownFen(acceptsFen: readonly number[], book: UnitBook): number[] {
  const ofUnits = book.units().flatMap(({ denominationFen }) => (denominationFen === null ? [] : [denominationFen]));
  return [...new Set([...acceptsFen, ...ofUnits])].sort((a, b) => a - b);
}
