import { pack } from "../hx/fields.ts";
import { createHxProgram, type HxAnswer, type HxCommand, hxStatus } from "../hx/program.ts";
import type { Program, Wire } from "../wire/device.ts";
import { type Person, photoOf } from "./persons.ts";
import type { CardField } from "./sdt.ts";

const tlv = (person: Person): Buffer => {
  const { name, sexCode, ethnicityCode, birthDate, address, idNumber, issuer, validFrom, validTo } = person;
  const values = [name, sexCode, ethnicityCode, birthDate, address, idNumber, issuer, validFrom, validTo];
  return Buffer.concat(
    values.map((value, index) => {
      const bytes = Buffer.from(value, "utf8");
      return pack(["u8", index + 1], ["u16", bytes.length], ["bytes", bytes]);
    }),
  );
};

/** The second dialect, written from HX-ID.md. */
export const createHxIdProgram = (wire: Wire, field: CardField, onError: (error: unknown) => void): Program => {
  let selected: Person | null = null;
  const presence = (): number => {
    const lying = field.lying();
    return lying === null ? 0 : lying === selected ? 2 : 1;
  };
  const select = async (): Promise<HxAnswer> => {
    const lying = field.lying();
    if (lying === null) return { status: hxStatus.noMedia };
    if ((await wire.at("select.card"))?.type === "misread") return { status: hxStatus.mediaError };
    selected = lying;
    return { status: hxStatus.ok };
  };
  const read = async (group: number): Promise<HxAnswer> => {
    const lying = field.lying();
    if (lying === null) return { status: hxStatus.noMedia };
    if (lying !== selected) return { status: hxStatus.refused };
    if ((await wire.at("read.card"))?.type === "misread") {
      selected = null;
      return { status: hxStatus.mediaError };
    }
    if (group !== 1 && group !== 2) return { status: hxStatus.badParameter };
    return { status: hxStatus.ok, data: group === 1 ? tlv(lying) : photoOf(lying) };
  };
  const release = (): HxAnswer => {
    selected = null;
    return { status: hxStatus.ok };
  };
  const commands = new Map<number, HxCommand>([
    [0x10, { name: "status", run: () => ({ status: hxStatus.ok, data: pack(["u8", presence()]) }) }],
    [0x11, { name: "select", run: select }],
    [0x12, { name: "read", run: (fields) => read(fields.u8()) }],
    [0x13, { name: "release", run: release }],
  ]);
  return createHxProgram(wire, { address: 0x01, model: "GH-ID 2 / 1.0", commands, onError });
};
