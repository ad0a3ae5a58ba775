import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { connectXfs, successOf } from "../client.ts";
import { discover } from "../discover.ts";
import { readPublisherConfig } from "./config.ts";

const main = fileURLToPath(new URL("./main.ts", import.meta.url));
const started: ChildProcess[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of started.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function run(config: unknown) {
  const folder = await mkdtemp(join(tmpdir(), "gridhall-xfs-"));
  folders.push(folder);
  const path = join(folder, "config.json");
  await writeFile(path, typeof config === "string" ? config : JSON.stringify(config));
  const child = spawn(process.execPath, [main, path], { stdio: ["ignore", "pipe", "pipe"] });
  started.push(child);
  let errors = "";
  child.stderr.on("data", (data: Buffer) => {
    errors += data.toString("utf8");
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once("exit", (code) => resolve(code));
  });
  const listening = new Promise<string>((resolve, reject) => {
    let output = "";
    child.stdout.on("data", (data: Buffer) => {
      output += data.toString("utf8");
      const url = /^listening on (\S+)\n/.exec(output)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once("exit", () => reject(new Error(`exited: ${errors}`)));
  });
  listening.catch(() => undefined);
  return { child, exited, listening, errors: () => errors };
}

const reader = {
  service: "IdCard1",
  kind: "idCard",
  driver: "sdt-serial",
  transport: { type: "serial", path: "/nonexistent/tty", baud: 115_200 },
};

test("[T3] the publisher starts with devices unplugged, says where it listens, and closes on SIGTERM", async () => {
  const process = await run({ port: 0, logLevel: "error", devices: [reader] });
  const url = await process.listening;
  const found = await discover("127.0.0.1", [Number(new URL(url).port)], 5_000);
  expect(found).toMatchObject([{ name: "IdCard1", url: `${url}/IdCard1` }]);
  const client = await connectXfs(`${url}/IdCard1`, { signal: AbortSignal.timeout(5_000) });
  const status = successOf("Common.Status", await client.send("Common.Status", {}));
  expect(["starting", "noDevice"]).toContain(status.common.device);
  await client[Symbol.asyncDispose]();
  process.child.kill("SIGTERM");
  expect(await process.exited).toBe(0);
});

test("[T3] every fault of a wrong configuration is named, and the exit code is 2", async () => {
  const process = await run({
    port: 99_999,
    devices: [
      { ...reader, driver: "crystal-ball" },
      { ...reader, transport: { type: "ipp", uri: "ipp://127.0.0.1/x" } },
      { ...reader, kind: "printer", service: "no/slashes" },
    ],
  });
  expect(await process.exited).toBe(2);
  for (const field of ["port", "devices.0.driver", "devices.1.transport", "devices.2.service"]) {
    expect(process.errors()).toContain(`config.json: ${field}:`);
  }
  expect(process.errors()).toContain("sdt-serial");
  const broken = await run("{");
  expect(await broken.exited).toBe(2);
  expect(broken.errors()).toContain("not JSON");
});

test("[T3] moving to another vendor's reader changes the driver's line and nothing else", () => {
  const config = (driver: string) => readPublisherConfig(JSON.stringify({ devices: [{ ...reader, driver }] }));
  expect(config("sdt-serial").ok).toBe(true);
  expect(config("hx-serial").ok).toBe(true);
});

test("a service's name is used once", () => {
  const read = readPublisherConfig(JSON.stringify({ devices: [reader, reader] }));
  expect(read).toEqual({ ok: false, faults: [expect.stringContaining("devices.1.service:") as unknown] });
});
