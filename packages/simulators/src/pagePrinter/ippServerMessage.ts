/** A responder's half of RFC 8010, written apart from the driver's so that the two prove each other. */
export type Attribute = readonly [tag: number, name: string, values: readonly (number | boolean | string)[]];
export interface IppRequest {
  operation: number;
  requestId: number;
  /** All attributes of the request by name; values as text or number. */
  attributes: ReadonlyMap<string, readonly (string | number)[]>;
  document: Buffer;
}

export const tags = {
  operationGroup: 0x01,
  jobGroup: 0x02,
  end: 0x03,
  printerGroup: 0x04,
  integer: 0x21,
  boolean: 0x22,
  enum: 0x23,
  text: 0x41,
  name: 0x42,
  keyword: 0x44,
  uri: 0x45,
  charset: 0x47,
  language: 0x48,
  mimeType: 0x49,
} as const;

export const parseRequest = (bytes: Buffer): IppRequest => {
  const attributes = new Map<string, (string | number)[]>();
  let last: (string | number)[] = [];
  let at = 8;
  for (;;) {
    const tag = bytes.readUInt8(at);
    at++;
    if (tag === tags.end) break;
    if (tag < 0x10) continue;
    const nameEnd = at + 2 + bytes.readUInt16BE(at);
    const name = bytes.toString("ascii", at + 2, nameEnd);
    const valueEnd = nameEnd + 2 + bytes.readUInt16BE(nameEnd);
    const value = bytes.subarray(nameEnd + 2, valueEnd);
    at = valueEnd;
    if (name !== "") attributes.set(name, (last = []));
    last.push(tag === tags.integer || tag === tags.enum ? value.readInt32BE(0) : value.toString("utf8"));
  }
  return {
    operation: bytes.readUInt16BE(2),
    requestId: bytes.readUInt32BE(4),
    attributes,
    document: bytes.subarray(at),
  };
};

const field = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

const valueOf = (value: number | boolean | string): Buffer => {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (typeof value === "boolean") return Buffer.from([value ? 1 : 0]);
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const encode = ([tag, name, values]: Attribute): Buffer =>
  Buffer.concat(
    values.flatMap((value, index) => [
      Buffer.from([tag]),
      field(Buffer.from(index === 0 ? name : "")),
      field(valueOf(value)),
    ]),
  );

export const encodeResponse = (
  status: number,
  requestId: number,
  groups: readonly (readonly [tag: number, attributes: readonly Attribute[]])[] = [],
): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x0200, 0);
  head.writeUInt16BE(status, 2);
  head.writeUInt32BE(requestId, 4);
  const operation: readonly Attribute[] = [
    [tags.charset, "attributes-charset", ["utf-8"]],
    [tags.language, "attributes-natural-language", ["en"]],
  ];
  const all = [[tags.operationGroup, operation] as const, ...groups];
  return Buffer.concat([
    head,
    ...all.flatMap(([tag, attributes]) => [Buffer.from([tag]), ...attributes.map(encode)]),
    Buffer.from([tags.end]),
  ]);
};
