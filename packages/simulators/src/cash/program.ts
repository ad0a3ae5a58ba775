import { packEvents } from "../hx/eventRing.ts";
import { type Fields, pack } from "../hx/fields.ts";
import { createHxProgram, type HxAnswer, type HxCommand, type HxStatus, hxStatus } from "../hx/program.ts";
import type { DurableStore } from "../state/store.ts";
import type { Program, Wire } from "../wire/device.ts";
import { type CashMechanics, type CashState, type CashUnit, placeCode } from "./model.ts";
import type { Mouth } from "./mouth.ts";

const roles: readonly CashUnit["role"][] = ["cashIn", "cashOut", "recycle", "reject", "retract"];

const ok = (data: Uint8Array = new Uint8Array()): HxAnswer => ({ status: hxStatus.ok, data });
const no = (status: HxStatus): HxAnswer => ({ status });

const packUnits = (units: readonly CashUnit[]): Buffer =>
  Buffer.concat([
    pack(["u8", units.length]),
    ...units.map((u) =>
      Buffer.concat([
        pack(
          ["text", u.unitId],
          ["u8", roles.indexOf(u.role)],
          ["u32", u.denominationFen ?? 0],
          ["u8", u.isCoin ? 1 : 0],
        ),
        pack(["u16", u.count], ["u16", u.capacity], ["u16", u.lowThreshold], ["u16", u.highThreshold]),
      ]),
    ),
  ]);

const countsOf = (fields: Fields): { unitId: string; count: number }[] =>
  Array.from({ length: fields.u8() }, () => ({ unitId: fields.text(), count: fields.u16() }));

