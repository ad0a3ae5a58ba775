import type { AuxiliariesDriver } from "../drivers/contracts.ts";
import { refusal } from "../protocol/commandFailure.ts";
import { type LightName, lightNames, LightState } from "../protocol/interfaces/lights.ts";
import type { StatusPayload } from "../protocol/interfaces/status.ts";
import { z } from "zod";
import type { Behaviour, Device } from "./behaviour.ts";

type Sensors = NonNullable<StatusPayload["auxiliaries"]>;
type Lamps = NonNullable<StatusPayload["lights"]>;

/** Above this the cabinet is too hot to work in. */
const heatC = 60;
const colours = ["red", "green", "yellow", "white"] as const;
const Colour = z.enum(colours);
const knownLights: ReadonlySet<string> = new Set(lightNames);
const isLight = (name: string): name is LightName => knownLights.has(name);
const Positions = z.record(z.string(), LightState);

/** Cabinet: doors and sensors, guide lights, signage display. */
export function behaveAsAuxiliaries(device: Device<AuxiliariesDriver>): Behaviour<AuxiliariesDriver> {
  let sensors: Sensors = { signageDisplay: "on" };
  let lamps: Lamps = {};
  /** Tells only what is new. */
  const note = (next: Sensors): void => {
    const changed = Object.fromEntries(
      Object.entries(next).filter(([key, value]) => sensors[key as keyof Sensors] !== value),
    );
    if (Object.keys(changed).length === 0) return;
    sensors = { ...sensors, ...changed };
    device.statusChanged({ auxiliaries: changed });
  };
  const readSensors = (): void => {
    device.errand("read the sensors", async (driver, signal) => {
      const now = await driver.sensors(signal);
      note({
        cabinetDoor: door(now.cabinetDoorOpen),
        safeDoor: door(now.safeDoorOpen),
        tamperSensor: onOff(now.tamper),
        proximitySensor: now.personPresent ? "present" : "notPresent",
        heatSensor: onOff(now.temperatureC >= heatC),
      });
    });
  };
  const setLight = async (name: string, state: unknown, signal: AbortSignal): Promise<void> => {
    const positions = Positions.safeParse(state);
    if (!isLight(name) || !positions.success) throw refusal("invalidLight", `there is no light "${name}"`);
    for (const [position, { flashRate, color }] of Object.entries(positions.data)) {
      const colour = Colour.safeParse(color ?? "white");
      if (position !== "default" || !colour.success) throw refusal("invalidLight", `${name} cannot do that`);
      await device.driver().setLight(name, { flashRate, colour: colour.data }, signal);
      const lamp = { [name]: { default: { flashRate, color: colour.data } } };
      lamps = { ...lamps, ...lamp };
      device.statusChanged({ lights: lamp });
    }
  };

  return {
    interfaces: ["Auxiliaries", "Lights"],
    handlers: {
      "Auxiliaries.SetAuxiliaries": async (payload, { signal }) => {
        const other = Object.keys(payload).find((name) => name !== "signageDisplay");
        if (other !== undefined) throw refusal("invalidAuxiliary", `the cabinet has no ${other} to set`);
        const driver = device.driver();
        if (payload.signageDisplay !== undefined) {
          await driver.setSignage(payload.signageDisplay === "on", signal);
          note({ signageDisplay: payload.signageDisplay });
        }
        return {};
      },
      "Lights.SetLight": async (payload, { signal }) => {
        device.driver();
        for (const [name, state] of Object.entries(payload)) await setLight(name, state, signal);
        return {};
      },
    },
    attach: (driver) =>
      driver.onEvent(({ sensor, active }) => {
        switch (sensor) {
          case "cabinetDoor":
            return note({ cabinetDoor: door(active) });
          case "safeDoor":
            return note({ safeDoor: door(active) });
          case "tamperSensor":
            return note({ tamperSensor: onOff(active) });
          case "proximitySensor":
            return note({ proximitySensor: active ? "present" : "notPresent" });
          default:
            return sensor satisfies never;
        }
      }),
    online: readSensors,
    status: () => ({ auxiliaries: sensors, lights: lamps }),
    capabilities: () => ({
      auxiliaries: {
        tamperSensor: true,
        heatSensor: true,
        proximitySensor: true,
        cabinetDoor: { closed: true, open: true },
        safeDoor: { closed: true, open: true },
        signageDisplay: true,
      },
      lights: Object.fromEntries(
        lightNames.map((name) => [
          name,
          {
            default: {
              flashRate: { off: true, slow: true, medium: true, quick: true, continuous: true },
              color: { red: true, green: true, yellow: true, white: true },
            },
          },
        ]),
      ),
    }),
  };
}

const door = (open: boolean) => (open ? ("open" as const) : ("closed" as const));
const onOff = (on: boolean) => (on ? ("on" as const) : ("off" as const));
