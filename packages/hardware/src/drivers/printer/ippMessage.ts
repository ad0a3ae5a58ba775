/**
 * IPP/1.1–2.0 messages (RFC 8010): the few value types that a printing client needs. Values that we do not know are kept as
 * raw bytes, so that a printer's private attributes never stop us from reading the rest.
 */
export type IppValue = number | boolean | string | Uint8Array;
export interface IppGroup {
  tag: number;
  attributes: Map<string, IppValue[]>;
}
export interface IppMessage {
  /** Operation in a request, status code in an answer. */
  code: number;
  requestId: number;
  groups: IppGroup[];
}

export const ippGroups = { operation: 0x01, job: 0x02, printer: 0x04 } as const;
export const ippOperations = {
  printJob: 0x0002,
  cancelJob: 0x0008,
  getJobAttributes: 0x0009,
  getPrinterAttributes: 0x000b,
} as const;

const endOfAttributes = 0x03;
export const ippTypes = {
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
export type IppAttribute = readonly [
  name: string,
  type: keyof typeof ippTypes,
  ...values: (string | number | boolean)[],
];

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16BE(value);
  return bytes;
};

const encodeValue = (type: keyof typeof ippTypes, value: string | number | boolean): Buffer => {
  if (typeof value === "boolean") return Buffer.from([value ? 1 : 0]);
  if (typeof value === "string") return Buffer.from(value, "utf8");
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};

const encodeAttribute = ([name, type, ...values]: IppAttribute): Buffer =>
  Buffer.concat(
    values.flatMap((value, index) => {
      const nameBytes = Buffer.from(index === 0 ? name : "", "ascii");
      const valueBytes = encodeValue(type, value);
      return [Buffer.from([ippTypes[type]]), u16(nameBytes.length), nameBytes, u16(valueBytes.length), valueBytes];
    }),
  );

export interface IppRequestGroup {
  tag: number;
  attributes: readonly IppAttribute[];
}

/** @param groups in order; operation attributes first, charset and language at their head as RFC 8011 demands. */
export const encodeIppRequest = (
  operation: number,
  requestId: number,
  groups: readonly IppRequestGroup[],
  document: Uint8Array = new Uint8Array(),
): Uint8Array => {
  const head = Buffer.alloc(8);
  head.writeUInt16BE(0x0200, 0);
  head.writeUInt16BE(operation, 2);
  head.writeUInt32BE(requestId, 4);
  const body = groups.flatMap(({ tag, attributes }) => [Buffer.from([tag]), ...attributes.map(encodeAttribute)]);
  return Buffer.concat([head, ...body, Buffer.from([endOfAttributes]), document]);
};

const decodeValue = (type: number, bytes: Buffer): IppValue => {
  if ((type === ippTypes.integer || type === ippTypes.enum) && bytes.length === 4) return bytes.readInt32BE(0);
  if (type === ippTypes.boolean && bytes.length === 1) return bytes[0] === 1;
  if (type >= 0x40 && type <= 0x4f) return bytes.toString("utf8");
  return Uint8Array.from(bytes);
};

/** @throws RangeError when the message ends in the middle of an attribute. */
export const decodeIppMessage = (bytes: Uint8Array): IppMessage => {
  const view = Buffer.from(bytes);
  const message: IppMessage = { code: view.readUInt16BE(2), requestId: view.readUInt32BE(4), groups: [] };
  let at = 8;
  const take = (length: number): Buffer => {
    if (at + length > view.length) throw new RangeError("IPP message ends in the middle of an attribute");
    at += length;
    return view.subarray(at - length, at);
  };
  let values: IppValue[] = [];
  for (;;) {
    const tag = take(1).readUInt8(0);
    if (tag === endOfAttributes) return message;
    if (tag < 0x10) {
      message.groups.push({ tag, attributes: new Map() });
      continue;
    }
    const name = take(take(2).readUInt16BE(0)).toString("ascii");
    const value = decodeValue(tag, take(take(2).readUInt16BE(0)));
    // A value without a name is a further value of the attribute before it.
    if (name !== "") {
      values = [];
      message.groups.at(-1)?.attributes.set(name, values);
    }
    values.push(value);
  }
};

export const ippStrings = (message: IppMessage, name: string): string[] =>
  message.groups.flatMap(({ attributes }) => attributes.get(name) ?? []).filter((value) => typeof value === "string");

export const ippNumber = (message: IppMessage, name: string): number | null => {
  for (const { attributes } of message.groups) {
    const value = attributes.get(name)?.[0];
    if (typeof value === "number") return value;
  }
  return null;
};
