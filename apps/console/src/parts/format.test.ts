import { expect, test } from "vitest";
import { wordsOf } from "../i18n/language.tsx";
import { ago, bytes, clock, span, today, yuan } from "./format.ts";

const words = wordsOf("en");

test("amounts are grouped, with the sign before the currency", () => {
  expect(yuan(123_456)).toBe("¥1,234.56");
  expect(yuan(-5)).toBe("-¥0.05");
});

test("instants are shown as China's clocks show them", () => {
  expect(clock("2026-11-23T16:30:05.000Z")).toBe("2026-11-24 00:30:05");
  expect(today(Date.parse("2026-11-23T16:30:05.000Z"))).toBe("2026-11-24");
  expect(clock("nonsense")).toBe("nonsense");
});

test("how long ago, and how long it took, in the units people use", () => {
  const now = Date.parse("2026-11-24T00:00:00Z");
  expect(ago("2026-11-23T23:59:58Z", now, words)).toBe("just now");
  expect(ago("2026-11-23T23:50:00Z", now, words)).toBe("10 min ago");
  expect(ago("2026-11-21T00:00:00Z", now, words)).toBe("3 d ago");
  expect(span(93, words)).toBe("1 min 33 s");
});

test("sizes are in powers of 1024", () => {
  expect(bytes(1_610_612_736)).toBe("1.5 GB");
  expect(bytes(512)).toBe("512 B");
});
