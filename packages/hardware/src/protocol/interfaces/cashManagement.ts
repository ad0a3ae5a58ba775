import { z } from "zod";
import { command, unsolicited } from "../define.ts";

/** Name of a storage unit; ours are "unit" and the device's own name of it, e.g. unitCassette1. */
export const UnitName = z.string().regex(/^unit[0-9A-Za-z]+$/);
/** A kind of note or coin: GetBankNoteTypes says what it is worth. */
export const NoteTypeName = z.string().regex(/^type[0-9A-Z]+$/);
export const Currency = z.string().regex(/^[A-Z]{3}$/);

const Count = z.int().min(0);
const Counts = z.object({
  fit: Count.optional(),
  unfit: Count.optional(),
  suspect: Count.optional(),
  counterfeit: Count.optional(),
  inked: Count.optional(),
});
/** Items by kind, and how many of them could not be told apart. */
export const CashCounts = z.object({ unrecognized: Count.optional() }).catchall(Counts);
export type CashCounts = z.infer<typeof CashCounts>;

export const CashIn = z.object({
  deposited: CashCounts.optional(),
  retracted: CashCounts.optional(),
  rejected: CashCounts.optional(),
});
export type CashIn = z.infer<typeof CashIn>;
export const CashOut = z.object({
  presented: CashCounts.optional(),
  rejected: CashCounts.optional(),
  unknown: CashCounts.optional(),
});
export type CashOut = z.infer<typeof CashOut>;

/** Units whose contents a command changed. */
export const StorageIn = z.record(UnitName, CashIn);
export const StorageInOut = z.object({
  in: z.record(UnitName, CashIn).optional(),
  out: z.record(UnitName, CashOut).optional(),
});

const Position = z.enum(["inDefault", "outDefault"]);
/** "Number of further bunches"; a device without a presenter never has any. */
const AdditionalBunches = z.string().regex(/^unknown$|^[0-9]*$/);

export const cashManagementCommands = {
  "CashManagement.GetBankNoteTypes": command({
    version: "2.0",
    effect: "read",
    result: {
      items: z.record(
        NoteTypeName,
        z.object({
          cashItem: z.object({
            noteID: z.int().min(1),
            currency: Currency,
            /** In units of the currency (yuan), as the standard wants it. */
            value: z.number().min(0),
            release: z.int().min(0),
          }),
          /** Whether the acceptor takes it. */
          enabled: z.boolean(),
        }),
      ),
    },
  }),
  /** Identity of the notes of the current or last cash-in transaction; `serialNumber` is the device's note id. */
  "CashManagement.GetItemInfo": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "read",
    payload: {
      items: z
        .object({
          level: z.enum(["unrecognized", "counterfeit", "suspect", "fit", "unfit", "inked"]),
          index: z.int().min(0).optional(),
        })
        .optional(),
      itemInfoType: z.object({ serialNumber: z.boolean().optional() }).optional(),
    },
    result: {
      itemsList: z.array(
        z.object({
          noteType: NoteTypeName,
          level: z.literal("fit"),
          serialNumber: z.string().optional(),
          itemLocation: z
            .string()
            .regex(/^customer$|^unknown$|^stacker$|^output$|^transport$|^deviceUnknown$|^unit[0-9A-Za-z]+$/),
        }),
      ),
    },
  }),
  /** Brings the device to idle; a note in escrow goes back to the customer or stays, never into a cash box. */
  "CashManagement.Reset": command({
    version: "2.0",
    effect: "move",
    result: { storage: StorageIn.optional() },
    errors: ["cashUnitError", "unsupportedPosition", "positionNotEmpty", "foreignItemsDetected"],
  }),
};

export const cashManagementEvents = {
  "CashManagement.ItemsInsertedEvent": unsolicited("2.0", { position: Position }),
  "CashManagement.ItemsPresentedEvent": unsolicited("2.0", {
    position: Position,
    additionalBunches: AdditionalBunches.optional(),
  }),
};
