import type { CashLevel } from "@gridhall/domain/fleet/schema.ts";
import type { CashEvidence, StackedNote } from "@gridhall/domain/payment/cashSaga.ts";
import type { CashCounts } from "@gridhall/hardware/protocol/interfaces/cashManagement.ts";
import type { StorageUnit } from "@gridhall/hardware/protocol/interfaces/storage.ts";
import { isIndeterminate, successOf, XfsError } from "@gridhall/hardware/xfsError.ts";
import type { CashPort, MoveOutcome } from "./ports.ts";
import type { XfsService } from "./xfsService.ts";

const READ_TIMEOUT_MS = 6_000;
/** Long enough for a slow stacker; what takes longer is settled by evidence. */
const VALUE_TIMEOUT_MS = 20_000;

type Refusal = "unrecognised" | "counterfeit" | "denomination" | "full";

/**
 * The cash service as the saga wants it: one cash-in transaction a note. CashIn waits in the background and completes
 * with the note in escrow; CashInEnd stacks it, CashInRollback hands it back. Value commands are sent once.
 */
export function createXfsCash(service: XfsService, onError: (cause: unknown) => void): CashPort {
  const { client } = service;
  const noteListeners = new Set<(note: StackedNote) => void>();
  const refusedListeners = new Set<(reason: Refusal) => void>();
  const faultListeners = new Set<(reason: "jam" | "offline") => void>();
  let levels: CashLevel[] = [];
  let waiting: { abort: AbortController; done: Promise<void> } | null = null;
  let jammed = false;

  const readLevels = async () => {
    const { storage } = successOf(
      "Storage.GetStorage",
      await client.send("Storage.GetStorage", {}, { timeoutMs: READ_TIMEOUT_MS }),
    );
    levels = Object.entries(storage).map(([name, unit]) => levelOf(name, unit));
    service.notify();
  };
  const refreshLevels = () => void readLevels().catch(onError);
  client.onState((state) => {
    if (state === "connected") refreshLevels();
  });
  client.on("Storage.CountsChangedEvent", refreshLevels);
  client.on("Storage.StorageThresholdEvent", refreshLevels);
  refreshLevels();

  const fault = (reason: "jam" | "offline") => {
    for (const listener of faultListeners) listener(reason);
  };
  service.onChange(() => {
    const inoperative =
      service.status()?.cashAcceptor?.positions.some((position) => position.transport === "inoperative") ?? false;
    if (inoperative && !jammed && waiting) fault("jam");
    jammed = inoperative;
  });

  const readEvidence = async (): Promise<CashEvidence> =>
    successOf("X-Cash.GetEvidence", await client.send("X-Cash.GetEvidence", {}, { timeoutMs: READ_TIMEOUT_MS }));

  /** Lives from enable to the note, to disable or to a fault. */
  const waitForNote = async (signal: AbortSignal, ready: () => void): Promise<void> => {
    const completion = await client.send(
      "CashAcceptor.CashIn",
      {},
      {
        signal,
        onEvent(name, payload) {
          if (name === "CashAcceptor.InsertItemsEvent") ready();
          if (name === "CashAcceptor.InputRefuseEvent")
            for (const listener of refusedListeners) listener(refusalOf(payload));
        },
      },
    );
    if (completion.completionCode === "success") {
      const { escrow } = await readEvidence();
      // The customer pulled it out again before it was looked at: the wait goes on.
      if (!escrow && !signal.aborted) return waitForNote(signal, ready);
      if (escrow) for (const listener of noteListeners) listener(escrow);
      return;
    }
    if (completion.completionCode === "canceled" || signal.aborted) return;
    throw new Error(`CashIn: ${completion.completionCode} ${completion.errorDescription ?? ""}`);
  };

  const disable = async (): Promise<void> => {
    const current = waiting;
    waiting = null;
    current?.abort.abort();
    await current?.done;
    // Ends the transaction that no note came into; a note that slipped in at the last moment goes back.
    await client.send("CashAcceptor.CashInRollback", {}, { timeoutMs: READ_TIMEOUT_MS });
  };

  return {
    health() {
      const conditions: string[] = [];
      const status = service.status();
      if (
        status?.cashAcceptor?.positions.some((position) => position.transport === "inoperative") ||
        status?.cashDispenser?.positions.some((position) => position.transport === "inoperative")
      )
        conditions.push("jam");
      if (levels.some((level) => level.role === "cashIn" && level.count >= level.capacity))
        conditions.push("stacker-full");
      if (levels.some((level) => level.role === "cashOut" && level.low)) conditions.push("hopper-low");
      return { service: service.name, kind: "cash", state: service.deviceState(), conditions, model: "XFS4IoT cash" };
    },
    onChange: service.onChange,
    levels: () => levels,
    onNote: (listener) => subscribe(noteListeners, listener),
    onRefused: (listener) => subscribe(refusedListeners, listener),
    onFault: (listener) => subscribe(faultListeners, listener),
    async enable() {
      if (waiting) return;
      const started = await client.send("CashAcceptor.CashInStart", {}, { timeoutMs: READ_TIMEOUT_MS });
      const running = started.completionCode === "commandErrorCode" && started.payload.errorCode === "cashInActive";
      if (started.completionCode !== "success" && !running)
        throw new Error(`CashInStart: ${started.completionCode} ${started.errorDescription ?? ""}`);
      const abort = new AbortController();
      // The acceptor is on when the device says so: only then is the customer asked for a note.
      const opened = Promise.withResolvers<void>();
      const done = waitForNote(abort.signal, opened.resolve).then(
        () => {
          if (waiting?.abort === abort) waiting = null;
        },
        (cause: unknown) => {
          const expected = waiting?.abort !== abort;
          if (!expected) waiting = null;
          onError(cause);
          if (!expected) fault(cause instanceof XfsError ? "offline" : "jam");
        },
      );
      waiting = { abort, done };
      await Promise.race([opened.promise, done]);
    },
    disable,
    async stack(): Promise<MoveOutcome> {
      try {
        const completion = await client.send("CashAcceptor.CashInEnd", {}, { timeoutMs: VALUE_TIMEOUT_MS });
        refreshLevels();
        if (completion.completionCode === "success") return { kind: "done" };
        return isIndeterminate("CashAcceptor.CashInEnd", completion)
          ? { kind: "lost" }
          : { kind: "refused", reason: completion.errorDescription ?? completion.completionCode };
      } catch (cause) {
        onError(cause);
        if (cause instanceof XfsError && !isIndeterminate("CashAcceptor.CashInEnd", cause))
          return { kind: "refused", reason: cause.code };
        return { kind: "lost" };
      }
    },
    async returnEscrow() {
      await client.send("CashAcceptor.CashInRollback", {}, { timeoutMs: VALUE_TIMEOUT_MS });
    },
    async dispense(amountFen) {
      const counts = choosePayout(levels, amountFen);
      if (counts.size === 0) return { kind: "dispensed", amountFen: 0 };
      const value = new Map(levels.map((level) => [level.unitId, level.denominationFen ?? 0]));
      try {
        const completion = await client.send(
          "CashDispenser.Dispense",
          { denomination: { denomination: { app: { counts: Object.fromEntries(counts) } } }, position: "outDefault" },
          { timeoutMs: VALUE_TIMEOUT_MS },
        );
        refreshLevels();
        if (completion.completionCode !== "success")
          return isIndeterminate("CashDispenser.Dispense", completion)
            ? { kind: "lost" }
            : { kind: "dispensed", amountFen: 0 };
        const paidFen = Object.entries(completion.payload.denomination.values).reduce(
          (sum, [unit, count]) => sum + count * (value.get(unit) ?? 0),
          0,
        );
        return { kind: "dispensed", amountFen: paidFen };
      } catch (cause) {
        onError(cause);
        if (cause instanceof XfsError && !isIndeterminate("CashDispenser.Dispense", cause))
          return { kind: "dispensed", amountFen: 0 };
        return { kind: "lost" };
      }
    },
    evidence: readEvidence,
    async prepareForNext(signal) {
      await disable().catch(onError);
      const completion = await client.send("CashManagement.Reset", {}, { timeoutMs: READ_TIMEOUT_MS, signal });
      const evidence = await readEvidence();
      return {
        ok: completion.completionCode === "success" && evidence.escrow === null,
        detail: `cash: ${completion.completionCode}${evidence.escrow ? ", a note is left in escrow" : ""}`,
      };
    },
  };
}

