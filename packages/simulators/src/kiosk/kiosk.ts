import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type CabinetDevice, createCabinetDevice } from "../cabinet/device.ts";
import { type CameraDevice, createCameraDevice } from "../camera/device.ts";
import { type CashDevice, createCashDevice } from "../cash/device.ts";
import { createFaultEngine, type FaultEngine, initialFaultState } from "../faults/engine.ts";
import { createIdReaderDevice, type IdReaderDevice } from "../idReader/device.ts";
import { createIppResponder, type PagePrinterDevice } from "../pagePrinter/responder.ts";
import { createPinPadDevice, type PinPadDevice } from "../pinPad/device.ts";
import { createReceiptDevice, type ReceiptDevice } from "../receipt/device.ts";
import { createScannerDevice, type ScannerDevice } from "../scanner/device.ts";
import { createStore } from "../state/store.ts";
import type { SimulatedDevice } from "../wire/device.ts";
import { type DeviceName, deviceNames, type KioskSimulatorConfig } from "./config.ts";

export interface KioskDevices {
  idReader: IdReaderDevice;
  receipt: ReceiptDevice;
  a4: PagePrinterDevice;
  cash: CashDevice;
  scanner: ScannerDevice;
  pinPad: PinPadDevice;
  cabinet: CabinetDevice;
  camera: CameraDevice;
}

export interface KioskSimulator extends AsyncDisposable {
  readonly devices: KioskDevices;
  readonly faults: FaultEngine;
  /** The devices that this kiosk has; the others exist, unpowered. */
  readonly present: readonly DeviceName[];
  readonly persons: KioskSimulatorConfig["persons"];
  readonly codes: KioskSimulatorConfig["codes"];
  /** A device by its name as the control API gives it. @throws RangeError */
  device: (name: string) => SimulatedDevice;
  /** Mains gone: every device at once, volatile memory with it. */
  powerCut: () => Promise<void>;
  powerOn: () => Promise<void>;
}

/** Network devices keep their port over a restart, because the kiosk's configuration names it. */
const rememberedPort = (file: string, configured: number): number =>
  configured !== 0 || !existsSync(file) ? configured : Number(readFileSync(file, "utf8")) || 0;

/** Builds all the devices of a kiosk and switches on those that it has. */
export const createKiosk = async (
  config: KioskSimulatorConfig,
  onError: (error: unknown) => void,
): Promise<KioskSimulator> => {
  const dir = resolve(config.dir);
  const stateOf = (name: string): string => join(dir, "state", `${name}.json`);
  const linkOf = (name: string): string => join(dir, "links", name);
  const portFile = (name: string): string => join(dir, "state", `${name}.port`);
  const faults = createFaultEngine(
    createStore(stateOf("faults"), () => initialFaultState({ seed: config.seed, faults: config.faults })),
    config.seed,
  );
  const common = { faults, onError };
  const serial = (name: DeviceName) => ({ ...common, link: linkOf(name), stateFile: stateOf(name) });
  const devices: KioskDevices = {
    idReader: createIdReaderDevice({ ...serial("idReader"), ...config.idReader }),
    receipt: createReceiptDevice({ ...serial("receipt"), ...config.receipt }),
    a4: createIppResponder({
      ...common,
      stateFile: stateOf("a4"),
      folder: join(dir, "printed"),
      pageMs: config.a4.pageMs,
      port: rememberedPort(portFile("a4"), config.a4.port),
    }),
    cash: createCashDevice({ ...serial("cash"), ...config.cash }),
    scanner: createScannerDevice({ ...common, link: linkOf("scanner") }),
    pinPad: createPinPadDevice(serial("pinPad")),
    cabinet: createCabinetDevice(serial("cabinet")),
    camera: createCameraDevice({ ...common, port: rememberedPort(portFile("camera"), config.camera.port) }),
  };
  const present = config.devices;
  const all = (act: (device: SimulatedDevice) => Promise<void>) =>
    Promise.all(present.map((name) => act(devices[name])));
  await all((device) => device.powerOn());
  writeFileSync(portFile("camera"), String(devices.camera.port()));
  writeFileSync(portFile("a4"), new URL(devices.a4.uri()).port);

  return {
    devices,
    faults,
    present,
    persons: config.persons,
    codes: config.codes,
    device: (name) => {
      const known = deviceNames.find((one) => one === name);
      if (known === undefined) throw new RangeError(`device: one of ${deviceNames.join(", ")}`);
      return devices[known];
    },
    powerCut: async () => {
      await all((device) => device.powerOff());
    },
    powerOn: async () => {
      await all((device) => device.powerOn());
    },
    [Symbol.asyncDispose]: async () => {
      await all(async (device) => device[Symbol.asyncDispose]());
    },
  };
};
