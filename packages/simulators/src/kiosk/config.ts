import { z } from "zod";
import { FaultScript } from "../faults/script.ts";
import { Person, persons } from "../idReader/persons.ts";

export const deviceNames = ["idReader", "receipt", "a4", "cash", "scanner", "pinPad", "cabinet", "camera"] as const;
export type DeviceName = (typeof deviceNames)[number];

/** CONFIG.json of a kiosk's simulators: all the devices of one kiosk in one process. */
export const KioskSimulatorConfig = z.object({
  /** State files, serial links and printed pages live below this folder. */
  dir: z.string().min(1, "dir: name a folder of this kiosk's own"),
  /** Port of the control API and the developer's panel on 127.0.0.1; 0 picks a free one. */
  controlPort: z.int().min(0).max(65_535).default(0),
  /** Shown on the developer's panel. */
  title: z.string().default("自助终端 / Kiosk"),
  seed: z.int().default(1),
  /** End when standard input closes: with the process that started us, however it died. */
  endWithStdin: z.boolean().default(false),
  faults: FaultScript.shape.faults,
  devices: z.array(z.enum(deviceNames)).default([...deviceNames]),
  /** Whose ID cards the panel has to lay down; by default three invented people. */
  persons: z.record(z.string(), Person).default(persons),
  /** Codes that the panel has ready to show to the scanner. */
  codes: z
    .array(z.object({ label: z.string(), data: z.string().min(1), symbology: z.string().default("qrCode") }))
    .default([]),
  idReader: z.object({ dialect: z.enum(["sdt", "hx"]).default("sdt") }).prefault({}),
  receipt: z.object({ lineMs: z.int().min(0).max(1_000).default(4) }).prefault({}),
  cash: z
    .object({
      /** Items in a unit at manufacture, e.g. {"hopper1": 0}; only for a new state folder. */
      counts: z.record(z.string(), z.int().min(0)).default({}),
      motionMs: z.int().min(0).max(5_000).default(15),
    })
    .prefault({}),
  camera: z.object({ port: z.int().min(0).max(65_535).default(0) }).prefault({}),
  a4: z
    .object({ port: z.int().min(0).max(65_535).default(0), pageMs: z.int().min(0).max(60_000).default(60) })
    .prefault({}),
});
export type KioskSimulatorConfig = z.infer<typeof KioskSimulatorConfig>;
