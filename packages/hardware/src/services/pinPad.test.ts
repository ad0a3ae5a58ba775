import { expect, test } from "vitest";
import { successOf } from "../client.ts";
import type { CommandName, CommandPayload } from "../protocol/messages.ts";
import { createFakePinPad } from "../testing/fakeDrivers.ts";
import { startTestPublisher, until } from "../testing/testPublisher.ts";

const block = Buffer.alloc(16, 7).toString("base64");

async function startPad() {
  const pad = createFakePinPad();
  const publisher = await startTestPublisher({ pinPad: { create: () => pad.driver } });
  const client = await publisher.client("pinPad");
  const does = async <N extends CommandName>(name: N, payload: CommandPayload<N>) =>
    successOf(name, await client.send(name, payload));
  const importKey = (key: string, keyUsage: "P0" | "D0" | "M6" | "K0") =>
    client.send("KeyManagement.ImportKey", {
      key,
      keyAttributes: { keyUsage, algorithm: "4", modeOfUse: "E" },
      value: block,
      decryptKey: "master",
      decryptMethod: "ecb",
    });
  return { pad, client, does, importKey, [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose]() };
}

test("[T5] the master key is made inside the pad and wraps a data key; it cannot be deleted or replaced", async () => {
  await using set = await startPad();
  const { client, does, importKey } = set;
  await does("KeyManagement.Initialization", {});
  const { keyDetails } = await does("KeyManagement.GetKeyDetail", {});
  expect(keyDetails["master"]?.keyBlockInfo).toMatchObject({ keyUsage: "K0", algorithm: "4", exportability: "N" });
  const wrapping = { key: "master", iv: { value: block }, cryptoMethod: "cbc", data: block } as const;
  const wrapped = await does("Crypto.CryptoData", { ...wrapping, modeOfUse: "E" });
  expect(wrapped.data).not.toBe(block);
  const { data } = await does("Crypto.CryptoData", { ...wrapping, modeOfUse: "D", data: wrapped.data });
  expect(data).toBe(block);
  expect(await importKey("other", "K0")).toMatchObject({ payload: { errorCode: "useViolation" } });
  const deleted = await client.send("KeyManagement.DeleteKey", { key: "master" });
  expect(deleted).toMatchObject({ payload: { errorCode: "accessDenied" } });
});

test("[T4] a key is used only for what it is for, and the attempt is told", async () => {
  await using set = await startPad();
  const { client, does, importKey } = set;
  const told: unknown[] = [];
  client.on("KeyManagement.IllegalKeyAccessEvent", (payload) => told.push(payload));
  await does("KeyManagement.Initialization", {});
  await importKey("mac1", "M6");
  const asPin = await client.send("PinPad.GetPinBlock", {
    key: "mac1",
    format: "iso0",
    padding: 15,
    customerData: "622202123456789",
  });
  expect(asPin).toMatchObject({ payload: { errorCode: "useViolation" } });
  const missing = await client.send("KeyManagement.GenerateKCV", { key: "none", keyCheckMode: "zero" });
  expect(missing).toMatchObject({ payload: { errorCode: "keyNotFound" } });
  expect(told).toEqual([
    { keyName: "mac1", errorCode: "useViolation" },
    { keyName: "none", errorCode: "keyNotFound" },
  ]);
});

test("[T4] of a PIN only the number of its digits comes out of the pad", async () => {
  await using set = await startPad();
  const { pad, client, does, importKey } = set;
  await does("KeyManagement.Initialization", {});
  await importKey("pin1", "P0");
  const events: unknown[] = [];
  for (const key of ["1", "2", "3", "backspace", "4", "5", "6", "enter"]) pad.press(key);
  const entered = await client.send(
    "Keyboard.PinEntry",
    { minLen: 4, maxLen: 6 },
    { onEvent: (_name, payload) => events.push(payload) },
  );
  expect(successOf("Keyboard.PinEntry", entered)).toEqual({ digits: 5, completion: "enter" });
  expect(JSON.stringify(events)).not.toContain("digit");
  const pinBlock = { key: "pin1", padding: 15, customerData: "622202123456789", format: "iso4" } as const;
  expect((await does("PinPad.GetPinBlock", pinBlock)).pinBlock).not.toBe("");
});

test("[T4] an entry in clear tells each key, and ends with enter, cancel or a cancelled command", async () => {
  await using set = await startPad();
  const { pad, client, does } = set;
  for (const key of ["1", "2", "enter"]) pad.press(key);
  const entry = await does("Keyboard.DataEntry", { maxLen: 10 });
  expect(entry).toEqual({
    keys: 3,
    completion: "enter",
    pinKeys: [
      { completion: "continue", digit: "one" },
      { completion: "continue", digit: "two" },
      { completion: "enter", digit: "enter" },
    ],
  });
  pad.press("cancel");
  expect((await does("Keyboard.DataEntry", { maxLen: 10 })).completion).toBe("cancel");
  const stop = new AbortController();
  const waiting = client.send("Keyboard.DataEntry", { maxLen: 10 }, { signal: stop.signal });
  await until(() => pad.busy === 1);
  stop.abort();
  expect((await waiting).completionCode).toBe("canceled");
});

test("[T5] a pad that was tampered with says so, and does nothing more", async () => {
  await using set = await startPad();
  const { pad, client, does } = set;
  await does("KeyManagement.Initialization", {});
  const told: unknown[] = [];
  client.on("Common.ErrorEvent", ({ eventId }) => told.push(eventId));
  client.on("Common.StatusChangedEvent", (change) => told.push(change));
  pad.tamper();
  await until(() => told.length === 3);
  expect(told).toEqual([
    { keyManagement: { encryptionState: "notInitialized" } },
    "fraudAttempt",
    { common: { device: "fraudAttempt" } },
  ]);
  expect((await client.send("Crypto.GenerateRandom", {})).completionCode).toBe("fraudAttempt");
});
