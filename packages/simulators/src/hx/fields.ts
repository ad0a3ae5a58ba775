/** Reads the fields of a request's data; beyond the end it throws, which the link answers with status 01. */
export const fieldsOf = (data: Buffer) => {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > data.length) throw new RangeError("request too short");
    at += length;
    return data.subarray(at - length, at);
  };
  return {
    u8: () => take(1).readUInt8(0),
    u16: () => take(2).readUInt16BE(0),
    u32: () => take(4).readUInt32BE(0),
    bytes: (length: number) => take(length),
    text: () => take(take(1).readUInt8(0)).toString("latin1"),
    rest: () => take(data.length - at),
  };
};
export type Fields = ReturnType<typeof fieldsOf>;

/** Builds the data of an answer. */
export const pack = (
  ...parts: readonly (readonly [
    "u8" | "u16" | "u32" | "u64" | "text" | "bytes",
    number | bigint | string | Uint8Array,
  ])[]
): Buffer =>
  Buffer.concat(
    parts.map(([type, value]) => {
      const out = Buffer.alloc(8);
      if (typeof value === "string") return Buffer.concat([Buffer.from([value.length]), Buffer.from(value, "latin1")]);
      if (typeof value === "object") return Buffer.from(value);
      if (type === "u64") return (out.writeBigUInt64BE(BigInt(value)), out);
      const length = { u8: 1, u16: 2, u32: 4, text: 0, bytes: 0 }[type];
      out.writeUIntBE(Number(value), 0, length);
      return out.subarray(0, length);
    }),
  );
