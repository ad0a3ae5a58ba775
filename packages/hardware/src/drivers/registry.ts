import type { TransportType } from "../transports/config.ts";
import { DriverConfig, type DriverLogger } from "./config.ts";
import type {
  AuxiliariesDriver,
  BarcodeDriver,
  CameraDriver,
  CashDriver,
  ChipCardDriver,
  IdCardDriver,
  PinPadDriver,
  PrinterDriver,
} from "./contracts.ts";

/** Which contract a driver of each kind fulfils. */
export interface DriverOfKind {
  idCard: IdCardDriver;
  cash: CashDriver;
  printer: PrinterDriver;
  barcode: BarcodeDriver;
  pinPad: PinPadDriver;
  chipCard: ChipCardDriver;
  camera: CameraDriver;
  auxiliaries: AuxiliariesDriver;
}
export type DriverKind = keyof DriverOfKind;

export interface DriverEntryOf<K extends DriverKind> {
  readonly kind: K;
  /** Transports this driver can use; any other is a configuration fault. */
  readonly transports: readonly TransportType[];
  /**
   * Makes the driver and starts it: it opens its transport in the background, reports "starting", then "online", and
   * re-opens after every unplug. Throws a ZodError when `options` are wrong. Dispose the driver to stop it.
   */
  create(config: DriverConfig, logger: DriverLogger): DriverOfKind[K];
}
export type DriverEntry = { [K in DriverKind]: DriverEntryOf<K> }[DriverKind];

/** Every driver that a line of configuration can name. */
export const drivers: Record<string, DriverEntry> = {};

/**
 * Makes the driver that one line of configuration names and checks that it is of the kind which the service above needs.
 *
 * @param kind what the service needs, e.g. "idCard"
 * @param config `{driver, transport, options}`, parsed here (unknown input is fine)
 * @throws Error naming the field and the remedy when the configuration does not fit
 */
export const createDriver = <K extends DriverKind>(kind: K, config: unknown, logger: DriverLogger): DriverOfKind[K] => {
  const parsed = DriverConfig.parse(config);
  const entry = entryOfKind(kind, parsed.driver);
  if (entry === null) {
    const fitting = Object.keys(drivers).filter((name) => drivers[name]?.kind === kind);
    throw new Error(`driver: "${parsed.driver}" is no ${kind} driver; choose one of ${fitting.join(", ")}`);
  }
  if (!entry.transports.includes(parsed.transport.type)) {
    throw new Error(
      `transport.type: driver "${parsed.driver}" cannot use "${parsed.transport.type}"; choose ${entry.transports.join(" or ")}`,
    );
  }
  return entry.create(parsed, logger);
};

const entryOfKind = <K extends DriverKind>(kind: K, name: string): DriverEntryOf<K> | null => {
  const entry = drivers[name];
  // The compiler cannot see that equal kinds make equal entry types.
  return entry?.kind === kind ? (entry as unknown as DriverEntryOf<K>) : null;
};
