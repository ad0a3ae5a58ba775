import { z } from "zod";
import { TransportConfig } from "../transports/config.ts";

/** The one line of configuration that names a vendor's device: its driver, how it is connected, its own options. */
export const DriverConfig = z.object({
  driver: z.string().min(1),
  transport: TransportConfig,
  options: z.record(z.string(), z.unknown()).default({}),
});
export type DriverConfig = z.infer<typeof DriverConfig>;

/** The part of pino's logger that drivers use; a pino logger (or child) fits as it is. */
export interface DriverLogger {
  debug(context: object, message: string): void;
  info(context: object, message: string): void;
  warn(context: object, message: string): void;
  error(context: object, message: string): void;
}

export const silentLogger: DriverLogger = { debug() {}, info() {}, warn() {}, error() {} };
