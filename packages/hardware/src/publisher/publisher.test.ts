import { expect, test } from "vitest";
import { connectXfs } from "../client.ts";
import { discover } from "../discover.ts";
import { silentLogger } from "../drivers/config.ts";
import { createFakeBarcode, createFakeIdCard, sampleCard } from "../testing/fakeDrivers.ts";
import { connectRaw } from "../testing/rawClient.ts";
import { startTestPublisher, until } from "../testing/testPublisher.ts";
import { startPublisher } from "./publisher.ts";

async function startScanner(options: { maximumRequests?: number; graceMs?: number } = {}) {
  const scanner = createFakeBarcode();
  const publisher = await startTestPublisher({ barcode: { create: () => scanner.driver, options } });
  const raw = await connectRaw(publisher.urlOf("barcode"));
  return {
    scanner,
    publisher,
    raw,
    [Symbol.asyncDispose]: async () => {
      await raw[Symbol.asyncDispose]();
      await publisher[Symbol.asyncDispose]();
    },
  };
}

const read = "BarcodeReader.Read";

test("[T3] a command is acknowledged, then completed", async () => {
  await using set = await startScanner();
  set.scanner.show("qrCode", "1");
  set.raw.command(read, 1);
  expect(await set.raw.completion(1)).toMatchObject({
    header: { name: read, version: "3.0", completionCode: "success" },
    payload: { readOutput: [{ symbology: "qrCode", barcodeData: "MQ==" }] },
  });
  const types = set.raw.received.filter(({ header }) => header.requestId === 1).map(({ header }) => header.type);
  expect(types).toEqual(["acknowledge", "completion"]);
  expect((await set.raw.acknowledge(1)).header).not.toHaveProperty("status");
});

test("[T3] what is no message is acknowledged as invalidMessage", async () => {
  await using set = await startScanner();
  const broken: (string | Uint8Array)[] = [
    "",
    "{",
    "null",
    "[]",
    "42",
    '{"payload":{}}',
    '{"header":{"type":"command","requestId":0}}',
    '{"header":{"type":"completion","name":"Common.Status","requestId":0,"version":"2.0"}}',
    Uint8Array.of(1, 2, 3),
  ];
  for (const data of broken) set.raw.send(data);
  await until(() => set.raw.received.length === broken.length);
  expect(set.raw.received.map(({ header }) => header.status)).toEqual(broken.map(() => "invalidMessage"));
});

test("[T3] an id that is zero, negative, broken or of no integer is acknowledged as invalidRequestID", async () => {
  await using set = await startScanner();
  for (const requestId of [0, -1, 1.5, "7", null]) {
    set.raw.send(JSON.stringify({ header: { type: "command", name: read, requestId, version: "2.0" } }));
  }
  await until(() => set.raw.received.length === 5);
  for (const { header } of set.raw.received) {
    expect(header).toMatchObject({ status: "invalidRequestID", name: read, requestId: 0 });
  }
});

test("[T3] an id of a command in progress is refused, and free again when that has ended", async () => {
  await using set = await startScanner();
  set.raw.command(read, 7);
  await set.raw.acknowledge(7);
  set.raw.command("Common.Status", 7);
  await set.raw.next(({ header }) => header.status === "invalidRequestID");
  set.scanner.show("qrCode", "1");
  await set.raw.completion(7);
  set.raw.command("Common.Status", 7);
  await set.raw.next(({ header }) => header.name === "Common.Status" && header.completionCode === "success");
});

test("[T3] unknown, unsupported, wrong version and wrong payload are told apart", async () => {
  await using set = await startScanner();
  set.raw.command("Nobody.Knows", 1);
  set.raw.command("constructor", 2);
  set.raw.command("CashDispenser.Dispense", 3);
  set.raw.command("TextTerminal.Beep", 4);
  set.raw.command(read, 5, { version: "1.0" });
  set.raw.command(read, 6, { payload: { symbologies: "all" } });
  set.raw.command(read, 7, { payload: { symbologies: { hieroglyphs: true } } });
  set.raw.command('Quo"te\n.d', 8);
  const codes = [];
  for (let id = 1; id <= 8; id++) codes.push((await set.raw.completion(id)).header.completionCode);
  expect(codes).toEqual([
    "invalidCommand",
    "invalidCommand",
    "unsupportedCommand",
    "unsupportedCommand",
    "unsupportedCommand",
    "invalidData",
    "unsupportedData",
    "invalidCommand",
  ]);
  const { header } = await set.raw.completion(6);
  expect(header.errorDescription).toContain("payload.symbologies");
  expect(set.scanner.calls).not.toContain("read");
});

test("[T3] null stands for an absent property, as releases since 2023-2 write it", async () => {
  await using set = await startScanner();
  set.scanner.show("qrCode", "1");
  set.raw.command(read, 1, { payload: { symbologies: null } });
  expect((await set.raw.completion(1)).header.completionCode).toBe("success");
  set.scanner.show("qrCode", "1");
  set.raw.send(
    JSON.stringify({ header: { type: "command", name: read, requestId: 2, version: "2.0" }, payload: null }),
  );
  expect((await set.raw.completion(2)).header.completionCode).toBe("success");
});

