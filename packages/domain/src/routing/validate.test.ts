import { describe, expect, test } from "vitest";
import { PolicyId } from "../seats/schema.ts";
import { FAULTS, PolicyFault } from "./fault.ts";
import { groupIdOf, policy, step } from "./testing/builders.ts";
import { type RoutingDirectory, validatePolicies } from "./validate.ts";

const day = groupIdOf("day");
const directory: RoutingDirectory = {
  units: ["p", "p.a", "p.b", "p.a.h1"],
  halls: [{ hallId: "h1", unitPath: "p.a.h1" }],
  ...{ devices: ["k-h1-1"], services: ["pay-bill", "move-in"], customerClasses: ["elderly"], groups: [day] },
  skills: [{ skill: "tariff", highestLevel: 5 }],
  seats: [
    { unitPath: "p.a", groups: [day], skills: { tariff: 3 } },
    { unitPath: "p.b", groups: [], skills: {} },
  ],
};
const named = (policyId: string, of: Parameters<typeof policy>[0] = {}) =>
  policy({ ...of, policyId: PolicyId.parse(policyId) });
const everything = named("everything", { priority: 0 });
type Policies = Parameters<typeof validatePolicies>[0];
const faults = (policies: Policies, nowMs = 1_000) =>
  validatePolicies(policies, directory, nowMs).map(({ code, policy, path }) => [
    code,
    ...(policy ? [`${policy.policyId}@${policy.version}`] : []),
    path.join("."),
  ]);
const ends = { ending: "message" as const };
const tariff = (atLeast: number) => ({ op: "skill" as const, skill: "tariff", atLeast });

