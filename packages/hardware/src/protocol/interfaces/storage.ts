import { z } from "zod";
import { command, event, unsolicited } from "../define.ts";
import { CashCounts, CashIn, CashOut, Currency, NoteTypeName, UnitName } from "./cashManagement.ts";
import { flags } from "../define.ts";

const UnitTypes = flags(["cashIn", "cashOut", "cashInRetract", "cashOutRetract", "reject"]);
const UnitItems = flags(["fit", "unfit", "unrecognized"]);

const UnitConfiguration = z.object({
  types: UnitTypes.optional(),
  items: UnitItems.optional(),
  currency: Currency.optional(),
  /** Yuan; 0: mixed. */
  value: z.number().min(0).optional(),
  highThreshold: z.int().min(1).optional(),
  lowThreshold: z.int().min(1).optional(),
  cashItems: z.array(NoteTypeName).optional(),
  name: z.string().optional(),
});

export const StorageUnit = z.object({
  positionName: z.string(),
  capacity: z.int().min(0),
  status: z.enum(["ok", "inoperative", "missing", "notConfigured", "manipulated"]),
  cash: z.object({
    capabilities: z.object({
      types: UnitTypes,
      items: UnitItems,
      hardwareSensors: z.boolean(),
      cashItems: z.array(NoteTypeName).optional(),
    }),
    configuration: UnitConfiguration,
    status: z.object({
      index: z.int().min(1),
      /** initial + in − out is the device's own, non-volatile count of the items in the unit. */
      initial: CashCounts,
      in: CashIn.optional(),
      out: CashOut.optional(),
      accuracy: z.enum(["accurate", "accurateSet", "inaccurate", "unknown"]),
      replenishmentStatus: z.enum(["ok", "full", "high", "low", "empty"]),
    }),
  }),
});
export type StorageUnit = z.infer<typeof StorageUnit>;

const Units = z.record(UnitName, StorageUnit);
/** Events carry the units as properties of the payload itself. */
const unitsAsPayload = z.object({}).catchall(StorageUnit);

export const storageCommands = {
  "Storage.GetStorage": command({
    version: "2.0",
    completionVersion: "2.1",
    effect: "read",
    result: { storage: Units },
  }),
  /** A clerk opens the safe door to empty and refill; no money moves until EndExchange. */
  "Storage.StartExchange": command({
    version: "2.0",
    effect: "move",
    errors: ["storageUnitError", "exchangeActive", "transactionActive"],
  }),
  /** Sets what is in a unit now. `configuration` is the device's own affair and refused. */
  "Storage.SetStorage": command({
    version: "2.1",
    completionVersion: "2.0",
    effect: "move",
    payload: {
      storage: z.record(
        UnitName,
        z.object({
          cash: z.object({
            configuration: UnitConfiguration.optional(),
            status: z.object({ initial: CashCounts }).optional(),
          }),
        }),
      ),
    },
    errors: ["invalidUnit", "noExchangeActive", "storageUnitError"],
  }),
  "Storage.EndExchange": command({ version: "2.0", effect: "move", errors: ["storageUnitError", "noExchangeActive"] }),
};

export const storageEvents = {
  "Storage.StorageThresholdEvent": unsolicited("2.1", unitsAsPayload),
  "Storage.CountsChangedEvent": unsolicited("2.0", unitsAsPayload),
  "Storage.StorageErrorEvent": event("2.1", {
    failure: z.enum(["empty", "error", "full", "locked", "invalid", "config", "notConfigured"]),
    unit: Units,
  }),
};
