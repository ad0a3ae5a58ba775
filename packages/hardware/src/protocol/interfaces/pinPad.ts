import { z } from "zod";
import { Base64, command } from "../define.ts";

export const pinPadCommands = {
  /** Encrypts the PIN just entered. `customerData` is the account number; X-sm4 is the profile of the national algorithms. */
  "PinPad.GetPinBlock": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "read",
    payload: {
      customerData: z.string().regex(/^[0-9]{12,19}$/),
      xorData: z
        .string()
        .regex(/^[0-9a-fA-F]{2,}$/)
        .optional(),
      padding: z.int().min(0).max(15),
      format: z.enum(["iso0", "iso4", "X-sm4"]),
      key: z.string().min(1).max(64),
      cryptoMethod: z.enum(["ecb", "cbc"]).optional(),
    },
    result: { pinBlock: Base64 },
    errors: [
      "keyNotFound",
      "accessDenied",
      "keyNoValue",
      "useViolation",
      "noPin",
      "formatNotSupported",
      "cryptoMethodNotSupported",
    ],
  }),
  "PinPad.Reset": command({ version: "2.0", effect: "move" }),
};
