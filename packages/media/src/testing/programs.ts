import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";

/** Programs that the tests start on loopback, each with its own folder and ports, ended by its own pid. */
export interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  log(): string;
}

export function freeTcpPort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? done(address.port) : fail(new Error("no port"))));
    });
  });
}

export function freeUdpPort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createSocket("udp4");
    probe.once("error", fail);
    probe.bind(0, "127.0.0.1", () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });
}

export function startProgram(command: string, args: readonly string[], folder: string | null): Running {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const keep = (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-20_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const exited = new Promise<void>((done) => {
    child.once("exit", () => done());
    child.once("error", () => done());
  });
  return {
    child,
    log: () => log,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), 5_000);
        await exited;
        clearTimeout(late);
      }
      if (folder) await rm(folder, { recursive: true, force: true });
    },
  };
}

export interface TurnProcess extends Running {
  readonly url: string;
  readonly secret: string;
}

/** coturn with short-lived credentials, relaying on loopback. */
export async function startTurn(): Promise<TurnProcess> {
  const folder = await mkdtemp(join(tmpdir(), "gridhall-turn-"));
  const port = await freeTcpPort();
  const secret = "a secret of the tests";
  await writeFile(
    join(folder, "turn.conf"),
    [
      "listening-ip=127.0.0.1",
      // Janus has no candidates on loopback, whatever it is told: relays must reach it on the machine's own address.
      `relay-ip=${ownAddress()}`,
      `listening-port=${port}`,
      "use-auth-secret",
      `static-auth-secret=${secret}`,
      "realm=gridhall",
      "allow-loopback-peers",
      "cli-password=unused",
      "no-cli",
      "no-tls",
      "no-dtls",
      "verbose",
      "log-file=stdout",
      `pidfile=${join(folder, "turn.pid")}`,
      `userdb=${join(folder, "turn.db")}`,
      "",
    ].join("\n"),
  );
  const running = startProgram("/usr/bin/turnserver", ["-c", join(folder, "turn.conf")], folder);
  try {
    await waitFor("coturn listens", () => running.log().includes("Total General servers"));
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
  return { ...running, url: `turn:127.0.0.1:${port}?transport=udp`, secret };
}

/** An IPv4 address of this machine that is not loopback, where it has one. */
function ownAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.find((address) => address.family === "IPv4" && !address.internal)?.address ?? "127.0.0.1";
}

/** Looks again and again until it is so. */
export async function waitFor(what: string, look: () => unknown, timeoutMs = 15_000): Promise<void> {
  const endMs = performance.now() + timeoutMs;
  for (;;) {
    if (await look()) return;
    if (performance.now() > endMs) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}
