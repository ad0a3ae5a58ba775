import { z } from "zod";
import { Base64, command, event, flags, unsolicited } from "../define.ts";
import { PaperState, TonerState } from "./status.ts";

const MediaControl = flags(["eject", "cut", "flush"]).catchall(z.boolean());
const printErrors = [
  "shutterFail",
  "mediaJammed",
  "paperJammed",
  "paperOut",
  "tonerOut",
  "inkOut",
  "noMediaPresent",
  "flushFail",
  "sequenceInvalid",
  "mediaOverflow",
  "mediaRetained",
  "mediaRejected",
  "mediaRetracted",
] as const;

export const printerCommands = {
  /**
   * Prints data in the printer's native form and completes when the device itself reports the job done. A page printer
   * takes a PDF; a receipt printer a Receipt document (receipt.ts) as UTF-8 JSON.
   */
  "Printer.PrintNative": command({
    version: "3.0",
    completionVersion: "2.0",
    effect: "move",
    payload: { data: Base64, mediaControl: MediaControl.optional(), paperSource: z.literal("upper").optional() },
    errors: printErrors,
  }),
  "Printer.ControlMedia": command({
    version: "3.0",
    completionVersion: "2.0",
    effect: "move",
    payload: { mediaControl: MediaControl },
    errors: printErrors,
  }),
  "Printer.Reset": command({
    version: "3.0",
    completionVersion: "2.0",
    effect: "move",
    payload: {
      mediaControl: z
        .string()
        .regex(/^eject$|^expel$|^unit[0-9A-Za-z]+$/)
        .optional(),
    },
    errors: ["shutterFail", "retractBinFull", "mediaJammed", "paperJammed"],
  }),
};

export const printerEvents = {
  /** A finished page or receipt waits to be taken. */
  "Printer.MediaPresentedEvent": event("2.0", { wadIndex: z.int().min(1), totalWads: z.int().min(0) }),
  "Printer.MediaTakenEvent": unsolicited("2.0"),
  "Printer.PaperThresholdEvent": unsolicited("2.0", {
    paperSource: z.literal("upper"),
    threshold: PaperState.extract(["full", "low", "out"]),
  }),
  "Printer.TonerThresholdEvent": unsolicited("2.0", { state: TonerState.extract(["full", "low", "out"]) }),
  "Printer.MediaDetectedEvent": unsolicited("3.0", {
    position: z.enum(["present", "entering", "jammed", "unknown", "expelled"]),
  }),
};