/** The cash device's answers, written from CASH.md. */
export const createCashProgram = (
  wire: Wire,
  settings: {
    store: DurableStore<CashState>;
    mechanics: CashMechanics;
    mouth: Mouth;
    /** How long one note or coin is on its way. */
    motionMs: number;
    onError: (error: unknown) => void;
  },
): Program => {
  const { store, mechanics, mouth, motionMs } = settings;
  const now = (): CashState => store.state;

  /** Common to all that moves: a fresh transaction, and nothing jammed. Null: go on. */
  const refusal = (transaction: number): HxAnswer | null => {
    if (!mechanics.useTransaction(transaction)) return no(hxStatus.refused);
    return now().jam === null ? null : no(hxStatus.jam);
  };
  const moveEscrow = async (name: "stack" | "return", fields: Fields): Promise<HxAnswer> => {
    const refused = refusal(fields.u32());
    if (refused !== null) return refused;
    const lying = now().escrow;
    if (lying === null) return no(hxStatus.noMedia);
    if (lying.noteId !== fields.text()) return no(hxStatus.refused);
    if (name === "stack" && mechanics.cashboxFull()) return no(hxStatus.full);
    await wire.sleep(motionMs);
    if ((await wire.at(`${name}.motor`))?.type === "jam") {
      mechanics.jam(name === "stack" ? "stacker" : "escrow");
      return no(hxStatus.jam);
    }
    if (name === "stack") mechanics.stack();
    else mechanics.giveBack();
    const moved = pack(["u32", lying.denominationFen]);
    return ok(name === "stack" ? Buffer.concat([moved, pack(["text", lying.noteId])]) : moved);
  };

  /** Items of one unit, one by one, each durable before the next; stops at the first that does not come. */
  const dispenseFrom = async (from: CashUnit, count: number): Promise<{ out: number; fault: HxStatus }> => {
    for (let out = 0; out < count; out++) {
      if (from.count === 0) return { out, fault: hxStatus.empty };
      await wire.sleep(motionMs);
      if ((await wire.at("dispense.item"))?.type === "jam") {
        mechanics.jam("dispenser");
        return { out, fault: hxStatus.jam };
      }
      mechanics.dispenseItem(from);
    }
    return { out: count, fault: hxStatus.ok };
  };
  const dispense = async (fields: Fields): Promise<HxAnswer> => {
    const refused = refusal(fields.u32());
    if (refused !== null) return refused;
    const request = countsOf(fields);
    if (request.some(({ unitId }) => mechanics.unitOf(unitId)?.role !== "cashOut")) return no(hxStatus.badParameter);
    const short = await wire.at("dispense.start");
    let allowed = request.reduce((sum, { count }) => sum + count, 0) - (short?.type === "short" ? short.items : 0);
    let fault: HxStatus = hxStatus.ok;
    const dispensed = [];
    for (const { unitId, count } of request) {
      const from = mechanics.unitOf(unitId);
      let out = 0;
      if (from !== undefined && fault === hxStatus.ok) {
        const wanted = Math.max(0, Math.min(count, allowed));
        ({ out, fault } = await dispenseFrom(from, wanted));
        if (fault === hxStatus.ok && wanted < count) fault = hxStatus.empty;
      }
      allowed -= out;
      dispensed.push(pack(["text", unitId], ["u16", out]));
    }
    mechanics.unitsChanged();
    return ok(Buffer.concat([pack(["u8", fault], ["u8", dispensed.length]), ...dispensed]));
  };
  const setUnits = (fields: Fields): HxAnswer => {
    const refused = refusal(fields.u32());
    if (refused !== null) return refused;
    const counts = countsOf(fields);
    if (!now().safeDoorOpen) return no(hxStatus.refused);
    if (counts.some(({ unitId }) => mechanics.unitOf(unitId) === undefined)) return no(hxStatus.badParameter);
    mechanics.setCounts(counts);
    return ok();
  };

  const escrow = (): HxAnswer => {
    const lying = now().escrow;
    return ok(
      pack(["u8", lying === null ? 0 : 1], ["u32", lying?.denominationFen ?? 0], ["text", lying?.noteId ?? ""]),
    );
  };
  const enable = (fields: Fields): HxAnswer => {
    mouth.open(Array.from({ length: fields.u8() }, fields.u32));
    return ok();
  };
  const shut = (): HxAnswer => {
    mouth.shut();
    return ok();
  };
  const poll = (fields: Fields): HxAnswer => {
    const flags = (mouth.isOpen() ? 1 : 0) | (now().safeDoorOpen ? 2 : 0) | (now().escrow === null ? 0 : 4);
    return ok(Buffer.concat([pack(["u8", flags], ["u8", placeCode(now().jam)]), packEvents(now().ring, fields.u32())]));
  };
  const counters = (): HxAnswer => {
    const { stackedFen, dispensedFen, lastTransaction, lastStackedNoteId } = now();
    const amounts = pack(["u64", BigInt(stackedFen)], ["u64", BigInt(dispensedFen)]);
    return ok(Buffer.concat([amounts, pack(["u32", lastTransaction], ["text", lastStackedNoteId ?? ""])]));
  };
  const reset = (): HxAnswer => {
    mouth.shut();
    return now().jam === null ? ok(pack(["u8", now().escrow === null ? 0 : 1])) : no(hxStatus.jam);
  };

  const commands = new Map<number, HxCommand>([
    [0x11, { name: "units", run: () => ok(packUnits(now().units)) }],
    [0x12, { name: "escrow", run: escrow }],
    [0x13, { name: "enable", run: enable }],
    [0x14, { name: "disable", run: shut }],
    [0x15, { name: "poll", run: poll }],
    [0x16, { name: "counters", run: counters }],
    [0x20, { name: "stack", run: (fields) => moveEscrow("stack", fields) }],
    [0x21, { name: "return", run: (fields) => moveEscrow("return", fields) }],
    [0x22, { name: "dispense", run: dispense }],
    [0x23, { name: "set-units", run: setUnits }],
    [0x24, { name: "reset", run: reset }],
  ]);
  mouth.shut();
  return createHxProgram(wire, {
    address: 0x02,
    model: "GH-CASH 1 / 1.0",
    commands,
    onAsked: mouth.heardHost,
    onError: settings.onError,
  });
};
