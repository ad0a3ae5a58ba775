import { z } from "zod";
import { command, event } from "../define.ts";
import { CashCounts, Currency, NoteTypeName, StorageIn } from "./cashManagement.ts";

/**
 * Note by note through escrow with the standard's own commands: CashInStart → CashIn (completes with the note in escrow)
 * → CashInEnd (stacks it: the value command) or CashInRollback (hands it back). A note that was in escrow before (the
 * host or the publisher was restarted) is what the next CashIn answers at once.
 */
export const cashAcceptorCommands = {
  "CashAcceptor.CashInStart": command({
    version: "2.0",
    effect: "move",
    payload: {
      useRecycleUnits: z.boolean().optional(),
      inputPosition: z.literal("inDefault").optional(),
      outputPosition: z.literal("outDefault").optional(),
      totalItemsLimit: z.int().min(0).optional(),
      /** Notes above the limit are refused before they are taken. */
      amountLimit: z.array(z.object({ currency: Currency, value: z.number().min(0) })).optional(),
    },
    errors: ["unsupportedPosition", "exchangeActive", "cashInActive", "safeDoorOpen"],
  }),
  "CashAcceptor.CashIn": command({
    version: "2.0",
    effect: "move",
    result: { items: CashCounts },
    errors: [
      "cashUnitError",
      "tooManyItems",
      "noItems",
      "exchangeActive",
      "noCashInActive",
      "positionNotEmpty",
      "safeDoorOpen",
      "foreignItemsDetected",
    ],
  }),
  "CashAcceptor.CashInEnd": command({
    version: "2.0",
    effect: "value",
    result: { storage: StorageIn },
    errors: ["cashUnitError", "noItems", "exchangeActive", "noCashInActive", "positionNotEmpty", "safeDoorOpen"],
  }),
  "CashAcceptor.CashInRollback": command({
    version: "2.0",
    effect: "move",
    result: { storage: StorageIn.optional() },
    errors: ["cashUnitError", "noItems", "exchangeActive", "noCashInActive", "positionNotEmpty", "safeDoorOpen"],
  }),
  "CashAcceptor.GetCashInStatus": command({
    version: "2.0",
    effect: "read",
    result: {
      status: z.enum(["ok", "rollback", "active", "retract", "unknown", "reset"]),
      numOfRefused: z.int().min(0).optional(),
      noteNumberList: CashCounts.optional(),
    },
  }),
  /** Which notes the acceptor takes, e.g. none that no change could be given for. */
  "CashAcceptor.ConfigureNoteTypes": command({
    version: "2.0",
    effect: "move",
    payload: { items: z.array(z.object({ item: NoteTypeName, enabled: z.boolean() })) },
    errors: ["exchangeActive", "cashInActive"],
  }),
};

export const cashAcceptorEvents = {
  /** The acceptor is on: time to ask the customer for a note. */
  "CashAcceptor.InsertItemsEvent": event("2.0"),
  /** A note was refused and is back at the customer; the command goes on waiting for another. */
  "CashAcceptor.InputRefuseEvent": event("2.0", {
    reason: z.enum([
      "cashInUnitFull",
      "invalidBill",
      "noBillsToDeposit",
      "depositFailure",
      "stackerFull",
      "counterfeit",
      "limitOverTotalItems",
      "limitOverAmount",
    ]),
  }),
};
