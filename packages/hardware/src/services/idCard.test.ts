import { expect, test } from "vitest";
import { successOf } from "../client.ts";
import { DeviceError } from "../drivers/contracts.ts";
import { createFakeIdCard, sampleCard } from "../testing/fakeDrivers.ts";
import { startTestPublisher, until } from "../testing/testPublisher.ts";

async function startReader() {
  const reader = createFakeIdCard();
  const publisher = await startTestPublisher({ idCard: { create: () => reader.driver } });
  const client = await publisher.client("idCard");
  return { reader, client, [Symbol.asyncDispose]: () => publisher[Symbol.asyncDispose]() };
}

test("[T4] [B1] a resident identity card is asked for, read, and its removal told", async () => {
  await using set = await startReader();
  const { reader, client } = set;
  const heard: string[] = [];
  client.on("X-IdCard.CardRemovedEvent", () => heard.push("removed"));
  const completion = await client.send(
    "X-IdCard.Read",
    {},
    {
      onEvent: (name) => {
        heard.push(name);
        if (name === "X-IdCard.PresentCardEvent") reader.lay(sampleCard);
      },
    },
  );
  const { photoWlt, ...card } = successOf("X-IdCard.Read", completion).card;
  const { photoWlt: photo, ...expected } = sampleCard;
  expect(card).toEqual(expected);
  expect(Buffer.from(photoWlt ?? "", "base64")).toEqual(Buffer.from(photo));
  const status = successOf("Common.Status", await client.send("Common.Status", {}));
  expect(status["X-idCard"]?.media).toBe("present");
  reader.takeAway();
  await until(() => heard.includes("removed"));
  expect(heard).toEqual(["X-IdCard.PresentCardEvent", "X-IdCard.CardPresentedEvent", "removed"]);
});

test("[T4] waiting for the removal of one card never holds up the next command", async () => {
  await using set = await startReader();
  const { reader, client } = set;
  reader.lay(sampleCard);
  await client.send("X-IdCard.Read", {});
  await until(() => reader.calls.includes("awaitRemoval"));
  expect((await client.send("X-IdCard.Reset", {})).completionCode).toBe("success");
  expect((await client.send("X-IdCard.Read", {})).completionCode).toBe("success");
});

test("[T4] a card that cannot be read is called invalidMedia, one taken away too soon noMedia", async () => {
  await using set = await startReader();
  const { reader, client } = set;
  reader.lay(sampleCard);
  reader.failNext("read", new DeviceError("media-error", "read failed"));
  expect(await client.send("X-IdCard.Read", {})).toMatchObject({ payload: { errorCode: "invalidMedia" } });
  reader.failNext("read", new DeviceError("no-media", "gone"));
  expect(await client.send("X-IdCard.Read", {})).toMatchObject({ payload: { errorCode: "noMedia" } });
});

test("[T3] faults of the line keep their kind", async () => {
  await using set = await startReader();
  const { reader, client } = set;
  const codeAfter = async (code: DeviceError["code"]) => {
    reader.failNext("awaitCard", new DeviceError(code, code));
    return (await client.send("X-IdCard.Read", {})).completionCode;
  };
  expect(await codeAfter("protocol")).toBe("hardwareError");
  expect(await codeAfter("timeout")).toBe("hardwareError");
  expect(await codeAfter("indeterminate")).toBe("hardwareError");
  expect(await codeAfter("offline")).toBe("deviceNotReady");
  expect(await codeAfter("cover-open")).toBe("userError");
  expect(await codeAfter("tampered")).toBe("fraudAttempt");
  reader.failNext("awaitCard", new TypeError("a bug"));
  expect((await client.send("X-IdCard.Read", {})).completionCode).toBe("internalError");
});
