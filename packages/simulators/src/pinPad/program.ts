import { randomBytes } from "node:crypto";
import { type Fields, pack } from "../hx/fields.ts";
import { createHxProgram, type HxAnswer, type HxCommand, type HxStatus, hxStatus } from "../hx/program.ts";
import type { Program, Wire } from "../wire/device.ts";
import { cbc, cmac } from "./cipher.ts";
import type { Entry } from "./entry.ts";
import { algorithms, type KeyStore, type PadState, uses } from "./keys.ts";
import { formatFour, formatZero } from "./pinBlock.ts";

const ok = (data: Uint8Array = new Uint8Array()): HxAnswer => ({ status: hxStatus.ok, data });
const no = (status: HxStatus): HxAnswer => ({ status });
const entryStates = ["none", "running", "entered", "cancelled"];

/** The PIN pad's answers, written from PINPAD.md. */
export const createPadProgram = (
  wire: Wire,
  settings: { state: () => PadState; keys: KeyStore; entry: Entry; onError: (error: unknown) => void },
): Program => {
  const { state, keys, entry } = settings;
  entry.stop();

  const importKey = (fields: Fields): HxAnswer => {
    const name = fields.text();
    const use = uses[fields.u8()];
    const kcv = use === undefined || use === "master" ? null : keys.importKey(name, use, fields.rest());
    return kcv === null ? no(hxStatus.badParameter) : ok(kcv);
  };
  const crypt = (fields: Fields): HxAnswer => {
    const mode = fields.u8() === 0 ? "encrypt" : "decrypt";
    const found = keys.forCrypt(fields.text());
    const iv = fields.bytes(16);
    return found === null ? no(hxStatus.refused) : ok(cbc(mode, found.algorithm, found.key, iv, fields.rest()));
  };
  const mac = (fields: Fields): HxAnswer => {
    const found = keys.find(fields.text());
    return found?.use === "mac" ? ok(cmac(found.algorithm, found.key, fields.rest())) : no(hxStatus.refused);
  };
  const pinBlock = (fields: Fields): HxAnswer => {
    const format = fields.u8();
    const found = keys.find(fields.text());
    const pan = fields.text();
    const wanted = (["tdes", "aes", "sm4"] as const)[format];
    if (found?.use !== "pin" || wanted === undefined || found.algorithm !== wanted || !/^\d{12,19}$/u.test(pan)) {
      return no(hxStatus.badParameter);
    }
    const pin = entry.takePin();
    if (pin === null) return no(hxStatus.refused);
    return ok(
      wanted === "tdes" ? formatZero(pin, pan, found.key) : formatFour(pin, pan, wanted, found.key, randomBytes(8)),
    );
  };
  const newKey = (fields: Fields): HxAnswer => {
    const use = uses[fields.u8()];
    const algorithm = algorithms[fields.u8()] ?? null;
    const block = use === undefined || algorithm === null ? null : keys.sealKey(use, algorithm, randomBytes(16));
    return block === null ? no(hxStatus.badParameter) : ok(block);
  };
  const startEntry = (fields: Fields): HxAnswer => {
    entry.start(fields.u8() === 1 ? "pin" : "data", fields.u8(), fields.u8());
    return ok();
  };
  const pollEntry = (fields: Fields): HxAnswer => {
    const now = entry.progress(fields.u8());
    const head = pack(["u8", entryStates.indexOf(now.state)], ["u8", now.digits], ["u8", now.pressed]);
    return ok(Buffer.concat([head, Buffer.from(now.keys, "latin1")]));
  };
  const listKeys = (): HxAnswer => {
    const list = keys.list();
    return ok(
      Buffer.concat([
        pack(["u8", list.length]),
        ...list.map(({ name, use, kcv }) => pack(["text", name], ["u8", uses.indexOf(use)], ["bytes", kcv])),
      ]),
    );
  };
  const status = (): HxAnswer =>
    ok(pack(["u8", state().tampered ? 1 : 0], ["u8", entry.snapshot().state === "running" ? 1 : 0]));
  /** A tampered pad answers nothing but its state. */
  const guarded = (run: (fields: Fields) => HxAnswer) => (fields: Fields) =>
    state().tampered ? no(hxStatus.tampered) : run(fields);

  const commands = new Map<number, HxCommand>([
    [0x10, { name: "status", run: status }],
    [0x11, { name: "keys", run: guarded(listKeys) }],
    [0x12, { name: "ensure-master", run: guarded(() => ok(keys.ensureMaster())) }],
    [0x13, { name: "import", run: guarded(importKey) }],
    [
      0x14,
      {
        name: "delete",
        run: guarded((fields) => {
          keys.deleteKey(fields.text());
          return ok();
        }),
      },
    ],
    [0x15, { name: "crypt", run: guarded(crypt) }],
    [0x16, { name: "mac", run: guarded(mac) }],
    [0x17, { name: "random", run: guarded((fields) => ok(randomBytes(fields.u16()))) }],
    [0x18, { name: "entry-start", run: guarded(startEntry) }],
    [0x19, { name: "entry-poll", run: guarded(pollEntry) }],
    [
      0x1a,
      {
        name: "entry-stop",
        run: guarded(() => {
          entry.stop();
          return ok();
        }),
      },
    ],
    [0x1b, { name: "pin-block", run: guarded(pinBlock) }],
    [0x1c, { name: "new-key", run: guarded(newKey) }],
  ]);
  return createHxProgram(wire, { address: 0x03, model: "GH-EPP 4 / 1.0", commands, onError: settings.onError });
};
