import { z } from "zod";
import { Base64, command, unsolicited } from "../define.ts";

const KeyId = z.string().min(1).max(64);

/** K0 wraps keys (the master key), P0 PIN blocks, D0 data, M6 message authentication (CMAC). */
export const KeyUsage = z.enum(["K0", "P0", "D0", "M6"]);
export type KeyUsage = z.infer<typeof KeyUsage>;

/** SM4 has no letter in X9.143's list of algorithms; "4" is from its range for proprietary use. */
export const sm4Algorithm = "4";

const KeyAttributes = z.object({
  keyUsage: KeyUsage,
  algorithm: z.string().regex(/^[0-9ADRT]$/),
  modeOfUse: z.string().regex(/^[0-9BCDEGSTVXY]$/),
});

export const keyManagementCommands = {
  "KeyManagement.GetKeyDetail": command({
    version: "2.0",
    effect: "read",
    payload: { keyName: KeyId.optional() },
    result: {
      keyDetails: z.record(
        z.string(),
        z.object({
          loaded: z.enum(["no", "yes", "unknown", "construct"]),
          keyBlockInfo: KeyAttributes.extend({ exportability: z.enum(["E", "N", "S"]), keyLength: z.int().min(0) }),
        }),
      ),
    },
    errors: ["keyNotFound"],
  }),
  /** Generates the master key inside the pad if it has none; it never leaves the pad. */
  "KeyManagement.Initialization": command({
    version: "3.0",
    completionVersion: "2.0",
    effect: "move",
    errors: ["accessDenied", "randomInvalid"],
  }),
  "KeyManagement.ImportKey": command({
    version: "3.0",
    effect: "move",
    payload: {
      key: KeyId,
      keyAttributes: KeyAttributes,
      /** Wrapped under `decryptKey`. */
      value: Base64,
      decryptKey: KeyId,
      decryptMethod: z.enum(["ecb", "cbc"]),
    },
    result: { verificationData: Base64, keyLength: z.int().min(0) },
    errors: [
      "keyNotFound",
      "accessDenied",
      "duplicateKey",
      "keyNoValue",
      "useViolation",
      "formatNotSupported",
      "invalidKeyLength",
      "noKeyRam",
      "algorithmNotSupported",
    ],
  }),
  "KeyManagement.DeleteKey": command({
    version: "3.0",
    completionVersion: "2.0",
    effect: "move",
    payload: { key: KeyId },
    errors: ["accessDenied", "keyNotFound", "randomInvalid"],
  }),
  /** Key check value, so that two sides can see that they hold the same key. */
  "KeyManagement.GenerateKCV": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "read",
    payload: { key: KeyId, keyCheckMode: z.enum(["self", "zero"]) },
    result: { kcv: Base64 },
    errors: ["keyNotFound", "keyNoValue", "accessDenied", "modeNotSupported"],
  }),
  "KeyManagement.Reset": command({ version: "2.0", effect: "move" }),
};

export const keyManagementEvents = {
  "KeyManagement.InitializedEvent": unsolicited("2.0"),
  "KeyManagement.IllegalKeyAccessEvent": unsolicited("3.0", {
    keyName: z.string(),
    errorCode: z.enum(["keyNotFound", "keyNoValue", "useViolation", "algorithmNotSupp"]),
  }),
};
