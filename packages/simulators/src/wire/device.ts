import type { FaultEngine } from "../faults/engine.ts";
import type { FaultAction } from "../faults/script.ts";

/** Thrown inside a device's program when the power goes: what stands behind is not done. */
export class PowerLost extends Error {
  constructor() {
    super("power lost");
    this.name = "PowerLost";
  }
}

/** Faults that the wire itself cannot suffer: the device's program must. */
export type OwnFault = Extract<
  FaultAction,
  { type: "half-frame" | "bad-checksum" | "silence" | "jam" | "short" | "misread" }
>;

/** What a running program sees of the world. */
export interface Wire {
  /** Sends an answer, as damaged as the fault script wants it at the step `<name>.answer`. */
  answer: (name: string, bytes: Uint8Array) => Promise<void>;
  /** Passes a step: delays, unplugs and power losses happen here; what remains is for the program. */
  at: (step: string) => Promise<OwnFault | null>;
  sleep: (ms: number) => Promise<void>;
}

/** A device's program from power-up to power loss. Its variables are the device's volatile memory. */
export interface Program {
  receive: (bytes: Uint8Array) => void;
  stop?: () => void;
}

/** How a device hangs on the host: pty, or a TCP listener. */
export interface Connector {
  plug: () => Promise<void>;
  unplug: () => Promise<void>;
  isPlugged: () => boolean;
}

/** What the control API can do with each device. */
export interface SimulatedDevice extends AsyncDisposable {
  readonly name: string;
  plug: () => Promise<void>;
  unplug: () => Promise<void>;
  powerOn: () => Promise<void>;
  powerOff: () => Promise<void>;
  isPlugged: () => boolean;
  isPowered: () => boolean;
  snapshot: () => unknown;
}

export interface DeviceSettings {
  name: string;
  faults: FaultEngine;
  connect: (onBytes: (bytes: Uint8Array) => void) => Connector & { send?: (bytes: Uint8Array) => void };
  /** The device's program, started at each power-up. */
  boot: (wire: Wire) => Program;
  /** Drops uncommitted state, as power loss does. */
  reload: () => void;
  snapshot: () => unknown;
  onError: (error: unknown) => void;
}

/** Runs a device: power, plug and the faults that strike at its steps. */
export const createDevice = (settings: DeviceSettings): SimulatedDevice => {
  const { name, faults, onError } = settings;
  let program: Program | null = null;
  /** Counts power-ups: what belongs to an earlier one must not go on. */
  let power = 0;
  const timers = new Set<NodeJS.Timeout>();
  const connector = settings.connect((bytes) => program?.receive(bytes));

  const later = (ms: number | null, act: () => Promise<void>): void => {
    if (ms === null) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      act().catch(onError);
    }, ms);
    timers.add(timer);
  };
  const powerOff = async (): Promise<void> => {
    power++;
    program?.stop?.();
    program = null;
    settings.reload();
    await connector.unplug();
  };
  const powerOn = async (): Promise<void> => {
    if (program === null) {
      settings.reload();
      program = settings.boot(wireOf(power));
    }
    await connector.plug();
  };

  const wireOf = (own: number): Wire => {
    const stillOn = (): void => {
      if (own !== power) throw new PowerLost();
    };
    const suffer = async (action: FaultAction | null): Promise<OwnFault | null> => {
      if (action === null) return null;
      switch (action.type) {
        case "delay":
          await sleep(action.ms);
          return null;
        case "unplug":
          await connector.unplug();
          later(action.replugAfterMs, connector.plug);
          return null;
        case "power-loss":
          await powerOff();
          later(action.backAfterMs, powerOn);
          throw new PowerLost();
        case "kill":
          process.kill(process.pid, "SIGKILL");
          return new Promise(() => undefined);
        default:
          return action;
      }
    };
    const sleep = async (ms: number): Promise<void> => {
      stillOn();
      await new Promise((resolve) => setTimeout(resolve, ms));
      stillOn();
    };
    const at = async (step: string): Promise<OwnFault | null> => {
      stillOn();
      const own = await suffer(faults.at(name, step));
      stillOn();
      return own;
    };
    return {
      at,
      sleep,
      answer: async (command, bytes) => {
        const fault = await at(`${command}.answer`);
        connector.send?.(damaged(bytes, fault));
      },
    };
  };

  return {
    name,
    plug: async () => {
      if (program !== null) await connector.plug();
    },
    unplug: () => connector.unplug(),
    powerOn,
    powerOff,
    isPlugged: () => connector.isPlugged(),
    isPowered: () => program !== null,
    snapshot: settings.snapshot,
    [Symbol.asyncDispose]: async () => {
      for (const timer of timers) clearTimeout(timer);
      power++;
      program?.stop?.();
      program = null;
      await connector.unplug();
    },
  };
};

const damaged = (bytes: Uint8Array, fault: OwnFault | null): Uint8Array => {
  if (fault?.type === "silence") return new Uint8Array();
  if (fault?.type === "half-frame") return bytes.subarray(0, Math.ceil(bytes.length / 2));
  if (fault?.type !== "bad-checksum") return bytes;
  const flipped = Uint8Array.from(bytes);
  // Behind the head, before the checksum: the frame's length stays right, its content does not.
  const at = Math.max(0, flipped.length - 3);
  flipped[at] = (flipped[at] ?? 0) ^ 0x10;
  return flipped;
};
