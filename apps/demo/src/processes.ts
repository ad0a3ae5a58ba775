import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream, mkdirSync } from "node:fs";
import { dirname } from "node:path";

export interface DemoProcess {
  readonly name: string;
  readonly child: ChildProcess;
  readonly exited: Promise<string>;
  /** First line of standard output that matches, or an error that says where the log is. */
  line(pattern: RegExp): Promise<string>;
  stop(): Promise<void>;
}

/** A program of the town: output to its log, an IPC channel whose end tells it that the demo is gone (kill -9). */
export function startProcess(
  name: string,
  script: string,
  args: readonly string[],
  options: { env: Record<string, string>; log: string },
): DemoProcess {
  mkdirSync(dirname(options.log), { recursive: true });
  const log = createWriteStream(options.log, { flags: "a" });
  const child = spawn(process.execPath, [script, ...args], {
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // Ctrl-C reaches the demo alone, which then ends its children in good order.
    detached: true,
  });
  let text = "";
  const lookers = new Set<() => void>();
  child.stdout?.on("data", (chunk: Buffer) => {
    log.write(chunk);
    if (lookers.size > 0) text += chunk.toString();
    for (const look of lookers) look();
  });
  child.stderr?.on("data", (chunk: Buffer) => log.write(chunk));
  const exited = new Promise<string>((done) =>
    child.once("exit", (code, signal) => done(`${name} ended (${signal ?? code}); its log is ${options.log}`)),
  );
  return {
    name,
    child,
    exited,
    line: (pattern) =>
      new Promise((done, fail) => {
        const look = () => {
          const match = pattern.exec(text);
          if (!match) return;
          lookers.delete(look);
          text = "";
          done(match[0]);
        };
        lookers.add(look);
        void exited.then((reason) => fail(new Error(reason)));
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 20_000);
      await exited;
      clearTimeout(late);
    },
  };
}
