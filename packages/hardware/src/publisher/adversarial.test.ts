import fc from "fast-check";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { successOf } from "../client.ts";
import { commands, findCommand } from "../protocol/messages.ts";
import {
  createFakeBarcode,
  createFakeCash,
  createFakeIdCard,
  createFakePinPad,
  createFakePrinter,
} from "../testing/fakeDrivers.ts";
import { startTestPublisher } from "../testing/testPublisher.ts";

const names = Object.keys(commands);
const effort = Number(process.env["GRIDHALL_EFFORT"] ?? 1);
const messages = Math.round(10_000 * effort);

/** A value of any shape, also with keys that mean something to JavaScript. */
const anything = fc.oneof(
  fc.json().map((text): unknown => JSON.parse(text)),
  fc.string({ unit: "binary" }),
  fc.integer(),
  fc.double(),
  fc.constantFrom(
    null,
    true,
    [],
    {},
    Number.MAX_SAFE_INTEGER + 2,
    -1,
    0,
    1e308,
    "__proto__",
    "\u0000",
    "😀".repeat(50),
  ),
  fc.dictionary(
    fc.constantFrom("__proto__", "constructor", "toString", "storage", "key", "data", "symbologies"),
    fc.jsonValue(),
  ),
);

/** Payloads that fit some command, so that mutations get past the first check. */
const nearlyRight = fc.constantFrom<unknown>(
  {},
  { symbologies: { qrCode: true } },
  { requestIds: [1, 2, 3] },
  { commands: { "Common.Status": 2 } },
  { request: { denomination: { service: { currencies: { CNY: 12.5 }, mix: "mix1" } } } },
  { denomination: { denomination: { app: { counts: { unitHopper1: 1 } } } } },
  { storage: { unitHopper1: { cash: { status: { initial: { type1CNY: { fit: 5 } } } } } } },
  { maxLen: 4, minLen: 2 },
  { key: "master", iv: { value: "AAAAAAAAAAAAAAAAAAAAAA==" }, modeOfUse: "E", cryptoMethod: "cbc", data: "AAAA" },
  { data: "JVBERi0xLjcK", mediaControl: { cut: true } },
  { items: [{ item: "type100CNY", enabled: false }] },
  { amountLimit: [{ currency: "CNY", value: 1e300 }] },
);

/** Sets, drops or nests something somewhere in a payload. */
const mutated = fc.tuple(nearlyRight, fc.nat(5), anything).map(([payload, how, value]) => {
  if (typeof payload !== "object" || payload === null || how === 0) return payload;
  const keys = Object.keys(payload);
  const key = keys[how % Math.max(keys.length, 1)] ?? "x";
  if (how === 1) return { ...payload, [key]: value };
  if (how === 2) return { ...payload, [key]: { [key]: value } };
  if (how === 3) return { ...payload, extra: value };
  if (how === 4) return [payload];
  return value;
});

const requestId = fc.oneof(
  fc.integer({ min: 1, max: 40 }),
  fc.constantFrom<unknown>(0, -1, 1.5, "1", null, 2 ** 53, 2 ** 31),
);
const commandText = fc
  .record({
    type: fc.oneof({ weight: 9, arbitrary: fc.constant("command") }, { weight: 1, arbitrary: anything }),
    name: fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...names) }, { weight: 2, arbitrary: anything }),
    requestId,
    version: fc.oneof(
      { weight: 17, arbitrary: fc.constant("right") },
      { weight: 2, arbitrary: fc.constantFrom("1.0", "2.0", "3.0", "2.1") },
      { weight: 1, arbitrary: anything },
    ),
    timeout: fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 60 }) }, { weight: 1, arbitrary: anything }),
    payload: mutated,
  })
  .map(({ payload, version, ...header }) => {
    const right = (typeof header.name === "string" ? findCommand(header.name) : undefined)?.version ?? "2.0";
    return JSON.stringify({ header: { ...header, version: version === "right" ? right : version }, payload });
  });

const cancel = fc
  .tuple(requestId, fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 5 }))
  .map(([id, requestIds]) => {
    const header = { type: "command", name: "Common.Cancel", requestId: id, version: "2.0" };
    return JSON.stringify({ header, payload: requestIds.length === 0 ? {} : { requestIds } });
  });

/** A good text with a piece cut out, doubled or overwritten. */
const damaged = fc.tuple(commandText, fc.nat(), fc.nat(20), fc.string()).map(([text, at, length, filler]) => {
  const from = at % text.length;
  return text.slice(0, from) + filler + text.slice(from + length);
});

