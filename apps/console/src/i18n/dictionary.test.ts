import { Permission } from "@gridhall/domain/staff/roles.ts";
import { KioskState } from "@gridhall/domain/fleet/api.ts";
import { DeviceHealth } from "@gridhall/domain/fleet/schema.ts";
import { SERVICES } from "@gridhall/domain/catalogue/services.ts";
import { CaseState, CloseCase } from "@gridhall/domain/payment/api.ts";
import { Tender } from "@gridhall/domain/payment/schema.ts";
import { expect, test } from "vitest";
import { en } from "./en.ts";
import { zh } from "./zh.ts";

const gaps = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").toSorted((a, b) => a.localeCompare(b));

test("[C1] Chinese and English have the same keys, none empty, with the same gaps", () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  for (const [key, text] of Object.entries(zh)) {
    const english = Object.entries(en).find(([name]) => name === key)?.[1] ?? "";
    expect(text.trim(), key).not.toBe("");
    expect(english.trim(), key).not.toBe("");
    expect(gaps(english), key).toEqual(gaps(text));
  }
});

test("the English dictionary holds no Chinese but the name of that language", () => {
  const chinese = Object.entries(en).filter(
    ([key, text]) => key !== "profile.switch-language" && /\p{Script=Han}/u.test(text),
  );
  expect(chinese).toEqual([]);
});

test("every code of the API that is a closed list has words", () => {
  const codes = [
    ...Permission.options.map((code) => `permission.${code}`),
    ...KioskState.options.map((code) => `kiosk-state.${code}`),
    ...DeviceHealth.shape.kind.options.map((code) => `device.${code}`),
    ...DeviceHealth.shape.state.options.map((code) => `condition.${code}`),
    ...CaseState.options.map((code) => `case-state.${code}`),
    ...CloseCase.shape.outcome.options.map((code) => `case-outcome.${code}`),
    ...Tender.options.map((code) => `tender.${code}`),
    ...SERVICES.map((service) => `service.${service.id}`),
  ];
  expect(codes.filter((key) => !Object.hasOwn(zh, key))).toEqual([]);
});
