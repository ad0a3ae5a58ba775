import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KNOWN } from "@gridhall/domain/town/known.ts";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openBooks } from "./books.ts";
import { connectCustomer } from "./customer.ts";
import { ROOT, run } from "./processes.ts";
import { startTerminal, startTown, type Town } from "./town.ts";

let town: Town;
beforeAll(async () => {
  town = await startTown({ deviceIds: ["k-h1-1", "k-h2-1", "k-h3-1"] });
}, 180_000);
afterAll(async () => town[Symbol.asyncDispose]());

function filesBelow(dir: string): string[] {
  return readdirSync(dir).flatMap((name) =>
    statSync(join(dir, name)).isDirectory() ? filesBelow(join(dir, name)) : [join(dir, name)],
  );
}

describe("the terminal's own data", () => {
  test("[T5] raw files hold no ID number, name, phone or key in clear, and a tampered PIN pad makes the store unreadable", async () => {
    const { holder, accountNo } = KNOWN.twoOverdue;
    await using terminal = await startTerminal(town, "k-h1-1", {
      devices: {
        persons: {
          holder: {
            name: holder.name,
            sexCode: "1",
            ethnicityCode: "01",
            birthDate: "19711105",
            address: "静州区南门街和平里",
            idNumber: holder.idNo,
            issuer: "天澜市公安局",
            validFrom: "20150601",
            validTo: "长期",
          },
        },
      },
    });
    await using customer = await connectCustomer(terminal.url);
    await customer.until("online", (view) => view.terminal.online);
    customer.act({ type: "start" });
    await customer.until("home", (view) => view.screen.kind === "home");
    customer.act({ type: "service", serviceId: "pay-bill" });
    await customer.until("find", (view) => view.screen.kind === "find-account");
    customer.act({ type: "find-method", method: "id-card" });
    await customer.until(
      "the reader waits",
      (view) => view.screen.kind === "find-account" && view.screen.reader === "waiting",
    );
    await terminal.devices.post("/lay-id-card", { person: "holder" });
    const found = await customer.until("the account of the card", (view) => view.screen.kind === "account");
    expect(found.screen.kind === "account" && found.screen.overview.accountNo).toBe(accountNo);
    await terminal.devices.post("/remove-id-card");
    customer.act({ type: "find-method", method: "phone" });
    customer.act({ type: "home" });
    await new Promise((done) => setTimeout(done, 500));
    const secrets = [holder.idNo, holder.name, holder.phone, accountNo, "BEGIN PRIVATE KEY", "journey.started"];
    for (const file of filesBelow(terminal.dataDir)) {
      const bytes = readFileSync(file);
      for (const secret of secrets)
        for (const encoding of ["utf8", "utf16le"] as const)
          expect(bytes.includes(Buffer.from(secret, encoding)), `${secret} in ${file}`).toBe(false);
    }
    expect(readFileSync(join(terminal.dataDir, "store.db")).subarray(0, 15).toString()).not.toBe("SQLite format 3");
    expect(readFileSync(terminal.logFile, "utf8")).not.toContain(holder.idNo);

    await terminal.devices.post("/tamper");
    await customer.until(
      "the terminal says so",
      (view) => view.screen.kind === "out-of-service" || view.screen.kind === "home",
      15_000,
    );
    terminal.host.child.kill("SIGKILL");
    await terminal.host.exited;
    await terminal.startHost();
    // Exit code 3: keys lost. The pad has none, and a new one would not open the old store.
    expect(await terminal.host.exited).toBe(3);
    expect(readFileSync(terminal.logFile, "utf8")).toMatch(/KeyLostError|erased its keys|cannot unwrap/);
  });

  test("[T6] a signed configuration is taken up, and a release that does not come up is rolled back while the terminal serves on", async () => {
    await using terminal = await startTerminal(town, "k-h2-1", { startHost: false });
    const publicHalf = generateKeyPairSync("ed25519");
    mkdirSync(terminal.dataDir, { recursive: true });
    writeFileSync(
      join(terminal.dataDir, "update-key.pem"),
      publicHalf.publicKey.export({ type: "spki", format: "pem" }),
    );
    const key = join(terminal.dataDir, "..", "release-key.pem");
    writeFileSync(key, publicHalf.privateKey.export({ type: "pkcs8", format: "pem" }));
    const cli = (...args: string[]) =>
      execFileSync(process.execPath, [join(ROOT, "apps/kiosk/host/src/cli.ts"), ...args], {
        env: { ...process.env, GRIDHALL_DATA: terminal.dataDir },
        encoding: "utf8",
      });
    const pack = (kind: string, version: string, root: string, ...paths: string[]) => {
      const out = join(terminal.dataDir, "..", `${version}.update`);
      cli("pack", "--kind", kind, "--version", version, "--key", key, "--root", root, "--out", out, ...paths);
      return out;
    };
    await using supervisor = run("apps/kiosk/host/src/supervise.ts", [], {
      env: {
        ...terminal.hostEnv,
        GRIDHALL_PUBLISHER_CONFIG: "",
        GRIDHALL_TRIAL_STEADY_MS: "1500",
        GRIDHALL_TRIAL_READY_MS: "90000",
      },
      log: terminal.logFile,
    });
    await supervisor.line(/terminal is up/);

    const source = join(terminal.dataDir, "..", "new-configuration");
    mkdirSync(source);
    const before = JSON.parse(readFileSync(terminal.hostEnv["GRIDHALL_KIOSK_CONFIG"] ?? "", "utf8")) as Record<
      string,
      unknown
    >;
    writeFileSync(
      join(source, "kiosk.json"),
      JSON.stringify({ ...before, version: "c2", name: { zh: "换了名字的终端", en: "Renamed" } }),
    );
    cli("update", pack("configuration", "c2", source, "kiosk.json"));
    const state = () =>
      JSON.parse(cli("release")) as {
        configuration: string | null;
        software: string | null;
        trial: unknown;
        failed: { version: string }[];
      };
    await vi.waitFor(() => expect(state()).toMatchObject({ configuration: "c2", trial: null }), {
      timeout: 120_000,
      interval: 500,
    });
    await using customer = await connectCustomer(terminal.url);
    expect((await customer.until("the new name", () => true)).terminal.name.zh).toBe("换了名字的终端");

    const broken = join(terminal.dataDir, "..", "broken", "apps/kiosk/host/src");
    mkdirSync(broken, { recursive: true });
    writeFileSync(join(broken, "main.ts"), "throw new Error('a release that never starts');\n");
    cli("update", pack("software", "s9", join(terminal.dataDir, "..", "broken"), "apps"));
    await vi.waitFor(
      () => expect(state()).toMatchObject({ software: null, trial: null, failed: [{ version: "s9" }] }),
      { timeout: 120_000, interval: 500 },
    );
    await vi.waitFor(
      async () => {
        await using again = await connectCustomer(terminal.url);
        await again.until("serving", (view) => view.screen.kind === "signage", 3_000);
      },
      { timeout: 120_000, interval: 500 },
    );
    const forged = spawnSync(
      process.execPath,
      [join(ROOT, "apps/kiosk/host/src/cli.ts"), "update", join(source, "kiosk.json")],
      { env: { ...process.env, GRIDHALL_DATA: terminal.dataDir }, encoding: "utf8" },
    );
    expect(forged.status).toBe(2);
    expect(forged.stderr).toContain("not an update file");
  }, 480_000);

  test("[L4] [T6] the centre sees the terminal's devices and levels, and its commands are carried out", async () => {
    await using terminal = await startTerminal(town, "k-h3-1");
    await using books = await openBooks(town);
    const status = () =>
      books.query<{ body: { devices: { kind: string; state: string; conditions: string[] }[]; cash: unknown[] } }>(
        "select body from device_status where device_id = 'k-h3-1'",
      );
    await vi.waitFor(async () => expect((await status())[0]?.body.devices.length).toBeGreaterThan(5), {
      timeout: 20_000,
    });
    expect((await status())[0]?.body.cash.length).toBeGreaterThan(1);
    await terminal.devices.post("/paper", { receipt: "out" });
    await vi.waitFor(
      async () =>
        expect(
          (await status())[0]?.body.devices.find((device) => device.kind === "receiptPrinter")?.conditions,
        ).toContain("paper-out"),
      { timeout: 20_000 },
    );
    await terminal.devices.post("/paper", { receipt: "full" });
    const signIn = await fetch(`${town.centre.httpUrl}/api/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ login: "admin", password: "gridhall-demo" }),
    });
    const cookie = (signIn.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const command = await fetch(`${town.centre.httpUrl}/api/kiosks/k-h3-1/commands`, {
      method: "POST",
      headers: { "content-type": "application/json", cookie },
      body: JSON.stringify({ type: "self-test" }),
    });
    const { commandId } = (await command.json()) as { commandId: string };
    await vi.waitFor(
      async () =>
        expect(await books.query("select state, result from command where command_id = $1", [commandId])).toMatchObject(
          [{ state: "done" }],
        ),
      { timeout: 30_000 },
    );
  });
});
