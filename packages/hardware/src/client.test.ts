import { WebSocketServer } from "ws";
import { afterEach, expect, test } from "vitest";
import { connectXfs, isIndeterminate, successOf, XfsCommandError, XfsError } from "./client.ts";
import { discover } from "./discover.ts";
import { createFakeBarcode, createFakeCash } from "./testing/fakeDrivers.ts";
import { startTestPublisher, until } from "./testing/testPublisher.ts";

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A service of somebody else, which says what a test lets it say. */
async function startOther(answer: (command: { name: string; requestId: number }) => unknown[]) {
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  await new Promise<void>((resolve) => {
    server.once("listening", () => resolve());
  });
  server.on("connection", (socket) => {
    socket.on("message", (data) => {
      const text = Buffer.isBuffer(data) ? data.toString("utf8") : "";
      const { header } = JSON.parse(text) as { header: { name: string; requestId: number } };
      for (const message of answer(header)) {
        if (message === "hang up") socket.terminate();
        else socket.send(JSON.stringify(message));
      }
    });
  });
  const { port } = server.address() as { port: number };
  closing.push(() => {
    for (const socket of server.clients) socket.terminate();
    server.close();
  });
  return { url: `ws://127.0.0.1:${port}`, server };
}

async function connect(url: string) {
  const client = await connectXfs(url, { signal: AbortSignal.timeout(5_000) });
  closing.push(async () => client[Symbol.asyncDispose]());
  return client;
}

test("[T3] a vendor's own service is understood: nulls, unknown properties, events unheard of", async () => {
  const { url } = await startOther(({ name, requestId }) => [
    { header: { type: "acknowledge", name, requestId, version: "2.0" } },
    { header: { type: "event", name: "Vendor.HeadWarmEvent", requestId, version: "1.0" }, payload: { degrees: 40 } },
    { header: { type: "unsolicited", name: "Vendor.Hello", version: "1.0" }, payload: null },
    {
      header: { type: "completion", name, requestId, version: "3.0", completionCode: "success", errorDescription: "" },
      payload: {
        readOutput: [{ symbology: "qrCode", symbologyName: null, barcodeData: "MQ==", angle: 90 }],
        errorCode: null,
      },
    },
  ]);
  const client = await connect(url);
  const { readOutput } = successOf("BarcodeReader.Read", await client.send("BarcodeReader.Read", {}));
  expect(readOutput).toEqual([{ symbology: "qrCode", barcodeData: "MQ==" }]);
});

test("[T3] a completion that cannot be read is an error, and so is a refused command", async () => {
  const { url } = await startOther(({ name, requestId }) =>
    name === "BarcodeReader.Read"
      ? [
          {
            header: { type: "completion", name, requestId, version: "3.0", completionCode: "success" },
            payload: { readOutput: 7 },
          },
        ]
      : [{ header: { type: "acknowledge", name, requestId, version: "2.0", status: "tooManyRequests" } }],
  );
  const client = await connect(url);
  await expect(client.send("BarcodeReader.Read", {})).rejects.toMatchObject({ code: "invalid-response" });
  await expect(client.send("BarcodeReader.Reset", {})).rejects.toMatchObject({
    code: "refused",
    context: { status: "tooManyRequests" },
  });
});

test("[T3] [T7] a lost connection rejects what is outstanding, is told, and comes back by itself", async () => {
  let isFirst = true;
  const { url } = await startOther(({ name, requestId }) => {
    if (isFirst) {
      isFirst = false;
      return ["hang up"];
    }
    return [{ header: { type: "completion", name, requestId, version: "2.0", completionCode: "success" } }];
  });
  const client = await connect(url);
  const states: string[] = [];
  client.onState((state) => states.push(state));
  const lost = await client.send("CashAcceptor.CashInEnd", {}).catch((error: unknown) => error);
  expect(lost).toBeInstanceOf(XfsError);
  expect(lost).toMatchObject({ code: "connection-lost" });
  expect(isIndeterminate("CashAcceptor.CashInEnd", lost as XfsError)).toBe(true);
  await expect(client.send("BarcodeReader.Reset", {})).rejects.toMatchObject({ code: "not-connected" });
  await until(() => client.state() === "connected");
  expect((await client.send("BarcodeReader.Reset", {})).completionCode).toBe("success");
  expect(states).toEqual(["connecting", "connected"]);
});

test("[T3] an aborted command is cancelled at the service, and still answers how it ended", async () => {
  const scanner = createFakeBarcode();
  await using publisher = await startTestPublisher({ barcode: { create: () => scanner.driver } });
  const client = await publisher.client("barcode");
  const stop = new AbortController();
  const sent = client.send("BarcodeReader.Read", {}, { signal: stop.signal });
  await until(() => scanner.busy === 1);
  stop.abort();
  expect((await sent).completionCode).toBe("canceled");
  expect(scanner.busy).toBe(0);
  const never = client.send("BarcodeReader.Read", {}, { signal: stop.signal });
  await expect(never).rejects.toMatchObject({ code: "aborted" });
});

test("[T3] connecting is given up when the caller aborts, and where nobody listens nothing is found", async () => {
  const { url, server } = await startOther(() => []);
  const { port } = new URL(url);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const asked = connectXfs(url, { signal: AbortSignal.timeout(50) });
  await expect(asked).rejects.toMatchObject({ code: "aborted" });
  expect(await discover("127.0.0.1", [Number(port)], 50)).toEqual([]);
});

test("[T3] an error names the command and its code", async () => {
  const cash = createFakeCash();
  await using publisher = await startTestPublisher({ cash: { create: () => cash.driver } });
  const client = await publisher.client("cash");
  const completion = await client.send("CashAcceptor.CashInEnd", {});
  const error = (() => {
    try {
      return successOf("CashAcceptor.CashInEnd", completion);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(XfsCommandError);
  expect(error).toMatchObject({
    errorCode: "noCashInActive",
    message: expect.stringContaining("CashAcceptor.CashInEnd: noCashInActive") as unknown,
  });
});

test("[P3] only a success or a certain refusal settles a value command", () => {
  const failed = (completionCode: "hardwareError" | "timeOut" | "deviceNotReady" | "canceled", errorCode?: "noItems") =>
    ({ completionCode, errorDescription: undefined, payload: errorCode === undefined ? {} : { errorCode } }) as const;
  const refusedWith = (errorCode: "noItems" | "cashUnitError" | "X-indeterminate") =>
    ({ completionCode: "commandErrorCode", errorDescription: undefined, payload: { errorCode } }) as const;
  const isUnclear = (outcome: Parameters<typeof isIndeterminate<"CashAcceptor.CashInEnd">>[1]) =>
    isIndeterminate("CashAcceptor.CashInEnd", outcome);
  expect(isUnclear({ completionCode: "success", payload: { storage: {} } })).toBe(false);
  expect(isUnclear(failed("deviceNotReady"))).toBe(false);
  expect(isUnclear(refusedWith("noItems"))).toBe(false);
  expect(isUnclear(failed("hardwareError"))).toBe(true);
  expect(isUnclear(failed("timeOut"))).toBe(true);
  expect(isUnclear(failed("canceled"))).toBe(true);
  expect(isUnclear(refusedWith("cashUnitError"))).toBe(true);
  expect(isUnclear(refusedWith("X-indeterminate"))).toBe(true);
  expect(isUnclear(new XfsError("connection-lost", "lost"))).toBe(true);
  expect(isUnclear(new XfsError("not-connected", "nothing was sent"))).toBe(false);
  expect(isIndeterminate("BarcodeReader.Read", new XfsError("connection-lost", "lost"))).toBe(false);
});
