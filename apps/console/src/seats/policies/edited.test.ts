import { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import { describe, expect, test } from "vitest";
import { wordsOf } from "../../i18n/language.tsx";
import { draftOf, editedOf, newPolicy } from "./edited.ts";
import { matchText, namesOf, pathText, standingOf } from "./policyWords.ts";

const policy = RoutingPolicy.parse({
  policyId: "night",
  version: 3,
  title: { zh: "夜间", en: "Night" },
  priority: 40,
  validFromMs: 1_000,
  validUntilMs: null,
  match: { units: ["p.a"], services: ["pay-bill"], times: [{ from: "22:00", until: "06:00", weekdays: [5] }] },
  steps: [
    {
      skills: {
        op: "all",
        of: [
          { op: "skill", skill: "billing", atLeast: 3 },
          { op: "not", of: { op: "skill", skill: "trainee", atLeast: 1 } },
        ],
      },
      ringMs: 20_000,
      expiryMs: 60_000,
    },
    {
      entry: "overflow",
      strategy: { kind: "sticky", withinMs: 1_000, otherwise: null },
      ringMs: 20_000,
      expiryMs: null,
    },
  ],
  ending: "callback",
});
const written = { ...newPolicy(0), policyId: "night", zh: "夜间" };

describe("a policy while it is being written", () => {
  test("[R4] what is opened and not touched is what was published, but for the number", () => {
    const { version: _version, ...published } = policy;
    expect(draftOf(editedOf(policy))).toEqual({ draft: published, faults: [] });
  });

  test("[R4] skills that cannot be read stand in the way, with their step", () => {
    const [step] = written.steps;
    if (!step) throw new Error("a new policy has a step");
    const { draft, faults } = draftOf({ ...written, steps: [step, { ...step, skills: "billing>=11" }] });
    expect(draft).toBeNull();
    expect(faults[0]?.path).toEqual(["steps", 1, "skills"]);
    expect(pathText(faults[0]?.path ?? [], wordsOf("zh-CN"))).toBe("第 2 步 · 技能条件");
  });

  test("[R4] a name, an id and times that are not whole are named by field", () => {
    const empty = draftOf({
      ...written,
      zh: "",
      policyId: "Night Shift",
      match: { ...written.match, times: [{ from: "08:00", until: "08:00", weekdays: [], dayKinds: [] }] },
    });
    expect(empty.draft).toBeNull();
    expect(new Set(empty.faults.map((fault) => fault.path[0]))).toEqual(new Set(["title", "policyId", "match"]));
  });

  test("[R4] an English name that was left out is the Chinese one", () => {
    expect(draftOf(written).draft?.title).toEqual({ zh: "夜间", en: "夜间" });
  });
});

describe("policies in words", () => {
  const names = namesOf(
    { units: [{ unitId: "a", path: "p.a", nameZh: "城东", nameEn: "East" }], kiosks: [], directory: undefined },
    wordsOf("zh-CN"),
  );

  test("[R4] which calls it takes, by name, times with their days", () => {
    const text = matchText(policy.match, names, wordsOf("zh-CN"));
    expect(text).toContain("单位：城东");
    expect(text).toContain("周五 22:00–06:00");
    expect(matchText(written.match, names, wordsOf("en"))).toBe("Every call");
  });

  test("[R4] a version is in force, to come, over, withdrawn or superseded", () => {
    const row = { policy: { validFromMs: 10, validUntilMs: 20 }, current: true, withdrawnMs: null };
    expect([5, 10, 19, 20].map((nowMs) => standingOf(row, nowMs))).toEqual(["to-come", "in-force", "in-force", "over"]);
    expect(standingOf({ ...row, current: false }, 15)).toBe("superseded");
    expect(standingOf({ ...row, current: false, withdrawnMs: 1 }, 15)).toBe("withdrawn");
  });
});
