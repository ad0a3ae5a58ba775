import type { Splitter } from "../line/exchange.ts";

/**
 * Frames of the SDT serial protocol (the Ministry of Public Security's SAM module in every resident-ID reader):
 * request `AA AA AA 96 69 | length | command parameter data | XOR`, answer `AA AA AA 96 69 | length | 00 00 SW3 | data | XOR`.
 * The length counts everything behind it, the XOR covers everything from the length to the byte before it.
 */
export interface SdtAnswer {
  status: number;
  data: Uint8Array;
}

export const sdtStatus = { found: 0x9f, ok: 0x90, noCard: 0x80, selectFailed: 0x81, readFailed: 0x41 } as const;

export const sdtCommands = {
  status: [0x11, 0xff],
  find: [0x20, 0x01],
  select: [0x20, 0x02],
  read: [0x30, 0x01],
} as const;

const preamble = Buffer.from([0xaa, 0xaa, 0xaa, 0x96, 0x69]);
/** The longest answer is a card with text, photo and fingerprint. */
const maxLength = 4096;

const xor = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum ^ byte, 0);

export const encodeSdtRequest = (command: readonly number[]): Uint8Array => {
  const body = Buffer.from([0, command.length + 1, ...command]);
  return Buffer.concat([preamble, body, Buffer.from([xor(body)])]);
};

export const createSdtSplitter = (): Splitter<SdtAnswer> => {
  let buffer = Buffer.alloc(0);
  return {
    reset: () => {
      buffer = Buffer.alloc(0);
    },
    push: (bytes) => {
      buffer = Buffer.concat([buffer, bytes]);
      const frames: (SdtAnswer | "bad")[] = [];
      for (;;) {
        const start = buffer.indexOf(preamble);
        if (start < 0) {
          // Keep what may be the beginning of a preamble.
          buffer = buffer.subarray(Math.max(0, buffer.length - preamble.length + 1));
          return frames;
        }
        buffer = buffer.subarray(start);
        if (buffer.length < preamble.length + 2) return frames;
        const length = buffer.readUInt16BE(preamble.length);
        if (length < 4 || length > maxLength) {
          frames.push("bad");
          buffer = buffer.subarray(1);
          continue;
        }
        const end = preamble.length + 2 + length;
        if (buffer.length < end) return frames;
        const body = buffer.subarray(preamble.length, end - 1);
        frames.push(
          xor(body) === buffer[end - 1] ? { status: body.readUInt8(4), data: new Uint8Array(body.subarray(5)) } : "bad",
        );
        buffer = buffer.subarray(end);
      }
    },
  };
};
