import { z } from "zod";
import { command, event } from "../define.ts";

/** Keys by the standard's names. */
export const keyNames = [
  "zero",
  "one",
  "two",
  "three",
  "four",
  "five",
  "six",
  "seven",
  "eight",
  "nine",
  "decPoint",
  "doubleZero",
  "enter",
  "cancel",
  "clear",
  "backspace",
] as const;
export const KeyName = z.enum(keyNames);
export type KeyName = z.infer<typeof KeyName>;

/** How an entry, or one key of it, ended. */
export const EntryCompletion = z.enum(["auto", "enter", "cancel", "continue", "clear", "backspace"]);
export type EntryCompletion = z.infer<typeof EntryCompletion>;

/** The keys of the pad are fixed: activeKeys is accepted and says which the client expects to be used. */
const ActiveKeys = z.partialRecord(KeyName, z.object({ terminate: z.boolean().optional() }));

export const keyboardCommands = {
  /** Entry in clear (amount, account number). */
  "Keyboard.DataEntry": command({
    version: "2.0",
    effect: "read",
    payload: { maxLen: z.int().min(0).max(64), autoEnd: z.boolean().optional(), activeKeys: ActiveKeys.optional() },
    result: {
      keys: z.int().min(0),
      pinKeys: z.array(z.object({ completion: EntryCompletion, digit: KeyName.optional() })),
      completion: EntryCompletion,
    },
    errors: ["keyInvalid", "keyNotSupported", "noActivekeys"],
  }),
  /** Encrypted entry: the PIN stays in the pad; only the number of its digits comes out. */
  "Keyboard.PinEntry": command({
    version: "2.0",
    effect: "read",
    payload: {
      minLen: z.int().min(0).max(12),
      maxLen: z.int().min(0).max(12),
      autoEnd: z.boolean().optional(),
      activeKeys: ActiveKeys.optional(),
    },
    result: { digits: z.int().min(0), completion: EntryCompletion },
    errors: ["keyInvalid", "keyNotSupported", "noActivekeys", "noTerminatekeys", "minimumLength", "entryTimeout"],
  }),
  "Keyboard.Reset": command({ version: "2.0", effect: "move" }),
};

export const keyboardEvents = {
  "Keyboard.EnterDataEvent": event("2.0"),
  /** A key went down; `digit` only in clear entry. */
  "Keyboard.KeyEvent": event("2.0", { completion: EntryCompletion, digit: KeyName.optional() }),
};