describe("[R4] faults of policies are found before they route anybody", () => {
  test("a set without faults has none", () => {
    const elderly = named("elderly", {
      match: {
        customerClasses: ["elderly"],
        units: ["p.a"],
        devices: ["k-h1-1"],
        services: ["move-in"],
        halls: ["h1"],
      },
      steps: [step({ skills: tariff(3), groups: [day] }), step()],
      ...ends,
    });
    expect(faults([elderly, everything])).toEqual([]);
  });

  test.each<[string, Parameters<typeof policy>[0], string[]]>([
    ["unknown-device", { match: { devices: ["k-h9-1"] } }, ["match.devices.0"]],
    ["unknown-hall", { match: { halls: ["h1", "h2"] } }, ["match.halls.1"]],
    ["unknown-unit", { match: { units: ["p.c"] } }, ["match.units.0"]],
    ["unknown-service", { match: { services: ["fly"] } }, ["match.services.0"]],
    ["unknown-customer-class", { match: { customerClasses: ["vip"] } }, ["match.customerClasses.0"]],
    ["period-empty", { validFromMs: 5, validUntilMs: 5 }, ["validUntilMs"]],
    ["nothing-to-wait-for", { steps: [] }, ["ending"]],
    ["step-never-ends", { steps: [step({ expiryMs: null })], ...ends }, ["steps.0.expiryMs"]],
    ["expiry-without-effect", { steps: [step()] }, ["steps.0.expiryMs"]],
    ["ring-longer-than-step", { steps: [step({ ringMs: 20_000, expiryMs: 19_999 })], ...ends }, ["steps.0.ringMs"]],
    ["overflow-first", { steps: [step({ entry: "overflow" })], ...ends }, ["steps.0.entry"]],
    [
      "level-too-high",
      { steps: [step(), step({ skills: { op: "not", of: tariff(6) } })], ...ends },
      ["steps.1.skills"],
    ],
    ["step-adds-nobody", { steps: [step(), step({ groups: [day] })], ...ends }, ["steps.1"]],
    ["step-without-seats", { steps: [step({ skills: tariff(4) })], ...ends }, ["steps.0"]],
    [
      "skill-never-met",
      { steps: [step({ skills: { op: "all", of: [tariff(3), { op: "not", of: tariff(2) }] } })], ...ends },
      ["steps.0.skills"],
    ],
    [
      "waits-for-one-agent",
      { steps: [step({ strategy: { kind: "sticky", withinMs: 1, otherwise: null }, expiryMs: null })] },
      ["steps.0.strategy.otherwise"],
    ],
  ])("%s", (code, of, [path]) => {
    expect(faults([named("bad", { match: { services: ["pay-bill"] }, ...of }), everything])).toContainEqual([
      code,
      "bad@1",
      path,
    ]);
  });

  test("groups and skills that do not exist, and units of a step", () => {
    const skills = { op: "any" as const, of: [tariff(1), { op: "skill" as const, skill: "magic", atLeast: 1 }] };
    const bad = named("bad", {
      steps: [step({ groups: [groupIdOf("dusk")], skills, units: { kind: "units", units: ["p", "p.z"] } })],
      ...ends,
    });
    expect(faults([bad, everything])).toEqual(
      expect.arrayContaining([
        ["unknown-group", "bad@1", "steps.0.groups.0"],
        ["unknown-skill", "bad@1", "steps.0.skills"],
        ["unknown-unit", "bad@1", "steps.0.units.units.1"],
      ]),
    );
  });

  test("a policy that another always takes the calls from is never reached", () => {
    const wide = named("wide", { priority: 9, match: { units: ["p.a"] } });
    const hidden = (of: Parameters<typeof policy>[0]) => faults([wide, named("n", { priority: 5, ...of }), everything]);
    expect(hidden({ match: { units: ["p.a"], services: ["pay-bill"] } })).toEqual([["unreachable", "n@1", "priority"]]);
    expect(hidden({ match: { halls: ["h1"] } })).toEqual([["unreachable", "n@1", "priority"]]);
    expect(hidden({ match: { units: ["p.a", "p.b"] } })).toEqual([]);
    expect(hidden({ match: { services: ["pay-bill"] } })).toEqual([]);
    const week = named("wide", { priority: 9, match: { units: ["p.a"] }, validFromMs: 10, validUntilMs: 20 });
    expect(faults([week, named("n", { priority: 5, match: { units: ["p.a"] } }), everything])).toEqual([]);
  });

  test("overlapping policies of one priority are told, those side by side in time are not", () => {
    const [a, b] = [
      named("a", { validUntilMs: 50 }),
      named("b", { validFromMs: 50, match: { services: ["move-in"] } }),
    ];
    expect(faults([a, b, everything])).toEqual([]);
    const overlapping = named("a", { validUntilMs: 51, match: { units: ["p.a"] } });
    expect(faults([overlapping, b, everything])).toEqual([["same-priority", "a@1", "priority"]]);
  });

  test("versions that repeat, and versions that a newer one covers from the beginning", () => {
    expect(faults([everything, named("everything", { priority: 3 })])).toContainEqual([
      ...["duplicate-version", "everything@1", "version"],
    ]);
    const next = named("everything", { priority: 0, version: 2 });
    expect(faults([everything, next])).toEqual([["never-in-force", "everything@1", "validFromMs"]]);
    expect(faults([everything, { ...next, validFromMs: 5_000 }])).toEqual([]);
  });

  test("times in which a call may find no policy", () => {
    const until = named("a", { validUntilMs: 2_000 });
    const from = named("b", { validFromMs: 3_000 });
    expect(validatePolicies([until, from], directory, 1_000)).toMatchObject([
      { code: "no-catch-all", policy: null, detail: "2000–3000", severity: "error" },
    ]);
    expect(faults([until, from], 3_000)).toEqual([]);
    expect(faults([named("a", { match: { services: ["pay-bill"] } })])).toEqual([["no-catch-all", ""]]);
  });

  test("every fault says in both languages what to do", () => {
    for (const { zh, en } of Object.values(FAULTS)) expect(zh.length > 5 && en.length > 5).toBe(true);
    for (const found of validatePolicies([named("a", { steps: [] })], { ...directory, seats: [] }, 0))
      expect(PolicyFault.parse(found)).toEqual(found);
  });
});
