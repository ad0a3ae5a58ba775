import type { FaultEngine } from "../faults/engine.ts";
import { createDevice, PowerLost, type Program, type SimulatedDevice, type Wire } from "../wire/device.ts";
import { createPty } from "../wire/pty.ts";

export interface ScannerDevice extends SimulatedDevice {
  /** A customer holds a code before the window; read only while the trigger is on. */
  scan: (code: { data: string; symbology: string }) => { read: boolean };
}

/** AIM identifiers of the symbologies that the window can be shown. */
export const aimIdentifiers: Readonly<Record<string, string>> = {
  qrCode: "]Q1",
  code128: "]C0",
  ean128: "]C1",
  ean13: "]E0",
  ean8: "]E4",
  code39: "]A0",
  dataMatrix: "]d1",
  pdf417: "]L0",
  aztec: "]z0",
};

const syn = 0x16;
const line = (...parts: readonly (number | string)[]): Buffer =>
  Buffer.concat([
    ...parts.map((part) => (typeof part === "number" ? Buffer.from([part]) : Buffer.from(part, "latin1"))),
    Buffer.from("\r\n"),
  ]);

/** The scanner of SCANNER.md. */
export const createScannerDevice = (settings: {
  link: string;
  faults: FaultEngine;
  onError: (error: unknown) => void;
}): ScannerDevice => {
  const { onError } = settings;
  let triggered = false;
  let emit: ((bytes: Buffer) => Promise<void>) | null = null;

  const boot = (wire: Wire): Program => {
    let buffer = Buffer.alloc(0);
    let working: Promise<void> = Promise.resolve();
    triggered = false;
    emit = (bytes) => wire.answer("code", bytes);
    const serve = async (letter: number): Promise<void> => {
      if (letter === 0x54) triggered = true;
      if (letter === 0x55) triggered = false;
      if (letter === 0x4d) return wire.answer("identify", line(syn, "M", "GH-SCAN 3 / 1.0", 0x06));
      await wire.answer(letter === 0x54 ? "trigger" : "release", line(syn, String.fromCharCode(letter), 0x06));
    };
    return {
      receive: (bytes) => {
        buffer = Buffer.concat([buffer, bytes]);
        for (;;) {
          const start = buffer.indexOf(syn);
          if (start < 0 || buffer.length < start + 3) return;
          const letter = buffer.readUInt8(start + 1);
          const end = start + (letter === 0x4d ? 7 : 3);
          if (buffer.length < end) return;
          buffer = buffer.subarray(end);
          working = working
            .then(() => serve(letter))
            .catch((error: unknown) => {
              if (!(error instanceof PowerLost)) onError(error);
            });
        }
      },
      stop: () => {
        triggered = false;
        emit = null;
      },
    };
  };
  const device = createDevice({
    name: "scanner",
    faults: settings.faults,
    connect: (onBytes) => createPty(settings.link, onBytes),
    boot,
    reload: () => undefined,
    snapshot: () => ({ triggered }),
    onError,
  });
  return {
    ...device,
    scan: ({ data, symbology }) => {
      const aim = aimIdentifiers[symbology];
      if (aim === undefined) throw new RangeError(`symbology: one of ${Object.keys(aimIdentifiers).join(", ")}`);
      if (!triggered || emit === null) return { read: false };
      const bytes = Buffer.concat([Buffer.from(aim), Buffer.from(data, "utf8"), Buffer.from("\r\n")]);
      emit(bytes).catch((error: unknown) => {
        if (!(error instanceof PowerLost)) onError(error);
      });
      return { read: true };
    },
  };
};
