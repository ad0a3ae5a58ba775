import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Command, CommandError, runCommand } from "./commands.ts";
import { startTestCentre, type TestCentre } from "./testing/testCentre.ts";

let town: TestCentre;
let dir: string;
beforeAll(async () => {
  town = await startTestCentre();
  dir = await mkdtemp(join(tmpdir(), "gridhall-commands-"));
});
afterAll(async () => {
  await town[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

/** Runs beside the centre, which goes on serving. */
async function run(command: Command, ...args: string[]): Promise<string> {
  const lines: string[] = [];
  await runCommand(command, args, town.config, pino({ level: "silent" }), (line) => lines.push(line));
  expect((await fetch(`${town.centre.httpUrl}/api/health`)).status).toBe(200);
  return lines.join("\n");
}
const file = async (content: unknown) => {
  const path = join(dir, "places.json");
  await writeFile(path, JSON.stringify(content));
  return path;
};
const signIn = (login: string, password: string) =>
  fetch(`${town.centre.httpUrl}/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
const unit = (path: string, kind: string) => ({ unitId: path.replaceAll(".", "-"), path, kind, zh: path, en: path });

describe("commands at the machine, beside a running centre", () => {
  test("[S1] [S2] an empty installation gets its units, kiosks and first administrator, who signs in", async () => {
    const places = {
      units: [unit("p", "province"), unit("p.h", "hall")],
      kiosks: [{ kioskId: "k-1", unitPath: "p.h", zh: "一号", en: "One" }],
    };
    expect(await run("import", await file(places))).toBe("2 units and 1 kiosks are there");
    const said = await run(
      ...([
        "staff",
        "add",
        "boss",
        "--name-zh",
        "李",
        "--name-en",
        "Li",
        "--unit",
        "p",
        "--role",
        "administrator",
      ] as const),
    );
    const password = said.split(" ").at(-1) ?? "";
    const response = await signIn("boss", password);
    expect(response.status).toBe(200);
    const again = await run("staff", "reset-password", "boss");
    expect((await signIn("boss", password)).status).toBe(401);
    expect((await signIn("boss", again.split(" ").at(-1) ?? "")).status).toBe(200);
    await run("staff", "reset-authenticator", "boss");
    await run("staff", "disable", "boss");
    expect((await signIn("boss", again.split(" ").at(-1) ?? "")).status).toBe(401);
    expect(JSON.parse(await run("verify-audit"))).toMatchObject({ faults: [] });
  });

  test("[S1] mistakes are named with their remedy, and nothing is half done", async () => {
    const orphan = { units: [unit("q", "province"), unit("x.y", "hall")] };
    await expect(run("import", await file(orphan))).rejects.toThrow(/x\.y lies below x/);
    await expect(
      run("import", await file({ kiosks: [{ kioskId: "k-2", unitPath: "q", zh: "二", en: "2" }] })),
    ).rejects.toThrow(/q, which is not known/);
    const add = (...rest: string[]) => run("staff", "add", "x", "--name-zh", "李", "--name-en", "Li", ...rest);
    await expect(add("--unit", "p", "--role", "king")).rejects.toThrow(/no role king/);
    await expect(add("--unit", "nowhere", "--role", "clerk")).rejects.toThrow(/no unit nowhere/);
    await expect(add()).rejects.toThrow(CommandError);
    await expect(run("staff", "disable", "ghost")).rejects.toThrow(/nobody has this login/);
  });
});
