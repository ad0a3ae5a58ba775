import { expect, test } from "vitest";
import { crcOf, createRequestReader, encodeAnswer, type HxRequest } from "./frame.ts";

const frame = (command: number, data: Uint8Array): Buffer => {
  // A request is framed as an answer is, but for the top bit of the command.
  const bytes = encodeAnswer({ address: 2, seq: 9, command, data: Buffer.alloc(0), raw: Buffer.alloc(0) }, data);
  const body = Buffer.from(bytes.subarray(1, -3));
  body[2] = command;
  const crc = crcOf(body);
  return Buffer.concat([Buffer.from([2]), body, Buffer.from([crc >> 8, crc & 0xff, 3])]);
};
const collect = () => {
  const found: HxRequest[] = [];
  let now = 1_000;
  const read = createRequestReader(
    (request) => found.push(request),
    () => now,
  );
  return { found, read, later: (ms: number) => (now += ms) };
};

test("the CRC is that of the page: 123456789 gives 29B1", () => {
  expect(crcOf(Buffer.from("123456789"))).toBe(0x29b1);
});

test("requests are found byte by byte, several at once, and behind noise", () => {
  const { found, read } = collect();
  const bytes = Buffer.concat([
    Buffer.from([0x55, 0x7f]),
    frame(0x11, Buffer.from([2, 3, 2])),
    frame(0x12, Buffer.alloc(0)),
  ]);
  for (const byte of bytes) read(Buffer.from([byte]));
  expect(found.map(({ command, data }) => [command, [...data]])).toEqual([
    [0x11, [2, 3, 2]],
    [0x12, []],
  ]);
});

test("noise that looks like the head of a long request costs one pause, not the next request", () => {
  const { found, read, later } = collect();
  read(Buffer.from([0x02, 0x7f, 0x01, 0x01, 0x0f, 0xff]));
  later(150);
  read(frame(0x11, Buffer.alloc(0)));
  expect(found).toHaveLength(1);
});

test("a half request is dropped after a pause, and one with a wrong checksum never acted on", () => {
  const { found, read, later } = collect();
  const whole = frame(0x20, Buffer.from([1, 2, 3, 4]));
  read(whole.subarray(0, 7));
  later(150);
  read(whole);
  const wrong = Buffer.from(whole);
  wrong[7] = 0xff;
  read(wrong);
  expect(found).toHaveLength(1);
});
