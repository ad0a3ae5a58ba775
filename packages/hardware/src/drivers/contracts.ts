/**
 * What a driver of each kind promises to the service above it. A driver gets an opened byte transport (or a URI) and
 * knows nothing above; a service knows no vendor. Moving to another vendor's device changes one driver and one line of
 * configuration (requirement T3).
 *
 * Every method may reject with a DeviceError. Amounts are integer fen (1 CNY = 100 fen), times are milliseconds.
 */

/** A bidirectional byte pipe: serial line, PC/SC is a different interface below, TCP socket. */
export interface ByteTransport extends AsyncDisposable {
  write(bytes: Uint8Array): Promise<void>;
  /** Returns the function that removes the listener. */
  onData(listener: (bytes: Uint8Array) => void): () => void;
  onClose(listener: (reason: Error | null) => void): () => void;
}

/** Opens (or re-opens, after an unplug) the transport that one line of configuration names. */
export type OpenTransport = (signal: AbortSignal) => Promise<ByteTransport>;

/** PC/SC: one reader slot. */
export interface CardTransport extends AsyncDisposable {
  /** Resolves with the ATR once a card is in the slot and powered. */
  powerOn(signal: AbortSignal): Promise<Uint8Array>;
  transmit(apdu: Uint8Array): Promise<Uint8Array>;
  isPresent(): Promise<boolean>;
}

/** Presence of the device itself, as XFS4IoT's Common.Status `device` names it. */
export type DeviceState =
  | "online"
  | "offline"
  | "powerOff"
  | "noDevice"
  | "hardwareError"
  | "userError"
  | "deviceBusy"
  | "fraudAttempt"
  | "starting";

/** Everything that can go wrong below a service, in words that a service can map to its completion codes. */
export class DeviceError extends Error {
  readonly code:
    | "timeout" // no answer in the time the protocol allows
    | "protocol" // frame or checksum wrong after the driver's own retries
    | "offline" // unplugged, or the line cannot be opened
    | "jam"
    | "empty" // paper out, hopper empty
    | "full" // stacker or retract bin full
    | "no-media" // nothing where something was expected
    | "media-error" // the card, note or page cannot be read
    | "cover-open"
    | "refused" // device understood and refused
    | "cancelled"
    | "tampered"
    /** The command left and no answer came: whether it took effect must be settled by evidence (counts, sensors). */
    | "indeterminate";
  readonly context: Readonly<Record<string, unknown>>;
  constructor(
    code: DeviceError["code"],
    message: string,
    context: Record<string, unknown> = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "DeviceError";
    this.code = code;
    this.context = context;
  }
}

/** Common to all drivers. `state` changes are pushed; a service turns them into Common.StatusChangedEvent. */
export interface Driver extends AsyncDisposable {
  readonly kind: string;
  readonly model: string;
  state(): DeviceState;
  onState(listener: (state: DeviceState) => void): () => void;
  /** Brings the device to a known idle state and proves it (sensors read, buffers zeroed, media reported). */
  reset(signal: AbortSignal): Promise<{ mediaInside: boolean }>;
  /** A cheap round trip to the device. */
  selfTest(signal: AbortSignal): Promise<{ ok: boolean; detail: string }>;
}

/** Second-generation resident identity card (GB/T 35678 data groups). Photo is the WLT-compressed 1024 bytes. */
export interface ResidentIdCard {
  name: string;
  sex: "male" | "female" | "unknown" | "unspecified";
  ethnicityCode: string;
  birthDate: string; // YYYYMMDD
  address: string;
  idNumber: string; // 18 characters
  issuer: string;
  validFrom: string; // YYYYMMDD
  validTo: string; // YYYYMMDD or "长期"
  photoWlt: Uint8Array;
}
export interface IdCardDriver extends Driver {
  /** Waits until a card lies on the reader and is selected; aborts by signal. */
  awaitCard(signal: AbortSignal): Promise<void>;
  read(signal: AbortSignal): Promise<ResidentIdCard>;
  /** Waits until the card has been taken away. */
  awaitRemoval(signal: AbortSignal): Promise<void>;
}

