import { z } from "zod";
import { Fen } from "../money/fen.ts";

/** One device of a kiosk as XFS4IoT's Common.Status reports it, with what a person needs to know about it. */
export const DeviceHealth = z.object({
  service: z.string(),
  kind: z.enum([
    "idCard",
    "cash",
    "receiptPrinter",
    "pagePrinter",
    "barcode",
    "pinPad",
    "chipCard",
    "camera",
    "auxiliaries",
  ]),
  state: z.enum([
    "online",
    "offline",
    "powerOff",
    "noDevice",
    "hardwareError",
    "userError",
    "deviceBusy",
    "fraudAttempt",
    "starting",
  ]),
  /** Short machine words: `paper-low`, `paper-out`, `jam`, `cover-open`, `hopper-low`, `stacker-full`, `tampered`. */
  conditions: z.array(z.string()),
  model: z.string(),
});
export type DeviceHealth = z.infer<typeof DeviceHealth>;

export const CashLevel = z.object({
  unitId: z.string(),
  role: z.string(),
  denominationFen: Fen.nullable(),
  count: z.number().int(),
  capacity: z.number().int(),
  low: z.boolean(),
  high: z.boolean(),
});
export type CashLevel = z.infer<typeof CashLevel>;

/** Sent every 30 s and at every change (catalogue Q06); only the latest counts. */
export const KioskStatus = z.object({
  appVersion: z.string(),
  configVersion: z.string(),
  bootId: z.string(),
  uptimeS: z.number().int().nonnegative(),
  mode: z.enum(["in-service", "out-of-service", "maintenance", "starting"]),
  reason: z.string().nullable(),
  inSession: z.boolean(),
  devices: z.array(DeviceHealth),
  cash: z.array(CashLevel),
  outbox: z.record(z.string(), z.number().int()),
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }),
  memory: z.object({ rssBytes: z.number() }),
  clockOffsetMs: z.number().nullable(),
  temperatureC: z.number().nullable(),
  doors: z.object({ cabinet: z.boolean(), safe: z.boolean() }).nullable(),
  lastSelfTest: z.object({ at: z.string(), ok: z.boolean() }).nullable(),
});
export type KioskStatus = z.infer<typeof KioskStatus>;

/** The cash device's own non-volatile counters, reported after each payment and at each start: the third side of reconciliation. */
export const CashCounted = z.object({ stackedTotalFen: Fen, dispensedTotalFen: Fen, units: z.array(CashLevel) });
export type CashCounted = z.infer<typeof CashCounted>;
