import type { CashDriver, DeviceError } from "../../drivers/contracts.ts";
import { CommandFailure, refusal } from "../../protocol/commandFailure.ts";
import { indeterminate } from "../../protocol/define.ts";
import type { DenominateRequest, Denomination } from "../../protocol/interfaces/cashDispenser.ts";
import type { ResultPayload } from "../../protocol/messages.ts";
import type { Device, Handlers } from "../behaviour.ts";
import { type CashState, mostItems } from "./state.ts";
import { denominate, type PayingUnit, type Payout } from "./denominate.ts";
import { countsOf, currency, fenOf, yuanOf } from "./noteTypes.ts";
import { type UnitBook, type UnitChanges, unitNameOf } from "./unitBook.ts";

/** The one mix that the service knows. */
const mixName = "mix1";

type PresentStatus = ResultPayload<"CashDispenser.GetPresentStatus">;

/** The paying half of the cash service. */
export function createCashOut(shared: {
  device: Device<CashDriver>;
  book: UnitBook;
  state: CashState;
  readUnits: (driver: CashDriver, signal: AbortSignal) => Promise<UnitChanges>;
}): { handlers: Handlers } {
  const { device, book, state } = shared;
  /** A service that has just been started does not know what the one before it paid out. */
  let last: PresentStatus = { presentState: "unknown" };

  const payingUnits = (): PayingUnit[] =>
    book
      .units()
      .flatMap(({ unitId, role, denominationFen, count }) =>
        (role === "cashOut" || role === "recycle") && denominationFen !== null
          ? [{ unitId, denominationFen, count }]
          : [],
      );
  const worthFen = (payout: Payout): number => {
    const fenOfUnit = new Map(payingUnits().map((unit) => [unit.unitId, unit.denominationFen]));
    return payout.reduce((sum, { unitId, count }) => sum + count * (fenOfUnit.get(unitId) ?? 0), 0);
  };
  const denominationOf = (payout: Payout): Denomination => ({
    currencies: { [currency]: yuanOf(worthFen(payout)) },
    values: Object.fromEntries(payout.map(({ unitId, count }) => [unitNameOf(unitId), count])),
  });

  /** Which items a request means. @throws CommandFailure where they cannot be paid out */
  const payoutOf = ({ denomination: { app, service } }: DenominateRequest): Payout => {
    if (state.exchange === "active") throw refusal("exchangeActive", "the cash units are being exchanged");
    if ((app === undefined) === (service === undefined)) {
      throw new CommandFailure("invalidData", "payload: one of app and service");
    }
    const payout = app === undefined ? byService(service) : byApplication(app);
    const items = payout.reduce((sum, { count }) => sum + count, 0);
    if (items > mostItems) throw refusal("tooManyItems", `at most ${mostItems} items at once`);
    if (items === 0) throw refusal("invalidDenomination", "nothing to pay out");
    return payout;
  };
  const amountOf = (currencies: Record<string, number>): number => {
    const [first, ...others] = Object.entries(currencies);
    if (first === undefined || others.length > 0 || first[0] !== currency) {
      throw refusal("invalidCurrency", `only ${currency}`);
    }
    const fen = fenOf(first[1]);
    if (fen === null) throw refusal("invalidDenomination", "an amount is yuan with at most two decimals");
    return fen;
  };
  const byService = (service: DenominateRequest["denomination"]["service"]): Payout => {
    if (service?.mix !== mixName) throw refusal("invalidMixNumber", `the only mix is ${mixName}`);
    if (service.partial !== undefined) throw new CommandFailure("unsupportedData", "payload: partial is not supported");
    const payout = denominate(payingUnits(), amountOf(service.currencies));
    if (payout === null) throw refusal("notDispensable", "the units cannot make this amount");
    return payout;
  };
  const byApplication = (app: NonNullable<DenominateRequest["denomination"]["app"]>): Payout => {
    const units = payingUnits();
    const payout = Object.entries(app.counts)
      .filter(([, count]) => count > 0)
      .map(([name, count]) => {
        const unit = units.find(({ unitId }) => unitNameOf(unitId) === name);
        if (unit === undefined || unit.count < count)
          throw refusal("notDispensable", `${name} cannot pay out ${count}`);
        return { unitId: unit.unitId, count };
      });
    if (app.currencies !== undefined && amountOf(app.currencies) !== worthFen(payout)) {
      throw refusal("invalidDenomination", "the items are not worth the amount");
    }
    return payout;
  };

  const handlers: Handlers = {
    "CashDispenser.GetMixTypes": async () => ({
      mixes: { [mixName]: { type: "algorithm", algorithm: "minimumBills", name: "Fewest items" } },
    }),
    "CashDispenser.Denominate": async ({ request }, { signal }) => {
      await shared.readUnits(device.driver(), signal);
      return { result: denominationOf(payoutOf(request)) };
    },
    "CashDispenser.Dispense": async ({ denomination }, { signal, event }) => {
      const driver = device.driver();
      await shared.readUnits(driver, signal);
      const payout = payoutOf(denomination);
      if (state.safeDoorOpen) throw refusal("safeDoorOpen", "the safe door is open");
      event("CashDispenser.StartDispenseEvent", {});
      last = { presentState: "unknown" };
      const { dispensed, fault } = await driver.dispense(payout, signal);
      // What left has left, whatever happens to the readings after it.
      const left = dispensed.filter(({ count }) => count > 0);
      const paid = denominationOf(left);
      const isUnclear = fault?.code === "indeterminate";
      if (!isUnclear) last = { presentState: left.length > 0 ? "presented" : "notPresented", denomination: paid };
      const out = Object.fromEntries(left.map((part) => [unitNameOf(part.unitId), { presented: presentedOf(part) }]));
      await shared.readUnits(driver, AbortSignal.timeout(readMs)).catch((error: unknown) => {
        device.logger.warn({ err: error }, "the counts could not be read after a dispense");
      });
      if (left.length > 0) {
        device.unsolicited("CashManagement.ItemsPresentedEvent", { position: "outDefault", additionalBunches: "0" });
      }
      const result = { denomination: paid, bunches: "1", storage: { out } };
      if (fault === null) return result;
      event("CashDispenser.IncompleteDispenseEvent", paid);
      tellUnitError(fault, payout, event);
      const errorCode =
        isUnclear || fault.code === "timeout" || fault.code === "protocol" ? indeterminate : "cashUnitError";
      throw refusal(errorCode, fault.message, result);
    },
    "CashDispenser.Present": async () => {
      if (state.exchange === "active") throw refusal("exchangeActive", "the cash units are being exchanged");
      if (last.presentState !== "presented") throw refusal("noItems", "nothing was dispensed");
      return { position: "outDefault" };
    },
    "CashDispenser.GetPresentStatus": async () => last,
  };

  const presentedOf = ({ unitId, count }: Payout[number]) =>
    countsOf(payingUnits().find((unit) => unit.unitId === unitId)?.denominationFen ?? 0, count);

  type SendEvent = (
    name: "Storage.StorageErrorEvent",
    payload: { failure: "empty" | "error"; unit: ReturnType<UnitBook["storage"]> },
  ) => void;
  const tellUnitError = (fault: DeviceError, payout: Payout, event: SendEvent): void => {
    const storage = book.storage();
    const unit = Object.fromEntries(
      payout.flatMap(({ unitId }) => {
        const name = unitNameOf(unitId);
        return storage[name] === undefined ? [] : [[name, storage[name]]];
      }),
    );
    event("Storage.StorageErrorEvent", { failure: fault.code === "empty" ? "empty" : "error", unit });
  };

  return { handlers };
}

const readMs = 3_000;
