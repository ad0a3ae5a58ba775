import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A real IPP printer that is not ours: CUPS's `ippeveprinter`, which keeps what it printed in a spool folder. */
export interface IppevePrinter extends AsyncDisposable {
  uri: string;
  /** Sheets in its main tray, set through its own web form. */
  setSheets: (sheets: 0 | 5 | 250) => Promise<void>;
  printed: () => string[];
}

export const ippeveAvailable = (): boolean =>
  ["/usr/sbin/ippeveprinter", "/usr/bin/ippeveprinter"].some((path) => existsSync(path));

const freePort = async (): Promise<number> => {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", () => resolve()));
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (typeof address !== "object" || address === null) throw new Error("no free port");
  return address.port;
};

const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
};

/**
 * @param folder its spool; PDFs stay there
 * It insists on DNS-SD at its start, and that on a D-Bus: it gets a private bus, and announces nothing there (`-r off`).
 * With a print command of its own (`-c`) it does not play a slow printer.
 */
export const startIppeve = async (folder: string): Promise<IppevePrinter> => {
  mkdirSync(folder, { recursive: true });
  // Somebody else may take the free port between our looking and its listening.
  for (let tries = 3; ; tries--) {
    try {
      return await startOnce(folder);
    } catch (error) {
      if (tries === 0) throw error;
    }
  }
};

const startOnce = async (folder: string): Promise<IppevePrinter> => {
  const port = await freePort();
  const bus = spawn("dbus-daemon", ["--session", "--nofork", "--print-address=1"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const address = await new Promise<string>((resolve, reject) => {
    bus.once("error", (error) =>
      reject(new Error("dbus-daemon cannot be started; install Debian's dbus", { cause: error })),
    );
    bus.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()));
  });
  const options = [
    "-r",
    "off",
    "-k",
    "-c",
    "/bin/true",
    "-d",
    folder,
    "-f",
    "application/pdf",
    "-p",
    String(port),
    "-n",
    "localhost",
    "GridHall A4",
  ];
  const printer = spawn("ippeveprinter", options, {
    stdio: "ignore",
    env: { ...process.env, DBUS_SYSTEM_BUS_ADDRESS: address, DBUS_SESSION_BUS_ADDRESS: address },
  });
  printer.once("error", () => undefined);
  const web = `http://localhost:${port}`;
  const dispose = async (): Promise<void> => {
    await stopped(printer);
    await stopped(bus);
  };
  const answers = (): Promise<boolean> =>
    fetch(web).then(
      (response) => response.ok,
      () => false,
    );
  for (let tries = 100; !(await answers()); tries--) {
    if (tries === 0 || printer.exitCode !== null) {
      await dispose();
      throw new Error("ippeveprinter does not answer; is Debian's cups-ipp-utils complete?");
    }
    await sleep(50);
  }
  return {
    uri: `ipp://localhost:${port}/ipp/print`,
    setSheets: async (sheets) => {
      // The by-pass tray is always ready: an empty main tray alone does not stop this printer.
      await fetch(
        `${web}/media?size1=iso_a4_210x297mm&type1=stationery&level1=${sheets}&size3=iso_a4_210x297mm&type3=stationery&level3=-2`,
      );
    },
    printed: () =>
      readdirSync(folder)
        .filter((name) => name.endsWith(".pdf"))
        .map((name) => join(folder, name))
        .sort((a, b) => statSync(a).mtimeMs - statSync(b).mtimeMs),
    [Symbol.asyncDispose]: dispose,
  };
};
