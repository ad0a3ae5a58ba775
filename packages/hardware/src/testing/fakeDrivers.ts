import {
  type AuxiliariesDriver,
  type BarcodeDriver,
  type CameraDriver,
  type ChipCardDriver,
  DeviceError,
  type IdCardDriver,
  type PinPadDriver,
  type PrinterDriver,
  type PrinterStatus,
  type ReceiptDocument,
  type ResidentIdCard,
} from "../drivers/contracts.ts";
import { createFakeBase, createMailbox, type FakeControls } from "./fakeDriver.ts";

export type { FakeControls } from "./fakeDriver.ts";
export { createFakeCash, type FakeCash } from "./fakeCash.ts";

export const sampleCard: ResidentIdCard = {
  name: "王小明",
  sex: "male",
  ethnicityCode: "01",
  birthDate: "19900101",
  address: "天津市和平区示例路1号",
  idNumber: "120101199001010011",
  issuer: "天津市公安局和平分局",
  validFrom: "20200101",
  validTo: "20400101",
  photoWlt: new Uint8Array(1_024).fill(7),
};

export interface FakeIdCard extends FakeControls {
  driver: IdCardDriver;
  lay(card: ResidentIdCard): void;
  takeAway(): void;
}
export function createFakeIdCard(): FakeIdCard {
  const { driver, controls, run } = createFakeBase("idCard");
  const laid = createMailbox<ResidentIdCard>();
  const removed = createMailbox<true>();
  let card: ResidentIdCard | null = null;
  const idCard: IdCardDriver = {
    ...driver,
    awaitCard: (signal) =>
      run("awaitCard", signal, async () => {
        card ??= await laid.take(signal);
      }),
    read: (signal) =>
      run("read", signal, () => {
        if (card === null) throw new DeviceError("no-media", "no card");
        return card;
      }),
    awaitRemoval: (signal) =>
      run("awaitRemoval", signal, async () => {
        await removed.take(signal);
        card = null;
      }),
    reset: (signal) => run("reset", signal, () => ({ mediaInside: card !== null })),
  };
  return Object.assign(controls, {
    driver: idCard,
    lay: (next: ResidentIdCard) => laid.put(next),
    takeAway: () => removed.put(true),
  });
}

export interface FakeChipCard extends FakeControls {
  driver: ChipCardDriver;
  insert(atr: Uint8Array): void;
  takeAway(): void;
}
export function createFakeChipCard(): FakeChipCard {
  const { driver, controls, run } = createFakeBase("chipCard");
  const inserted = createMailbox<Uint8Array>();
  const removed = createMailbox<true>();
  let atr: Uint8Array | null = null;
  const chipCard: ChipCardDriver = {
    ...driver,
    awaitCard: (signal) =>
      run("awaitCard", signal, async () => {
        atr ??= await inserted.take(signal);
        return { atr };
      }),
    /** Answers the APDU backwards, with 90 00 behind it. */
    transmit: (apdu, signal) => run("transmit", signal, () => Uint8Array.from([...[...apdu].reverse(), 0x90, 0x00])),
    eject: (signal) => run("eject", signal, () => undefined),
    awaitRemoval: (signal) =>
      run("awaitRemoval", signal, async () => {
        await removed.take(signal);
        atr = null;
      }),
    reset: (signal) => run("reset", signal, () => ({ mediaInside: atr !== null })),
  };
  return Object.assign(controls, {
    driver: chipCard,
    insert: (next: Uint8Array) => inserted.put(next),
    takeAway: () => removed.put(true),
  });
}

export interface FakePrinter extends FakeControls {
  driver: PrinterDriver;
  change(status: Partial<PrinterStatus>): void;
  readonly printed: readonly (ReceiptDocument | Uint8Array)[];
}
export function createFakePrinter(formats: PrinterDriver["formats"] = ["receipt"]): FakePrinter {
  const { driver, controls, run } = createFakeBase("printer");
  const listeners = new Set<(status: PrinterStatus) => void>();
  const printed: (ReceiptDocument | Uint8Array)[] = [];
  let status: PrinterStatus = { paper: "full", ink: "full", cover: "closed", mediaPresent: false };
  const change = (part: Partial<PrinterStatus>): void => {
    status = { ...status, ...part };
    for (const listener of listeners) listener(status);
  };
  const print = (what: ReceiptDocument | Uint8Array): void => {
    if (status.cover === "open") throw new DeviceError("cover-open", "the cover is open");
    if (status.paper === "out" || status.ink === "out") throw new DeviceError("empty", "a supply is empty");
    if (status.paper === "jammed") throw new DeviceError("jam", "paper jam");
    printed.push(what);
    change({ mediaPresent: true });
  };
  const printer: PrinterDriver = {
    ...driver,
    formats,
    status: (signal) => run("status", signal, () => status),
    onStatus: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    printReceipt: (receipt, signal) => run("printReceipt", signal, () => print(receipt)),
    printPdf: (pdf, _options, signal) => run("printPdf", signal, () => print(pdf)),
    cut: (signal) => run("cut", signal, () => undefined),
    reset: (signal) => run("reset", signal, () => ({ mediaInside: status.mediaPresent })),
  };
  return Object.assign(controls, { driver: printer, change, printed });
}

