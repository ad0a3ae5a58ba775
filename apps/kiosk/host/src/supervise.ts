import { spawn, type ChildProcess } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { openRotatingLog } from "./system/rotatingLog.ts";
import { confirmTrial, readReleaseState, releaseDir, rollBack } from "./system/update.ts";

/**
 * Keeps one terminal alive (requirement T6): hardware publisher and host as children, restarted when they end or when
 * the host's heartbeat stops. A child that keeps failing is restarted ever more slowly, never given up: a hall has no
 * engineer at night. A release on trial that does not come up is rolled back. Reads the environment of its children;
 * GRIDHALL_PUBLISHER_CONFIG names the publisher's file.
 */
const logger = pino({ level: process.env["GRIDHALL_LOG_LEVEL"] ?? "info", base: { role: "kiosk-supervisor" } });
const INSTALLED = join(import.meta.dirname, "..", "..", "..", "..");
const dataDir = process.env["GRIDHALL_DATA"] ?? ".data/kiosk";
const HEARTBEAT_LIMIT_MS = 20_000;
const RESTART_WINDOW_MS = 10 * 60_000;
/** A release on trial must be up this soon, stay up that long, and may fail so often. */
const TRIAL_READY_MS = Number(process.env["GRIDHALL_TRIAL_READY_MS"] ?? 60_000);
const TRIAL_STEADY_MS = Number(process.env["GRIDHALL_TRIAL_STEADY_MS"] ?? 15_000);
const TRIAL_FAILURES = 3;

interface Supervised {
  name: "publisher" | "host";
  script: string;
  args: string[];
  child: ChildProcess | null;
  startedMs: number[];
  aliveMs: number;
  readyMs: number | null;
  busy: boolean;
  /** The release on trial when this child was started. */
  trial: string | null;
}

let stopping = false;
let restartWanted = false;
let trialStartedMs: number | null = null;
let trialFailures = 0;
const make = (name: Supervised["name"], script: string, args: string[]): Supervised => ({
  name,
  script,
  args,
  child: null,
  startedMs: [],
  aliveMs: 0,
  readyMs: null,
  busy: false,
  trial: null,
});
const publisher = make("publisher", "packages/hardware/src/publisher/main.ts", [
  process.env["GRIDHALL_PUBLISHER_CONFIG"] ?? "",
]);
const host = make("host", "apps/kiosk/host/src/main.ts", []);
await mkdir(dataDir, { recursive: true });
const log = openRotatingLog(join(dataDir, "logs", "terminal.log"), { maxBytes: 5_000_000, keep: 5 });
const pidFile = join(dataDir, "supervisor.pid");
writeFileSync(pidFile, String(process.pid));

function start(entry: Supervised): void {
  const nowMs = performance.now();
  const release = readReleaseState(dataDir);
  const root = release.software ? releaseDir(dataDir, release.software) : INSTALLED;
  const configuration = release.configuration
    ? { GRIDHALL_KIOSK_CONFIG: join(releaseDir(dataDir, release.configuration), "kiosk.json") }
    : {};
  trialStartedMs = release.trial ? (trialStartedMs ?? nowMs) : null;
  entry.startedMs = [...entry.startedMs.filter((at) => nowMs - at < RESTART_WINDOW_MS), nowMs];
  entry.aliveMs = nowMs;
  entry.readyMs = null;
  entry.trial = release.trial?.version ?? null;
  const child = spawn(process.execPath, [join(root, entry.script), ...entry.args], {
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    env: { ...process.env, ...configuration, ...(release.software ? { GRIDHALL_APP_VERSION: release.software } : {}) },
  });
  entry.child = child;
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      log.write(chunk);
      process.stdout.write(chunk);
    });
  child.on("message", (message: { type?: string; busy?: boolean }) => {
    entry.aliveMs = performance.now();
    entry.busy = message.busy ?? entry.busy;
    if (message.type === "ready") entry.readyMs = performance.now();
  });
  child.once("error", (cause) =>
    logger.error({ child: entry.name, cause: String(cause) }, "a child cannot be started"),
  );
  child.once("exit", (code, signal) => {
    entry.child = null;
    if (stopping) return;
    const { trial } = readReleaseState(dataDir);
    // A configuration is the host's alone; software can break either.
    if (
      trial &&
      entry.trial === trial.version &&
      !restartWanted &&
      (entry.name === "host" || trial.kind === "software")
    )
      trialFailures += 1;
    // Half a second at first, a minute at most; at once where the restart was asked for.
    const delayMs = restartWanted ? 0 : Math.min(60_000, 500 * 2 ** Math.max(0, entry.startedMs.length - 2));
    if (!restartWanted)
      logger.warn({ child: entry.name, code, signal, delayMs }, "a child has ended; starting it again");
    restartWanted = false;
    setTimeout(() => {
      if (!stopping) start(entry);
    }, delayMs);
  });
}

function restartHost(): void {
  restartWanted = true;
  host.busy = false;
  if (host.child) host.child.kill("SIGTERM");
}

async function judgeTrial(): Promise<void> {
  const { trial } = readReleaseState(dataDir);
  // Staged, but what runs is still the release before it.
  if (!trial || host.trial !== trial.version) return;
  const nowMs = performance.now();
  const lateMs = trialStartedMs === null ? 0 : nowMs - trialStartedMs;
  if (host.readyMs !== null && nowMs - host.readyMs > TRIAL_STEADY_MS) {
    await confirmTrial(dataDir);
    trialStartedMs = null;
    logger.info({ version: trial.version }, "the release is confirmed");
    return;
  }
  const reason =
    trialFailures >= TRIAL_FAILURES
      ? `failed ${trialFailures} times`
      : host.readyMs === null && lateMs > TRIAL_READY_MS
        ? "was not ready in time"
        : null;
  if (reason === null) return;
  await rollBack(dataDir, reason, new Date().toISOString());
  logger.error({ version: trial.version, reason }, "the release is rolled back");
  trialStartedMs = null;
  trialFailures = 0;
  host.startedMs = [];
  if (host.child) restartHost();
}

let judging = false;
const watchdog = setInterval(() => {
  if (!judging) {
    judging = true;
    judgeTrial()
      .catch((cause: unknown) => logger.error({ cause: String(cause) }, "the release's state cannot be read"))
      .finally(() => {
        judging = false;
      });
  }
  // An update waits until the customer has gone.
  if (updateWaits && !host.busy) {
    updateWaits = false;
    trialStartedMs = null;
    trialFailures = 0;
    logger.info("restarting into the staged release");
    restartHost();
    return;
  }
  if (!host.child || performance.now() - host.aliveMs < HEARTBEAT_LIMIT_MS) return;
  logger.error({ silentMs: Math.round(performance.now() - host.aliveMs) }, "the host hangs; ending it");
  host.aliveMs = performance.now();
  host.child.kill("SIGKILL");
}, 500);
let updateWaits = false;
/** `gridhall kiosk update` has staged a release. */
process.on("SIGHUP", () => {
  updateWaits = true;
});

start(publisher);
start(host);

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(watchdog);
  rmSync(pidFile, { force: true });
  // The host first: it says goodbye to the centre and lets go of the devices.
  for (const { child } of [host, publisher]) {
    if (!child) continue;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
  }
  log.close();
  process.exit(0);
}
process.once("SIGTERM", () => void stop());
process.once("SIGINT", () => void stop());
process.once("disconnect", () => void stop());
