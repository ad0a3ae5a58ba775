import type { DeviceError, PrinterDriver, PrinterStatus } from "../drivers/contracts.ts";
import { CommandFailure, refusal } from "../protocol/commandFailure.ts";
import { fromBase64 } from "../protocol/define.ts";
import type { StatusPayload } from "../protocol/interfaces/status.ts";
import { Receipt } from "../protocol/receipt.ts";
import type { Behaviour, CommandContext, Device } from "./behaviour.ts";

type Printer = NonNullable<StatusPayload["printer"]>;

/** Receipt printers and page printers: which one it is, the driver says. */
export function behaveAsPrinter(device: Device<PrinterDriver>): Behaviour<PrinterDriver> {
  let last: PrinterStatus | null = null;
  /** Of the driver that is or was there last. */
  let formats: PrinterDriver["formats"] = [];

  const note = (next: PrinterStatus): void => {
    const before = last;
    last = next;
    if (before === null) {
      device.statusChanged({ printer: statusOf(next) });
      return;
    }
    const changed: Partial<Printer> = {};
    if (before.mediaPresent !== next.mediaPresent || (before.paper === "jammed") !== (next.paper === "jammed")) {
      changed.media = statusOf(next).media;
    }
    if (before.paper !== next.paper) changed.paper = { upper: next.paper };
    if (before.ink !== next.ink && next.ink !== "notSupported") changed.toner = next.ink;
    if (before.cover !== next.cover) {
      // The standard's printer has no cover. A person who keeps the device from working is what userError means.
      device.statusChanged({ common: { device: next.cover === "open" ? "userError" : "online" } });
    }
    if (Object.keys(changed).length > 0) device.statusChanged({ printer: changed });
    if (before.paper !== next.paper && next.paper !== "jammed") {
      device.unsolicited("Printer.PaperThresholdEvent", { paperSource: "upper", threshold: next.paper });
    }
    if (changed.toner !== undefined && changed.toner !== "unknown") {
      device.unsolicited("Printer.TonerThresholdEvent", { state: changed.toner });
    }
    if (before.mediaPresent && !next.mediaPresent) device.unsolicited("Printer.MediaTakenEvent", {});
  };
  const readStatus = (): void => {
    device.errand("read the status", async (driver, signal) => note(await driver.status(signal)));
  };

  /** Prints, and says afterwards that something lies there to be taken. */
  const print = async (driver: PrinterDriver, data: Uint8Array, { signal, event }: CommandContext): Promise<void> => {
    if (isPdf(data)) {
      if (!driver.formats.includes("pdf")) throw new CommandFailure("unsupportedData", "payload.data: prints no PDF");
      await driver.printPdf(data, { copies: 1, title: "GridHall" }, signal);
    } else {
      const receipt = receiptOf(data);
      if (receipt === null || !driver.formats.includes("receipt")) {
        throw new CommandFailure(
          "unsupportedData",
          "payload.data: neither a PDF nor a receipt that this printer takes",
        );
      }
      await driver.printReceipt(receipt, signal);
    }
    event("Printer.MediaPresentedEvent", { wadIndex: 1, totalWads: 1 });
    readStatus();
  };

  return {
    interfaces: ["Printer"],
    handlers: {
      "Printer.PrintNative": async ({ data, mediaControl }, context) => {
        const driver = device.driver();
        requireSupported(mediaControl);
        try {
          await print(driver, fromBase64(data), context);
          if (mediaControl?.cut === true && driver.formats.includes("receipt")) await driver.cut(context.signal);
        } catch (error) {
          throw inkFault(error, last) ?? error;
        }
        return {};
      },
      "Printer.ControlMedia": async ({ mediaControl }, { signal }) => {
        const driver = device.driver();
        requireSupported(mediaControl);
        if (mediaControl.cut === true) await driver.cut(signal);
        return {};
      },
      "Printer.Reset": async (_payload, { signal }) => {
        const driver = device.driver();
        const { mediaInside } = await driver.reset(signal);
        note(await driver.status(signal));
        if (mediaInside) device.unsolicited("Printer.MediaDetectedEvent", { position: "present" });
        return {};
      },
    },
    attach: (driver) => {
      formats = driver.formats;
      return driver.onStatus(note);
    },
    online: readStatus,
    status: () => ({
      userError: last?.cover === "open",
      printer: last === null ? { media: "unknown", paper: { upper: "unknown" } } : statusOf(last),
    }),
    capabilities: () => ({
      printer: {
        type: { receipt: formats.includes("receipt"), document: formats.includes("pdf") },
        control: { eject: true, cut: formats.includes("receipt"), flush: true },
        acceptMedia: false,
        multiPage: formats.includes("pdf"),
        paperSources: { upper: true },
        mediaTaken: true,
        mediaPresented: true,
        dispensePaper: false,
      },
    }),
  };
}

function statusOf(status: PrinterStatus): Printer {
  return {
    media: status.paper === "jammed" ? "jammed" : status.mediaPresent ? "present" : "notPresent",
    paper: { upper: status.paper },
    ...(status.ink === "notSupported" ? {} : { toner: status.ink }),
  };
}

const supportedControls: ReadonlySet<string> = new Set(["eject", "cut", "flush"]);
function requireSupported(control: Record<string, boolean | undefined> | undefined): void {
  const other = Object.entries(control ?? {}).find(([name, wanted]) => wanted === true && !supportedControls.has(name));
  if (other !== undefined)
    throw new CommandFailure("unsupportedData", `payload.mediaControl: ${other[0]} is not supported`);
}

function isPdf(data: Uint8Array): boolean {
  return Buffer.from(data.subarray(0, 5)).toString("latin1") === "%PDF-";
}

function receiptOf(data: Uint8Array): Receipt | null {
  try {
    const parsed = Receipt.safeParse(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data)));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** An empty supply is called `empty`, whichever it is: paper, unless the printer says that it has paper but no ink. */
function inkFault(error: unknown, status: PrinterStatus | null): CommandFailure | null {
  const isEmpty = error instanceof Error && error.name === "DeviceError" && (error as DeviceError).code === "empty";
  if (!isEmpty || status === null || status.paper === "out" || status.ink !== "out") return null;
  return refusal("tonerOut", error.message);
}
