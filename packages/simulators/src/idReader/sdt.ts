import type { Program, Wire } from "../wire/device.ts";
import { PowerLost } from "../wire/device.ts";
import { type Person, photoOf } from "./persons.ts";

/** The card field under the reader: which card lies there, and whether the reader has selected it. */
export interface CardField {
  lying: () => Person | null;
}

const preamble = Buffer.from([0xaa, 0xaa, 0xaa, 0x96, 0x69]);
const xorOf = (bytes: Uint8Array): number => {
  let sum = 0;
  for (const byte of bytes) sum ^= byte;
  return sum;
};

const answerOf = (status: number, data: Uint8Array = new Uint8Array()): Buffer => {
  const body = Buffer.concat([Buffer.from([0, 0, 0, 0, status]), data]);
  body.writeUInt16BE(data.length + 4, 0);
  return Buffer.concat([preamble, body, Buffer.from([xorOf(body)])]);
};

const fixed = (text: string, length: number): Buffer => {
  const field = Buffer.alloc(length);
  for (let at = 0; at < length; at += 2) field.writeUInt16LE(0x20, at);
  field.write(text, 0, length, "utf16le");
  return field;
};

/** The 256 bytes of text and 1024 of photo, as the SAM module hands them out. */
export const cardBlock = (person: Person): Buffer => {
  const text = Buffer.concat([
    fixed(person.name, 30),
    fixed(person.sexCode, 2),
    fixed(person.ethnicityCode, 4),
    fixed(person.birthDate, 16),
    fixed(person.address, 70),
    fixed(person.idNumber, 36),
    fixed(person.issuer, 30),
    fixed(person.validFrom, 16),
    fixed(person.validTo, 16),
    fixed("", 36),
  ]);
  return Buffer.concat([Buffer.from([0x01, 0x00, 0x04, 0x00]), text, photoOf(person)]);
};

/** An SDT module: find, select, read; `80` no card, `81` select failed, `41` read failed. */
export const createSdtProgram = (wire: Wire, field: CardField, onError: (error: unknown) => void): Program => {
  let buffer = Buffer.alloc(0);
  let selected: Person | null = null;
  let working: Promise<void> = Promise.resolve();

  const answer = async (command: number): Promise<readonly [string, Buffer]> => {
    const lying = field.lying();
    switch (command) {
      case 0x11ff:
        return ["status", answerOf(0x90)];
      case 0x2001:
        return ["find", lying === null ? answerOf(0x80) : answerOf(0x9f, Buffer.alloc(4))];
      case 0x2002: {
        const fault = await wire.at("select.card");
        selected = fault?.type === "misread" ? null : lying;
        return ["select", selected === null ? answerOf(0x81) : answerOf(0x90, Buffer.alloc(8))];
      }
      case 0x3001: {
        const fault = await wire.at("read.card");
        const readable = selected !== null && selected === lying && fault?.type !== "misread";
        if (!readable) selected = null;
        return ["read", readable && lying !== null ? answerOf(0x90, cardBlock(lying)) : answerOf(0x41)];
      }
      default:
        return ["unknown", answerOf(0x21)];
    }
  };
  const serve = async (command: number): Promise<void> => {
    const [name, bytes] = await answer(command);
    await wire.answer(name, bytes);
  };
  return {
    receive: (bytes) => {
      buffer = Buffer.concat([buffer, bytes]);
      for (;;) {
        const start = buffer.indexOf(preamble);
        if (start < 0) return;
        buffer = buffer.subarray(start);
        if (buffer.length < 7) return;
        const end = 7 + buffer.readUInt16BE(5);
        if (buffer.length < end) return;
        const body = buffer.subarray(5, end - 1);
        const sound = xorOf(body) === buffer[end - 1] && body.length >= 4;
        buffer = buffer.subarray(end);
        const command = body.length >= 4 ? body.readUInt16BE(2) : 0;
        working = working
          .then(() => (sound ? serve(command) : wire.answer("unknown", answerOf(0x10))))
          .catch((error: unknown) => {
            if (!(error instanceof PowerLost)) onError(error);
          });
      }
    },
  };
};
