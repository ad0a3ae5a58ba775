import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startKioskSimulator } from "@gridhall/simulators/testing/startKiosk.ts";
import { afterEach, expect, test } from "vitest";
import { connectXfs, successOf, type XfsClient } from "../client.ts";
import type { CommandName, CommandPayload } from "../protocol/messages.ts";
import { pdfData, receiptData } from "../protocol/receipt.ts";

/** The whole hardware layer as a kiosk has it: simulated devices on ptys, publisher process, client. */

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

type Simulator = Awaited<ReturnType<typeof startKioskSimulator>>;

async function startKiosk(options: Omit<Parameters<typeof startKioskSimulator>[0], "dir">) {
  const dir = mkdtempSync(join(tmpdir(), "gridhall-kiosk-"));
  cleanups.push(() => rmSync(dir, { recursive: true, force: true }));
  const simulator = await startKioskSimulator({ ...options, dir });
  cleanups.push(async () => simulator[Symbol.asyncDispose]());
  const url = await startPublisherProcess(dir, simulator);
  return {
    simulator,
    client: async (service: string) => {
      const client = await connectXfs(`${url}/${service}`, { signal: AbortSignal.timeout(20_000) });
      cleanups.push(async () => client[Symbol.asyncDispose]());
      await untilOnline(client);
      return client;
    },
  };
}

async function startPublisherProcess(dir: string, simulator: Simulator): Promise<string> {
  const file = join(dir, "publisher.json");
  writeFileSync(file, JSON.stringify({ port: 0, logLevel: "error", ...simulator.publisherConfig() }));
  const child: ChildProcess = spawn(process.execPath, [main, file], { stdio: ["ignore", "pipe", "inherit"] });
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
  });
  cleanups.push(async () => {
    child.kill("SIGTERM");
    await exited;
  });
  return new Promise((resolve, reject) => {
    child.stdout?.on("data", (data: Buffer) => {
      const url = /listening on (\S+)/.exec(data.toString("utf8"))?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", () => reject(new Error("the publisher ended at once")));
  });
}

async function untilOnline(client: XfsClient): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    const status = successOf("Common.Status", await client.send("Common.Status", {}));
    if (status.common.device === "online") return;
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
  throw new Error(`${client.url} never came online`);
}

const doing =
  (client: XfsClient) =>
  async <N extends CommandName>(name: N, payload: CommandPayload<N>) =>
    successOf(name, await client.send(name, payload, { timeoutMs: 20_000 }));

const person = {
  name: "李华",
  sexCode: "2",
  ethnicityCode: "01",
  birthDate: "19881231",
  address: "天津市河西区示例道2号",
  idNumber: "120103198812310029",
  issuer: "天津市公安局河西分局",
  validFrom: "20180101",
  validTo: "20380101",
} as const;

test.each(["sdt", "hx"] as const)(
  "[T3] the same code reads an identity card through the %s reader: only the driver's line differs",
  async (dialect) => {
    const kiosk = await startKiosk({ devices: ["idReader"], idReader: { dialect } });
    const client = await kiosk.client("IdCard1");
    const sent = client.send(
      "X-IdCard.Read",
      {},
      {
        timeoutMs: 20_000,
        onEvent: (name) => {
          if (name === "X-IdCard.PresentCardEvent") void kiosk.simulator.post("/lay-id-card", { person });
        },
      },
    );
    const { card } = successOf("X-IdCard.Read", await sent);
    const { sexCode, ...expected } = person;
    expect(card).toMatchObject({ ...expected, sex: sexCode === "2" ? "female" : "male" });
  },
);

test("[T4] one publisher serves all devices of a kiosk over their real drivers", async () => {
  const kiosk = await startKiosk({});
  const { simulator } = kiosk;

  const cash = await kiosk.client("Cash1");
  const pay = doing(cash);
  await pay("CashAcceptor.CashInStart", {});
  const taken = await cash.send(
    "CashAcceptor.CashIn",
    {},
    {
      timeoutMs: 20_000,
      onEvent: (name) => {
        if (name === "CashAcceptor.InsertItemsEvent") {
          void simulator.post("/insert-note", { denominationFen: 10_000 });
        }
      },
    },
  );
  expect(successOf("CashAcceptor.CashIn", taken).items).toEqual({ type100CNY: { fit: 1 } });
  const stacked = await pay("CashAcceptor.CashInEnd", {});
  expect(Object.values(stacked.storage)).toEqual([{ deposited: { type100CNY: { fit: 1 } } }]);
  const denomination = { denomination: { service: { currencies: { CNY: 6 }, mix: "mix1" } } };
  expect((await pay("CashDispenser.Dispense", { denomination })).denomination.currencies).toEqual({ CNY: 6 });
  expect(await pay("X-Cash.GetEvidence", {})).toMatchObject({ stackedFen: 10_000, dispensedFen: 600, escrow: null });

  const receipt = doing(await kiosk.client("ReceiptPrinter1"));
  const lines = [{ type: "pair", left: "现金", right: "¥94.00", bold: true }] as const;
  await receipt("Printer.PrintNative", { data: receiptData({ lines: [...lines] }), mediaControl: { cut: true } });

  const scanner = await kiosk.client("Barcode1");
  const reading = scanner.send("BarcodeReader.Read", { symbologies: { qrCode: true } }, { timeoutMs: 20_000 });
  await scanInto(simulator, "https://example.com/bill/1");
  const { readOutput } = successOf("BarcodeReader.Read", await reading);
  expect(Buffer.from(readOutput[0]?.barcodeData ?? "", "base64").toString()).toBe("https://example.com/bill/1");

  const pad = doing(await kiosk.client("PinPad1"));
  await pad("KeyManagement.Initialization", {});
  const iv = { value: Buffer.alloc(16, 3).toString("base64") };
  const dataKey = Buffer.alloc(32, 9).toString("base64");
  const wrapping = { key: "master", iv, cryptoMethod: "cbc" } as const;
  const wrapped = await pad("Crypto.CryptoData", { ...wrapping, modeOfUse: "E", data: dataKey });
  const unwrapped = await pad("Crypto.CryptoData", { ...wrapping, modeOfUse: "D", data: wrapped.data });
  expect(unwrapped.data).toBe(dataKey);
  expect(wrapped.data).not.toBe(dataKey);

  const cabinet = await kiosk.client("Auxiliaries1");
  const opened = new Promise<void>((resolve) => {
    cabinet.on("Common.StatusChangedEvent", ({ auxiliaries }) => {
      if (auxiliaries?.cabinetDoor === "open") resolve();
    });
  });
  await simulator.post("/door", { which: "cabinet", open: true });
  await opened;
  await doing(cabinet)("Lights.SetLight", { billAcceptor: { default: { flashRate: "slow", color: "green" } } });

  const camera = doing(await kiosk.client("Camera1"));
  expect((await camera("Camera.TakePicture", { camera: "person" })).pictureFile.length).toBeGreaterThan(100);

  const page = doing(await kiosk.client("PagePrinter1"));
  await page("Printer.PrintNative", { data: pdfData(Buffer.from(smallPdf)) });
  expect(await simulator.get("/printed")).toHaveLength(1);
});

/** The scanner takes a code only while it is lit, which is a moment after the command was sent. */
async function scanInto(simulator: Simulator, data: string): Promise<void> {
  for (let turn = 0; turn < 400; turn++) {
    const { read } = (await simulator.post("/scan", { data, symbology: "qrCode" })) as { read: boolean };
    if (read) return;
    await new Promise((resolve) => {
      setTimeout(resolve, 25);
    });
  }
  throw new Error("the scanner was never lit");
}

const smallPdf = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
`;
