import { mkdirSync, writeFileSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type KioskSimulatorProcess,
  startKioskSimulator,
  type StartKioskOptions,
} from "@gridhall/simulators/testing/startKiosk.ts";
import { freePort, ROOT, run, type Running } from "./processes.ts";
import { startToxicProxy, type ToxicProxy } from "./toxicProxy.ts";

export interface CentreProcess {
  running: Running;
  httpUrl: string;
  linkUrl: string;
  codes: Record<string, string>;
  logins: { login: string; password: string }[];
  channelToken: string;
  databaseUrl: string;
}

export interface Town extends AsyncDisposable {
  readonly dir: string;
  centre: CentreProcess;
  readonly acquirersUrl: string;
  /** Ends the centre with the signal and starts it again on the same ports and data. */
  restartCentre(signal: "SIGKILL" | "SIGTERM"): Promise<void>;
  control(path: string, body: unknown): Promise<void>;
}

const DEVICES = ["k-h1-1", "k-h2-1"];

/** Centre with the demo town and acquirers, each a process of its own, as in production. */
export async function startTown(
  options: {
    accounts?: number;
    deviceIds?: readonly string[];
    adminTotp?: "required";
    env?: Record<string, string>;
  } = {},
): Promise<Town> {
  const dir = await mkdtemp(join(tmpdir(), "gridhall-town-"));
  // Started by root, PostgreSQL runs under another account, which must reach its folder.
  await chmod(dir, 0o755);
  const [http, link, postgres] = [await freePort(), await freePort(), await freePort()];
  const acquirersConfig = join(dir, "acquirers.json");
  const acquirers = run(
    "packages/simulators/src/acquirers/main.ts",
    ["--dir", join(dir, "acquirers"), "--notify", `http://127.0.0.1:${http}`, "--config", acquirersConfig],
    { log: join(dir, "acquirers.log") },
  );
  const acquirersUrl = (JSON.parse((await acquirers.line(/^\{"ready".*$/m))[0]) as { url: string }).url;
  const env = {
    GRIDHALL_DATA: join(dir, "centre"),
    GRIDHALL_HTTP_PORT: String(http),
    GRIDHALL_LINK_PORT: String(link),
    GRIDHALL_POSTGRES_PORT: String(postgres),
    GRIDHALL_ACQUIRERS: acquirersConfig,
    GRIDHALL_SEARCHES_PER_MINUTE: "1000",
    GRIDHALL_DEMO_TOWN: "1",
    GRIDHALL_ADMIN_TOTP: options.adminTotp ?? "optional",
    GRIDHALL_DEMO_ACCOUNTS: String(options.accounts ?? 40),
    GRIDHALL_DEMO_CODES: (options.deviceIds ?? DEVICES).join(","),
    GRIDHALL_CONSOLE_DIR: join(ROOT, "apps/console/dist"),
    ...options.env,
  };
  const startCentre = async (): Promise<CentreProcess> => {
    const running = run("apps/centre/src/main.ts", [], { env, log: join(dir, "centre.log") });
    const ready = JSON.parse((await running.line(/^\{"ready".*$/m))[0]) as Omit<
      CentreProcess,
      "running" | "databaseUrl"
    >;
    return { running, ...ready, databaseUrl: `127.0.0.1:${postgres}` };
  };
  let centre = await startCentre();
  const town: Town = {
    dir,
    acquirersUrl,
    get centre() {
      return centre;
    },
    async restartCentre(signal) {
      centre.running.child.kill(signal);
      await centre.running.exited;
      centre = await startCentre();
    },
    async control(path, body) {
      const response = await fetch(`${acquirersUrl}/control/${path}`, { method: "POST", body: JSON.stringify(body) });
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    },
    async [Symbol.asyncDispose]() {
      await centre.running[Symbol.asyncDispose]();
      await acquirers[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return town;
}

export interface Terminal extends AsyncDisposable {
  readonly devices: KioskSimulatorProcess;
  readonly url: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** What the host is started with. */
  readonly hostEnv: Record<string, string>;
  /** Between terminal and centre: cut it, slow it. */
  readonly proxy: ToxicProxy;
  host: Running;
  /** More environment for the host, kept over restarts by whoever restarts it. */
  extraEnv: Record<string, string>;
  startHost(extraEnv?: Record<string, string>): Promise<void>;
}

/** One kiosk: simulated devices on ptys, the real publisher, the real host, a proxy of ours on the way to the centre. */
export async function startTerminal(
  town: Town,
  deviceId: string,
  options: {
    devices?: Partial<StartKioskOptions>;
    idleSeconds?: number;
    warningSeconds?: number;
    startHost?: boolean;
    env?: Record<string, string>;
    evidencePatienceSeconds?: number;
  } = {},
): Promise<Terminal> {
  const dir = join(town.dir, `${deviceId}-${Math.round(performance.now())}`);
  mkdirSync(dir, { recursive: true });
  const linkPort = Number(new URL(town.centre.linkUrl).port);
  const proxy = await startToxicProxy("127.0.0.1", linkPort);
  const devices = await startKioskSimulator({ dir: join(dir, "devices"), title: deviceId, ...options.devices });
  const [publisherPort, uiPort] = [await freePort(), await freePort()];
  const publisherConfig = join(dir, "publisher.json");
  writeFileSync(publisherConfig, JSON.stringify({ port: publisherPort, ...devices.publisherConfig() }));
  const publisher = run("packages/hardware/src/publisher/main.ts", [publisherConfig], {
    log: join(dir, "publisher.log"),
  });
  await publisher.line(/listening on/);
  const config = join(dir, "kiosk.json");
  writeFileSync(
    config,
    JSON.stringify({
      version: "test",
      name: { zh: "1号自助终端", en: "Kiosk 1" },
      hall: { zh: "城关营业厅", en: "Chengguan hall" },
      centreUrl: town.centre.httpUrl,
      linkProxyPort: proxy.port,
      ui: { port: uiPort },
      publisherPort,
      services: {
        pinPad: "PinPad1",
        cash: "Cash1",
        idCard: "IdCard1",
        scanner: "Barcode1",
        receipt: "ReceiptPrinter1",
        page: "PagePrinter1",
        cabinet: "Auxiliaries1",
      },
      idleSeconds: options.idleSeconds ?? 60,
      warningSeconds: options.warningSeconds ?? 15,
      evidencePatienceSeconds: options.evidencePatienceSeconds ?? 20,
    }),
  );
  const dataDir = join(dir, "data");
  const logFile = join(dir, "host.log");
  let host: Running | null = null;
  const env = {
    GRIDHALL_DATA: dataDir,
    GRIDHALL_KIOSK_CONFIG: config,
    GRIDHALL_KIOSK_UI: join(ROOT, "apps/kiosk/ui/dist"),
    GRIDHALL_ENROLMENT_CODE: town.centre.codes[deviceId] ?? "",
    ...options.env,
  };
  const terminal: Terminal = {
    devices,
    url: `http://127.0.0.1:${uiPort}/`,
    dataDir,
    logFile,
    hostEnv: env,
    proxy,
    extraEnv: {},
    get host() {
      if (!host) throw new Error("the host is not started");
      return host;
    },
    async startHost(extraEnv = {}) {
      host = run("apps/kiosk/host/src/main.ts", [], { env: { ...env, ...extraEnv }, log: logFile });
      await Promise.race([host.line(/terminal is up/), host.exited]);
    },
    async [Symbol.asyncDispose]() {
      await host?.[Symbol.asyncDispose]();
      await publisher[Symbol.asyncDispose]();
      await devices[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
  if (options.startHost !== false) await terminal.startHost();
  return terminal;
}
