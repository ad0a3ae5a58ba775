import { z } from "zod";

/** `mandarin`, `tariff`, `new-supply` … */
export const SkillId = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, "a skill is written like new-supply");
/** 1 beginner … 10 expert; a skill that a seat does not have counts as 0. */
export const SkillLevel = z.number().int().min(1).max(10);

/** What a seat must be able to do. An empty `all` asks for nothing. */
export type SkillExpression =
  | { op: "skill"; skill: string; atLeast: number }
  | { op: "not"; of: SkillExpression }
  | { op: "all" | "any"; of: readonly SkillExpression[] };

export const SkillExpression: z.ZodType<SkillExpression> = z.lazy(() =>
  z.discriminatedUnion("op", [
    z.object({ op: z.literal("skill"), skill: SkillId, atLeast: SkillLevel }),
    z.object({ op: z.literal("not"), of: SkillExpression }),
    z.object({ op: z.enum(["all", "any"]), of: z.array(SkillExpression) }),
  ]),
);

export const NO_SKILL_NEEDED: SkillExpression = { op: "all", of: [] };

export type SkillLevels = Readonly<Record<string, number>>;

/** Does a seat with these levels do what is asked? */
export function meets(expression: SkillExpression, levels: SkillLevels): boolean {
  switch (expression.op) {
    case "skill":
      return (levels[expression.skill] ?? 0) >= expression.atLeast;
    case "not":
      return !meets(expression.of, levels);
    case "all":
      return expression.of.every((part) => meets(part, levels));
    case "any":
      return expression.of.some((part) => meets(part, levels));
    default:
      return expression satisfies never;
  }
}

/** One comparison that stands in the way: too little of a skill, or (`excluded`) as much as must not be there. */
export const SkillGap = z.object({
  skill: SkillId,
  level: SkillLevel,
  has: z.number().int().min(0),
  excluded: z.boolean(),
});
export type SkillGap = z.infer<typeof SkillGap>;

/** What stands in the way of an expression; of an `any` all alternatives. Empty exactly where it is met or is never true. */
export function skillGaps(expression: SkillExpression, levels: SkillLevels, wanted = true): SkillGap[] {
  if (meets(expression, levels) === wanted) return [];
  switch (expression.op) {
    case "skill":
      return [
        {
          skill: expression.skill,
          level: expression.atLeast,
          has: levels[expression.skill] ?? 0,
          excluded: !wanted,
        },
      ];
    case "not":
      return skillGaps(expression.of, levels, !wanted);
    case "all":
    case "any":
      return expression.of.flatMap((part) => skillGaps(part, levels, wanted));
    default:
      return expression satisfies never;
  }
}

/** Every skill that an expression names, with the highest level it asks for. */
export function skillsIn(expression: SkillExpression): Map<string, number> {
  const found = new Map<string, number>();
  const walk = (part: SkillExpression): void => {
    switch (part.op) {
      case "skill":
        found.set(part.skill, Math.max(part.atLeast, found.get(part.skill) ?? 0));
        return;
      case "not":
        return walk(part.of);
      case "all":
      case "any":
        part.of.forEach(walk);
        return;
      default:
        return part satisfies never;
    }
  };
  walk(expression);
  return found;
}

/** `tariff>=3 and (mandarin>=5 or not trainee>=1)`; `any` for an expression that asks for nothing. */
export function showSkills(expression: SkillExpression): string {
  switch (expression.op) {
    case "skill":
      return `${expression.skill}>=${expression.atLeast}`;
    case "not":
      return `not ${inner(expression.of)}`;
    case "all":
      return expression.of.length === 0 ? "any" : expression.of.map(inner).join(" and ");
    case "any":
      return expression.of.length === 0 ? "none" : expression.of.map(inner).join(" or ");
    default:
      return expression satisfies never;
  }
}

function inner(expression: SkillExpression): string {
  const text = showSkills(expression);
  return (expression.op === "all" || expression.op === "any") && expression.of.length > 0 ? `(${text})` : text;
}

export type ParsedSkills =
  | { readonly ok: true; readonly skills: SkillExpression }
  /** `at`: index in the text where reading stopped. */
  | { readonly ok: false; readonly at: number; readonly expected: string };

const TOKEN = /\s*(>=|[()]|[a-z][a-z0-9-]*|\d+|\S)/y;

/** Reads what `showSkills` writes. `and` binds more tightly than `or`. Never throws. */
export function parseSkills(text: string): ParsedSkills {
  const tokens: { text: string; at: number }[] = [];
  TOKEN.lastIndex = 0;
  for (let found = TOKEN.exec(text); found; found = TOKEN.exec(text)) {
    const token = found[1] ?? "";
    tokens.push({ text: token, at: TOKEN.lastIndex - token.length });
  }
  let index = 0;
  const peek = () => tokens[index]?.text ?? "";
  const fail = (expected: string): ParsedSkills => ({ ok: false, at: tokens[index]?.at ?? text.length, expected });
  const list = (op: "all" | "any", word: string, part: () => ParsedSkills): ParsedSkills => {
    const of: SkillExpression[] = [];
    for (;;) {
      const next = part();
      if (!next.ok) return next;
      of.push(next.skills);
      if (peek() !== word) break;
      index += 1;
    }
    const [only] = of;
    return { ok: true, skills: of.length === 1 && only ? only : { op, of } };
  };
  const or = (): ParsedSkills => list("any", "or", and);
  const and = (): ParsedSkills => list("all", "and", unary);
  const unary = (): ParsedSkills => {
    const token = peek();
    if (token === "not") {
      index += 1;
      const of = unary();
      return of.ok ? { ok: true, skills: { op: "not", of: of.skills } } : of;
    }
    if (token === "(") {
      index += 1;
      const of = or();
      if (!of.ok) return of;
      if (peek() !== ")") return fail(")");
      index += 1;
      return of;
    }
    if (token === "any" || token === "none") {
      index += 1;
      return { ok: true, skills: { op: token === "any" ? "all" : "any", of: [] } };
    }
    if (!SkillId.safeParse(token).success || token === "and" || token === "or") return fail("skill");
    index += 1;
    if (peek() !== ">=") return fail(">=");
    index += 1;
    const level = SkillLevel.safeParse(/^\d+$/.test(peek()) ? Number(peek()) : Number.NaN);
    if (!level.success) return fail("level 1–10");
    index += 1;
    return { ok: true, skills: { op: "skill", skill: token, atLeast: level.data } };
  };
  const result = or();
  return result.ok && index < tokens.length ? fail("and, or") : result;
}
