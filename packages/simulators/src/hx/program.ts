import { randomInt } from "node:crypto";
import { PowerLost, type Program, type Wire } from "../wire/device.ts";
import { type Fields, fieldsOf } from "./fields.ts";
import { createRequestReader, encodeAnswer, type HxRequest } from "./frame.ts";

export const hxStatus = {
  ok: 0,
  badParameter: 1,
  refused: 2,
  busy: 3,
  noMedia: 4,
  mediaError: 5,
  jam: 6,
  empty: 7,
  full: 8,
  coverOpen: 9,
  tampered: 10,
  unknownCommand: 11,
} as const;
export type HxStatus = (typeof hxStatus)[keyof typeof hxStatus];

export interface HxAnswer {
  status: HxStatus;
  data?: Uint8Array;
}
export interface HxCommand {
  /** Names the steps: `<name>.received`, `<name>.done`, `<name>.answer`. */
  name: string;
  run: (fields: Fields) => Promise<HxAnswer> | HxAnswer;
}

/** A device's program on the HX link: answers request by request, and a repeated request from its kept answer. */
export const createHxProgram = (
  wire: Wire,
  settings: {
    address: number;
    model: string;
    commands: ReadonlyMap<number, HxCommand>;
    onAsked?: () => void;
    onError: (error: unknown) => void;
  },
): Program => {
  const boot = randomInt(1, 0xffff_ffff);
  let kept: { request: Buffer; answer: Buffer } | null = null;
  let working: Promise<void> = Promise.resolve();

  const hello = (request: HxRequest): Buffer => {
    kept = null;
    const model = Buffer.from(settings.model, "latin1");
    const data = Buffer.alloc(6);
    data.writeUInt32BE(boot, 1);
    data.writeUInt8(model.length, 5);
    return encodeAnswer(request, Buffer.concat([data, model]));
  };
  const carryOut = async (command: HxCommand, request: HxRequest): Promise<HxAnswer> => {
    try {
      return await command.run(fieldsOf(request.data));
    } catch (error) {
      if (error instanceof RangeError) return { status: hxStatus.badParameter };
      throw error;
    }
  };
  const serve = async (request: HxRequest): Promise<void> => {
    settings.onAsked?.();
    if (request.command === 0x01) return wire.answer("hello", hello(request));
    const command = settings.commands.get(request.command);
    const name = command?.name ?? "unknown";
    if (kept !== null && kept.request.equals(request.raw)) return wire.answer(name, kept.answer);
    await wire.at(`${name}.received`);
    const { status, data = new Uint8Array() } =
      command === undefined ? { status: hxStatus.unknownCommand } : await carryOut(command, request);
    const answer = encodeAnswer(request, Buffer.concat([Buffer.from([status]), data]));
    kept = { request: request.raw, answer };
    await wire.at(`${name}.done`);
    await wire.answer(name, answer);
  };
  const receive = createRequestReader((request) => {
    if (request.address !== settings.address) return;
    working = working
      .then(() => serve(request))
      .catch((error: unknown) => {
        if (!(error instanceof PowerLost)) settings.onError(error);
      });
  }, performance.now.bind(performance));
  return { receive };
};
