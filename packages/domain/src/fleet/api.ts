import { z } from "zod";
import { Fen } from "../money/fen.ts";
import { KioskStatus } from "./schema.ts";

export const UnitRow = z.object({
  unitId: z.string(),
  path: z.string(),
  kind: z.string(),
  nameZh: z.string(),
  nameEn: z.string(),
  latitude: z.number().nullable(),
  longitude: z.number().nullable(),
});
export type UnitRow = z.infer<typeof UnitRow>;

/** `attention`: online, but something is wrong with it (paper, cash, a device, the door). */
export const KioskState = z.enum(["never-enrolled", "revoked", "offline", "attention", "in-service", "out-of-service"]);
export type KioskState = z.infer<typeof KioskState>;

export const KioskRow = z.object({
  deviceId: z.string(),
  nameZh: z.string(),
  nameEn: z.string(),
  unitPath: z.string(),
  hallZh: z.string(),
  hallEn: z.string(),
  profile: z.string(),
  state: KioskState,
  online: z.boolean(),
  lastSeenAt: z.string().nullable(),
  changedAt: z.string().nullable(),
  appVersion: z.string().nullable(),
  configVersion: z.string().nullable(),
  inSession: z.boolean(),
  /** Words for people: `receiptPrinter:paper-low`, `cash:offline`, `door:safe`. */
  conditions: z.array(z.string()),
  cashInFen: Fen.nullable(),
  todayJourneys: z.number().int(),
  todayReceivedFen: Fen,
});
export type KioskRow = z.infer<typeof KioskRow>;

export const CommandRow = z.object({
  commandId: z.string(),
  type: z.string(),
  state: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  finishedAt: z.string().nullable(),
  result: z.string().nullable(),
});

export const KioskDetail = KioskRow.extend({
  status: KioskStatus.nullable(),
  reportedAt: z.string().nullable(),
  enrolledAt: z.string().nullable(),
  certificateExpiresAt: z.string().nullable(),
  revokedReason: z.string().nullable(),
  commands: z.array(CommandRow),
});
export type KioskDetail = z.infer<typeof KioskDetail>;

export const KioskCommand = z.object({
  type: z.enum(["restart", "self-test", "send-status"]),
  body: z.record(z.string(), z.unknown()).default({}),
});
