import { z } from "zod";
import { Base64, command, event, unsolicited } from "../define.ts";

const Day = z.string().regex(/^[0-9]{8}$/);

/** Resident identity card, data groups of GB/T 35678. */
export const IdCardData = z.object({
  name: z.string(),
  sex: z.enum(["male", "female", "unknown", "unspecified"]),
  /** Code of GB/T 3304. */
  ethnicityCode: z.string(),
  birthDate: Day,
  address: z.string(),
  /** GB 11643, 18 characters. */
  idNumber: z.string(),
  issuer: z.string(),
  validFrom: Day,
  /** A day, or "长期". */
  validTo: z.string(),
  /** Compressed portrait as the card holds it (WLT, 1024 bytes). */
  photoWlt: Base64.optional(),
});
export type IdCardData = z.infer<typeof IdCardData>;

/** Our own interface: the standard has no resident-identity-card reader. */
export const xIdCardCommands = {
  /** Waits until a card lies on the reader, reads it. Personal data: neither publisher nor client ever logs it. */
  "X-IdCard.Read": command({
    version: "1.0",
    effect: "read",
    result: { card: IdCardData },
    errors: ["noMedia", "invalidMedia"],
  }),
  "X-IdCard.Reset": command({ version: "1.0", effect: "move" }),
};

export const xIdCardEvents = {
  /** The reader is waiting: time to ask the customer for the card. */
  "X-IdCard.PresentCardEvent": event("1.0"),
  /** A card lies on the reader and is being read. */
  "X-IdCard.CardPresentedEvent": event("1.0"),
  /** The card that was read has been taken away. */
  "X-IdCard.CardRemovedEvent": unsolicited("1.0"),
};
