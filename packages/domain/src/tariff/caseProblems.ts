import type { z } from "zod";
import type { TariffProblem } from "./problem.ts";

type Issue = z.core.$ZodIssue;

/** What is wrong with a case, in words for its author: the field, and what to write there. */
export function problemsOf(issues: readonly Issue[], prefix: readonly PropertyKey[] = []): TariffProblem[] {
  return issues.flatMap((issue) => {
    const path = [...prefix, ...issue.path];
    if (issue.code === "invalid_union" && "note" in issue) {
      return [plain(path, [`没有这一种,可用: ${kindsAt(path)} | there is no such kind; use one of: ${kindsAt(path)}`])];
    }
    if (issue.code === "invalid_union" && issue.errors.length > 0) {
      // The alternative that got furthest is the one that was meant.
      const closest = issue.errors.toSorted((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
      if (closest && depth(closest) > 0) return problemsOf(closest, path);
      if (issue.message !== "Invalid input") return [plain(path, [issue.message])];
      const messages = issue.errors.flat().map((inner) => inner.message);
      const told = messages.filter((message) => !message.startsWith("Invalid input"));
      return [
        plain(
          path,
          told.length > 0
            ? told
            : ["写法不对,见案例说明 | is not of a form that is known: see the README of the cases"],
        ),
      ];
    }
    return [plain(path, [messageOf(issue)])];
  });
}

/** The values of the field that tells the alternatives apart. */
function kindsAt(path: readonly PropertyKey[]): string {
  switch (path.at(-1)) {
    case "method":
      return "capacity, contract-demand, actual-demand";
    case "cause":
      return "meter-error, multiplier, wiring";
    default:
      return "residential, business, industrial, agricultural, late-fee, correction, unmetered";
  }
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length + (issue.code === "custom" ? 1 : 0)));
}

function messageOf(issue: Issue): string {
  if (issue.code === "unrecognized_keys") {
    const keys = issue.keys.join(", ");
    return `没有字段 ${keys},请删除或改正拼写 | there is no field ${keys}: remove it or correct its spelling`;
  }
  if (issue.code === "invalid_type" && issue.path.length === 0 && issue.expected === "object") {
    return "应为 JSON 对象 {…} | must be a JSON object {…}";
  }
  if (issue.code === "invalid_type" && issue.input === undefined) {
    return `缺少此字段(${issue.expected}) | is missing: add it (${issue.expected})`;
  }
  if (issue.code === "invalid_value") {
    const values = issue.values.map(String).join(", ");
    return `应为 ${values} 之一 | must be one of: ${values}`;
  }
  return issue.message;
}

/** A message is one text for both languages, or `中文 | English`. */
function plain(path: readonly PropertyKey[], messages: readonly string[]): TariffProblem {
  const halves = [...new Set(messages)].map((message) => message.split(" | "));
  return {
    path: showPath(path),
    zh: halves.map(([zh = ""]) => zh).join(" / "),
    en: halves.map(([zh = "", en]) => en ?? zh).join(" / "),
  };
}

function showPath(path: readonly PropertyKey[]): string {
  let text = "";
  for (const key of path) {
    if (typeof key === "number") text += `[${key}]`;
    else text += text === "" ? String(key) : `.${String(key)}`;
  }
  return text;
}