test("[T3] more commands than may wait are refused as tooManyRequests, and Status is answered nevertheless", async () => {
  await using set = await startScanner({ maximumRequests: 2 });
  for (let id = 1; id <= 5; id++) set.raw.command(read, id);
  expect((await set.raw.acknowledge(4)).header.status).toBe("tooManyRequests");
  expect((await set.raw.acknowledge(5)).header.status).toBe("tooManyRequests");
  set.raw.command("Common.Status", 6);
  expect((await set.raw.completion(6)).header.completionCode).toBe("success");
  for (const code of ["1", "2", "3"]) set.scanner.show("qrCode", code);
  const order = [];
  for (const id of [1, 2, 3]) order.push((await set.raw.completion(id)).payload?.["readOutput"]);
  expect(order).toMatchObject([[{ barcodeData: "MQ==" }], [{ barcodeData: "Mg==" }], [{ barcodeData: "Mw==" }]]);
});

test("[T3] a queued and a running command are cancelled, and others are not", async () => {
  await using set = await startScanner();
  for (let id = 1; id <= 3; id++) set.raw.command(read, id);
  await set.raw.acknowledge(3);
  set.raw.command("Common.Cancel", 10, { payload: { requestIds: [2] } });
  expect((await set.raw.completion(2)).header.completionCode).toBe("canceled");
  expect((await set.raw.completion(10)).header.completionCode).toBe("success");
  set.raw.command("Common.Cancel", 11, { payload: { requestIds: [1] } });
  expect((await set.raw.completion(1)).header.completionCode).toBe("canceled");
  set.scanner.show("qrCode", "3");
  expect((await set.raw.completion(3)).header.completionCode).toBe("success");
});

test("[T3] Cancel without ids cancels all of the client's own commands and no one else's", async () => {
  await using set = await startScanner();
  await using other = await connectRaw(set.publisher.urlOf("barcode"));
  set.raw.command(read, 1);
  await set.raw.acknowledge(1);
  other.command(read, 1);
  await other.acknowledge(1);
  set.raw.command(read, 2);
  set.raw.command("Common.Cancel", 3);
  expect((await set.raw.completion(1)).header.completionCode).toBe("canceled");
  expect((await set.raw.completion(2)).header.completionCode).toBe("canceled");
  set.scanner.show("qrCode", "x");
  expect((await other.completion(1)).header.completionCode).toBe("success");
  set.raw.command("Common.Cancel", 4, { payload: { requestIds: [1, 77] } });
  expect(await set.raw.completion(4)).toMatchObject({
    header: { completionCode: "commandErrorCode" },
    payload: { errorCode: "noMatchingRequestIDs" },
  });
});

test("[T3] a command times out, running or still waiting", async () => {
  await using set = await startScanner();
  set.raw.command(read, 1, { timeout: 40 });
  set.raw.command(read, 2, { timeout: 20 });
  expect((await set.raw.completion(1)).header.completionCode).toBe("timeOut");
  expect((await set.raw.completion(2)).header.completionCode).toBe("timeOut");
  expect(set.scanner.calls.filter((call) => call === "read")).toHaveLength(1);
});

test("[T3] what a client left in the queue is cancelled when it disconnects", async () => {
  await using set = await startScanner();
  const leaving = await connectRaw(set.publisher.urlOf("barcode"));
  leaving.command(read, 1);
  leaving.command(read, 2);
  await leaving.acknowledge(2);
  set.raw.command(read, 1);
  await set.raw.acknowledge(1);
  await leaving[Symbol.asyncDispose]();
  set.scanner.show("qrCode", "mine");
  expect((await set.raw.completion(1)).header.completionCode).toBe("success");
});

test("[T3] [T6] a driver that ignores its signal is given up and replaced, and its late answer changes nothing", async () => {
  const drivers = [createFakeBarcode(), createFakeBarcode()];
  let made = 0;
  await using publisher = await startTestPublisher({
    barcode: {
      create: () => drivers[made++]?.driver ?? createFakeBarcode().driver,
      options: { graceMs: 30, restartLimits: { most: 3, windowMs: 60_000, firstDelayMs: 10, longestDelayMs: 50 } },
    },
  });
  await using raw = await connectRaw(publisher.urlOf("barcode"));
  drivers[0]?.hangNext("read");
  raw.command(read, 1, { timeout: 20 });
  raw.command(read, 2);
  expect((await raw.completion(1)).header.completionCode).toBe("timeOut");
  await raw.next(({ payload }) => JSON.stringify(payload) === '{"common":{"device":"hardwareError"}}');
  await raw.next(({ payload }) => JSON.stringify(payload) === '{"common":{"device":"online"}}');
  expect((await raw.completion(2)).header.completionCode).toBe("deviceNotReady");
  expect(drivers[0]?.disposed).toBe(true);
  drivers[1]?.show("qrCode", "x");
  raw.command(read, 3);
  expect((await raw.completion(3)).header.completionCode).toBe("success");
});

