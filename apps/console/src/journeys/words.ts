import { SERVICES } from "@gridhall/domain/catalogue/services.ts";
import type { Words } from "../i18n/language.tsx";
import { clock, yuan } from "../parts/format.ts";

/** Title of a page as customers see it; an unknown one (of another version) keeps its id. */
export function pageTitle(serviceId: string, pageId: string | null, words: Words): string {
  if (pageId === null) return words.t("none");
  const service = SERVICES.find((each) => each.id === serviceId);
  const title = service?.pages.find((page) => page.id === pageId)?.title;
  return title ? words.pick(title.zh, title.en) : pageId;
}

export function serviceTitle(serviceId: string, words: Words): string {
  return words.code("service", serviceId);
}

/** Facts that stand elsewhere on the page or say nothing to people. */
const HIDDEN = new Set(["journeyId", "intentId", "serviceVersion", "due", "units", "index"]);

const valueText = (key: string, value: unknown, words: Words): string => {
  if (value === null || value === "") return words.t("none");
  if (typeof value === "number") return key.endsWith("Fen") ? yuan(value) : String(value);
  if (typeof value === "boolean") return words.t(value ? "yes" : "no");
  if (typeof value !== "string") return JSON.stringify(value);
  if (/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value)) return clock(value);
  if (key === "kind" || key === "reason") return words.code("case-kind", words.code("difference", value));
  if (key === "outcome") return words.code("case-outcome", words.code("command-state", words.code("outcome", value)));
  if (key === "serviceId") return words.code("service", value);
  if (key === "language") return words.code("language", value);
  if (key === "type") return words.code("command", value);
  if (key === "tender") return words.code("tender", value);
  return words.code("word", value);
};

/** The facts of an event by name, amounts as yuan, codes as words. */
export function factsOf(body: unknown, words: Words, serviceId = ""): { label: string; value: string }[] {
  if (typeof body !== "object" || body === null) return [];
  return Object.entries(body).flatMap(([key, value]: [string, unknown]) => {
    if (HIDDEN.has(key) || value === null || value === undefined) return [];
    // The event's own name stands above its facts; only a command's type says something new.
    if (key === "type" && typeof value === "string" && value.includes(".")) return [];
    if (key === "allocation") {
      const rest = value as { bills?: unknown[]; prepayFen?: number };
      return rest.prepayFen === undefined ? [] : [{ label: words.t("body.prepayFen"), value: yuan(rest.prepayFen) }];
    }
    const text =
      key === "page" && typeof value === "string" ? pageTitle(serviceId, value, words) : valueText(key, value, words);
    return [{ label: words.code("body", key), value: text }];
  });
}
