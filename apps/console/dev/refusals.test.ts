import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DeskToCentre } from "@gridhall/domain/seats/desk.ts";
import { zh } from "../src/i18n/zh.ts";
import { REFUSALS } from "../src/seat/link/refusals.ts";

const CENTRE = join(import.meta.dirname, "../../centre/src/seats");
const DOMAIN = join(import.meta.dirname, "../../../packages/domain/src/seats");

test("every order and every reason for which one is refused has words", () => {
  expect(REFUSALS.filter((reason) => !Object.hasOwn(zh, `refused.${reason}`))).toEqual([]);
  const orders = DeskToCentre.options.map((option) => option.shape.type.value);
  expect(orders.filter((type) => type !== "alive" && !Object.hasOwn(zh, `order.${type}`))).toEqual([]);
});

test("the centre knows no reason that the desk does not", () => {
  const known = new Set<string>(REFUSALS);
  const named = readdirSync(CENTRE)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => [...readFileSync(join(CENTRE, file), "utf8").matchAll(/new Refused\("([a-z-]+)"\)/g)])
    .map((match) => match[1] ?? "");
  expect(named.length).toBeGreaterThan(15);
  const unions = [
    ["state.ts", "SeatRefusal"],
    ["applyCallEvent.ts", "CallRefusal"],
  ].flatMap(([file = "", type = ""]) => {
    const text = readFileSync(join(DOMAIN, file), "utf8");
    const union = text.slice(text.indexOf(`export type ${type} =`)).split(";")[0] ?? "";
    return [...union.matchAll(/\| "([a-z-]+)"/g)].map((match) => match[1] ?? "");
  });
  expect(unions.length).toBeGreaterThan(12);
  expect([...named, ...unions].filter((reason) => !known.has(reason))).toEqual([]);
});
