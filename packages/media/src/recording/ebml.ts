/** EBML elements (RFC 8794) as Matroska/WebM writes them (RFC 9559). Ids carry their length marker. */
export const ID = {
  ebml: 0x1a45dfa3,
  segment: 0x18538067,
  seekHead: 0x114d9b74,
  seek: 0x4dbb,
  seekId: 0x53ab,
  seekPosition: 0x53ac,
  void: 0xec,
  info: 0x1549a966,
  duration: 0x4489,
  tracks: 0x1654ae6b,
  cluster: 0x1f43b675,
  timestamp: 0xe7,
  simpleBlock: 0xa3,
  cues: 0x1c53bb6b,
  cuePoint: 0xbb,
  cueTime: 0xb3,
  cueTrackPositions: 0xb7,
  cueTrack: 0xf7,
  cueClusterPosition: 0xf1,
} as const;

/** Eight bytes that say "until the end of the file". */
export const UNKNOWN_SIZE = Buffer.from([0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);

export function idBytes(id: number): Buffer {
  const length = id > 0xffffff ? 4 : id > 0xffff ? 3 : id > 0xff ? 2 : 1;
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(id, 0, length);
  return bytes;
}

/** A size in as few bytes as it needs, or in exactly `length`. */
export function sizeBytes(size: number, length?: number): Buffer {
  let bytes = length ?? 1;
  if (length === undefined) while (size >= 2 ** (7 * bytes) - 1) bytes += 1;
  const result = Buffer.alloc(bytes);
  let rest = size;
  for (let at = bytes - 1; at >= 0; at -= 1) {
    result[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  result[0] = (result[0] ?? 0) | (1 << (8 - bytes));
  return result;
}

export function element(id: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([idBytes(id), sizeBytes(body.length), body]);
}

export function uint(id: number, value: number): Buffer {
  let length = 1;
  while (value >= 256 ** length) length += 1;
  const body = Buffer.alloc(length);
  let rest = value;
  for (let at = length - 1; at >= 0; at -= 1) {
    body[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
  return element(id, body);
}

export function float(id: number, value: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeDoubleBE(value);
  return element(id, body);
}

export function text(id: number, value: string): Buffer {
  return element(id, Buffer.from(value, "utf8"));
}

/** Filler of exactly `total` bytes, 2 at least. */
export function filler(total: number): Buffer {
  const sized = total - 2 < 127 ? sizeBytes(total - 2, 1) : sizeBytes(total - 9, 8);
  return Buffer.concat([idBytes(ID.void), sized, Buffer.alloc(total - 1 - sized.length)]);
}

export interface ElementHead {
  readonly id: number;
  /** −1 where it is unknown. */
  readonly size: number;
  readonly headBytes: number;
}

/** Null where the bytes at hand do not hold a whole head. */
export function readHead(bytes: Buffer, at: number): ElementHead | null {
  const idLength = leadingLength(bytes[at]);
  if (idLength === 0 || idLength > 4 || at + idLength >= bytes.length) return null;
  const id = bytes.readUIntBE(at, idLength);
  const sizeLength = leadingLength(bytes[at + idLength]);
  if (sizeLength === 0 || at + idLength + sizeLength > bytes.length) return null;
  let size = (bytes[at + idLength] ?? 0) & ((1 << (8 - sizeLength)) - 1);
  let unknown = size === (1 << (8 - sizeLength)) - 1;
  for (let index = 1; index < sizeLength; index += 1) {
    const byte = bytes[at + idLength + index] ?? 0;
    unknown &&= byte === 0xff;
    size = size * 256 + byte;
  }
  return { id, size: unknown ? -1 : size, headBytes: idLength + sizeLength };
}

function leadingLength(byte: number | undefined): number {
  return byte === undefined || byte === 0 ? 0 : Math.clz32(byte) - 23;
}
