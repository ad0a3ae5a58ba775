import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { KNOWN } from "@gridhall/domain/town/known.ts";
import { KIOSKS, UNITS } from "@gridhall/domain/town/units.ts";
import { type KioskSimulatorProcess, startKioskSimulator } from "@gridhall/simulators/testing/startKiosk.ts";
import { buildApps } from "./build.ts";
import { type DemoProcess, startProcess } from "./processes.ts";
import { ensureSystemPackages } from "./systemPackages.ts";
import { printTable } from "./table.ts";

/**
 * A small town on one machine: a centre, acquirers, and kiosks whose devices are simulated below the drivers. Every part
 * is the program that also runs in production, as a process of its own.
 */
const ROOT = join(import.meta.dirname, "..", "..", "..");
const startedMs = performance.now();
const dataDir = resolve(process.env["GRIDHALL_DATA"] ?? join(ROOT, ".data"));
const base = Number(process.env["GRIDHALL_PORT_BASE"] ?? 7000);
const kioskCount = Number(process.env["GRIDHALL_DEMO_KIOSKS"] ?? 2);
if (!Number.isInteger(base) || base < 1024 || base > 65_000) {
  process.stderr.write("GRIDHALL_PORT_BASE: a number from 1024 to 65000, e.g. 7000\n");
  process.exit(2);
}
const say = (line: string) => process.stdout.write(`${line}\n`);
const processes: DemoProcess[] = [];
const simulators: KioskSimulatorProcess[] = [];
let stopping = false;

async function stop(code: number): Promise<never> {
  if (!stopping) {
    stopping = true;
    say("Stopping …");
    // Kiosks before the centre, so that their last reports arrive.
    const [first, rest] = [
      processes.filter((entry) => entry.name.startsWith("kiosk")),
      processes.filter((entry) => !entry.name.startsWith("kiosk")),
    ];
    await Promise.all(first.map((entry) => entry.stop()));
    await Promise.all(simulators.map((entry) => entry[Symbol.asyncDispose]()));
    await Promise.all(rest.map((entry) => entry.stop()));
  }
  process.exit(code);
}
process.on("SIGINT", () => void stop(0));
process.on("SIGTERM", () => void stop(0));
// Started through npm, and npm was ended with -9.
process.on("disconnect", () => void stop(0));

function start(name: string, script: string, args: readonly string[], env: Record<string, string>): DemoProcess {
  const entry = startProcess(name, join(ROOT, script), args, { env, log: join(dataDir, "logs", `${name}.log`) });
  processes.push(entry);
  void entry.exited.then((reason) => {
    if (stopping) return;
    process.stderr.write(`${reason}\n`);
    void stop(1);
  });
  return entry;
}

async function main(): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  await takeFolder(join(dataDir, "demo.pid"));
  ensureSystemPackages(
    [
      { program: "socat", debian: "socat", what: "pseudo-terminals for the simulated devices" },
      { program: "ippeveprinter", debian: "cups-ipp-utils", what: "the A4 printer" },
    ],
    say,
  );
  buildApps(ROOT, say);
  const centreUrl = `http://127.0.0.1:${base}`;
  const acquirersFile = join(dataDir, "acquirers.json");
  const acquirers = start(
    "acquirers",
    "packages/simulators/src/acquirers/main.ts",
    ["--dir", join(dataDir, "acquirers"), "--port", String(base + 3), "--notify", centreUrl, "--config", acquirersFile],
    {},
  );
  await acquirers.line(/^\{"ready".*$/m);

  const live = KIOSKS.filter((kiosk) => kiosk.profile !== "compact")
    .filter((_kiosk, index, all) => all.findIndex((other) => other.hallId === all[index]?.hallId) === index)
    .slice(0, kioskCount);
  const enrolled = (kioskId: string) => existsSync(join(dataDir, kioskId, "data", "store.db"));
  say("Starting the centre …");
  const centre = start("centre", "apps/centre/src/main.ts", [], {
    GRIDHALL_DATA: dataDir,
    GRIDHALL_HTTP_PORT: String(base),
    GRIDHALL_LINK_PORT: String(base + 1),
    GRIDHALL_POSTGRES_PORT: String(base + 2),
    GRIDHALL_ACQUIRERS: acquirersFile,
    GRIDHALL_MEDIA_PORT: String(base + 4),
    GRIDHALL_DEMO_TOWN: "1",
    // Whoever tries the town out has no authenticator for its administrator.
    GRIDHALL_ADMIN_TOTP: "optional",
    GRIDHALL_DEMO_CODES: live
      .filter((kiosk) => !enrolled(kiosk.kioskId))
      .map((kiosk) => kiosk.kioskId)
      .join(","),
    GRIDHALL_CONSOLE_DIR: join(ROOT, "apps/console/dist"),
  });
  const ready = JSON.parse(await centre.line(/^\{"ready".*$/m)) as {
    httpUrl: string;
    linkUrl: string;
    codes: Record<string, string>;
    logins: { login: string; password: string; roleZh: string; roleEn: string }[];
    channelToken: string;
  };

  say("Starting the kiosks …");
  const kiosks = await Promise.all(
    live.map((kiosk, index) =>
      startKiosk(kiosk, base + 10 * (index + 1), centreUrl, ready.codes[kiosk.kioskId] ?? null),
    ),
  );
  const summary = {
    console: ready.httpUrl,
    openApi: `${ready.httpUrl}/api/openapi.json`,
    acquirers: `http://127.0.0.1:${base + 3}/`,
    kiosks,
    logins: ready.logins,
    channelToken: ready.channelToken,
    accounts: Object.fromEntries(
      Object.entries(KNOWN).map(([name, account]) => [
        name,
        {
          accountNo: account.accountNo,
          holder: account.holder.name,
          idNo: account.holder.idNo,
          phone: account.holder.phone,
        },
      ]),
    ),
    ports: { console: base, link: base + 1, postgres: base + 2, acquirers: base + 3 },
  };
  writeFileSync(join(dataDir, "demo.json.new"), JSON.stringify(summary, null, 2), { mode: 0o600 });
  renameSync(join(dataDir, "demo.json.new"), join(dataDir, "demo.json"));
  say(`GridHall is ready (${((performance.now() - startedMs) / 1000).toFixed(1)} s)`);
  say(printTable(summary, dataDir));
}

/** One town a folder. One that was ended with -9 a moment ago is still closing its processes: it is waited for. */
async function takeFolder(pidFile: string): Promise<void> {
  const before = existsSync(pidFile) ? Number(readFileSync(pidFile, "utf8")) : 0;
  const isTown = () => {
    try {
      return (
        before !== process.pid && readFileSync(`/proc/${before}/cmdline`, "utf8").includes("apps/demo/src/main.ts")
      );
    } catch {
      return false;
    }
  };
  for (let waited = 0; before > 0 && isTown(); waited += 250) {
    if (waited > 30_000)
      throw new Error(
        `GridHall already runs on this data folder (process ${before}); stop it first, or set GRIDHALL_DATA and GRIDHALL_PORT_BASE`,
      );
    await new Promise((done) => setTimeout(done, 250));
  }
  writeFileSync(pidFile, String(process.pid));
  // Children of a town that was killed let go of their ports within seconds.
  for (let waited = 0; waited < 20_000; waited += 250) {
    const taken = await Promise.all([0, 1, 2, 3, 10, 11, 12, 20, 21, 22].map((offset) => isTaken(base + offset)));
    if (!taken.includes(true)) return;
    await new Promise((done) => setTimeout(done, 250));
  }
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(true));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(false)));
  });
}

