import type { DeviceHealth } from "@gridhall/domain/fleet/schema.ts";
import type { ReceiptDocument } from "@gridhall/hardware/drivers/contracts.ts";
import type { CommandName } from "@gridhall/hardware/protocol/messages.ts";
import { successOf, XfsCommandError } from "@gridhall/hardware/xfsError.ts";
import {
  type CabinetPort,
  type DevicePort,
  type IdCardPort,
  type PagePort,
  type PinPadPort,
  PrintError,
  type PrinterPort,
  type PrintProblem,
  type ReceiptPort,
  type ScannerPort,
} from "./ports.ts";
import type { XfsService } from "./xfsService.ts";

const TIMEOUT_MS = 8_000;

function base(
  service: XfsService,
  kind: DeviceHealth["kind"],
  conditions: () => string[],
  reset: Extract<
    CommandName,
    "X-IdCard.Reset" | "BarcodeReader.Reset" | "Printer.Reset" | "KeyManagement.Reset"
  > | null,
): DevicePort {
  return {
    health: () => ({
      service: service.name,
      kind,
      state: service.deviceState(),
      conditions: conditions(),
      model: "XFS4IoT",
    }),
    onChange: service.onChange,
    async prepareForNext(signal) {
      // A device that is away cannot hold anything of the last customer's either.
      if (!reset || service.deviceState() !== "online") return { ok: true, detail: "" };
      await service.client.send("Common.Cancel", {}, { timeoutMs: TIMEOUT_MS });
      const completion = await service.client.send(reset, {}, { timeoutMs: TIMEOUT_MS, signal });
      return { ok: completion.completionCode === "success", detail: `${service.name}: ${completion.completionCode}` };
    },
  };
}

export function createXfsIdCard(service: XfsService): IdCardPort {
  return {
    ...base(service, "idCard", () => [], "X-IdCard.Reset"),
    async read(signal, onCard) {
      const completion = await service.client.send(
        "X-IdCard.Read",
        {},
        { signal, onEvent: (name) => name === "X-IdCard.CardPresentedEvent" && onCard() },
      );
      const { card } = successOf("X-IdCard.Read", completion);
      return { idNumber: card.idNumber, name: card.name };
    },
  };
}

export function createXfsScanner(service: XfsService): ScannerPort {
  return {
    ...base(service, "barcode", () => [], "BarcodeReader.Reset"),
    async read(signal) {
      const completion = await service.client.send(
        "BarcodeReader.Read",
        { symbologies: { qrCode: true, code128: true } },
        { signal },
      );
      const [code] = successOf("BarcodeReader.Read", completion).readOutput;
      if (!code) throw new Error("the scanner answered without a code");
      return Buffer.from(code.barcodeData, "base64").toString("utf8").trim();
    },
  };
}

function printer(
  service: XfsService,
  kind: "receiptPrinter" | "pagePrinter",
): PrinterPort & { send(data: Uint8Array, signal: AbortSignal): Promise<void> } {
  const paper = () => service.status()?.printer?.paper.upper ?? "unknown";
  const conditions = () => {
    const found: string[] = [];
    if (paper() === "low") found.push("paper-low");
    if (paper() === "out") found.push("paper-out");
    if (paper() === "jammed" || service.status()?.printer?.media === "jammed") found.push("jam");
    const toner = service.status()?.printer?.toner;
    if (toner === "low" || toner === "out") found.push(`ink-${toner}`);
    return found;
  };
  const problem = (): PrintProblem | null => {
    if (conditions().includes("jam")) return "jam";
    if (paper() === "out") return "paper-out";
    return service.deviceState() === "online" ? null : "offline";
  };
  return {
    ...base(service, kind, conditions, "Printer.Reset"),
    canPrint() {
      const found = problem();
      return found ? { ok: false, problem: found } : { ok: true };
    },
    onMediaTaken: (listener) => service.client.on("Printer.MediaTakenEvent", () => listener()),
    async send(data, signal) {
      try {
        const completion = await service.client.send(
          "Printer.PrintNative",
          { data: Buffer.from(data).toString("base64"), mediaControl: { eject: true, cut: kind === "receiptPrinter" } },
          { signal, timeoutMs: 60_000 },
        );
        successOf("Printer.PrintNative", completion);
      } catch (cause) {
        const code = cause instanceof XfsCommandError ? cause.errorCode : undefined;
        throw new PrintError(
          code === "paperOut"
            ? "paper-out"
            : code === "paperJammed" || code === "mediaJammed"
              ? "jam"
              : (problem() ?? "offline"),
          { cause },
        );
      }
    },
  };
}

