/** Reads the big-endian fields of an answer in order; a field beyond the end is a RangeError. */
export interface ByteReader {
  u8: () => number;
  u16: () => number;
  u32: () => number;
  u64: () => bigint;
  bytes: (length: number) => Uint8Array;
  /** A length byte followed by so many ASCII characters. */
  text: () => string;
  rest: () => Uint8Array;
  left: () => number;
}

export const readBytes = (data: Uint8Array): ByteReader => {
  const view = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  let at = 0;
  const take = (length: number): number => {
    const from = at;
    if (from + length > view.length)
      throw new RangeError(`answer too short: ${view.length} bytes, ${from + length} wanted`);
    at += length;
    return from;
  };
  const bytes = (length: number): Uint8Array => {
    const from = take(length);
    return Uint8Array.from(view.subarray(from, from + length));
  };
  const u8 = (): number => view.readUInt8(take(1));
  return {
    u8,
    u16: () => view.readUInt16BE(take(2)),
    u32: () => view.readUInt32BE(take(4)),
    u64: () => view.readBigUInt64BE(take(8)),
    bytes,
    text: () => Buffer.from(bytes(u8())).toString("latin1"),
    rest: () => bytes(view.length - at),
    left: () => view.length - at,
  };
};

export const u8 = (value: number): Uint8Array => Uint8Array.of(value);

export const u16 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};

export const u32 = (value: number): Uint8Array => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A length byte followed by the ASCII characters. */
export const text = (value: string): Uint8Array => {
  const bytes = Buffer.from(value, "latin1");
  return Buffer.concat([u8(bytes.length), bytes]);
};

export const concat = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts));
