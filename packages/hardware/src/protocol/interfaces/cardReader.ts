import { z } from "zod";
import { Base64, command, event, unsolicited } from "../define.ts";

const ChipProtocol = z.enum(["chipT0", "chipT1", "chipProtocolNotRequired"]);

/** Prepaid IC cards and bank cards: only the chip is read, so the track properties of the standard are left out. */
export const cardReaderCommands = {
  /** Waits for a card; with `chip` powers it and answers its ATR. */
  "CardReader.ReadRawData": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "move",
    payload: { chip: z.boolean().optional() },
    result: {
      chip: z
        .array(z.object({ status: z.enum(["ok", "dataMissing", "dataInvalid"]), data: Base64.optional() }))
        .optional(),
    },
    errors: ["mediaJam", "shutterFail", "noMedia", "invalidMedia"],
  }),
  /** One APDU. The effect is `move`: a write to a prepaid card is proved by reading it back, so it may be repeated. */
  "CardReader.ChipIO": command({
    version: "3.0",
    effect: "move",
    payload: { chipProtocol: ChipProtocol, chipData: Base64 },
    result: { chipProtocol: ChipProtocol, chipData: Base64 },
    errors: ["mediaJam", "noMedia", "invalidMedia", "invalidData", "protocolNotSupported", "atrNotObtained"],
  }),
  "CardReader.ChipPower": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "move",
    payload: { chipPower: z.enum(["cold", "warm", "off"]) },
    result: { chipData: Base64.optional() },
    errors: ["chipPowerNotSupported", "mediaJam", "noMedia", "invalidMedia", "invalidData", "atrNotObtained"],
  }),
  "CardReader.Move": command({
    version: "2.0",
    effect: "move",
    payload: { from: z.string().optional(), to: z.string().regex(/^exit$|^transport$|^unit[0-9A-Za-z]+$/) },
    errors: ["mediaJam", "shutterFail", "noMedia", "occupied", "full", "mediaRetained"],
  }),
  "CardReader.Reset": command({
    version: "2.0",
    effect: "move",
    payload: { to: z.enum(["exit", "retain", "currentPosition"]).optional() },
    errors: ["mediaJam", "shutterFail", "retainBinFull"],
  }),
};

export const cardReaderEvents = {
  /** The device is ready for the card: time to ask the customer for it. */
  "CardReader.InsertCardEvent": event("2.0"),
  "CardReader.MediaInsertedEvent": event("2.0"),
  "CardReader.InvalidMediaEvent": event("2.0"),
  "CardReader.MediaRemovedEvent": unsolicited("2.0"),
  /** After a reset: where a card was found. */
  "CardReader.MediaDetectedEvent": unsolicited("2.0", {
    position: z.string().regex(/^exit$|^transport$|^jammed$|^unit[0-9A-Za-z]+$/),
  }),
};
