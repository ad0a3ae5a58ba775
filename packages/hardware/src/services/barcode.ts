import type { BarcodeDriver } from "../drivers/contracts.ts";
import { CommandFailure } from "../protocol/commandFailure.ts";
import { toBase64 } from "../protocol/define.ts";
import { symbologies, type Symbology } from "../protocol/interfaces/barcodeReader.ts";
import type { Behaviour, Device } from "./behaviour.ts";

const known: ReadonlySet<string> = new Set(symbologies);
const isSymbology = (name: string): name is Symbology => known.has(name);

/** Barcode and QR scanner. */
export function behaveAsBarcode(device: Device<BarcodeDriver>): Behaviour<BarcodeDriver> {
  let scanner: "on" | "off" = "off";
  const set = (next: "on" | "off"): void => {
    if (next === scanner) return;
    scanner = next;
    device.statusChanged({ barcodeReader: { scanner } });
  };
  return {
    interfaces: ["BarcodeReader"],
    handlers: {
      "BarcodeReader.Read": async ({ symbologies: asked }, { signal }) => {
        const driver = device.driver();
        const wanted =
          asked === undefined ? [...symbologies] : Object.keys(asked).filter((name) => asked[name] === true);
        const unknown = wanted.find((name) => !isSymbology(name));
        if (unknown !== undefined || wanted.length === 0) {
          throw new CommandFailure("unsupportedData", `payload.symbologies: ${unknown ?? "none"} cannot be read`);
        }
        set("on");
        try {
          const { symbology, data } = await driver.read(wanted, signal);
          const barcodeData = toBase64(data);
          return isSymbology(symbology)
            ? { readOutput: [{ symbology, barcodeData }] }
            : { readOutput: [{ symbology: "symbologyUnknown", symbologyName: symbology, barcodeData }] };
        } finally {
          set("off");
        }
      },
      "BarcodeReader.Reset": async (_payload, { signal }) => {
        await device.driver().reset(signal);
        set("off");
        return {};
      },
    },
    status: () => ({ barcodeReader: { scanner } }),
    capabilities: () => ({
      barcodeReader: {
        canFilterSymbologies: true,
        symbologies: Object.fromEntries(symbologies.map((name) => [name, true])),
      },
    }),
  };
}