export function createXfsReceipt(service: XfsService): ReceiptPort {
  const port = printer(service, "receiptPrinter");
  return {
    ...port,
    print: (receipt: ReceiptDocument, signal) => port.send(Buffer.from(JSON.stringify(receipt), "utf8"), signal),
  };
}

export function createXfsPage(service: XfsService): PagePort {
  const port = printer(service, "pagePrinter");
  return { ...port, print: (pdf, _title, signal) => port.send(pdf, signal) };
}

const MASTER = "master";

export function createXfsPinPad(service: XfsService): PinPadPort {
  const crypt = async (modeOfUse: "E" | "D", data: Uint8Array, iv: Uint8Array) => {
    const completion = await service.client.send(
      "Crypto.CryptoData",
      {
        key: MASTER,
        iv: { value: Buffer.from(iv).toString("base64") },
        modeOfUse,
        cryptoMethod: "cbc",
        data: Buffer.from(data).toString("base64"),
      },
      { timeoutMs: TIMEOUT_MS },
    );
    return new Uint8Array(Buffer.from(successOf("Crypto.CryptoData", completion).data, "base64"));
  };
  const tampered = () => service.deviceState() === "fraudAttempt";
  return {
    ...base(service, "pinPad", () => (tampered() ? ["tampered"] : []), null),
    async isTampered() {
      await service.refresh();
      return tampered();
    },
    onTamper: (listener) =>
      service.onChange(() => {
        if (tampered()) listener();
      }),
    async ensureMasterKey() {
      successOf(
        "KeyManagement.Initialization",
        await service.client.send("KeyManagement.Initialization", {}, { timeoutMs: TIMEOUT_MS }),
      );
    },
    wrap: (key, iv) => crypt("E", key, iv),
    unwrap: (wrapped, iv) => crypt("D", wrapped, iv),
  };
}

/** Which guide light shows where the customer's hand belongs. */
const GUIDES = {
  cashIn: "billAcceptor",
  cashOut: "notesDispenser",
  receiptPrinter: "receiptPrinter",
  scanner: "scanner",
  idReader: "contactless",
  pagePrinter: "documentPrinter",
} as const;

export function createXfsCabinet(service: XfsService, onError: (cause: unknown) => void): CabinetPort {
  let lit: keyof typeof GUIDES | null = null;
  const light = async (position: keyof typeof GUIDES, on: boolean) => {
    await service.client.send(
      "Lights.SetLight",
      { [GUIDES[position]]: { default: { flashRate: on ? "slow" : "off", color: "green" } } },
      { timeoutMs: TIMEOUT_MS },
    );
  };
  return {
    ...base(
      service,
      "auxiliaries",
      () => (service.status()?.auxiliaries?.tamperSensor === "on" ? ["tampered"] : []),
      null,
    ),
    readings() {
      const auxiliaries = service.status()?.auxiliaries;
      return {
        cabinetDoorOpen: auxiliaries?.cabinetDoor === "open",
        safeDoorOpen: auxiliaries?.safeDoor === "open",
        temperatureC: null,
        personPresent: auxiliaries?.proximitySensor === "present",
      };
    },
    onApproach: (listener) =>
      service.onChange(() => {
        if (service.status()?.auxiliaries?.proximitySensor === "present") listener();
      }),
    guide(position) {
      const before = lit;
      lit = position;
      const work = async () => {
        if (before && before !== position) await light(before, false);
        if (position) await light(position, true);
      };
      work().catch(onError);
    },
  };
}
