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
