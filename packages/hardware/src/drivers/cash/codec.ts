import { type AcceptorEvent, type CashUnitState, DeviceError } from "../contracts.ts";
import { type ByteReader, concat, readBytes, text, u16, u32, u8 } from "../hx/bytes.ts";

/** Command bytes of CASH.md. */
export const cashCommands = {
  units: 0x11,
  escrow: 0x12,
  enable: 0x13,
  disable: 0x14,
  poll: 0x15,
  counters: 0x16,
  stack: 0x20,
  return: 0x21,
  dispense: 0x22,
  setUnits: 0x23,
  reset: 0x24,
} as const;

export const newestOnly = 0xffff_ffff;

const roles: readonly CashUnitState["role"][] = ["cashIn", "cashOut", "recycle", "reject", "retract"];
const places = ["entry", "escrow", "stacker", "dispenser"] as const;
const refusals = ["unrecognised", "counterfeit", "disabled-denomination", "escrow-busy", "full"] as const;

const named = <T>(names: readonly T[], code: number, what: string): T => {
  const name = names[code];
  if (name === undefined) throw new DeviceError("protocol", `cash: unknown ${what} ${code}`);
  return name;
};

export const encodeAmounts = (denominationsFen: readonly number[]): Uint8Array =>
  concat(u8(denominationsFen.length), ...denominationsFen.map(u32));

export const encodeCounts = (units: readonly { unitId: string; count: number }[]): Uint8Array =>
  concat(u8(units.length), ...units.flatMap(({ unitId, count }) => [text(unitId), u16(count)]));

export const decodeCounts = (reader: ByteReader): { unitId: string; count: number }[] =>
  Array.from({ length: reader.u8() }, () => ({ unitId: reader.text(), count: reader.u16() }));

export const decodeUnits = (reader: ByteReader): CashUnitState[] =>
  Array.from({ length: reader.u8() }, () => {
    const unitId = reader.text();
    const role = named(roles, reader.u8(), "unit role");
    const denominationFen = reader.u32();
    return {
      unitId,
      role,
      denominationFen: denominationFen === 0 ? null : denominationFen,
      isCoin: reader.u8() === 1,
      count: reader.u16(),
      capacity: reader.u16(),
      lowThreshold: reader.u16(),
      highThreshold: reader.u16(),
    };
  });

export const decodeEscrow = (reader: ByteReader): { denominationFen: number; noteId: string } | null => {
  const present = reader.u8() === 1;
  const note = { denominationFen: reader.u32(), noteId: reader.text() };
  return present ? note : null;
};

export interface CashPoll {
  enabled: boolean;
  safeDoorOpen: boolean;
  noteInEscrow: boolean;
  jammed: boolean;
  last: number;
  events: AcceptorEvent[];
}

export const decodePoll = (reader: ByteReader): CashPoll => {
  const flags = reader.u8();
  const jammed = reader.u8() !== 0;
  const last = reader.u32();
  const events = Array.from({ length: reader.u8() }, () => {
    reader.u32();
    return decodeEvent(reader.u8(), readBytes(reader.bytes(reader.u8())));
  });
  return {
    enabled: (flags & 1) !== 0,
    safeDoorOpen: (flags & 2) !== 0,
    noteInEscrow: (flags & 4) !== 0,
    jammed,
    last,
    events,
  };
};

const decodeEvent = (type: number, payload: ByteReader): AcceptorEvent => {
  switch (type) {
    case 1:
      return { type: "note-escrowed", denominationFen: payload.u32(), noteId: payload.text() };
    case 2:
      return { type: "note-refused", reason: named(refusals, payload.u8() - 1, "refusal") };
    case 3:
      return { type: "note-returned", denominationFen: payload.u32() };
    case 4:
      return { type: "jam", where: named(places, payload.u8() - 1, "jam place") };
    case 5:
      return { type: "jam-cleared" };
    case 6:
      return { type: "door", open: payload.u8() === 1 };
    case 7:
      return { type: "units-changed" };
    default:
      throw new DeviceError("protocol", `cash: unknown event type ${type}`);
  }
};