/** Whose ID cards lie beside the kiosk: people who have accounts in the town. */
const CARD_HOLDERS = [KNOWN.oneUnpaid.holder, KNOWN.twoOverdue.holder, KNOWN.sharedIdHome.holder];

function idCardOf(holder: (typeof CARD_HOLDERS)[number]) {
  // GB 11643: figures 7–14 are the birthday, the 17th is odd for men.
  const sexCode = Number(holder.idNo[16]) % 2 === 1 ? ("1" as const) : ("2" as const);
  return {
    name: holder.name,
    sexCode,
    ethnicityCode: "01",
    birthDate: holder.idNo.slice(6, 14),
    address: "天澜市静州区",
    idNumber: holder.idNo,
    issuer: "天澜市公安局",
    validFrom: "20150601",
    validTo: "长期" as const,
  };
}

async function startKiosk(kiosk: (typeof KIOSKS)[number], port: number, centreUrl: string, code: string | null) {
  const dir = join(dataDir, kiosk.kioskId);
  mkdirSync(dir, { recursive: true });
  const name = `kiosk-${kiosk.kioskId}`;
  const devices = await startKioskSimulator({
    dir: join(dir, "devices"),
    title: `${kiosk.zh} ${kiosk.kioskId}`,
    seed: port,
    controlPort: port + 2,
    persons: Object.fromEntries(CARD_HOLDERS.map((holder) => [holder.phone, idCardOf(holder)])),
    codes: [
      { label: "微信付款码", data: "134567890123456789", symbology: "code128" },
      { label: "支付宝付款码", data: "281234567890123456", symbology: "code128" },
      { label: `账单码 ${KNOWN.oneUnpaid.holder.name}`, data: `GH:${KNOWN.oneUnpaid.accountNo}` },
      { label: `账单码 ${KNOWN.twoOverdue.holder.name}`, data: `GH:${KNOWN.twoOverdue.accountNo}` },
    ],
  });
  simulators.push(devices);
  const publisherConfig = join(dir, "publisher.json");
  writeFileSync(publisherConfig, JSON.stringify({ port: port + 1, logLevel: "warn", ...devices.publisherConfig() }));
  const hall = UNITS.find((unit) => unit.unitId === kiosk.hallId);
  const config = join(dir, "kiosk.json");
  writeFileSync(
    config,
    JSON.stringify({
      version: "demo-1",
      name: { zh: kiosk.zh, en: kiosk.en },
      hall: { zh: hall?.zh ?? "", en: hall?.en ?? "" },
      centreUrl,
      ui: { port },
      publisherPort: port + 1,
      services: {
        pinPad: "PinPad1",
        cash: "Cash1",
        idCard: "IdCard1",
        scanner: "Barcode1",
        receipt: "ReceiptPrinter1",
        page: "PagePrinter1",
        cabinet: "Auxiliaries1",
      },
    }),
  );
  const host = start(name, "apps/kiosk/host/src/supervise.ts", [], {
    GRIDHALL_DATA: join(dir, "data"),
    GRIDHALL_KIOSK_CONFIG: config,
    GRIDHALL_KIOSK_UI: join(ROOT, "apps/kiosk/ui/dist"),
    GRIDHALL_PUBLISHER_CONFIG: publisherConfig,
    ...(code ? { GRIDHALL_ENROLMENT_CODE: code } : {}),
  });
  await host.line(/terminal is up/);
  return {
    kioskId: kiosk.kioskId,
    nameZh: kiosk.zh,
    nameEn: kiosk.en,
    hallZh: hall?.zh ?? "",
    hallEn: hall?.en ?? "",
    url: `http://127.0.0.1:${port}/`,
    panel: devices.controlUrl,
  };
}

try {
  await main();
} catch (cause) {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  await stop(1);
}
