import { z } from "zod";
import { DeviceError, type ResidentIdCard } from "../contracts.ts";

const date = z.string().regex(/^\d{8}$/);

/** What a reader of any make must have read before we call it a card: GB/T 35678's fields in their code form. */
const CardFields = z.object({
  name: z.string().min(1),
  sexCode: z.enum(["0", "1", "2", "9"]),
  ethnicityCode: z.string().regex(/^\d{2}$/),
  birthDate: date,
  address: z.string().min(1),
  idNumber: z.string().regex(/^\d{17}[\dX]$/),
  issuer: z.string().min(1),
  validFrom: date,
  validTo: z.union([date, z.literal("长期")]),
});
export type CardFields = z.input<typeof CardFields>;

const sexes = { 0: "unknown", 1: "male", 2: "female", 9: "unspecified" } as const;

/**
 * @throws DeviceError `media-error` naming the fields that cannot be a card's (their values are personal data and stay out
 * of the error).
 */
export const parseCard = (fields: Record<string, string>, photoWlt: Uint8Array): ResidentIdCard => {
  const parsed = CardFields.safeParse(fields);
  if (!parsed.success || photoWlt.length !== 1024) {
    const wrong = parsed.success ? ["photo"] : parsed.error.issues.map((issue) => issue.path.join("."));
    throw new DeviceError("media-error", `the card's content cannot be right: ${wrong.join(", ")}`, { fields: wrong });
  }
  const { sexCode, ...rest } = parsed.data;
  return { ...rest, sex: sexes[sexCode], photoWlt };
};

/** Fixed fields of the SDT text block, UTF-16LE, padded with spaces: name and length in bytes, 256 in all. */
const sdtLayout = [
  ["name", 30],
  ["sexCode", 2],
  ["ethnicityCode", 4],
  ["birthDate", 16],
  ["address", 70],
  ["idNumber", 36],
  ["issuer", 30],
  ["validFrom", 16],
  ["validTo", 16],
] as const;

/** @param data answer to SDT's read: text length u16, photo length u16, then both blocks. */
export const parseSdtCard = (data: Uint8Array): ResidentIdCard => {
  const view = Buffer.from(data);
  if (view.length < 4) throw new DeviceError("media-error", "the card's answer is too short");
  const textLength = view.readUInt16BE(0);
  const photoLength = view.readUInt16BE(2);
  if (textLength !== 256 || view.length !== 4 + textLength + photoLength) {
    throw new DeviceError("media-error", "the card's answer has the wrong length", { textLength, photoLength });
  }
  const fields: Record<string, string> = {};
  let at = 4;
  for (const [field, length] of sdtLayout) {
    fields[field] = view.toString("utf16le", at, at + length).replace(/[\s\0]+$/u, "");
    at += length;
  }
  return parseCard(fields, new Uint8Array(view.subarray(4 + textLength)));
};
