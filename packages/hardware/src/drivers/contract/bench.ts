import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FaultAction } from "@gridhall/simulators/faults/script.ts";
import type { DeviceName } from "@gridhall/simulators/kiosk/config.ts";
import {
  type KioskSimulatorProcess,
  startKioskSimulator,
  type StartKioskOptions,
} from "@gridhall/simulators/testing/startKiosk.ts";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { silentLogger } from "../config.ts";
import { DeviceError, type DeviceState, type Driver } from "../contracts.ts";
import { createDriver, type DriverKind, type DriverOfKind } from "../registry.ts";

/** A test bench: the simulated devices as a process of their own, and the real driver on the real pty or socket. */
export interface Bench<K extends DriverKind> {
  sim: () => KioskSimulatorProcess;
  driver: () => DriverOfKind[K];
  /** A second driver for the same device, as after a restart of the host; the first is closed. */
  reopenDriver: () => Promise<DriverOfKind[K]>;
  /** Plans a fault: at the next pass of the step, or at the `occurrence`-th from now, or at every pass. */
  fault: (step: string, action: FaultAction, when?: { occurrence?: number; always?: true }) => Promise<void>;
  clearFaults: () => Promise<void>;
  /** Fresh deadline for one command; the drivers themselves give up long before. */
  signal: () => AbortSignal;
  untilState: (state: DeviceState) => Promise<void>;
  online: () => Promise<void>;
}

export const untilTrue = async (what: string, check: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = performance.now() + 20_000;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`never came true: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

/** The code of the DeviceError that a promise rejects with; any other outcome is returned as text that no code equals. */
export const codeOf = async (promise: Promise<unknown>): Promise<string> => {
  try {
    await promise;
    return "resolved";
  } catch (error) {
    return error instanceof DeviceError ? error.code : String(error);
  }
};

/**
 * Sets up one simulator process and one driver for a describe block; each test begins with the device plugged in, powered,
 * without planned faults, and online.
 */
export const benchFor = <K extends DriverKind>(
  kind: K,
  device: DeviceName,
  settings: {
    driver: string;
    /** Short time-outs, so that waiting for silence does not make the tests slow. */
    options?: Record<string, unknown>;
    simulator?: Omit<StartKioskOptions, "dir" | "devices">;
    transport?: () => Record<string, unknown>;
    /** Undoes what an earlier test did to the device itself, before it is expected to be online. */
    settle?: (sim: KioskSimulatorProcess) => Promise<unknown>;
  },
): Bench<K> => {
  let dir = "";
  let sim: KioskSimulatorProcess | null = null;
  let driver: DriverOfKind[K] | null = null;
  const theSim = (): KioskSimulatorProcess => {
    if (sim === null) throw new Error("the simulator has not been started");
    return sim;
  };
  const theDriver = (): DriverOfKind[K] => {
    if (driver === null) throw new Error("the driver has not been made");
    return driver;
  };
  const make = (): DriverOfKind[K] => {
    const { transport } = theSim().drivers[device];
    return createDriver(
      kind,
      { driver: settings.driver, transport: settings.transport?.() ?? transport, options: settings.options ?? {} },
      silentLogger,
    );
  };
  const plain = (): Driver => theDriver();
  const untilState = (state: DeviceState): Promise<void> =>
    untilTrue(`${kind} is ${state}`, () => plain().state() === state);

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "gridhall-bench-"));
    sim = await startKioskSimulator({ ...settings.simulator, dir, devices: [device] });
    driver = make();
  });
  beforeEach(async () => {
    await theSim().post("/clear-faults");
    await theSim().post("/power-on");
    await settings.settle?.(theSim());
    await untilState("online");
  });
  afterAll(async () => {
    await driver?.[Symbol.asyncDispose]();
    await sim?.[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  });

  return {
    sim: theSim,
    driver: theDriver,
    reopenDriver: async () => {
      await theDriver()[Symbol.asyncDispose]();
      driver = make();
      await untilState("online");
      return theDriver();
    },
    fault: async (step, action, when = {}) => {
      const moment = when.always === true ? { probability: 1 } : { occurrence: when.occurrence ?? 1 };
      await theSim().post("/fault", { device, step, action, ...moment });
    },
    clearFaults: async () => void (await theSim().post("/clear-faults")),
    signal: () => AbortSignal.timeout(30_000),
    untilState,
    online: () => untilState("online"),
  };
};

/** How much harder the loops work when asked to. */
export const effort = Number(process.env.GRIDHALL_EFFORT ?? 1);
