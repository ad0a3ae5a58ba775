import { z } from "zod";

/** Values that conditions look at: the journey's answers and what the host knows (`cash.changeShort`, `accounts.count` …). */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Typed operators, no scripts: a definition can be checked, walked path by path and shown to a clerk as a sentence. */
export type Condition =
  | { op: "eq" | "ne"; fact: string; value: string | number | boolean | null }
  | { op: "in"; fact: string; values: readonly (string | number | boolean | null)[] }
  | { op: "lt" | "lte" | "gt" | "gte"; fact: string; value: number }
  | { op: "exists"; fact: string }
  | { op: "not"; of: Condition }
  | { op: "all" | "any"; of: readonly Condition[] };

export const Condition: z.ZodType<Condition> = z.lazy(() =>
  z.discriminatedUnion("op", [
    z.object({ op: z.enum(["eq", "ne"]), fact: z.string(), value: Scalar }),
    z.object({ op: z.literal("in"), fact: z.string(), values: z.array(Scalar) }),
    z.object({ op: z.enum(["lt", "lte", "gt", "gte"]), fact: z.string(), value: z.number() }),
    z.object({ op: z.literal("exists"), fact: z.string() }),
    z.object({ op: z.literal("not"), of: Condition }),
    z.object({ op: z.enum(["all", "any"]), of: z.array(Condition) }),
  ]),
);

/** A fact that is absent is null: comparisons of order with it are false, never an error. */
export function holds(condition: Condition, facts: Facts): boolean {
  switch (condition.op) {
    case "eq":
      return (facts[condition.fact] ?? null) === condition.value;
    case "ne":
      return (facts[condition.fact] ?? null) !== condition.value;
    case "in":
      return condition.values.includes(facts[condition.fact] ?? null);
    case "lt":
    case "lte":
    case "gt":
    case "gte":
      return compare(condition.op, facts[condition.fact], condition.value);
    case "exists":
      return (facts[condition.fact] ?? null) !== null;
    case "not":
      return !holds(condition.of, facts);
    case "all":
      return condition.of.every((part) => holds(part, facts));
    case "any":
      return condition.of.some((part) => holds(part, facts));
    default:
      return condition satisfies never;
  }
}

function compare(
  op: "lt" | "lte" | "gt" | "gte",
  left: string | number | boolean | null | undefined,
  right: number,
): boolean {
  if (typeof left !== "number") return false;
  switch (op) {
    case "lt":
      return left < right;
    case "lte":
      return left <= right;
    case "gt":
      return left > right;
    case "gte":
      return left >= right;
    default:
      return op satisfies never;
  }
}
