import { expect, test } from "vitest";
import { en } from "../i18n/en.ts";
import { zh } from "../i18n/zh.ts";
import { actionOfKey, keyOf, type Keystroke, SHORTCUTS } from "./keyboard.ts";

const stroke = (key: string, rest: Partial<Keystroke> = {}): Keystroke => ({
  ...{ key, shiftKey: false, ctrlKey: false, altKey: false, metaKey: false, repeat: false, typing: false },
  ...rest,
});

test("[R3] each key of the desk does one thing, and each thing is found by the key in its tooltip", () => {
  const seen = SHORTCUTS.map(({ action, key, shift }) => actionOfKey(stroke(key, { shiftKey: shift })) === action);
  expect(seen).not.toContain(false);
  expect(new Set(SHORTCUTS.map(({ action }) => keyOf(action))).size).toBe(SHORTCUTS.length);
  expect(actionOfKey(stroke("F4"))).toBe("accept");
  expect(actionOfKey(stroke("F4", { shiftKey: true }))).toBe("refuse");
});

test("function keys work while text is typed, a question mark is text then", () => {
  expect(actionOfKey(stroke("F2", { typing: true }))).toBe("ready");
  expect(actionOfKey(stroke("?", { shiftKey: true }))).toBe("help");
  expect(actionOfKey(stroke("?", { shiftKey: true, typing: true }))).toBeNull();
});

test("keys with Ctrl, Alt or Meta stay the browser's, and a key held down acts once", () => {
  expect(actionOfKey(stroke("F4", { altKey: true }))).toBeNull();
  expect(actionOfKey(stroke("F8", { ctrlKey: true }))).toBeNull();
  expect(actionOfKey(stroke("F8", { metaKey: true }))).toBeNull();
  expect(actionOfKey(stroke("F8", { repeat: true }))).toBeNull();
  expect(actionOfKey(stroke("a"))).toBeNull();
});

test("each key is explained in both languages", () => {
  for (const { action } of SHORTCUTS) {
    expect(Object.hasOwn(zh, `keys.${action}`), action).toBe(true);
    expect(Object.hasOwn(en, `keys.${action}`), action).toBe(true);
  }
});
