import type { CashDriver } from "../../drivers/contracts.ts";
import { CommandFailure, refusal } from "../../protocol/commandFailure.ts";
import type { Device, Handlers } from "../behaviour.ts";
import type { CashState } from "./state.ts";
import { itemsIn } from "./noteTypes.ts";
import type { UnitBook, UnitChanges } from "./unitBook.ts";

/** Storage: counts, and their setting by a clerk who empties and refills the units. */
export function createExchange(shared: {
  device: Device<CashDriver>;
  book: UnitBook;
  state: CashState;
  isCashInActive: () => boolean;
  readUnits: (driver: CashDriver, signal: AbortSignal) => Promise<UnitChanges>;
}): { handlers: Handlers } {
  const { device, book, state } = shared;
  const set = (exchange: CashState["exchange"]): void => {
    state.exchange = exchange;
    device.statusChanged({ common: { exchange } });
  };
  const handlers: Handlers = {
    "Storage.GetStorage": async (_payload, { signal }) => {
      await shared.readUnits(device.driver(), signal);
      return { storage: book.storage() };
    },
    "Storage.StartExchange": async () => {
      if (state.exchange === "active") throw refusal("exchangeActive", "an exchange is going on");
      if (shared.isCashInActive()) throw refusal("transactionActive", "a cash-in transaction is going on");
      device.driver();
      set("active");
      return {};
    },
    "Storage.SetStorage": async ({ storage }, { signal }) => {
      if (state.exchange !== "active") throw refusal("noExchangeActive", "StartExchange comes first");
      const driver = device.driver();
      const counts = Object.entries(storage).map(([name, { cash }]) => {
        const unitId = book.idOf(name);
        if (unitId === null) throw refusal("invalidUnit", `${name} is no unit of this device`);
        if (cash.configuration !== undefined || cash.status === undefined) {
          throw new CommandFailure("unsupportedData", `payload.storage.${name}: only cash.status.initial can be set`);
        }
        return { unitId, count: itemsIn(cash.status.initial) };
      });
      await driver.setUnits(counts, signal);
      const units = await driver.units(signal);
      book.begin(units);
      device.unsolicited("Storage.CountsChangedEvent", book.storage());
      return {};
    },
    "Storage.EndExchange": async (_payload, { signal }) => {
      if (state.exchange !== "active") throw refusal("noExchangeActive", "no exchange is going on");
      set("inactive");
      await shared.readUnits(device.driver(), signal);
      return {};
    },
  };
  return { handlers };
}
