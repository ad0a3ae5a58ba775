import iconv from "iconv-lite";
import { expect, test } from "vitest";
import { columnsOf, encodeReceipt, wrap } from "./escposCodec.ts";

const bytesOf = (lines: Parameters<typeof encodeReceipt>[0]["lines"], columns = 48): Buffer =>
  Buffer.from(encodeReceipt({ lines }, columns));
test("a Chinese character takes two columns", () => {
  expect(columnsOf("电费 83.27")).toBe(10);
  expect(wrap("国网天津市电力公司", 8)).toEqual(["国网天津", "市电力公", "司"]);
});

test("a pair fills the line to its last column, and takes two lines when it is too long for one", () => {
  const linesOf = (left: string, right: string) =>
    iconv.decode(bytesOf([{ type: "pair", left, right, bold: false }], 24), "gb18030").split("\n");
  expect(linesOf("金额", "83.27元")[0]).toMatch(/金额 {13}83\.27元$/u);
  const [first, second, third] = linesOf("用电地址", "天津河西区友谊路31号5门402室");
  expect(first).toMatch(/用电地址$/u);
  expect([second, third].map((line) => columnsOf(line ?? ""))).toEqual([24, 24]);
  expect([second, third?.trimStart()]).toEqual(["天津河西区友谊路31号5门4", "02室"]);
});

test("[T4] what customers typed cannot become printer commands", () => {
  const evil = "王\u001d\u0056\u0000\u0010\u0004\u0001小明\u001b@";
  const bytes = bytesOf([{ type: "text", text: evil, align: "left", size: "normal", bold: false }]);
  const plain = bytesOf([{ type: "text", text: "王V小明@", align: "left", size: "normal", bold: false }]);
  expect(bytes.equals(plain)).toBe(true);
});

test("a QR code carries its bytes with their length", () => {
  const data = "https://95598.example/户号/" + "1".repeat(300);
  const bytes = bytesOf([{ type: "qr", data }]);
  const length = Buffer.byteLength(data) + 3;
  const head = Buffer.from([0x1d, 0x28, 0x6b, length & 0xff, length >> 8, 0x31, 0x50, 0x30]);
  expect(bytes.includes(Buffer.concat([head, Buffer.from(data)]))).toBe(true);
});