export interface FakeBarcode extends FakeControls {
  driver: BarcodeDriver;
  show(symbology: string, data: string): void;
}
export function createFakeBarcode(): FakeBarcode {
  const { driver, controls, run } = createFakeBase("barcode");
  const codes = createMailbox<{ symbology: string; data: Uint8Array }>();
  return Object.assign(controls, {
    driver: {
      ...driver,
      read: (_symbologies: readonly string[], signal: AbortSignal) => run("read", signal, () => codes.take(signal)),
    },
    show: (symbology: string, data: string) => codes.put({ symbology, data: new TextEncoder().encode(data) }),
  });
}

export interface FakePinPad extends FakeControls {
  driver: PinPadDriver;
  press(key: string): void;
  tamper(): void;
}
export function createFakePinPad(): FakePinPad {
  const { driver, controls, run } = createFakeBase("pinPad");
  const keys = new Map<string, { use: "master" | "pin" | "data" | "mac"; kcv: string }>();
  const pressed = createMailbox<string>();
  const tampers = new Set<() => void>();
  let tampered = false;
  const guarded = <T>(method: string, signal: AbortSignal, operation: () => Promise<T> | T): Promise<T> =>
    run(method, signal, () => {
      if (tampered) throw new DeviceError("tampered", "the pad was tampered with");
      return operation();
    });
  const entry = async (onKey: (key: string, entered: string) => void, signal: AbortSignal): Promise<string> => {
    let entered = "";
    for (;;) {
      const key = await pressed.take(signal);
      if (key === "cancel") throw new DeviceError("cancelled", "the customer pressed cancel");
      if (/^[0-9]$/.test(key)) entered += key;
      else if (key === "clear") entered = "";
      else if (key === "backspace") entered = entered.slice(0, -1);
      onKey(key, entered);
      if (key === "enter") return entered;
    }
  };
  const xor = (data: Uint8Array): Uint8Array => data.map((byte) => byte ^ 0x5a);
  const pinPad: PinPadDriver = {
    ...driver,
    onTamper: (listener) => {
      tampers.add(listener);
      return () => tampers.delete(listener);
    },
    isTampered: (signal) => run("isTampered", signal, () => tampered),
    keys: (signal) => run("keys", signal, () => [...keys].map(([name, key]) => ({ name, ...key }))),
    ensureMasterKey: (signal) =>
      guarded("ensureMasterKey", signal, () => {
        keys.set("master", { use: "master", kcv: "A1B2C3" });
        return { kcv: "A1B2C3" };
      }),
    importKey: (name, use, _wrapped, signal) =>
      guarded("importKey", signal, () => {
        keys.set(name, { use, kcv: "0A0B0C" });
        return { kcv: "0A0B0C" };
      }),
    deleteKey: (name, signal) => guarded("deleteKey", signal, () => void keys.delete(name)),
    crypt: (_mode, _key, _iv, data, signal) => guarded("crypt", signal, () => xor(data)),
    mac: (_key, data, signal) => guarded("mac", signal, () => xor(data).slice(0, 16)),
    random: (length, signal) => guarded("random", signal, () => new Uint8Array(length).fill(9)),
    dataEntry: (onKey, _maxLen, signal) => guarded("dataEntry", signal, () => entry((key) => onKey(key), signal)),
    pinEntry: (onDigit, _limits, signal) =>
      guarded("pinEntry", signal, async () => {
        const entered = await entry((key, so) => (key === "enter" ? undefined : onDigit(so.length)), signal);
        return { digits: entered.length };
      }),
    pinBlock: (_format, _key, _pan, signal) => guarded("pinBlock", signal, () => new Uint8Array(16).fill(3)),
  };
  return Object.assign(controls, {
    driver: pinPad,
    press: (key: string) => pressed.put(key),
    tamper: () => {
      tampered = true;
      keys.clear();
      for (const listener of tampers) listener();
      controls.setState("fraudAttempt");
    },
  });
}

export interface FakeCamera extends FakeControls {
  driver: CameraDriver;
}
export function createFakeCamera(): FakeCamera {
  const { driver, controls, run } = createFakeBase("camera");
  const jpeg = Uint8Array.of(0xff, 0xd8, 1, 2, 3, 0xff, 0xd9);
  return Object.assign(controls, {
    driver: {
      ...driver,
      takePicture: (_position: string, signal: AbortSignal) => run("takePicture", signal, () => jpeg),
    },
  });
}

type AuxiliariesEvent = Parameters<Parameters<AuxiliariesDriver["onEvent"]>[0]>[0];
export interface FakeAuxiliaries extends FakeControls {
  driver: AuxiliariesDriver;
  sense(event: AuxiliariesEvent): void;
}
export function createFakeAuxiliaries(): FakeAuxiliaries {
  const { driver, controls, run } = createFakeBase("auxiliaries");
  const listeners = new Set<(event: AuxiliariesEvent) => void>();
  const sensors = {
    cabinetDoorOpen: false,
    safeDoorOpen: false,
    tamper: false,
    personPresent: false,
    temperatureC: 31,
  };
  const auxiliaries: AuxiliariesDriver = {
    ...driver,
    onEvent: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sensors: (signal) => run("sensors", signal, () => sensors),
    setLight: (_position, _state, signal) => run("setLight", signal, () => undefined),
    setSignage: (_on, signal) => run("setSignage", signal, () => undefined),
  };
  return Object.assign(controls, {
    driver: auxiliaries,
    sense: (event: AuxiliariesEvent) => {
      for (const listener of listeners) listener(event);
    },
  });
}
