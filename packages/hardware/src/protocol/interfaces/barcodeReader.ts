import { z } from "zod";
import { Base64, command, flags } from "../define.ts";

/** Symbologies that a kiosk meets on bills, vouchers, payment apps and identity papers, by the standard's names. */
export const symbologies = [
  "qrCode",
  "code128",
  "ean128",
  "code39",
  "code93",
  "ean13",
  "ean8",
  "itf",
  "codabar",
  "pdf417",
  "dataMatrix",
  "aztec",
] as const;
export type Symbology = (typeof symbologies)[number];

export const barcodeReaderCommands = {
  /** Lights the scanner and waits for one code; without `symbologies` for any that the scanner can read. */
  "BarcodeReader.Read": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "read",
    payload: { symbologies: flags(symbologies).catchall(z.boolean()).optional() },
    result: {
      readOutput: z.array(
        z.object({
          symbology: z.enum([...symbologies, "symbologyUnknown"]),
          /** The vendor's name where the symbology is unknown to the standard. */
          symbologyName: z.string().optional(),
          barcodeData: Base64,
        }),
      ),
    },
    errors: ["barcodeInvalid"],
  }),
  "BarcodeReader.Reset": command({ version: "2.0", effect: "move" }),
};
