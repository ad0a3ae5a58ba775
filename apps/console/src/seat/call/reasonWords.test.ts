import { WhyNot } from "@gridhall/domain/routing/reason.ts";
import { SeatDirectory } from "@gridhall/domain/seats/api.ts";
import { expect, test } from "vitest";
import { wordsOf } from "../../i18n/language.tsx";
import { reasonInWords } from "./reasonWords.ts";

const zh = wordsOf("zh-CN");
const en = wordsOf("en");
const directory = SeatDirectory.parse({
  agents: [],
  groups: [{ groupId: "expert", title: { zh: "专家组", en: "Experts" }, unitPath: "p", agents: 1 }],
  skills: [{ skill: "billing", title: { zh: "电费", en: "Billing" } }],
  customerClasses: [],
});
const base = {
  ...{ callId: "c", policyId: "everyday", version: 3, step: 1, waitedMs: 65_000, agedPriority: 12.34, requeued: false },
  chosen: { seatId: "s1", because: "longest-idle", measure: Date.UTC(2026, 10, 25, 6, 5, 9) },
  others: [] as { whyNot: unknown; seatIds: string[]; measures: number[] }[],
};

test("[R4] the agent reads why the call came to them", () => {
  expect(reasonInWords(base, directory, zh)).toEqual({
    why: "您空闲最久（14:05:09 起空闲）",
    facts: ["按策略“everyday”第 3 版第 2 步分配", "客户等候 1分5秒", "优先级 12.3（含等候加分）"],
    others: [],
  });
  const requeued = reasonInWords({ ...base, requeued: true }, directory, en);
  expect(requeued?.facts.at(-1)).toMatch(/head of the queue/);
});

test("[R4] every way of being chosen has its own sentence", () => {
  const ways = ["last-agent", "longest-idle", "least-occupied", "round-robin"].flatMap((because) =>
    [null, 0.25].map(
      (measure) => reasonInWords({ ...base, chosen: { seatId: "s1", because, measure } }, null, zh)?.why,
    ),
  );
  expect(ways).not.toContain(undefined);
  expect(new Set(ways).size).toBe(6);
});

test("[R4] for every other agent it says why not, in both languages", () => {
  const causes = [
    { code: "skill", gaps: [{ skill: "billing", level: 5, has: 2, excluded: false }] },
    { code: "group", groups: ["expert"] },
    { code: "unit", units: ["p.a"] },
    { code: "not-last-agent" },
    { code: "not-the-target" },
    { code: "state", state: "break" },
    { code: "busy", state: "in-call" },
    { code: "call-not-ended" },
    { code: "refused-this-call" },
    { code: "outranked" },
  ];
  expect(causes.map(({ code }) => code).toSorted()).toEqual(
    WhyNot.options.map((option) => option.shape.code.value).toSorted(),
  );
  const others = causes.map((whyNot) => ({ whyNot, seatIds: ["s2", "s3"], measures: [] }));
  const chinese = reasonInWords({ ...base, others }, directory, zh)?.others ?? [];
  const english = reasonInWords({ ...base, others }, directory, en)?.others ?? [];
  expect(chinese[0]).toBe("2 位同事：技能不够（电费 需 5 级，现 2 级）");
  expect(chinese[1]).toBe("2 位同事：不在技能组 专家组");
  expect(english[1]).toBe("2 colleague(s): not in group Experts");
  expect(new Set(chinese).size).toBe(causes.length);
  expect(english.filter((line) => /\p{Script=Han}/u.test(line))).toEqual([]);
});

test("a transfer has no reason of the router", () => {
  expect(reasonInWords(null, directory, zh)).toBeNull();
  expect(reasonInWords({ type: "else" }, directory, zh)).toBeNull();
});
