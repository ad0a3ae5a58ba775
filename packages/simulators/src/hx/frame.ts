/**
 * The device's side of the HX link (packages/hardware/src/drivers/hx/HX-LINK.md), written from that page and not from the
 * driver, so that the two prove each other.
 */
export interface HxRequest {
  address: number;
  seq: number;
  command: number;
  data: Buffer;
  raw: Buffer;
}

const crcTable = Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  return crc;
});

export const crcOf = (bytes: Uint8Array): number => {
  let crc = 0xffff;
  for (const byte of bytes) crc = ((crc << 8) ^ (crcTable[(crc >> 8) ^ byte] ?? 0)) & 0xffff;
  return crc;
};

export const encodeAnswer = (request: HxRequest, data: Uint8Array): Buffer => {
  const head = Buffer.from([
    request.address,
    request.seq,
    request.command | 0x80,
    data.length >> 8,
    data.length & 0xff,
  ]);
  const body = Buffer.concat([head, data]);
  const crc = crcOf(body);
  return Buffer.concat([Buffer.from([0x02]), body, Buffer.from([crc >> 8, crc & 0xff, 0x03])]);
};

/** Collects requests; a half one is dropped after 100 ms of silence. */
export const createRequestReader = (onRequest: (request: HxRequest) => void, now: () => number) => {
  let buffer = Buffer.alloc(0);
  let lastAt = 0;
  return (bytes: Uint8Array): void => {
    const at = now();
    if (at - lastAt > 100) buffer = Buffer.alloc(0);
    lastAt = at;
    buffer = Buffer.concat([buffer, bytes]);
    while (buffer.length > 0) {
      const start = buffer.indexOf(0x02);
      if (start < 0) return void (buffer = Buffer.alloc(0));
      buffer = buffer.subarray(start);
      if (buffer.length < 6) return;
      const length = buffer.readUInt16BE(4);
      const total = 9 + length;
      if (length > 4096) {
        buffer = buffer.subarray(1);
        continue;
      }
      if (buffer.length < total) return;
      const sound =
        buffer[total - 1] === 0x03 && buffer.readUInt16BE(total - 3) === crcOf(buffer.subarray(1, total - 3));
      if (!sound) {
        buffer = buffer.subarray(1);
        continue;
      }
      const raw = Buffer.from(buffer.subarray(0, total));
      buffer = buffer.subarray(total);
      onRequest({
        address: raw.readUInt8(1),
        seq: raw.readUInt8(2),
        command: raw.readUInt8(3),
        data: raw.subarray(6, total - 3),
        raw,
      });
    }
  };
};
