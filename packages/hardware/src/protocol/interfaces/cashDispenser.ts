import { z } from "zod";
import { command, event } from "../define.ts";
import { Currency, StorageInOut, UnitName } from "./cashManagement.ts";

/** Amounts by currency, in units of the currency (yuan), as the standard wants it. */
const Currencies = z.record(Currency, z.number().min(0));
const ItemsOfUnits = z.record(UnitName, z.int().min(0));

export const Denomination = z.object({ currencies: Currencies, values: ItemsOfUnits });
export type Denomination = z.infer<typeof Denomination>;

/** `app`: the client names the items of each unit. `service`: the service finds them for an amount. */
export const DenominateRequest = z.object({
  denomination: z.object({
    app: z.object({ currencies: Currencies.optional(), counts: ItemsOfUnits }).optional(),
    service: z
      .object({ currencies: Currencies, partial: ItemsOfUnits.optional(), mix: z.string().regex(/^mix[0-9A-Za-z]+$/) })
      .optional(),
  }),
});
export type DenominateRequest = z.infer<typeof DenominateRequest>;

const denominateErrors = [
  "invalidCurrency",
  "cashUnitError",
  "invalidDenomination",
  "invalidMixNumber",
  "noCurrencyMix",
  "notDispensable",
  "tooManyItems",
  "exchangeActive",
] as const;

export const cashDispenserCommands = {
  "CashDispenser.GetMixTypes": command({
    version: "2.0",
    effect: "read",
    result: {
      mixes: z.record(
        z.string().regex(/^mix[0-9A-Za-z]+$/),
        z.object({ type: z.enum(["individual", "algorithm", "table"]), algorithm: z.string(), name: z.string() }),
      ),
    },
  }),
  /** What would be paid out, and whether it can be: asked before a note is accepted. */
  "CashDispenser.Denominate": command({
    version: "3.0",
    effect: "read",
    payload: { request: DenominateRequest },
    result: { result: Denomination },
    errors: denominateErrors,
  }),
  /**
   * Pays out. A kiosk's dispensers drop into the tray (no stacker, no shutter), so that what is dispensed is presented.
   * `denomination` is what really left, in a failure too.
   */
  "CashDispenser.Dispense": command({
    version: "3.0",
    effect: "value",
    payload: { denomination: DenominateRequest, position: z.literal("outDefault").optional() },
    result: { denomination: Denomination, bunches: z.string(), storage: StorageInOut.optional() },
    errors: [...denominateErrors, "unsupportedPosition", "safeDoorOpen", "itemsLeft", "shutterOpen"],
  }),
  /** Nothing is left to do after a Dispense into the tray; kept so that a client written for a presenter works. */
  "CashDispenser.Present": command({
    version: "2.0",
    effect: "move",
    payload: { position: z.literal("outDefault").optional() },
    result: { position: z.literal("outDefault").optional() },
    errors: ["shutterNotOpen", "shutterOpen", "noItems", "exchangeActive", "presentErrorNoItems"],
  }),
  /** Evidence after a lost answer: what the last Dispense paid out. `unknown` after a restart of the service. */
  "CashDispenser.GetPresentStatus": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "read",
    payload: { position: z.literal("outDefault").optional() },
    result: { denomination: Denomination.optional(), presentState: z.enum(["presented", "notPresented", "unknown"]) },
    errors: ["unsupportedPosition"],
  }),
};

export const cashDispenserEvents = {
  "CashDispenser.StartDispenseEvent": event("2.0"),
  /** The dispense stopped half-way; this is what left. */
  "CashDispenser.IncompleteDispenseEvent": event("3.0", Denomination.shape),
};
