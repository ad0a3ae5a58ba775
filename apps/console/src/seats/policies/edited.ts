import { PolicyDraft } from "@gridhall/domain/seats/reports.ts";
import type { RoutingPolicy, Step, Strategy, TimeWindow, UnitScope } from "@gridhall/domain/routing/policy.ts";
import { parseSkills, showSkills } from "@gridhall/domain/routing/skills.ts";

/** A policy while it is being written: skills as text, steps with a key of their own so that they can change places. */
export interface EditedStep {
  readonly key: string;
  readonly entry: Step["entry"];
  readonly skills: string;
  readonly groups: readonly string[];
  readonly units: UnitScope;
  readonly strategy: Strategy;
  readonly ringMs: number;
  readonly expiryMs: number | null;
  readonly whenNobody: Step["whenNobody"];
}

export interface EditedMatch {
  readonly devices: readonly string[];
  readonly halls: readonly string[];
  readonly units: readonly string[];
  readonly services: readonly string[];
  readonly customerClasses: readonly string[];
  readonly priorityAtLeast: number | null;
  readonly times: readonly TimeWindow[];
}

export interface EditedPolicy {
  readonly policyId: string;
  readonly zh: string;
  readonly en: string;
  readonly priority: number;
  readonly validFromMs: number;
  readonly validUntilMs: number | null;
  readonly match: EditedMatch;
  readonly steps: readonly EditedStep[];
  readonly ending: RoutingPolicy["ending"];
}

/** What keeps the text from being a policy at all; the centre judges the rest. */
export interface WritingFault {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

let keys = 0;
const newKey = () => {
  keys += 1;
  return `step-${keys}`;
};

export function newStep(): EditedStep {
  return {
    key: newKey(),
    entry: "widen",
    skills: "",
    groups: [],
    units: { kind: "any" },
    strategy: { kind: "longest-idle" },
    ringMs: 20_000,
    expiryMs: 60_000,
    whenNobody: "wait",
  };
}

export function newPolicy(nowMs: number): EditedPolicy {
  const match = { devices: [], halls: [], units: [], services: [], customerClasses: [], priorityAtLeast: null };
  return {
    ...{ policyId: "", zh: "", en: "", priority: 50, validFromMs: nowMs, validUntilMs: null, ending: "choice" },
    match: { ...match, times: [] },
    steps: [newStep()],
  };
}

export function editedOf(policy: RoutingPolicy): EditedPolicy {
  const { policyId, title, priority, validFromMs, validUntilMs, match, steps, ending } = policy;
  return {
    ...{ policyId, zh: title.zh, en: title.en, priority, validFromMs, validUntilMs, match, ending },
    steps: steps.map((step) => {
      const skills = showSkills(step.skills);
      return { ...step, key: newKey(), skills: skills === "any" ? "" : skills };
    }),
  };
}

/** The policy that was written; null with what is in the way of reading it as one. */
export function draftOf(edited: EditedPolicy): { draft: PolicyDraft | null; faults: readonly WritingFault[] } {
  const faults: WritingFault[] = [];
  const steps = edited.steps.map((step, index) => {
    const parsed = readSkills(step.skills);
    if (!parsed.ok) faults.push({ path: ["steps", index, "skills"], text: "" });
    return { ...step, skills: parsed.ok ? parsed.skills : undefined };
  });
  const { zh, en, ...rest } = edited;
  const parsed = PolicyDraft.safeParse({ ...rest, title: { zh, en: en || zh }, steps });
  if (!parsed.success)
    for (const issue of parsed.error.issues.filter((one) => zh !== "" || one.path.join(".") !== "title.en"))
      faults.push({
        path: issue.path.map((part) => (typeof part === "number" ? part : String(part))),
        text: issue.message,
      });
  return { draft: parsed.success && faults.length === 0 ? parsed.data : null, faults };
}

/** An empty field asks for nothing. */
export const readSkills = (text: string) => parseSkills(text.trim() === "" ? "any" : text);
