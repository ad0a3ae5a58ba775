import iconv from "iconv-lite";
import type { ReceiptDocument, ReceiptLine } from "../contracts.ts";

/** Bytes of ESCPOS.md. */
export const escpos = {
  start: [0x1b, 0x40, 0x1d, 0x61, 0xff, 0x1c, 0x26],
  enableAsb: [0x1d, 0x61, 0xff],
  cut: [0x1d, 0x56, 0x42, 0x00],
  clearBuffers: [0x10, 0x14, 0x08, 0x01, 0x03, 0x14, 0x01, 0x06, 0x02, 0x08],
  realTimeStatus: (n: 1 | 2 | 3 | 4) => [0x10, 0x04, n],
  echo: (id: string) => [0x1d, 0x28, 0x48, 0x06, 0x00, 0x30, 0x30, ...Buffer.from(id, "latin1")],
} as const;

const alignments = { left: 0, centre: 1, right: 2 } as const;
const lf = 0x0a;

/** A Chinese character takes two columns of the paper. */
export const columnsOf = (text: string): number => {
  let columns = 0;
  for (const char of text) columns += (char.codePointAt(0) ?? 0) < 0x80 ? 1 : 2;
  return columns;
};

/** Customers' data must never become printer commands: control characters are dropped. */
const printable = (text: string): string => text.replace(/\p{Cc}/gu, "");

/** Breaks text into lines of at most `width` columns. */
export const wrap = (text: string, width: number): string[] => {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const char of text) {
    const columns = columnsOf(char);
    if (used + columns > width) {
      lines.push(line);
      line = "";
      used = 0;
    }
    line += char;
    used += columns;
  }
  return [...lines, line];
};

const pairLines = (left: string, right: string, width: number): string[] => {
  const gap = width - columnsOf(left) - columnsOf(right);
  if (gap >= 1) return [left + " ".repeat(gap) + right];
  // Too long for one line: the right part stands by itself, flush right.
  return [...wrap(left, width), ...wrap(right, width).map((part) => " ".repeat(width - columnsOf(part)) + part)];
};

const encodeText = (lines: readonly string[]): number[] =>
  lines.flatMap((line) => [...iconv.encode(line, "gb18030"), lf]);

const style = (align: keyof typeof alignments, bold: boolean, large: boolean): number[] =>
  [
    [0x1b, 0x61, alignments[align]],
    [0x1b, 0x45, bold ? 1 : 0],
    [0x1d, 0x21, large ? 0x11 : 0x00],
  ].flat();

const encodeQr = (data: string): number[] => {
  const content = Buffer.from(data, "utf8");
  const length = content.length + 3;
  return [
    style("centre", false, false),
    [0x1d, 0x28, 0x6b, 4, 0, 0x31, 0x41, 0x32, 0x00], // model 2
    [0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x43, 0x06], // module of 6 dots
    [0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x45, 0x31], // error correction M
    [0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30, ...content],
    [0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30], // print
  ].flat();
};

const encodeLine = (line: ReceiptLine, columns: number): number[] => {
  switch (line.type) {
    case "text": {
      const large = line.size === "large";
      const lines = wrap(printable(line.text), large ? Math.floor(columns / 2) : columns);
      return [...style(line.align, line.bold, large), ...encodeText(lines)];
    }
    case "pair":
      return [
        ...style("left", line.bold, false),
        ...encodeText(pairLines(printable(line.left), printable(line.right), columns)),
      ];
    case "rule":
      return [...style("left", false, false), ...encodeText(["-".repeat(columns)])];
    case "qr":
      return encodeQr(line.data);
    case "feed":
      return [0x1b, 0x64, Math.min(255, Math.max(0, Math.trunc(line.lines)))];
    default:
      return line satisfies never;
  }
};

/** What a receipt puts on the paper; cutting it and the echo that proves it printed are apart. */
export const encodeReceipt = (receipt: ReceiptDocument, columns: number): Uint8Array =>
  Uint8Array.from([...escpos.start, ...receipt.lines.flatMap((line) => encodeLine(line, columns))]);