function subscribe<T>(set: Set<(value: T) => void>, listener: (value: T) => void): () => void {
  set.add(listener);
  return () => set.delete(listener);
}

function refusalOf(payload: unknown): Refusal {
  const reason = typeof payload === "object" && payload !== null && "reason" in payload ? payload.reason : "";
  switch (reason) {
    case "counterfeit":
      return "counterfeit";
    case "cashInUnitFull":
    case "stackerFull":
      return "full";
    case "limitOverAmount":
    case "noBillsToDeposit":
      return "denomination";
    default:
      return "unrecognised";
  }
}

function itemsIn(counts: CashCounts | undefined): number {
  if (!counts) return 0;
  return Object.values(counts).reduce<number>(
    (sum, part) =>
      sum +
      (typeof part === "number"
        ? part
        : Object.values(part ?? {}).reduce<number>((inner, count) => inner + (count ?? 0), 0)),
    0,
  );
}

/** `unitId` is the standard's name of the unit, as commands want it. */
function levelOf(name: string, unit: StorageUnit): CashLevel {
  const { status, configuration, capabilities } = unit.cash;
  const { types } = capabilities;
  const count =
    itemsIn(status.initial) +
    itemsIn(status.in?.deposited) +
    itemsIn(status.in?.retracted) +
    itemsIn(status.in?.rejected) -
    itemsIn(status.out?.presented) -
    itemsIn(status.out?.rejected) -
    itemsIn(status.out?.unknown);
  const role =
    types.cashIn && types.cashOut
      ? "recycle"
      : types.cashOut
        ? "cashOut"
        : types.cashIn
          ? "cashIn"
          : types.reject
            ? "reject"
            : "retract";
  return {
    unitId: name,
    role,
    denominationFen: configuration.value ? Math.round(configuration.value * 100) : null,
    count,
    capacity: unit.capacity,
    low: status.replenishmentStatus === "low" || status.replenishmentStatus === "empty",
    high: status.replenishmentStatus === "high" || status.replenishmentStatus === "full",
  };
}

/** Largest first; what cannot be made exactly is left to the saga, which credits it. Keyed by the standard's unit names. */
function choosePayout(levels: readonly CashLevel[], amountFen: number): Map<string, number> {
  const counts = new Map<string, number>();
  let restFen = amountFen;
  const units = levels
    .filter((level) => level.role === "cashOut" || level.role === "recycle")
    .sort((a, b) => (b.denominationFen ?? 0) - (a.denominationFen ?? 0));
  for (const unit of units) {
    if (!unit.denominationFen) continue;
    const count = Math.min(unit.count, Math.floor(restFen / unit.denominationFen));
    if (count === 0) continue;
    counts.set(unit.unitId, count);
    restFen -= count * unit.denominationFen;
  }
  return counts;
}
