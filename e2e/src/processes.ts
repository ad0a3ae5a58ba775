import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

/** Repository root: the programs are started from it, as a person would. */
export const ROOT = join(import.meta.dirname, "..", "..");

export async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? done(address.port) : fail(new Error("no port"))));
    });
  });
}

export interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Resolves with the exit code, or the name of the signal. */
  readonly exited: Promise<number | string>;
  /** The first line of standard output that matches. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts one of the project's programs with Node and keeps what it prints in a log file. Ended by its own pid. */
export function run(
  script: string,
  args: readonly string[],
  options: { env?: Record<string, string>; log: string },
): Running {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const log = createWriteStream(options.log, { flags: "a" });
  let text = "";
  const waiters = new Set<() => void>();
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    log.write(chunk);
    for (const waiter of waiters) waiter();
  });
  child.stderr?.on("data", (chunk: Buffer) => log.write(chunk));
  const exited = new Promise<number | string>((done) =>
    child.once("exit", (code, signal) => {
      log.end();
      done(signal ?? code ?? 0);
    }),
  );
  return {
    child,
    exited,
    line: (pattern) =>
      new Promise((done, fail) => {
        const look = () => {
          const match = pattern.exec(text);
          if (!match) return;
          waiters.delete(look);
          done(match);
        };
        waiters.add(look);
        void exited.then((code) =>
          fail(new Error(`${script} ended (${code}) before it printed ${pattern}; see ${options.log}`)),
        );
        look();
      }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill("SIGTERM");
        const late = setTimeout(() => child.kill("SIGKILL"), 15_000);
        await exited;
        clearTimeout(late);
      }
    },
  };
}
