import { z } from "zod";
import { Fault } from "../faults/script.ts";
import { Person } from "../idReader/persons.ts";
import type { KioskSimulator } from "../kiosk/kiosk.ts";
import { aimIdentifiers } from "../scanner/device.ts";

const device = z.object({ device: z.string() });
const level = z.enum(["full", "low", "out"]);

interface Action {
  body: z.ZodType;
  run: (kiosk: KioskSimulator, body: unknown) => unknown;
}
const action = <S extends z.ZodType>(body: S, run: (kiosk: KioskSimulator, body: z.infer<S>) => unknown): Action => ({
  body,
  run: (kiosk, parsed) => run(kiosk, parsed as z.infer<S>),
});
const nothing = z.object({}).default({});

/** What hands can do to a kiosk: POST /<name> with a JSON body. The panel, the tests and the demo use nothing else. */
export const actions: Readonly<Record<string, Action>> = {
  "insert-note": action(
    z.object({ denominationFen: z.int().positive(), counterfeit: z.boolean().default(false) }),
    ({ devices }, note) => devices.cash.insertNote(note),
  ),
  "take-note": action(nothing, ({ devices }) => devices.cash.takeNote()),
  "take-change": action(nothing, ({ devices }) => devices.cash.takeChange()),
  refill: action(z.object({ unitId: z.string(), count: z.int().min(0) }), ({ devices }, { unitId, count }) =>
    devices.cash.refill(unitId, count),
  ),
  "lay-id-card": action(z.object({ person: z.union([z.string(), Person]) }), ({ devices, persons }, { person }) => {
    const known = typeof person === "string" ? persons[person] : person;
    if (known === undefined)
      throw new RangeError(`person: one of ${Object.keys(persons).join(", ")}, or a whole person`);
    devices.idReader.layCard(known);
  }),
  "remove-id-card": action(nothing, ({ devices }) => devices.idReader.removeCard()),
  scan: action(z.object({ data: z.string().min(1), symbology: z.string().default("qrCode") }), ({ devices }, code) =>
    devices.scanner.scan(code),
  ),
  press: action(
    z.object({ keys: z.array(z.union([z.string().regex(/^\d$/), z.enum(["clear", "enter", "cancel"])])).min(1) }),
    ({ devices }, { keys }) => devices.pinPad.press(keys),
  ),
  "seal-key": action(
    z.object({
      use: z.enum(["pin", "data", "mac"]),
      algorithm: z.enum(["sm4", "aes", "tdes"]),
      keyHex: z.string().regex(/^[0-9a-fA-F]{32}$/),
    }),
    ({ devices }, { use, algorithm, keyHex }) => ({ block: devices.pinPad.sealKey(use, algorithm, keyHex) }),
  ),
  tamper: action(nothing, ({ devices }) => {
    devices.pinPad.tamper();
    devices.cabinet.setSensor("tamper", true);
  }),
  "replace-pin-pad": action(nothing, ({ devices }) => {
    devices.pinPad.replace();
    devices.cabinet.setSensor("tamper", false);
  }),
  "take-paper": action(
    z.object({ from: z.enum(["receipt", "a4"]).default("receipt") }).default({ from: "receipt" }),
    ({ devices }, { from }) => (from === "receipt" ? devices.receipt.takePaper() : devices.a4.takePages()),
  ),
  paper: action(z.object({ receipt: level.optional(), a4: level.optional() }), ({ devices }, { receipt, a4 }) => {
    if (receipt !== undefined) devices.receipt.setRoll(receipt);
    if (a4 !== undefined) devices.a4.setPaper(a4);
  }),
  jam: action(
    z.discriminatedUnion("device", [
      z.object({
        device: z.literal("cash"),
        where: z.enum(["entry", "escrow", "stacker", "dispenser"]).default("stacker"),
      }),
      z.object({ device: z.literal("receipt"), where: z.string().optional() }),
      z.object({ device: z.literal("a4"), where: z.string().optional() }),
    ]),
    ({ devices }, jam) => (jam.device === "cash" ? devices.cash.jam(jam.where) : devices[jam.device].jam()),
  ),
  "clear-jam": action(z.object({ device: z.enum(["cash", "receipt", "a4"]) }), ({ devices }, { device }) =>
    devices[device].clearJam(),
  ),
  cover: action(z.object({ device: z.enum(["receipt", "a4"]), open: z.boolean() }), ({ devices }, { device, open }) =>
    devices[device].setCover(open),
  ),
  door: action(z.object({ which: z.enum(["cabinet", "safe"]), open: z.boolean() }), ({ devices }, { which, open }) => {
    devices.cabinet.setSensor(which === "cabinet" ? "cabinetDoor" : "safeDoor", open);
    // The safe's switch is wired to both: the cabinet controller and the cash device.
    if (which === "safe") devices.cash.setSafeDoor(open);
  }),
  approach: action(z.object({ near: z.boolean().default(true) }).default({ near: true }), ({ devices }, { near }) =>
    devices.cabinet.setSensor("person", near),
  ),
  temperature: action(z.object({ celsius: z.number().min(-40).max(120) }), ({ devices }, { celsius }) =>
    devices.cabinet.setTemperature(celsius),
  ),
  unplug: action(device, (kiosk, body) => kiosk.device(body.device).unplug()),
  plug: action(device, (kiosk, body) => kiosk.device(body.device).plug()),
  "power-off": action(device, (kiosk, body) => kiosk.device(body.device).powerOff()),
  "power-on": action(z.object({ device: z.string().optional() }).default({}), (kiosk, body) =>
    body.device === undefined ? kiosk.powerOn() : kiosk.device(body.device).powerOn(),
  ),
  "power-cut": action(nothing, (kiosk) => kiosk.powerCut()),
  fault: action(Fault, ({ faults }, fault) => faults.add(fault)),
  "clear-faults": action(nothing, ({ faults }) => faults.clear()),
};

/** What the panel offers to choose from. */
export const choicesOf = ({ persons, codes }: KioskSimulator) => ({
  persons: Object.entries(persons).map(([id, { name }]) => ({ id, name })),
  symbologies: Object.keys(aimIdentifiers),
  codes,
});
