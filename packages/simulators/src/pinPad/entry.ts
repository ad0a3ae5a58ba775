/** What a customer is typing: volatile, and for a PIN never told to anybody but the PIN block. */
export type EntryState = "none" | "running" | "entered" | "cancelled";

export const createEntry = () => {
  let state: EntryState = "none";
  let kind: "data" | "pin" = "data";
  let limits = { min: 0, max: 0 };
  let value = "";
  /** Codes of the keys pressed so far; for a PIN only their number matters. */
  let pressed: string[] = [];
  return {
    start: (nextKind: "data" | "pin", min: number, max: number): void => {
      kind = nextKind;
      limits = { min, max };
      state = "running";
      value = "";
      pressed = [];
    },
    stop: (): void => {
      state = "none";
      value = "";
      pressed = [];
    },
    /** @returns false when nobody asked for keys, or the key is not one of this moment. */
    press: (code: string): boolean => {
      if (state !== "running") return false;
      if (/^\d$/u.test(code) && value.length >= limits.max) return false;
      if (code === "E" && value.length < limits.min) return false;
      if (/^\d$/u.test(code)) value += code;
      if (code === "C") value = "";
      if (code === "E") state = "entered";
      if (code === "X") state = "cancelled";
      pressed.push(code);
      return true;
    },
    progress: (after: number) => ({
      state,
      digits: value.length,
      pressed: pressed.length,
      keys: kind === "data" ? pressed.slice(after).join("") : "",
    }),
    /** The PIN for one block; forgotten by asking for it. */
    takePin: (): string | null => {
      if (kind !== "pin" || state !== "entered") return null;
      const pin = value;
      value = "";
      state = "none";
      return pin;
    },
    snapshot: () => ({ state, kind, digits: value.length }),
  };
};
export type Entry = ReturnType<typeof createEntry>;
