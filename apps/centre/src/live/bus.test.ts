import { spawn } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { freePort } from "../testing/testCentre.ts";
import { joinBus } from "./bus.ts";

let port: number;
let server: ReturnType<typeof spawn>;
const startServer = async () => {
  server = spawn("nats-server", ["-a", "127.0.0.1", "-p", String(port)], {
    stdio: "ignore",
    env: { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin` },
  });
  await pause(300);
};
beforeAll(async () => {
  port = await freePort();
  await startServer();
});
afterAll(() => void server.kill());

test("[S3] a hint of one node is heard on the others, also after NATS was away; one's own is heard once", async () => {
  const logger = pino({ level: "silent" });
  const url = `nats://127.0.0.1:${port}`;
  await using one = await joinBus(url, "node-1", logger);
  await using two = await joinBus(url, "node-2", logger);
  const heard: string[] = [];
  one.on("seat.changed", ({ seatId }) => heard.push(`one:${seatId}`));
  two.on("seat.changed", ({ seatId }) => heard.push(`two:${seatId}`));
  one.emit("seat.changed", { seatId: "a" });
  await vi.waitFor(() => expect(heard).toEqual(["one:a", "two:a"]), { timeout: 10_000 });
  server.kill();
  await new Promise((done) => server.once("exit", done));
  one.emit("seat.changed", { seatId: "b" });
  expect(heard.at(-1)).toBe("one:b");
  await startServer();
  await vi.waitFor(
    () => {
      one.emit("seat.changed", { seatId: "c" });
      expect(heard).toContain("two:c");
    },
    { timeout: 20_000, interval: 250 },
  );
});
