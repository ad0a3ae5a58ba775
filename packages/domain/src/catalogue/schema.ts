import { z } from "zod";
import { Condition, type Facts, holds } from "./condition.ts";

export const Text = z.object({ zh: z.string().min(1), en: z.string().min(1) });
export type Text = z.infer<typeof Text>;

/** What a page is made of. The host has one controller and the UI one component a kind. */
export const PageKind = z.enum([
  "find-account",
  "choose-account",
  "account",
  "bills",
  "bill",
  "payments",
  "amount",
  "method",
  "change-notice",
  "cash",
  "scan",
  "result",
]);
export type PageKind = z.infer<typeof PageKind>;

export const Transition = z.object({
  /** The outcome that a page's controller reports, or what the customer touched. */
  on: z.string().min(1),
  when: Condition.optional(),
  /** A page id, or `@end`: the journey is over and the session wiped. */
  to: z.string().min(1),
});
export type Transition = z.infer<typeof Transition>;

export const Page = z.object({
  id: z.string().min(1),
  kind: PageKind,
  title: Text,
  /** Without the centre this page cannot do its work and says so. */
  needsLink: z.boolean(),
  /** Money may be inside: the session never times out to a wipe here, it settles. */
  holdsMoney: z.boolean().default(false),
  back: z.string().nullable(),
  transitions: z.array(Transition),
});
export type Page = z.infer<typeof Page>;

export const ServiceDefinition = z.object({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  version: z.number().int().positive(),
  title: Text,
  hint: Text,
  icon: z.string(),
  start: z.string(),
  pages: z.array(Page).min(1),
});
export type ServiceDefinition = z.infer<typeof ServiceDefinition>;

export const END = "@end";

/** The first transition whose condition holds wins; null where the page knows no such outcome. */
export function nextPage(definition: ServiceDefinition, pageId: string, on: string, facts: Facts): string | null {
  const page = definition.pages.find((candidate) => candidate.id === pageId);
  const transition = page?.transitions.find(
    (candidate) => candidate.on === on && (!candidate.when || holds(candidate.when, facts)),
  );
  return transition?.to ?? null;
}

/** Faults of a definition, in words: dangling targets, unreachable pages, pages from which no end is reachable. */
export function checkDefinition(definition: ServiceDefinition): string[] {
  const faults: string[] = [];
  const ids = new Set(definition.pages.map((page) => page.id));
  const targets = (page: Page) => [
    ...page.transitions.map((transition) => transition.to),
    ...(page.back === null ? [] : [page.back]),
  ];
  if (ids.size !== definition.pages.length) faults.push(`${definition.id}: a page id is used twice`);
  if (!ids.has(definition.start)) faults.push(`${definition.id}: start page ${definition.start} does not exist`);
  for (const page of definition.pages)
    for (const target of targets(page))
      if (target !== END && !ids.has(target))
        faults.push(`${definition.id}/${page.id}: leads to ${target}, which does not exist`);
  const reach = (from: string) => {
    const seen = new Set<string>();
    const queue = [from];
    for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
      if (seen.has(id)) continue;
      seen.add(id);
      const page = definition.pages.find((candidate) => candidate.id === id);
      if (page) queue.push(...targets(page));
    }
    return seen;
  };
  const reachable = reach(definition.start);
  for (const page of definition.pages) {
    if (!reachable.has(page.id)) faults.push(`${definition.id}/${page.id}: no path leads there`);
    if (!reach(page.id).has(END)) faults.push(`${definition.id}/${page.id}: no path leads from there to the end`);
  }
  return faults;
}
