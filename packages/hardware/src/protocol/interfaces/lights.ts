import { z } from "zod";
import { command } from "../define.ts";

const positions = ["left", "right", "center", "top", "bottom", "front", "rear", "default"] as const;

/** One lamp at one position; `direction` is left out: no lamp of ours has one. */
export const LightState = z.object({
  flashRate: z.enum(["off", "slow", "medium", "quick", "continuous"]),
  color: z.enum(["red", "green", "yellow", "blue", "cyan", "magenta", "white"]).optional(),
});
export type LightState = z.infer<typeof LightState>;

/** Since release 2023-2 a light is an object keyed by position. */
const Light = z.partialRecord(z.enum(positions), LightState);

/** The lights of a kiosk's fascia that the standard names. */
export const lightNames = [
  "cardReader",
  "pinPad",
  "notesDispenser",
  "coinDispenser",
  "receiptPrinter",
  "billAcceptor",
  "documentPrinter",
  "scanner",
  "contactless",
  "statusGood",
  "statusWarning",
  "statusBad",
  "statusInService",
  "fasciaLight",
] as const;
export type LightName = (typeof lightNames)[number];

const lightShape = Object.fromEntries(lightNames.map((name) => [name, Light.optional()])) as {
  [N in LightName]: z.ZodOptional<typeof Light>;
};
export const Lights = z.object(lightShape);

export const lightsCommands = {
  "Lights.SetLight": command({
    version: "3.0",
    completionVersion: "2.0",
    effect: "move",
    /** A light that the cabinet does not have is answered invalidLight, so it must not be stripped here. */
    payload: Lights.catchall(z.unknown()),
    errors: ["invalidLight", "lightError"],
  }),
};
