import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { meets, parseSkills, showSkills, type SkillExpression, skillGaps } from "./skills.ts";

const effort = Number(process.env["GRIDHALL_EFFORT"] ?? 1);
const skill = (name: string, atLeast: number): SkillExpression => ({ op: "skill", skill: name, atLeast });

const { expression } = fc.letrec<{ expression: SkillExpression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({
      op: fc.constant("skill" as const),
      skill: fc.constantFrom("tariff", "card", "trainee"),
      atLeast: fc.integer({ min: 1, max: 10 }),
    }),
    fc.record({ op: fc.constant("not" as const), of: tie("expression") }),
    fc.record({
      op: fc.constantFrom("all" as const, "any" as const),
      of: fc.array(tie("expression"), { maxLength: 3 }),
    }),
  ),
}));
const levels = fc.dictionary(fc.constantFrom("tariff", "card", "trainee"), fc.integer({ min: 1, max: 10 }));

describe("[R4] skills", () => {
  test.each([
    ["tariff>=3", { tariff: 3 }, true],
    ["tariff>=3", { tariff: 2 }, false],
    ["tariff>=1", {}, false],
    ["not trainee>=1", {}, true],
    ["tariff>=3 and (card>=5 or not trainee>=1)", { tariff: 3, trainee: 2, card: 4 }, false],
    ["tariff>=3 and (card>=5 or not trainee>=1)", { tariff: 3 }, true],
    ["card>=2 or tariff>=2 and trainee>=2", { card: 2 }, true],
    ["any", {}, true],
    ["none", { card: 10 }, false],
  ])("%s of %o is %s", (text, has, expected) => {
    const parsed = parseSkills(text);
    expect(parsed.ok && meets(parsed.skills, has)).toBe(expected);
  });

  test("what is written down is read back with the same meaning", () => {
    fc.assert(
      fc.property(expression, levels, (skills, has) => {
        const parsed = parseSkills(showSkills(skills));
        expect(parsed.ok && meets(parsed.skills, has)).toBe(meets(skills, has));
      }),
      { numRuns: Math.round(500 * effort) },
    );
  });

  test.each([
    ["", 0, "skill"],
    ["tariff", 6, ">="],
    ["tariff>=11", 8, "level 1–10"],
    ["tariff>=3 card>=1", 10, "and, or"],
    ["(tariff>=3", 10, ")"],
    ["tariff>=3 and", 13, "skill"],
    ["Tariff>=3", 0, "skill"],
    ["tariff>=3;", 9, "and, or"],
  ])("%s: reading stops at %i, where it expects %s", (text, at, expected) => {
    expect(parseSkills(text)).toEqual({ ok: false, at, expected });
  });

  test("gaps say what is missing and what must not be there", () => {
    const wanted: SkillExpression = { op: "all", of: [skill("tariff", 5), { op: "not", of: skill("trainee", 1) }] };
    expect(skillGaps(wanted, { tariff: 3, trainee: 2 })).toEqual([
      { skill: "tariff", level: 5, has: 3, excluded: false },
      { skill: "trainee", level: 1, has: 2, excluded: true },
    ]);
    fc.assert(
      fc.property(expression, levels, (skills, has) => {
        if (meets(skills, has)) expect(skillGaps(skills, has)).toEqual([]);
      }),
    );
  });
});