const deep = fc.integer({ min: 100, max: 20_000 }).map((depth) => {
  const payload = `${"[".repeat(depth)}${"]".repeat(depth)}`;
  return `{"header":{"type":"command","name":"Common.Status","requestId":1,"version":"2.0"},"payload":{"a":${payload}}}`;
});
const huge = fc.integer({ min: 1, max: 400_000 }).map((length) => {
  const header = { type: "command", name: "Printer.PrintNative", requestId: 1, version: "3.0" };
  return JSON.stringify({ header, payload: { data: "A".repeat(length) } });
});

const frame: fc.Arbitrary<string | Uint8Array> = fc.oneof(
  { weight: 60, arbitrary: commandText },
  { weight: 12, arbitrary: cancel },
  { weight: 12, arbitrary: damaged },
  { weight: 6, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 6, arbitrary: anything.map((value) => JSON.stringify(value) ?? "undefined") },
  { weight: 3, arbitrary: fc.uint8Array({ maxLength: 200 }) },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: huge },
);

test(
  `[T3] after ${messages} adversarial messages each service still answers, and does its work`,
  async () => {
    const cash = createFakeCash();
    const scanner = createFakeBarcode();
    const idCard = createFakeIdCard();
    const pinPad = createFakePinPad();
    const printer = createFakePrinter(["receipt", "pdf"]);
    const quick = { options: { graceMs: 200 } };
    await using publisher = await startTestPublisher({
      cash: { create: () => cash.driver, ...quick },
      barcode: { create: () => scanner.driver, ...quick },
      idCard: { create: () => idCard.driver, ...quick },
      pinPad: { create: () => pinPad.driver, ...quick },
      printer: { create: () => printer.driver, ...quick },
    });
    const kinds = ["cash", "barcode", "idCard", "pinPad", "printer"] as const;
    const seed = Math.floor(Math.random() * 2 ** 31);
    const frames = fc.sample(frame, { numRuns: messages, seed });

    for (const [index, kind] of kinds.entries()) {
      const mine = frames.filter((_frame, at) => at % kinds.length === index);
      const answers = await shower(publisher.urlOf(kind), mine);
      // Each frame is acknowledged at least; what is refused gets nothing more.
      expect(answers, `seed ${seed}`).toBeGreaterThanOrEqual(mine.length);
    }

    for (const kind of kinds) {
      const client = await publisher.client(kind);
      const status = successOf("Common.Status", await client.send("Common.Status", {}));
      expect(status.common.device, `${kind}, seed ${seed}`).toBe("online");
    }
    const work = { timeoutMs: 20_000 };
    const scannerClient = await publisher.client("barcode");
    scanner.show("qrCode", "still there");
    expect((await scannerClient.send("BarcodeReader.Read", {}, work)).completionCode).toBe("success");
    const cashClient = await publisher.client("cash");
    expect((await cashClient.send("X-Cash.GetEvidence", {}, work)).completionCode).toBe("success");
    const padClient = await publisher.client("pinPad");
    expect((await padClient.send("Crypto.GenerateRandom", {}, work)).completionCode).toBe("success");
    const readerClient = await publisher.client("idCard");
    expect((await readerClient.send("X-IdCard.Reset", {}, work)).completionCode).toBe("success");
    const printerClient = await publisher.client("printer");
    expect((await printerClient.send("Printer.Reset", {}, work)).completionCode).toBe("success");
  },
  60_000 * Math.max(effort, 1),
);

/** Sends frames as fast as they are acknowledged, over a few connections, some of which hang up. Answers how many came back. */
async function shower(url: string, frames: readonly (string | Uint8Array)[]): Promise<number> {
  const batch = 200;
  let acknowledged = 0;
  for (let from = 0; from < frames.length; from += batch) {
    const part = frames.slice(from, from + batch);
    const socket = new WebSocket(url);
    await new Promise<void>((resolve, reject) => {
      socket.once("open", () => resolve());
      socket.once("error", reject);
    });
    const allAcknowledged = new Promise<number>((resolve, reject) => {
      let count = 0;
      socket.on("message", (data) => {
        const text = Buffer.isBuffer(data) ? data.toString("utf8") : "";
        if (!text.startsWith('{"header":{"type":"acknowledge"')) return;
        if (++count === part.length) resolve(count);
      });
      socket.once("close", () => reject(new Error(`closed after ${count} of ${part.length} acknowledges`)));
    });
    for (const data of part) socket.send(data);
    acknowledged += await allAcknowledged;
    // Whatever it left waiting or running, nobody reads any more.
    socket.removeAllListeners("close");
    socket.terminate();
  }
  return acknowledged;
}