test("[T3] a device that is not there is said to be not ready, and is used when it comes", async () => {
  const reader = createFakeIdCard();
  reader.setState("offline");
  await using publisher = await startTestPublisher({ idCard: { create: () => reader.driver } });
  await using raw = await connectRaw(publisher.urlOf("idCard"));
  raw.command("Common.Status", 1);
  expect((await raw.completion(1)).payload).toMatchObject({ common: { device: "noDevice" } });
  raw.command("X-IdCard.Read", 2, { version: "1.0" });
  expect((await raw.completion(2)).header.completionCode).toBe("deviceNotReady");
  reader.setState("online");
  reader.lay(sampleCard);
  raw.command("X-IdCard.Read", 3, { version: "1.0" });
  expect((await raw.completion(3)).payload).toMatchObject({ card: { name: "王小明" } });
  reader.setState("offline");
  await raw.next(({ payload }) => JSON.stringify(payload) === '{"common":{"device":"offline"}}');
});

test("[T3] a driver that cannot be made at all does not stop the publisher", async () => {
  let tries = 0;
  await using publisher = await startTestPublisher({
    barcode: {
      create: () => {
        if (++tries < 3) throw new Error("no such port");
        return createFakeBarcode().driver;
      },
      options: { restartLimits: { most: 5, windowMs: 60_000, firstDelayMs: 5, longestDelayMs: 20 } },
    },
  });
  const client = await publisher.client("barcode");
  await until(() => tries === 3);
  await until(() => publisher.services.get("barcode")?.status() === "online");
  expect((await client.send("BarcodeReader.Reset", {})).completionCode).toBe("success");
});

test("[T3] a nonce can be had and cleared, and clearing it is told", async () => {
  await using set = await startScanner();
  set.raw.command("Common.GetCommandNonce", 1);
  expect((await set.raw.completion(1)).payload?.["commandNonce"]).toMatch(/^[0-9A-F]{32}$/);
  set.raw.command("Common.ClearCommandNonce", 2);
  await set.raw.next(({ header }) => header.name === "Common.NonceClearedEvent");
});

test("[T3] versions that the service does not have are refused", async () => {
  await using set = await startScanner();
  set.raw.command("Common.SetVersions", 1, { payload: { commands: { [read]: 2 } } });
  set.raw.command("Common.SetVersions", 2, { payload: { commands: { [read]: 9 } } });
  expect((await set.raw.completion(1)).header.completionCode).toBe("success");
  expect((await set.raw.completion(2)).header.completionCode).toBe("unsupportedData");
});

test("[T3] services are found through the publisher on the port it took", async () => {
  await using set = await startScanner();
  const port = Number(new URL(set.publisher.url).port);
  expect(await discover("127.0.0.1", [port])).toEqual([
    { name: "barcode", url: set.publisher.urlOf("barcode"), vendorName: "GridHall" },
  ]);
});

test("[T3] unasked-for ports are those of the standard, the first free one", async () => {
  await using first = await startPublisher({ services: [], vendorName: "GridHall", logger: silentLogger });
  await using second = await startPublisher({ services: [], vendorName: "GridHall", logger: silentLogger });
  expect(first.port).toBeGreaterThanOrEqual(5846);
  expect(second.port).toBeGreaterThan(first.port);
  expect(second.port).toBeLessThanOrEqual(5856);
  const asking = startPublisher({ services: [], vendorName: "GridHall", logger: silentLogger, port: first.port });
  await expect(asking).rejects.toThrow(`port: ${first.port} is in use`);
});

test("[T6] a page in a browser cannot reach the devices, and a wrong path finds nothing", async () => {
  await using set = await startScanner();
  const { WebSocket } = await import("ws");
  const refusalOf = (url: string, origin?: string) =>
    new Promise<number | undefined>((resolve) => {
      const socket = new WebSocket(url, origin === undefined ? {} : { origin });
      socket.on("unexpected-response", (_request, response) => {
        resolve(response.statusCode);
        socket.terminate();
      });
      socket.on("error", () => undefined);
    });
  expect(await refusalOf(set.publisher.urlOf("barcode"), "http://127.0.0.1:8080")).toBe(403);
  expect(await refusalOf(`${set.publisher.url}/nobody`)).toBe(404);
  expect(await refusalOf(set.publisher.url.replace("xfs4iot", "other"))).toBe(404);
});

test("[T3] a client that sends too much at once hurts only itself", async () => {
  await using set = await startScanner();
  await using other = await connectRaw(set.publisher.urlOf("barcode"));
  other.send("x".repeat(17 * 1024 * 1024));
  await until(() => !other.isOpen);
  const client = await connectXfs(set.publisher.urlOf("barcode"), { signal: AbortSignal.timeout(5_000) });
  expect((await client.send("Common.Status", {})).completionCode).toBe("success");
  await client[Symbol.asyncDispose]();
});
