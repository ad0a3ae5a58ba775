import type { TransportType } from "../transports/config.ts";
import { createCabinetSerial } from "./auxiliaries/cabinetSerial.ts";
import { createScannerSerial } from "./barcode/scannerSerial.ts";
import { createStillCamera } from "./camera/stillCamera.ts";
import { createCashSerial } from "./cash/cashSerial.ts";
import { createPcscDriver } from "./chipCard/pcsc.ts";
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
import { createHxSerial } from "./idCard/hxSerial.ts";
import { createSdtSerial } from "./idCard/sdtSerial.ts";
import { createPinpadSerial } from "./pinPad/pinpadSerial.ts";
import { createEscposSerial } from "./printer/escposSerial.ts";
import { createIpp } from "./printer/ipp.ts";

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
export const drivers: Record<string, DriverEntry> = {
  "sdt-serial": { kind: "idCard", transports: ["serial", "tcp"], create: createSdtSerial },
  "hx-serial": { kind: "idCard", transports: ["serial", "tcp"], create: createHxSerial },
  "cash-serial": { kind: "cash", transports: ["serial", "tcp"], create: createCashSerial },
  "escpos-serial": { kind: "printer", transports: ["serial", "tcp"], create: createEscposSerial },
  ipp: { kind: "printer", transports: ["ipp"], create: createIpp },
  "scanner-serial": { kind: "barcode", transports: ["serial", "tcp"], create: createScannerSerial },
  "pinpad-serial": { kind: "pinPad", transports: ["serial", "tcp"], create: createPinpadSerial },
  pcsc: { kind: "chipCard", transports: ["pcsc"], create: createPcscDriver },
  "still-camera": { kind: "camera", transports: ["tcp", "browser-bridge"], create: createStillCamera },
  "cabinet-serial": { kind: "auxiliaries", transports: ["serial", "tcp"], create: createCabinetSerial },
};

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
