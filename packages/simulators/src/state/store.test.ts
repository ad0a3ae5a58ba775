import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStore } from "./store.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gridhall-store-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("what was committed is there for the next process, what was not is gone after power loss", () => {
  const file = join(dir, "a", "state.json");
  const store = createStore(file, () => ({ count: 0 }));
  store.state.count = 1;
  store.commit();
  store.state.count = 2;
  expect(createStore(file, () => ({ count: 0 })).state.count).toBe(1);
  store.reload();
  expect(store.state.count).toBe(1);
  expect(readdirSync(join(dir, "a"))).toEqual(["state.json"]);
});

test("a file that is no state is named, with the remedy", () => {
  const file = join(dir, "broken.json");
  writeFileSync(file, "{");
  expect(() => createStore(file, () => ({}))).toThrow(/broken\.json.*delete it/u);
});

test("[T7] kill -9 at any moment leaves a whole state, never older than the last commit that returned", async () => {
  const file = join(dir, "counter.json");
  const script = `
    import { createStore } from ${JSON.stringify(new URL("./store.ts", import.meta.url).href)};
    const store = createStore(${JSON.stringify(file)}, () => ({ count: 0, padding: "x".repeat(20_000) }));
    for (;;) { store.state.count++; store.commit(); process.stdout.write(store.state.count + "\\n"); }`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (bytes: Buffer) => {
    said += bytes.toString();
    if (said.length > 200) child.kill("SIGKILL");
  });
  await new Promise((resolve) => child.once("close", resolve));
  const last = Number(said.slice(0, said.lastIndexOf("\n")).split("\n").at(-1));
  const { count } = JSON.parse(readFileSync(file, "utf8")) as { count: number };
  expect(count).toBeGreaterThanOrEqual(last);
});
