import { z } from "zod";
import type { Account, Bill, Meter, PaymentRecord, Reading } from "../backoffice/schema.ts";
import { UnitId } from "../backoffice/schema.ts";

/** What the demo's town consists of. Accounts, meters, readings, bills and payments are the back office's own records. */

export const Unit = z.object({
  unitId: UnitId,
  /** ltree path from the root: `p.tj.jz.s1.h1`. */
  path: z.string().regex(/^[a-z0-9]+(\.[a-z0-9]+)*$/),
  kind: z.enum(["province", "city", "county", "station", "hall"]),
  zh: z.string(),
  en: z.string(),
  latitude: z.number(),
  longitude: z.number(),
  addressZh: z.string(),
  addressEn: z.string(),
});
export type Unit = z.infer<typeof Unit>;

export const Hall = Unit.extend({
  kind: z.literal("hall"),
  /** Opening hours, local, `08:30`. */
  opensAt: z.string(),
  closesAt: z.string(),
  counters: z.number().int().positive(),
});
export type Hall = z.infer<typeof Hall>;

export const KioskSeed = z.object({
  kioskId: z.string(),
  hallId: UnitId,
  unitPath: z.string(),
  zh: z.string(),
  en: z.string(),
  /** `standard`: every device; `compact`: no cash; `outdoor`: every device, 24 hours. */
  profile: z.enum(["standard", "compact", "outdoor"]),
});
export type KioskSeed = z.infer<typeof KioskSeed>;

/** All that belongs to one account, oldest first. */
export interface AccountHistory {
  readonly account: Account;
  readonly meters: readonly Meter[];
  readonly readings: readonly Reading[];
  readonly bills: readonly Bill[];
  readonly payments: readonly PaymentRecord[];
}

export interface Town {
  /** Parents before children; halls are among them. */
  readonly units: readonly Unit[];
  readonly halls: readonly Hall[];
  readonly kiosks: readonly KioskSeed[];
  /** One account after the other, made while it is asked for: nobody has to hold the whole town in memory. */
  histories(): Iterable<AccountHistory>;
}
