import { type ChildProcess, spawn } from "node:child_process";
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** The device's end of a serial cable: a pty, whose other end the host opens by its stable path. */
export interface Pty {
  send: (bytes: Uint8Array) => void;
  isPlugged: () => boolean;
  plug: () => Promise<void>;
  unplug: () => Promise<void>;
}

/**
 * The pty belongs to a child `socat`, so that pulling the plug is ending that child: the host's end hangs up as when a USB
 * adapter is pulled out. The child ends by itself when this process dies, because its standard input closes.
 *
 * @param link stable path of the host's end; replaced atomically at each plugging in
 */
export const createPty = (link: string, onBytes: (bytes: Uint8Array) => void): Pty => {
  let child: ChildProcess | null = null;
  let held: number | null = null;
  let generation = 0;

  const unplug = async (): Promise<void> => {
    const current = child;
    child = null;
    rmSync(link, { force: true });
    if (held !== null) closeSync(held);
    held = null;
    if (current === null || current.exitCode !== null || current.signalCode !== null) return;
    const gone = new Promise((resolve) => current.once("exit", resolve));
    current.kill("SIGKILL");
    await gone;
  };

  return {
    send: (bytes) => {
      child?.stdin?.write(bytes);
    },
    isPlugged: () => child !== null,
    unplug,
    plug: async () => {
      if (child !== null) return;
      mkdirSync(dirname(link), { recursive: true });
      generation++;
      // An own name for each child: an older socat that is still dying removes its own link only.
      const own = `${link}.${process.pid}.${generation}`;
      const started = spawn("socat", ["-t0", `PTY,link=${own},raw,echo=0`, "STDIO"], {
        stdio: ["pipe", "pipe", "ignore"],
      });
      child = started;
      const failed = new Promise<never>((_, reject) => {
        started.once("error", (error) =>
          reject(new Error("socat cannot be started; install Debian's socat", { cause: error })),
        );
        started.once("exit", () => reject(new Error(`socat ended before its pty ${link} was there`)));
      });
      failed.catch(() => undefined);
      // A cable that breaks by itself is an unplugged one.
      started.once("exit", () => {
        if (child === started) void unplug();
      });
      started.stdin?.on("error", () => undefined);
      started.stdout?.on("data", (bytes: Uint8Array) => {
        if (child === started) onBytes(bytes);
      });
      const ready = (async () => {
        while (!existsSync(own)) await sleep(5);
      })();
      await Promise.race([ready, failed]);
      const slave = readlinkSync(own);
      rmSync(own, { force: true });
      // Held open here, so that a host which closes its end does not hang up ours.
      held = openSync(slave, constants.O_RDWR | constants.O_NOCTTY);
      symlinkSync(slave, `${own}.next`);
      renameSync(`${own}.next`, link);
    },
  };
};
