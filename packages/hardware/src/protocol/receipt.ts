import { z } from "zod";
import type { ReceiptDocument } from "../drivers/contracts.ts";
import { toBase64 } from "./define.ts";

const Line = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("text"),
    text: z.string().max(500),
    align: z.enum(["left", "centre", "right"]),
    size: z.enum(["normal", "large"]),
    bold: z.boolean(),
  }),
  z.object({ type: z.literal("pair"), left: z.string().max(200), right: z.string().max(200), bold: z.boolean() }),
  z.object({ type: z.literal("rule") }),
  z.object({ type: z.literal("qr"), data: z.string().min(1).max(1_000) }),
  z.object({ type: z.literal("feed"), lines: z.int().min(1).max(20) }),
]);

/** The native form of our receipt printers: what Printer.PrintNative carries in `data`, as UTF-8 JSON in Base64. */
export const Receipt = z.object({ lines: z.array(Line).min(1).max(500) });
export type Receipt = z.infer<typeof Receipt>;

/** `data` of Printer.PrintNative for a receipt. */
export function receiptData(receipt: ReceiptDocument): string {
  return toBase64(Buffer.from(JSON.stringify(receipt), "utf8"));
}

/** `data` of Printer.PrintNative for a page printer. */
export function pdfData(pdf: Uint8Array): string {
  return toBase64(pdf);
}
