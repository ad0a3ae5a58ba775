import { expect, test } from "vitest";
import { createEscposSplitter, statusOfAsb, statusOfRealTime } from "./escposAnswers.ts";

test("the three kinds of answers are told apart in any pieces", () => {
  const bytes = [0x12, 0x18, 0x00, 0x0c, 0x02, 0x37, 0x22, 0x30, 0x30, 0x34, 0x32, 0x00, 0x7e];
  const splitter = createEscposSplitter();
  const answers = bytes.flatMap((byte) => splitter.push(Uint8Array.of(byte)));
  expect(answers).toEqual([
    { type: "realTime", byte: 0x12 },
    { type: "asb", bytes: [0x18, 0x00, 0x0c, 0x02] },
    { type: "echo", id: "0042" },
    { type: "realTime", byte: 0x7e },
  ]);
});

test("a broken answer costs itself only", () => {
  const splitter = createEscposSplitter();
  const halfAsb = [0x10, 0x00];
  const halfEcho = [0x37, 0x22, 0x30];
  expect(splitter.push(Uint8Array.from([...halfAsb, 0x12]))).toEqual([{ type: "realTime", byte: 0x12 }]);
  const echo = [0x37, 0x22, 0x30, 0x30, 0x30, 0x31, 0x00];
  expect(splitter.push(Uint8Array.from([...halfEcho, ...echo, ...echo]))).toContainEqual({ type: "echo", id: "0001" });
});

test("both kinds of status say the same", () => {
  expect(statusOfAsb([0x10, 0, 0, 0])).toEqual(statusOfRealTime([0x12, 0x12, 0x12, 0x12], false));
  expect(statusOfAsb([0x38, 0x04, 0x0f, 0x02])).toMatchObject({ paper: "jammed", cover: "open", mediaPresent: true });
  expect(statusOfRealTime([0x1a, 0x36, 0x12, 0x7e], true)).toMatchObject({
    paper: "out",
    cover: "open",
    mediaPresent: true,
  });
  expect(statusOfRealTime([0x12, 0x12, 0x12, 0x1e], false).paper).toBe("low");
});
