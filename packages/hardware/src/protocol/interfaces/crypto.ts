import { z } from "zod";
import { Base64, command } from "../define.ts";

const KeyId = z.string().min(1).max(64);
const keyErrors = [
  "accessDenied",
  "keyNotFound",
  "keyNoValue",
  "useViolation",
  "modeOfUseNotSupported",
  "invalidKeyLength",
  "cryptoMethodNotSupported",
] as const;

export const cryptoCommands = {
  /** Encrypts or decrypts inside the pad; the key "master" wraps the kiosk's data key. SM4-CBC, whole blocks. */
  "Crypto.CryptoData": command({
    version: "3.0",
    effect: "read",
    payload: {
      key: KeyId,
      iv: z.object({ value: Base64 }),
      modeOfUse: z.enum(["D", "E"]),
      cryptoMethod: z.literal("cbc"),
      data: Base64,
    },
    result: { data: Base64 },
    errors: keyErrors,
  }),
  "Crypto.GenerateAuthentication": command({
    version: "3.0",
    effect: "read",
    payload: { key: KeyId, data: Base64 },
    result: { authenticationData: Base64 },
    errors: [...keyErrors, "algorithmNotSupported"],
  }),
  /** 32 bytes from the pad's generator. */
  "Crypto.GenerateRandom": command({
    version: "2.0",
    completionVersion: "3.0",
    effect: "read",
    result: { randomNumber: Base64 },
    errors: ["accessDenied"],
  }),
};
