import type { DriverLogger } from "../drivers/config.ts";
import { createDriver, type DriverKind, type DriverOfKind } from "../drivers/registry.ts";
import type { OnViolation } from "../protocol/validate.ts";
import { behaveAsAuxiliaries } from "./auxiliaries.ts";
import { behaveAsBarcode } from "./barcode.ts";
import type { Behaviour, Device } from "./behaviour.ts";
import { behaveAsCamera } from "./camera.ts";
import { behaveAsCash } from "./cash/cash.ts";
import { behaveAsChipCard } from "./chipCard.ts";
import { behaveAsIdCard } from "./idCard.ts";
import { behaveAsPinPad } from "./pinPad.ts";
import { behaveAsPrinter } from "./printer.ts";
import { createService, type ServiceOptions, type XfsService } from "./service.ts";

/** What may be set of a service beside its driver. */
export interface ServiceSettings {
  acceptsFen?: readonly number[] | undefined;
}

type BehaviourOfKind = {
  [K in DriverKind]: (device: Device<DriverOfKind[K]>, settings: ServiceSettings) => Behaviour<DriverOfKind[K]>;
};

const behaviours: BehaviourOfKind = {
  idCard: (device) => behaveAsIdCard(device),
  chipCard: (device) => behaveAsChipCard(device),
  cash: (device, { acceptsFen }) => behaveAsCash(device, { acceptsFen }),
  printer: (device) => behaveAsPrinter(device),
  barcode: (device) => behaveAsBarcode(device),
  pinPad: (device) => behaveAsPinPad(device),
  camera: (device) => behaveAsCamera(device),
  auxiliaries: (device) => behaveAsAuxiliaries(device),
};

export type StartOptions = Pick<
  ServiceOptions<never>,
  "name" | "logger" | "onViolation" | "maximumRequests" | "graceMs" | "restartLimits"
>;

/** A service of one kind over drivers that `create` makes. */
export function startServiceOver<K extends DriverKind>(
  kind: K,
  create: () => DriverOfKind[K],
  options: StartOptions,
  settings: ServiceSettings = {},
): XfsService {
  return createService<DriverOfKind[K]>({ ...options, create, behave: (device) => behaviours[kind](device, settings) });
}

/** A service over the driver that one line of configuration names. */
export function startConfiguredService(
  device: { service: string; kind: DriverKind; driver: string; transport: unknown; options: unknown },
  settings: ServiceSettings & { maximumRequests?: number | undefined },
  logger: DriverLogger,
  onViolation: OnViolation,
): XfsService {
  const { service: name, kind, driver, transport, options } = device;
  const create = () => createDriver(kind, { driver, transport, options }, logger);
  const { maximumRequests } = settings;
  return startServiceOver(
    kind,
    create,
    { name, logger, onViolation, ...(maximumRequests === undefined ? {} : { maximumRequests }) },
    settings,
  );
}
