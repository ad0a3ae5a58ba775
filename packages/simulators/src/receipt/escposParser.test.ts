import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { createEscposParser } from "./escposParser.ts";

const bytes = (...parts: (number[] | string)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === "string" ? iconv.encode(part, "gb18030") : Buffer.from(part))));
const lf = [0x0a];

test("the paper shows what a customer would read: alignment, bold, size, Chinese, minority and rare characters", () => {
  const job = bytes(
    [0x1b, 0x40],
    [0x1b, 0x61, 1],
    [0x1b, 0x45, 1],
    [0x1d, 0x21, 0x11],
    "国网电力",
    lf,
    [0x1b, 0x40],
    "阿依·𠮷 ¥12",
    lf,
  );
  const steps = createEscposParser().push(job);
  expect(steps.filter(({ type }) => type === "line")).toEqual([
    { type: "line", line: { type: "text", text: "国网电力", align: "centre", bold: true, large: true } },
    { type: "line", line: { type: "text", text: "阿依·𠮷 ¥12", align: "left", bold: false, large: false } },
  ]);
});

test("a job in any pieces prints the same as in one", () => {
  const qr = Buffer.from("https://95598.example/户号", "utf8");
  const job = bytes(
    [0x1b, 0x40],
    "电费",
    lf,
    [0x1d, 0x28, 0x6b, qr.length + 3, 0, 0x31, 0x50, 0x30, ...qr],
    [0x1d, 0x28, 0x6b, 3, 0, 0x31, 0x51, 0x30],
    [0x1b, 0x64, 3],
    [0x1d, 0x56, 0x42, 0],
    [0x1d, 0x28, 0x48, 6, 0, 0x30, 0x30, 0x30, 0x30, 0x34, 0x32],
  );
  const whole = createEscposParser().push(job);
  const parser = createEscposParser();
  expect([...job].flatMap((byte) => parser.push(Buffer.from([byte])))).toEqual(whole);
  expect(whole.slice(2)).toEqual([
    { type: "line", line: { type: "qr", data: "https://95598.example/户号" } },
    { type: "line", line: { type: "feed", lines: 3 } },
    { type: "cut" },
    { type: "echo", id: "0042" },
  ]);
});
