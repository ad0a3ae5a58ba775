import { createServer } from "node:net";
import { drawPicture } from "@gridhall/simulators/camera/picture.ts";
import { expect, test } from "vitest";
import { WebSocket } from "ws";
import { silentLogger } from "../config.ts";
import { codeOf, untilTrue } from "../contract/bench.ts";
import { createDriver } from "../registry.ts";

const freePort = async (): Promise<number> => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", () => resolve()));
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return typeof address === "object" && address !== null ? address.port : 0;
};

/** A browser as the kiosk UI is one: answers each request with the id and a JPEG. */
const dial = async (port: number, token: string, pictureOf: (position: string) => Uint8Array): Promise<WebSocket> => {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/?token=${token}`);
  socket.on("message", (data: Buffer) => {
    const { id, take } = JSON.parse(data.toString()) as { id: number; take: string };
    const head = Buffer.alloc(4);
    head.writeUInt32BE(id);
    socket.send(Buffer.concat([head, pictureOf(take)]));
  });
  await new Promise<void>((resolve, reject) => socket.once("open", () => resolve()).once("error", reject));
  return socket;
};

test("[T3] [T4] the browser's camera is a driver like any other: online while it is connected, pictures by position", async () => {
  const port = await freePort();
  const token = "a-token-of-the-kiosk";
  const options = { heartbeatMs: 100, answerTimeoutMs: 5_000, retries: 0 };
  const config = { driver: "still-camera", transport: { type: "browser-bridge", port, token }, options };
  await using driver = createDriver("camera", config, silentLogger);
  const signal = () => AbortSignal.timeout(20_000);
  await untilTrue("offline without a browser", () => driver.state() === "offline");
  expect(await codeOf(driver.takePicture("person", signal()))).toBe("offline");
  await expect(dial(port, "another-token", () => new Uint8Array())).rejects.toThrow(/401/u);

  const asked: string[] = [];
  const browser = await dial(port, token, (position) => {
    asked.push(position);
    return drawPicture(position === "document" ? "document" : "person", asked.length);
  });
  await untilTrue("online", () => driver.state() === "online");
  expect(Buffer.from(await driver.takePicture("document", signal())).equals(drawPicture("document", 1))).toBe(true);
  expect(asked).toEqual(["document"]);
  browser.terminate();
  await untilTrue("offline again", () => driver.state() === "offline");

  const blind = await dial(port, token, () => new Uint8Array());
  await untilTrue("online again", () => driver.state() === "online");
  expect(await codeOf(driver.takePicture("person", signal()))).toBe("media-error");
  blind.terminate();
});
