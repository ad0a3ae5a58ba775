import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, openSync, closeSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Fault } from "../faults/script.ts";
import type { Person } from "../idReader/persons.ts";
import { type DeviceName, deviceNames, type KioskSimulatorConfig } from "../kiosk/config.ts";

const main = fileURLToPath(new URL("../kiosk/main.ts", import.meta.url));
const Ready = z.object({ controlUrl: z.string(), a4Uri: z.string(), cameraPort: z.number() });

const serviceNames: Readonly<Record<DeviceName, string>> = {
  idReader: "IdCard1",
  receipt: "ReceiptPrinter1",
  a4: "PagePrinter1",
  cash: "Cash1",
  scanner: "Barcode1",
  pinPad: "PinPad1",
  cabinet: "Auxiliaries1",
  camera: "Camera1",
};

type Inexact<T> = { [K in keyof T]?: Partial<T[K]> | undefined };
export interface StartKioskOptions extends Inexact<
  Pick<KioskSimulatorConfig, "idReader" | "receipt" | "cash" | "camera" | "a4">
> {
  /** State, links and prints; the same folder again continues the same kiosk. */
  dir: string;
  title?: string;
  seed?: number;
  faults?: readonly Fault[];
  devices?: readonly DeviceName[];
  /** Whose ID cards, and which codes, the panel has ready. */
  persons?: Readonly<Record<string, Person>>;
  codes?: readonly { label: string; data: string; symbology?: string }[];
  /** Fixed port of control API and panel; by default a free one, kept over `restart`. */
  controlPort?: number;
}

/** One line of the publisher's configuration. */
export interface DriverLine {
  kind: string;
  driver: string;
  transport: Record<string, unknown>;
  options?: Record<string, unknown>;
}

export interface KioskSimulatorProcess extends AsyncDisposable {
  readonly controlUrl: string;
  /** Serial paths that the drivers open. */
  readonly links: Readonly<Record<"idReader" | "receipt" | "cash" | "scanner" | "pinPad" | "cabinet", string>>;
  readonly a4: { uri: string };
  readonly camera: { port: number };
  readonly pid: () => number;
  /** POST to the control API; rejects with its message when it refuses. */
  post: (path: string, body?: unknown) => Promise<unknown>;
  /** GET of the control API. */
  get: (path: string) => Promise<unknown>;
  /** The state of one device as GET /state has it. */
  state: (device: DeviceName) => Promise<Record<string, unknown>>;
  /** kill -9, at any moment; `restart` then continues from the non-volatile state. */
  kill: () => Promise<void>;
  restart: () => Promise<void>;
  /** One line for each device of the kiosk, by the device's name here. */
  readonly drivers: Readonly<Record<DeviceName, DriverLine>>;
  /**
   * CONFIG.json of the publisher for this kiosk. Services are named IdCard1, ReceiptPrinter1, PagePrinter1, Cash1, Barcode1,
   * PinPad1, Auxiliaries1, Camera1.
   *
   * @param changes replace a device's line (another driver, other options) or leave the device out (null)
   */
  publisherConfig: (changes?: Readonly<Partial<Record<DeviceName, Partial<DriverLine> | null>>>) => {
    devices: (DriverLine & { service: string })[];
  };
}

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((done) => child.once("exit", done));
};

/** Starts all the devices of a kiosk as one separate process, which ends with this one, and waits until they are ready. */
export const startKioskSimulator = async (options: StartKioskOptions): Promise<KioskSimulatorProcess> => {
  const dir = resolve(options.dir);
  mkdirSync(dir, { recursive: true });
  const configFile = join(dir, "simulator.json");
  const logFile = join(dir, "simulator.log");
  let controlPort = options.controlPort ?? 0;

  const start = async () => {
    writeFileSync(configFile, JSON.stringify({ ...options, dir, controlPort, endWithStdin: true }));
    const log = openSync(logFile, "a");
    const child = spawn(process.execPath, [main, configFile], { stdio: ["pipe", "pipe", log] });
    closeSync(log);
    const line = await new Promise<string>((resolve, reject) => {
      if (child.stdout !== null) createInterface({ input: child.stdout }).once("line", resolve);
      child.once("error", reject);
      child.once("exit", (code, signal) =>
        reject(
          new Error(`the simulators ended at once (${code ?? signal}): ${readFileSync(logFile, "utf8").slice(-2_000)}`),
        ),
      );
    });
    return { child, ready: Ready.parse(JSON.parse(line)) };
  };
  let running = await start();
  const { controlUrl } = running.ready;
  controlPort = Number(new URL(controlUrl).port);
  const link = (name: string): string => join(dir, "links", name);
  const links = {
    idReader: link("idReader"),
    receipt: link("receipt"),
    cash: link("cash"),
    scanner: link("scanner"),
    pinPad: link("pinPad"),
    cabinet: link("cabinet"),
  };
  const request = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await fetch(controlUrl + path, init);
    const body: unknown = await response.json();
    if (!response.ok) throw new Error(`${path}: ${JSON.stringify(body)}`);
    return body;
  };
  const serial = (kind: string, driver: string, path: string): DriverLine => ({
    kind,
    driver,
    transport: { type: "serial", path, baud: 115_200 },
  });
  const drivers: Record<DeviceName, DriverLine> = {
    idReader: serial("idCard", options.idReader?.dialect === "hx" ? "hx-serial" : "sdt-serial", links.idReader),
    receipt: serial("printer", "escpos-serial", links.receipt),
    a4: { kind: "printer", driver: "ipp", transport: { type: "ipp", uri: running.ready.a4Uri } },
    cash: serial("cash", "cash-serial", links.cash),
    scanner: serial("barcode", "scanner-serial", links.scanner),
    pinPad: serial("pinPad", "pinpad-serial", links.pinPad),
    cabinet: serial("auxiliaries", "cabinet-serial", links.cabinet),
    camera: {
      kind: "camera",
      driver: "still-camera",
      transport: { type: "tcp", host: "127.0.0.1", port: running.ready.cameraPort },
    },
  };

  return {
    controlUrl,
    links,
    a4: { uri: running.ready.a4Uri },
    camera: { port: running.ready.cameraPort },
    pid: () => running.child.pid ?? 0,
    get: (path) => request(path),
    post: (path, body = {}) =>
      request(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    state: async (device) => {
      const all = (await request("/state")) as { devices: Record<string, Record<string, unknown>> };
      const found = all.devices[device];
      if (found === undefined) throw new Error(`this kiosk has no ${device}`);
      return found;
    },
    kill: async () => {
      running.child.kill("SIGKILL");
      await ended(running.child);
    },
    restart: async () => {
      running.child.kill("SIGKILL");
      await ended(running.child);
      running = await start();
    },
    drivers,
    publisherConfig: (changes = {}) => ({
      devices: (options.devices ?? deviceNames).flatMap((name) => {
        const change = changes[name];
        return change === null ? [] : [{ service: serviceNames[name], ...drivers[name], ...change }];
      }),
    }),
    [Symbol.asyncDispose]: async () => {
      running.child.kill("SIGTERM");
      const timer = setTimeout(() => running.child.kill("SIGKILL"), 3_000);
      await ended(running.child);
      clearTimeout(timer);
    },
  };
};
