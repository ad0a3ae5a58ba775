import { expect, test } from "vitest";
import { successOf } from "../client.ts";
import { DeviceError, type ReceiptDocument } from "../drivers/contracts.ts";
import { pdfData, receiptData } from "../protocol/receipt.ts";
import { createFakePrinter } from "../testing/fakeDrivers.ts";
import { startTestPublisher, until } from "../testing/testPublisher.ts";

const receipt: ReceiptDocument = {
  lines: [
    { type: "text", text: "天津市电力公司", align: "centre", size: "large", bold: true },
    { type: "pair", left: "应交电费", right: "¥ 86.40", bold: false },
    { type: "rule" },
    { type: "qr", data: "https://example.com/r/1" },
    { type: "feed", lines: 3 },
  ],
};
const pdf = Buffer.from("%PDF-1.7\n%%EOF");

async function startPrinter(formats: ("receipt" | "pdf")[]) {
  const printer = createFakePrinter(formats);
  const publisher = await startTestPublisher({ printer: { create: () => printer.driver } });
  const client = await publisher.client("printer");
  return { printer, client, [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose]() };
}

test("[T4] a receipt is printed, cut, presented, and its taking told", async () => {
  await using set = await startPrinter(["receipt"]);
  const { printer, client } = set;
  const heard: string[] = [];
  client.on("Printer.MediaTakenEvent", () => heard.push("taken"));
  const completion = await client.send(
    "Printer.PrintNative",
    { data: receiptData(receipt), mediaControl: { cut: true } },
    { onEvent: (name) => heard.push(name) },
  );
  expect(completion.completionCode).toBe("success");
  expect(printer.printed).toEqual([receipt]);
  expect(printer.calls).toContain("cut");
  printer.change({ mediaPresent: false });
  await until(() => heard.includes("taken"));
  expect(heard).toEqual(["Printer.MediaPresentedEvent", "taken"]);
});

test("[T4] a page printer takes a PDF and no receipt, a receipt printer the other way round", async () => {
  await using pages = await startPrinter(["pdf"]);
  await using receipts = await startPrinter(["receipt"]);
  const print = async ({ client }: typeof pages, data: string) =>
    (await client.send("Printer.PrintNative", { data })).completionCode;
  expect(await print(pages, pdfData(pdf))).toBe("success");
  expect(await print(pages, receiptData(receipt))).toBe("unsupportedData");
  expect(await print(receipts, pdfData(pdf))).toBe("unsupportedData");
  expect(await print(receipts, pdfData(Buffer.from("neither")))).toBe("unsupportedData");
  expect(pages.printer.printed).toHaveLength(1);
  const capabilities = successOf("Common.Capabilities", await pages.client.send("Common.Capabilities", {}));
  expect(capabilities.printer?.type).toEqual({ receipt: false, document: true });
});

test("[T4] paper, toner, jam and cover are told as they change, and named when they stop a print", async () => {
  await using set = await startPrinter(["receipt"]);
  const { printer, client } = set;
  const heard: unknown[] = [];
  client.on("Printer.PaperThresholdEvent", (payload) => heard.push(payload));
  client.on("Printer.TonerThresholdEvent", (payload) => heard.push(payload));
  client.on("Common.StatusChangedEvent", ({ common }) => common?.device !== undefined && heard.push(common.device));
  await client.send("Printer.Reset", {});
  const print = () => client.send("Printer.PrintNative", { data: receiptData(receipt) });

  printer.change({ paper: "low" });
  printer.change({ paper: "out" });
  expect(await print()).toMatchObject({ completionCode: "commandErrorCode", payload: { errorCode: "paperOut" } });
  printer.change({ paper: "full", ink: "out" });
  expect(await print()).toMatchObject({ payload: { errorCode: "tonerOut" } });
  printer.change({ ink: "full", paper: "jammed" });
  expect(await print()).toMatchObject({ payload: { errorCode: "paperJammed" } });
  printer.change({ paper: "full", cover: "open" });
  expect((await print()).completionCode).toBe("userError");
  const status = successOf("Common.Status", await client.send("Common.Status", {}));
  expect(status.common.device).toBe("userError");
  printer.change({ cover: "closed" });
  expect((await print()).completionCode).toBe("success");
  expect(heard).toEqual([
    { paperSource: "upper", threshold: "low" },
    { paperSource: "upper", threshold: "out" },
    { paperSource: "upper", threshold: "full" },
    { state: "out" },
    { state: "full" },
    "userError",
    { paperSource: "upper", threshold: "full" },
    "online",
  ]);
});

test("[T4] a print whose end is not proved is an error, not a success", async () => {
  await using set = await startPrinter(["receipt"]);
  set.printer.failNext("printReceipt", new DeviceError("indeterminate", "no answer"));
  const completion = await set.client.send("Printer.PrintNative", { data: receiptData(receipt) });
  expect(completion.completionCode).toBe("hardwareError");
});

test("[T4] what the printer cannot do with paper is refused before it prints", async () => {
  await using set = await startPrinter(["receipt"]);
  const mediaControl = { retract: true };
  const completion = await set.client.send("Printer.PrintNative", { data: receiptData(receipt), mediaControl });
  expect(completion.completionCode).toBe("unsupportedData");
  expect(set.printer.printed).toEqual([]);
});
