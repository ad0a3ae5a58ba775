import { describe, expect, test } from "vitest";
import { isAllowedKey } from "./lockdown.ts";

const key = (name: string, held: Partial<Record<"ctrlKey" | "altKey" | "metaKey", boolean>> = {}) =>
  isAllowedKey({ key: name, ctrlKey: false, altKey: false, metaKey: false, ...held });

describe("the way out of the page", () => {
  test("[T6] is closed to function keys and to anything with Ctrl, Alt or Meta", () => {
    for (const name of ["F1", "F5", "F11", "F12", "ContextMenu", "BrowserBack", "PrintScreen", "a"])
      expect(key(name)).toBe(false);
    for (const held of ["ctrlKey", "altKey", "metaKey"] as const) {
      expect(key("1", { [held]: true })).toBe(false);
      expect(key("Tab", { [held]: true })).toBe(false);
    }
  });

  test("[S4] stays open to the keys that people with a switch or a keypad need", () => {
    for (const name of ["Tab", "Enter", " ", "ArrowDown", "0", "9", "Backspace"]) expect(key(name)).toBe(true);
  });
});
