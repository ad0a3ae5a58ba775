import type { Splitter } from "../line/exchange.ts";

/** One frame of the HX link, see HX-LINK.md. */
export interface HxFrame {
  address: number;
  seq: number;
  command: number;
  data: Uint8Array;
}

const stx = 0x02;
const etx = 0x03;
const headLength = 6;
const overhead = headLength + 3;
const maxData = 4096;

/** CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF. */
export const crc16 = (bytes: Uint8Array): number => {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) === 0 ? (crc << 1) & 0xffff : ((crc << 1) ^ 0x1021) & 0xffff;
  }
  return crc;
};

export const encodeHxFrame = (frame: HxFrame): Uint8Array => {
  if (frame.data.length > maxData)
    throw new RangeError(`HX frame: ${frame.data.length} bytes of data, at most ${maxData}`);
  const bytes = Buffer.alloc(overhead + frame.data.length);
  bytes[0] = stx;
  bytes[1] = frame.address;
  bytes[2] = frame.seq;
  bytes[3] = frame.command;
  bytes.writeUInt16BE(frame.data.length, 4);
  bytes.set(frame.data, headLength);
  bytes.writeUInt16BE(crc16(bytes.subarray(1, headLength + frame.data.length)), headLength + frame.data.length);
  bytes[bytes.length - 1] = etx;
  return bytes;
};

export const createHxSplitter = (): Splitter<HxFrame> => {
  let buffer = Buffer.alloc(0);
  return {
    reset: () => {
      buffer = Buffer.alloc(0);
    },
    push: (bytes) => {
      buffer = Buffer.concat([buffer, bytes]);
      const frames: (HxFrame | "bad")[] = [];
      for (;;) {
        const start = buffer.indexOf(stx);
        if (start < 0) {
          buffer = Buffer.alloc(0);
          return frames;
        }
        buffer = buffer.subarray(start);
        if (buffer.length < headLength) return frames;
        const length = buffer.readUInt16BE(4);
        if (length <= maxData && buffer.length < overhead + length) return frames;
        const end = headLength + length;
        if (
          length <= maxData &&
          buffer[end + 2] === etx &&
          buffer.readUInt16BE(end) === crc16(buffer.subarray(1, end))
        ) {
          frames.push({
            address: buffer.readUInt8(1),
            seq: buffer.readUInt8(2),
            command: buffer.readUInt8(3),
            data: new Uint8Array(buffer.subarray(headLength, end)),
          });
          buffer = buffer.subarray(overhead + length);
        } else {
          frames.push("bad");
          buffer = buffer.subarray(1);
        }
      }
    },
  };
};
