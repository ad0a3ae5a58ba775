import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createStore } from "../state/store.ts";
import { createFaultEngine, initialFaultState } from "./engine.ts";
import { Fault, type FaultScript } from "./script.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gridhall-faults-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const engineOf = (faults: FaultScript["faults"], seed = 1, name = "faults") =>
  createFaultEngine(
    createStore(join(dir, `${name}.json`), () => initialFaultState({ seed, faults })),
    seed,
  );
const jamAt = (occurrence: number): Fault => ({
  device: "cash",
  step: "stack.motor",
  occurrence,
  action: { type: "jam" },
});

test("a fault strikes at the planned occurrence of its step, once", () => {
  const engine = engineOf([jamAt(3)]);
  const struck = Array.from({ length: 6 }, () => engine.at("cash", "stack.motor")?.type ?? null);
  expect(struck).toEqual([null, null, "jam", null, null, null]);
  expect(engine.at("receipt", "stack.motor")).toBeNull();
});

test("a fault that killed the process does not strike its successor", () => {
  const kill: Fault = { ...jamAt(1), action: { type: "kill" } };
  expect(engineOf([kill]).at("cash", "stack.motor")).toEqual({ type: "kill" });
  expect(engineOf([kill]).at("cash", "stack.motor")).toBeNull();
});

test("an added fault counts from now", () => {
  const engine = engineOf([]);
  engine.at("cash", "stack.motor");
  engine.add(jamAt(2));
  expect(engine.at("cash", "stack.motor")).toBeNull();
  expect(engine.at("cash", "stack.motor")).toEqual({ type: "jam" });
});

test("the same seed gives the same day, another seed another", () => {
  const often: Fault = { device: "cash", step: "poll.answer", probability: 0.3, action: { type: "silence" } };
  const day = (seed: number, name: string) => {
    const engine = engineOf([often], seed, name);
    return Array.from({ length: 200 }, () => (engine.at("cash", "poll.answer") === null ? "." : "!")).join("");
  };
  expect(day(7, "a")).toBe(day(7, "b"));
  expect(day(7, "c")).not.toBe(day(8, "d"));
  const strikes = day(9, "e").split("!").length - 1;
  expect(strikes).toBeGreaterThan(30);
  expect(strikes).toBeLessThan(100);
});

test("a fault without a moment, or with two, is refused with the field's name", () => {
  const { occurrence: _, ...never } = jamAt(1);
  expect(Fault.safeParse(never).error?.issues[0]?.path).toEqual(["occurrence"]);
  expect(Fault.safeParse({ ...jamAt(1), probability: 0.5 }).success).toBe(false);
});
