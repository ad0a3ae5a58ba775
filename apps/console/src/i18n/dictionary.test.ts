import { Permission } from "@gridhall/domain/staff/roles.ts";
import { KioskState } from "@gridhall/domain/fleet/api.ts";
import { DeviceHealth } from "@gridhall/domain/fleet/schema.ts";
import { SERVICES } from "@gridhall/domain/catalogue/services.ts";
import { CaseState, CloseCase } from "@gridhall/domain/payment/api.ts";
import { Tender } from "@gridhall/domain/payment/schema.ts";
import { DayKind, Ending, Strategy, UnitScope } from "@gridhall/domain/routing/policy.ts";
import { CallEvent, CallPhase } from "@gridhall/domain/seats/call.ts";
import { GROUPINGS, SEAT_FIGURES } from "@gridhall/domain/seats/figures.ts";
import { ForecastReport, StatisticsSlice } from "@gridhall/domain/seats/reports.ts";
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
    ...CallPhase.options.map((phase) => `call-phase.${phase.shape.name.value}`),
    ...CallEvent.options.map((event) => `call-event.${event.shape.type.value}`),
    ...Object.keys(SEAT_FIGURES).map((figure) => `definition.${figure}`),
    ...GROUPINGS.map((grouping) => `grouping.${grouping}`),
    ...StatisticsSlice.options.map((slice) => `slice.${slice}`),
    ...ForecastReport.shape.basis.options.map((basis) => `basis.${basis}`),
    ...Ending.options.map((ending) => `ending.${ending}`),
    ...DayKind.options.map((kind) => `day-kind.${kind}`),
    ...Strategy.options.map((strategy) => `strategy.${strategy.shape.kind.value}`),
    ...UnitScope.options.map((scope) => `unit-scope.${scope.shape.kind.value}`),
  ];
  expect(codes.filter((key) => !Object.hasOwn(zh, key))).toEqual([]);
});
