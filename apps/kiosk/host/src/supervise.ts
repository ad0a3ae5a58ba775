import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { pino } from "pino";

/**
 * Keeps one terminal alive (requirement T6): hardware publisher and host as children, restarted when they end or when
 * the host's heartbeat stops. A child that keeps failing is restarted ever more slowly, never given up: a hall has no
 * engineer at night. Reads the environment of its children; GRIDHALL_PUBLISHER_CONFIG names the publisher's file.
 */
const logger = pino({ level: process.env["GRIDHALL_LOG_LEVEL"] ?? "info", base: { role: "kiosk-supervisor" } });
const ROOT = join(import.meta.dirname, "..", "..", "..", "..");
const HEARTBEAT_LIMIT_MS = 20_000;
const RESTART_WINDOW_MS = 10 * 60_000;

interface Supervised {
  name: string;
  script: string;
  args: string[];
  /** Whether silence means that it hangs. */
  heartbeat: boolean;
  child: ChildProcess | null;
  startedMs: number[];
  aliveMs: number;
}

let stopping = false;
const publisher: Supervised = {
  name: "publisher",
  script: join(ROOT, "packages/hardware/src/publisher/main.ts"),
  args: [process.env["GRIDHALL_PUBLISHER_CONFIG"] ?? ""],
  heartbeat: false,
  child: null,
  startedMs: [],
  aliveMs: 0,
};
const host: Supervised = {
  name: "host",
  script: join(ROOT, "apps/kiosk/host/src/main.ts"),
  args: [],
  heartbeat: true,
  child: null,
  startedMs: [],
  aliveMs: 0,
};

function start(process_: Supervised): void {
  const nowMs = performance.now();
  process_.startedMs = [...process_.startedMs.filter((at) => nowMs - at < RESTART_WINDOW_MS), nowMs];
  process_.aliveMs = nowMs;
  const child = spawn(process.execPath, [process_.script, ...process_.args], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  process_.child = child;
  child.on("message", (message: { type?: string }) => {
    process_.aliveMs = performance.now();
    if (message.type === "ready") process.send?.(message);
  });
  child.once("exit", (code, signal) => {
    process_.child = null;
    if (stopping) return;
    // Half a second at first, a minute at most.
    const delayMs = Math.min(60_000, 500 * 2 ** Math.max(0, process_.startedMs.length - 2));
    logger.warn({ child: process_.name, code, signal, delayMs }, "a child has ended; starting it again");
    setTimeout(() => {
      if (!stopping) start(process_);
    }, delayMs);
  });
}

start(publisher);
start(host);

const watchdog = setInterval(() => {
  if (!host.child || performance.now() - host.aliveMs < HEARTBEAT_LIMIT_MS) return;
  logger.error({ silentMs: Math.round(performance.now() - host.aliveMs) }, "the host hangs; ending it");
  host.aliveMs = performance.now();
  host.child.kill("SIGKILL");
}, 1_000);

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  clearInterval(watchdog);
  // The host first: it says goodbye to the centre and lets go of the devices.
  for (const { child } of [host, publisher]) {
    if (!child) continue;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 10_000);
    await ended;
    clearTimeout(late);
  }
  process.exit(0);
}
process.once("SIGTERM", () => void stop());
process.once("SIGINT", () => void stop());
process.once("disconnect", () => void stop());