export interface CashUnitState {
  unitId: string; // "cassette1", "hopper1", "escrow", "retract"
  role: "cashIn" | "cashOut" | "recycle" | "reject" | "retract";
  denominationFen: number | null; // null: mixed
  isCoin: boolean;
  count: number; // items the device itself counts, non-volatile: the evidence after a lost answer
  capacity: number;
  lowThreshold: number;
  highThreshold: number;
}
export type AcceptorEvent =
  | { type: "note-escrowed"; denominationFen: number; noteId: string }
  | { type: "note-refused"; reason: "unrecognised" | "counterfeit" | "disabled-denomination" | "escrow-busy" | "full" }
  | { type: "note-returned"; denominationFen: number }
  | { type: "jam"; where: "entry" | "escrow" | "stacker" | "dispenser" }
  | { type: "jam-cleared" }
  | { type: "door"; open: boolean }
  | { type: "units-changed" };
/** One cash device: banknote acceptor with a one-note escrow, note/coin dispensers for change. */
export interface CashDriver extends Driver {
  onEvent(listener: (event: AcceptorEvent) => void): () => void;
  units(signal: AbortSignal): Promise<CashUnitState[]>;
  /** The note now lying in escrow, if any: survives a restart of the host, so it is part of recovery. */
  escrow(signal: AbortSignal): Promise<{ denominationFen: number; noteId: string } | null>;
  enableAcceptor(denominationsFen: readonly number[], signal: AbortSignal): Promise<void>;
  disableAcceptor(signal: AbortSignal): Promise<void>;
  /** value command: moves the escrowed note into the stacker. A lost answer rejects with code "indeterminate". */
  stackEscrow(signal: AbortSignal): Promise<{ denominationFen: number; noteId: string }>;
  returnEscrow(signal: AbortSignal): Promise<void>;
  /** value command: pays out `count` items from each unit; answers what really left, also when it stopped half-way. */
  dispense(
    request: readonly { unitId: string; count: number }[],
    signal: AbortSignal,
  ): Promise<{ dispensed: { unitId: string; count: number }[]; fault: DeviceError | null }>;
  /** Non-volatile life counters: total fen stacked and total fen dispensed since manufacture. Evidence for recovery. */
  counters(
    signal: AbortSignal,
  ): Promise<{ stackedFen: bigint; dispensedFen: bigint; lastStackedNoteId: string | null }>;
  /** Clerk empties/refills units with the safe door open; new counts are set. */
  setUnits(units: readonly { unitId: string; count: number }[], signal: AbortSignal): Promise<void>;
}

export interface PrinterStatus {
  paper: "full" | "low" | "out" | "jammed";
  ink: "full" | "low" | "out" | "notSupported";
  cover: "open" | "closed";
  mediaPresent: boolean; // a finished page/receipt not yet taken
}
/** Receipt printers take ESC/POS-like lines; page printers take a PDF. `formats` says which. */
export interface PrinterDriver extends Driver {
  readonly formats: readonly ("receipt" | "pdf")[];
  status(signal: AbortSignal): Promise<PrinterStatus>;
  onStatus(listener: (status: PrinterStatus) => void): () => void;
  /** Prints and answers only when the device itself reports the job done (real status read-back). */
  printReceipt(receipt: ReceiptDocument, signal: AbortSignal): Promise<void>;
  printPdf(pdf: Uint8Array, options: { copies: number; title: string }, signal: AbortSignal): Promise<void>;
  cut(signal: AbortSignal): Promise<void>;
}
export interface ReceiptDocument {
  lines: ReceiptLine[];
}
export type ReceiptLine =
  | { type: "text"; text: string; align: "left" | "centre" | "right"; size: "normal" | "large"; bold: boolean }
  | { type: "pair"; left: string; right: string; bold: boolean }
  | { type: "rule" }
  | { type: "qr"; data: string }
  | { type: "feed"; lines: number };

