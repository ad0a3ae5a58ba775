import { z } from "zod";
import { command } from "../define.ts";

export const auxiliariesCommands = {
  /** Only what a kiosk's cabinet has: power of the signage display. */
  "Auxiliaries.SetAuxiliaries": command({
    version: "2.0",
    effect: "move",
    /** Anything else is answered invalidAuxiliary, so it must not be stripped here. */
    payload: z.looseObject({ signageDisplay: z.enum(["on", "off"]).optional() }),
    errors: ["invalidAuxiliary"],
  }),
};
