import { type DayNumber, showDay } from "../calendar/day.ts";
import { refuse } from "./problem.ts";
import { RuleSet, type RuleSetData, type RuleSetOf, type Topic } from "./ruleSet.ts";
import { RULE_SETS } from "./ruleSets.ts";

/** The rule sets, parsed once, to be asked by id, or by family and day. */
export interface RuleBook {
  readonly sets: readonly RuleSet[];
  /** The set with this id, or of this family on that day. Null where there is none of the topic. */
  find<T extends Topic>(topic: T, name: string, on: DayNumber | null): RuleSetOf<T> | null;
}

/** Parses rule sets as data. Throws `ZodError` for data that has not their shape. */
export function compileRuleBook(data: readonly RuleSetData[]): RuleBook {
  const sets = data.map((set) => RuleSet.parse(set));
  const byName = new Map<string, RuleSet[]>();
  for (const set of sets) {
    if (byName.has(set.id)) throw new Error(`two rule sets have the id ${set.id}`);
    byName.set(set.id, [set]);
  }
  for (const set of sets) {
    if (byName.has(set.family) && set.family === set.id) continue;
    const family = byName.get(set.family) ?? [];
    family.push(set);
    family.sort((a, b) => a.validFrom - b.validFrom);
    byName.set(set.family, family);
  }
  return {
    sets,
    find<T extends Topic>(topic: T, name: string, on: DayNumber | null): RuleSetOf<T> | null {
      const candidates = byName.get(name);
      if (candidates?.[0]?.topic !== topic) return null;
      return pick(candidates, on) as RuleSetOf<T>;
    },
  };
}

/** The set in force on the day; without a day the latest; on a day before all of them the first. */
function pick(family: readonly RuleSet[], on: DayNumber | null): RuleSet | undefined {
  if (on === null) return family.at(-1);
  return family.findLast((set) => set.validFrom <= on) ?? family[0];
}

export const RULE_BOOK: RuleBook = compileRuleBook(RULE_SETS);

/** Is the day within the set's validity? A set that a case names explicitly is used all the same, with a note. */
export function inForce(set: RuleSet, on: DayNumber): boolean {
  return set.validFrom <= on && (set.validTo === null || on <= set.validTo);
}

/** Days inside `from`…`to` on which another set of the family takes over. */
export function changesWithin(book: RuleBook, family: string, from: DayNumber, to: DayNumber): DayNumber[] {
  return book.sets
    .filter((set) => set.family === family && set.validFrom > from && set.validFrom <= to)
    .map((set) => set.validFrom);
}

/** The families and sets of some topics that a case names, checked: `{ "energy-price": "TJ-BUSINESS" }`. */
export function namesByTopic(book: RuleBook, names: readonly string[], topics: readonly Topic[]): Map<Topic, string> {
  const chosen = new Map<Topic, string>();
  for (const name of names) {
    const set = book.sets.find((candidate) => candidate.id === name || candidate.family === name);
    if (!set) {
      const known = [...new Set(book.sets.flatMap((candidate) => [candidate.family, candidate.id]))].join(", ");
      throw refuse(
        "ruleSet",
        `没有规则集 ${name};可用: ${known}`,
        `there is no rule set ${name}; use one of: ${known}`,
      );
    }
    if (!topics.includes(set.topic)) {
      throw refuse(
        "ruleSet",
        `规则集 ${name} (${set.zh}) 不适用于此类案例;请去掉或改用 ${topics.join("、")} 类规则集`,
        `rule set ${name} (${set.topic}) has no part in this kind of case; remove it or name one on ${topics.join(", ")}`,
      );
    }
    if (chosen.has(set.topic)) {
      throw refuse(
        "ruleSet",
        `${chosen.get(set.topic)} 与 ${name} 属同一类规则,只能选一个`,
        `${chosen.get(set.topic)} and ${name} are on the same topic: name one of them`,
      );
    }
    chosen.set(set.topic, name);
  }
  return chosen;
}

export function validity(set: RuleSet): string {
  return `${showDay(set.validFrom)} – ${set.validTo === null ? "…" : showDay(set.validTo)}`;
}
