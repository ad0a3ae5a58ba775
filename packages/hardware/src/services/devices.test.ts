import { expect, test } from "vitest";
import { successOf } from "../client.ts";
import { DeviceError } from "../drivers/contracts.ts";
import { createFakeAuxiliaries, createFakeCamera, createFakeChipCard } from "../testing/fakeDrivers.ts";
import { startTestPublisher, until } from "../testing/testPublisher.ts";

test("[T4] a chip card is powered, spoken to, ejected, and its removal told", async () => {
  const slot = createFakeChipCard();
  await using publisher = await startTestPublisher({ chipCard: { create: () => slot.driver } });
  const client = await publisher.client("chipCard");
  const early = await client.send("CardReader.ChipIO", { chipProtocol: "chipT0", chipData: "AKQEAA==" });
  expect(early).toMatchObject({ payload: { errorCode: "noMedia" } });
  slot.insert(Uint8Array.of(0x3b, 0x6d));
  const read = await client.send("CardReader.ReadRawData", { chip: true });
  expect(successOf("CardReader.ReadRawData", read).chip).toEqual([{ status: "ok", data: "O20=" }]);
  const answer = await client.send("CardReader.ChipIO", { chipProtocol: "chipT0", chipData: "AQID" });
  expect(successOf("CardReader.ChipIO", answer).chipData).toBe(Buffer.from([3, 2, 1, 0x90, 0]).toString("base64"));
  const warm = await client.send("CardReader.ChipPower", { chipPower: "warm" });
  expect(warm).toMatchObject({ payload: { errorCode: "chipPowerNotSupported" } });
  let isRemoved = false;
  client.on("CardReader.MediaRemovedEvent", () => {
    isRemoved = true;
  });
  await client.send("CardReader.Move", { to: "exit" });
  slot.takeAway();
  await until(() => isRemoved);
  expect(await client.send("CardReader.Move", { to: "exit" })).toMatchObject({ payload: { errorCode: "noMedia" } });
  slot.failNext("awaitCard", new DeviceError("jam", "stuck"));
  const stuck = await client.send("CardReader.ReadRawData", { chip: true });
  expect(stuck).toMatchObject({ payload: { errorCode: "mediaJam" } });
});

test("[T4] [B1] the camera takes the face and the document, and has no other eyes", async () => {
  const camera = createFakeCamera();
  await using publisher = await startTestPublisher({ camera: { create: () => camera.driver } });
  const client = await publisher.client("camera");
  for (const name of ["person", "X-document"] as const) {
    const taken = successOf("Camera.TakePicture", await client.send("Camera.TakePicture", { camera: name }));
    expect(Buffer.from(taken.pictureFile, "base64").subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
  }
  const other = await client.send("Camera.TakePicture", { camera: "exitSlot" });
  expect(other).toMatchObject({ payload: { errorCode: "cameraNotSupported" } });
});

test("[T4] cabinet: signage and lights are switched, doors and sensors told", async () => {
  const cabinet = createFakeAuxiliaries();
  await using publisher = await startTestPublisher({ auxiliaries: { create: () => cabinet.driver } });
  const client = await publisher.client("auxiliaries");
  const changes: unknown[] = [];
  client.on("Common.StatusChangedEvent", (change) => changes.push(change));
  await client.send("Auxiliaries.SetAuxiliaries", { signageDisplay: "off" });
  await client.send("Lights.SetLight", { receiptPrinter: { default: { flashRate: "quick", color: "green" } } });
  cabinet.sense({ sensor: "safeDoor", active: true });
  cabinet.sense({ sensor: "safeDoor", active: true });
  await until(() => changes.length >= 3);
  expect(changes.slice(-3)).toEqual([
    { auxiliaries: { signageDisplay: "off" } },
    { lights: { receiptPrinter: { default: { flashRate: "quick", color: "green" } } } },
    { auxiliaries: { safeDoor: "open" } },
  ]);
  const status = successOf("Common.Status", await client.send("Common.Status", {}));
  expect(status.auxiliaries).toMatchObject({ cabinetDoor: "closed", safeDoor: "open", heatSensor: "off" });
  const siren = await client.send("Auxiliaries.SetAuxiliaries", { audibleAlarm: "on" });
  expect(siren).toMatchObject({ payload: { errorCode: "invalidAuxiliary" } });
  const disco = await client.send("Lights.SetLight", { checkUnit: { default: { flashRate: "quick" } } });
  expect(disco).toMatchObject({ payload: { errorCode: "invalidLight" } });
});
