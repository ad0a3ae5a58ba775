import { z } from "zod";
import { Lights } from "./lights.ts";

/** Device states of Common.Status. */
export const DeviceStatus = z.enum([
  "online",
  "offline",
  "powerOff",
  "noDevice",
  "hardwareError",
  "userError",
  "deviceBusy",
  "fraudAttempt",
  "potentialFraud",
  "starting",
]);
export type DeviceStatus = z.infer<typeof DeviceStatus>;

const CommonStatus = z.object({ device: DeviceStatus, exchange: z.enum(["active", "inactive"]).optional() });

const CardReaderStatus = z.object({
  media: z.enum(["unknown", "present", "notPresent", "jammed", "entering", "latched"]),
  chipPower: z.enum(["unknown", "online", "busy", "poweredOff", "noDevice", "hardwareError", "noCard"]),
});

const Transport = z.enum(["ok", "inoperative", "unknown"]);
const CashAcceptorStatus = z.object({
  intermediateStacker: z.enum(["empty", "notEmpty", "full", "unknown"]),
  stackerItems: z.enum(["customerAccess", "noCustomerAccess", "accessUnknown", "noItems"]),
  banknoteReader: z.enum(["ok", "inoperable", "unknown"]),
  positions: z.array(z.object({ position: z.enum(["inDefault", "outDefault"]), transport: Transport })),
});
const CashDispenserStatus = z.object({
  positions: z.array(z.object({ position: z.literal("outDefault"), transport: Transport })),
});
const UnitsState = z.enum(["ok", "attention", "stop", "unknown"]);
const CashManagementStatus = z.object({ dispenser: UnitsState, acceptor: UnitsState });

export const PaperState = z.enum(["unknown", "full", "low", "out", "jammed"]);
export type PaperState = z.infer<typeof PaperState>;
export const TonerState = z.enum(["unknown", "full", "low", "out"]);
const PrinterStatus = z.object({
  media: z.enum(["unknown", "present", "notPresent", "jammed", "entering", "retracted"]),
  paper: z.object({ upper: PaperState }),
  toner: TonerState.optional(),
});

const KeyManagementStatus = z.object({
  encryptionState: z.enum(["ready", "notReady", "notInitialized", "busy", "undefined", "initialized"]),
  certificateState: z.enum(["unknown", "primary", "secondary", "notReady"]),
});
const KeyboardStatus = z.object({
  autoBeepMode: z.object({ activeAvailable: z.boolean(), inactiveAvailable: z.boolean() }),
});
const BarcodeReaderStatus = z.object({ scanner: z.enum(["on", "off", "inoperative", "unknown"]) });
const CameraState = z.enum(["ok", "inop", "unknown"]);
const CameraStatus = z.object({ cameras: z.record(z.string(), CameraState) });

const Door = z.enum(["closed", "open", "locked", "bolted", "tampered"]);
const OnOff = z.enum(["on", "off"]);
const AuxiliariesStatus = z.object({
  tamperSensor: OnOff.optional(),
  heatSensor: OnOff.optional(),
  proximitySensor: z.enum(["present", "notPresent"]).optional(),
  cabinetDoor: Door.optional(),
  safeDoor: Door.optional(),
  signageDisplay: OnOff.optional(),
});

const IdCardStatus = z.object({ media: z.enum(["unknown", "present", "notPresent"]) });

/** Payload of Common.Status: `common`, and one part for each interface that the service has. */
export const Status = {
  common: CommonStatus,
  cardReader: CardReaderStatus.optional(),
  cashAcceptor: CashAcceptorStatus.optional(),
  cashDispenser: CashDispenserStatus.optional(),
  cashManagement: CashManagementStatus.optional(),
  printer: PrinterStatus.optional(),
  keyManagement: KeyManagementStatus.optional(),
  keyboard: KeyboardStatus.optional(),
  barcodeReader: BarcodeReaderStatus.optional(),
  camera: CameraStatus.optional(),
  auxiliaries: AuxiliariesStatus.optional(),
  lights: Lights.optional(),
  "X-idCard": IdCardStatus.optional(),
};

/** Payload of Common.StatusChangedEvent: the changed properties only. */
export const StatusChange = {
  common: CommonStatus.partial().optional(),
  cardReader: CardReaderStatus.partial().optional(),
  cashAcceptor: CashAcceptorStatus.partial().optional(),
  cashDispenser: CashDispenserStatus.partial().optional(),
  cashManagement: CashManagementStatus.partial().optional(),
  printer: PrinterStatus.partial().optional(),
  keyManagement: KeyManagementStatus.partial().optional(),
  keyboard: KeyboardStatus.partial().optional(),
  barcodeReader: BarcodeReaderStatus.partial().optional(),
  camera: CameraStatus.partial().optional(),
  auxiliaries: AuxiliariesStatus.optional(),
  lights: Lights.optional(),
  "X-idCard": IdCardStatus.partial().optional(),
};

const StatusPayload = z.object(Status);
export type StatusPayload = z.infer<typeof StatusPayload>;
const StatusChangePayload = z.object(StatusChange);
export type StatusChangePayload = z.infer<typeof StatusChangePayload>;
