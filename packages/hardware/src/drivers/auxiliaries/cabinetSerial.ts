import { isBytePipe, openTransport } from "../../transports/open.ts";
import type { DriverConfig, DriverLogger } from "../config.ts";
import type { AuxiliariesDriver } from "../contracts.ts";
import { concat, text, u32, u8 } from "../hx/bytes.ts";
import { createHxLink, HxLinkOptions } from "../hx/link.ts";
import { createListeners } from "../line/listeners.ts";
import { createPresence } from "../line/presence.ts";

type Sensors = Awaited<ReturnType<AuxiliariesDriver["sensors"]>>;
type SensorEvent = Parameters<Parameters<AuxiliariesDriver["onEvent"]>[0]>[0];

/** CABINET.md */
const commands = { sensors: 0x10, light: 0x11, signage: 0x12, poll: 0x13 } as const;
const sensorNames: readonly SensorEvent["sensor"][] = ["cabinetDoor", "safeDoor", "tamperSensor", "proximitySensor"];
const flashRates = ["off", "slow", "medium", "quick", "continuous"] as const;
const colours = ["red", "green", "yellow", "white"] as const;
const newestOnly = 0xffff_ffff;

/** Cabinet controller over our serial protocol, see CABINET.md. */
export const createCabinetSerial = (config: DriverConfig, logger: DriverLogger): AuxiliariesDriver => {
  const options = HxLinkOptions.parse({ pollMs: 250, ...config.options });
  if (!isBytePipe(config.transport)) throw new Error(`transport.type: cabinet-serial needs serial or tcp`);
  const link = createHxLink({ name: "cabinet", address: 0x04, open: openTransport(config.transport), logger, options });
  const events = createListeners<SensorEvent>((error) =>
    logger.error({ err: error, device: "cabinet" }, "a listener failed"),
  );
  let seen: number | null = null;

  const presence = createPresence({
    name: "cabinet",
    line: link.line,
    logger,
    everyMs: () => options.pollMs,
    beat: async (signal) => {
      const reader = await link.request({
        what: "poll",
        command: commands.poll,
        data: u32(seen ?? newestOnly),
        signal,
      });
      seen = reader.u32();
      for (let left = reader.u8(); left > 0; left--) {
        reader.u32();
        const sensor = sensorNames[reader.u8()];
        const active = reader.bytes(reader.u8())[0] === 1;
        if (sensor !== undefined) events.emit({ sensor, active });
      }
      return "online";
    },
  });
  const sensors = async (signal: AbortSignal): Promise<Sensors> => {
    const reader = await link.request({ what: "sensors", command: commands.sensors, signal });
    const flags = reader.u8();
    return {
      cabinetDoorOpen: (flags & 1) !== 0,
      safeDoorOpen: (flags & 2) !== 0,
      tamper: (flags & 4) !== 0,
      personPresent: (flags & 8) !== 0,
      temperatureC: reader.u16() / 10 - 100,
    };
  };

  return {
    kind: "auxiliaries",
    get model() {
      return link.model();
    },
    state: presence.state,
    onState: presence.onState,
    onEvent: events.add,
    sensors,
    setLight: async (position, state, signal) => {
      const data = concat(text(position), u8(flashRates.indexOf(state.flashRate)), u8(colours.indexOf(state.colour)));
      await link.request({ what: "light", command: commands.light, data, signal });
    },
    setSignage: async (on, signal) => {
      await link.request({ what: "signage", command: commands.signage, data: u8(on ? 1 : 0), signal });
    },
    reset: async (signal) => {
      await sensors(signal);
      return { mediaInside: false };
    },
    selfTest: async (signal) => ({ ok: true, detail: `${link.model()}, ${(await sensors(signal)).temperatureC} °C` }),
    [Symbol.asyncDispose]: async () => {
      await presence[Symbol.asyncDispose]();
      await link[Symbol.asyncDispose]();
    },
  };
};