export interface BarcodeDriver extends Driver {
  /** Waits for one code; symbologies are XFS4IoT names (qrCode, code128 …). Trigger/illumination on only while waiting. */
  read(symbologies: readonly string[], signal: AbortSignal): Promise<{ symbology: string; data: Uint8Array }>;
}

/** Encrypting PIN pad: holds the keys; clear PIN and keys never leave it. */
export interface PinPadDriver extends Driver {
  onTamper(listener: () => void): () => void;
  isTampered(signal: AbortSignal): Promise<boolean>;
  keys(signal: AbortSignal): Promise<{ name: string; use: "master" | "pin" | "data" | "mac"; kcv: string }[]>;
  /** Generates the master key inside the pad if absent (enrolment); never leaves it. */
  ensureMasterKey(signal: AbortSignal): Promise<{ kcv: string }>;
  importKey(
    name: string,
    use: "pin" | "data" | "mac",
    wrapped: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ kcv: string }>;
  deleteKey(name: string, signal: AbortSignal): Promise<void>;
  /** SM4-CBC inside the pad under the named key (`"master"` allowed: wraps the kiosk's data key). */
  crypt(
    mode: "encrypt" | "decrypt",
    keyName: string,
    iv: Uint8Array,
    data: Uint8Array,
    signal: AbortSignal,
  ): Promise<Uint8Array>;
  mac(keyName: string, data: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  random(length: number, signal: AbortSignal): Promise<Uint8Array>;
  /** Text entry in clear (amounts, account numbers): each key press is reported. */
  dataEntry(onKey: (key: string) => void, maxLen: number, signal: AbortSignal): Promise<string>;
  /** Encrypted PIN entry: only the number of digits is reported. */
  pinEntry(
    onDigit: (count: number) => void,
    limits: { minLen: number; maxLen: number },
    signal: AbortSignal,
  ): Promise<{ digits: number }>;
  /** PIN block of the PIN just entered: ISO 9564 format 0 or 4, or the SM4 profile, under a "pin" key. */
  pinBlock(format: "iso0" | "iso4" | "sm4", keyName: string, pan: string, signal: AbortSignal): Promise<Uint8Array>;
}

/** IC prepaid card slot (T=0/T=1 through PC/SC). */
export interface ChipCardDriver extends Driver {
  awaitCard(signal: AbortSignal): Promise<{ atr: Uint8Array }>;
  transmit(apdu: Uint8Array, signal: AbortSignal): Promise<Uint8Array>;
  eject(signal: AbortSignal): Promise<void>;
  awaitRemoval(signal: AbortSignal): Promise<void>;
}

export interface CameraDriver extends Driver {
  /** JPEG of the moment. `position`: person (face) or document (overhead). */
  takePicture(position: "person" | "document", signal: AbortSignal): Promise<Uint8Array>;
}

/** Cabinet: doors, sensors, guide lights, fan/heater, signage display power. */
export interface AuxiliariesDriver extends Driver {
  onEvent(
    listener: (event: {
      sensor: "cabinetDoor" | "safeDoor" | "tamperSensor" | "proximitySensor";
      active: boolean;
    }) => void,
  ): () => void;
  sensors(signal: AbortSignal): Promise<{
    cabinetDoorOpen: boolean;
    safeDoorOpen: boolean;
    tamper: boolean;
    personPresent: boolean;
    temperatureC: number;
  }>;
  setLight(
    position: string,
    state: {
      flashRate: "off" | "slow" | "medium" | "quick" | "continuous";
      colour: "red" | "green" | "yellow" | "white";
    },
    signal: AbortSignal,
  ): Promise<void>;
  setSignage(on: boolean, signal: AbortSignal): Promise<void>;
}
