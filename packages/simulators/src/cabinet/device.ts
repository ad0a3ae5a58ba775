import type { FaultEngine } from "../faults/engine.ts";
import { addEvent, emptyRing, type EventRing, packEvents } from "../hx/eventRing.ts";
import { pack } from "../hx/fields.ts";
import { createHxProgram, type HxCommand, hxStatus } from "../hx/program.ts";
import { createStore } from "../state/store.ts";
import { createDevice, type SimulatedDevice } from "../wire/device.ts";
import { createPty } from "../wire/pty.ts";

const sensors = ["cabinetDoor", "safeDoor", "tamper", "person"] as const;
export type CabinetSensor = (typeof sensors)[number];

interface CabinetState {
  active: Record<CabinetSensor, boolean>;
  temperatureC: number;
  ring: EventRing;
}

export interface CabinetDevice extends SimulatedDevice {
  setSensor: (sensor: CabinetSensor, active: boolean) => void;
  setTemperature: (celsius: number) => void;
}

const flashRates = ["off", "slow", "medium", "quick", "continuous"];
const colours = ["red", "green", "yellow", "white"];

/** The cabinet controller of CABINET.md. Lights and signage are volatile: dark after power-up. */
export const createCabinetDevice = (settings: {
  link: string;
  stateFile: string;
  faults: FaultEngine;
  onError: (error: unknown) => void;
}): CabinetDevice => {
  const store = createStore<CabinetState>(settings.stateFile, () => ({
    active: { cabinetDoor: false, safeDoor: false, tamper: false, person: false },
    temperatureC: 26.5,
    ring: emptyRing(),
  }));
  let lights: Record<string, { flashRate: string; colour: string }> = {};
  let signage = false;
  const ok = { status: hxStatus.ok };

  const commands = new Map<number, HxCommand>([
    [
      0x10,
      {
        name: "sensors",
        run: () => {
          const flags = sensors.reduce((sum, sensor, bit) => sum | (store.state.active[sensor] ? 1 << bit : 0), 0);
          return { ...ok, data: pack(["u8", flags], ["u16", Math.round((store.state.temperatureC + 100) * 10)]) };
        },
      },
    ],
    [
      0x11,
      {
        name: "light",
        run: (fields) => {
          const position = fields.text();
          lights[position] = { flashRate: flashRates[fields.u8()] ?? "off", colour: colours[fields.u8()] ?? "white" };
          return ok;
        },
      },
    ],
    [
      0x12,
      {
        name: "signage",
        run: (fields) => {
          signage = fields.u8() === 1;
          return ok;
        },
      },
    ],
    [0x13, { name: "poll", run: (fields) => ({ ...ok, data: packEvents(store.state.ring, fields.u32()) }) }],
  ]);
  const device = createDevice({
    name: "cabinet",
    faults: settings.faults,
    connect: (onBytes) => createPty(settings.link, onBytes),
    boot: (wire) => {
      lights = {};
      signage = false;
      return createHxProgram(wire, { address: 0x04, model: "GH-CAB 1 / 1.0", commands, onError: settings.onError });
    },
    reload: store.reload,
    snapshot: () => ({ ...store.state.active, temperatureC: store.state.temperatureC, lights, signage }),
    onError: settings.onError,
  });
  return {
    ...device,
    setSensor: (sensor, active) => {
      if (store.state.active[sensor] === active) return;
      store.state.active[sensor] = active;
      addEvent(store.state.ring, sensors.indexOf(sensor), pack(["u8", active ? 1 : 0]));
      store.commit();
    },
    setTemperature: (celsius) => {
      store.state.temperatureC = celsius;
      store.commit();
    },
  };
};
