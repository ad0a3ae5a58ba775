import { z } from "zod";
import { Text } from "../catalogue/schema.ts";

/**
 * How an agent helps at the customer's screen (R2). Helping is semantic: what travels are names of elements and fields,
 * not clicks. Consent grows step by step and is taken back in one touch.
 */

/** What the customer allows, each step with everything before it. `none`: the agent sees and hears the customer only. */
export const CONSENT_LEVELS = ["none", "view", "point", "fill", "control"] as const;
export const ConsentLevel = z.enum(CONSENT_LEVELS);
export type ConsentLevel = z.infer<typeof ConsentLevel>;

/** Does consent up to `given` cover what needs `needed`? */
export function allows(given: ConsentLevel, needed: ConsentLevel): boolean {
  return CONSENT_LEVELS.indexOf(given) >= CONSENT_LEVELS.indexOf(needed);
}

/** What the present page can be asked to do from afar. `sensitive` fields are never shown to an agent nor filled by one. */
export const HelpField = z.object({
  field: z.string().min(1).max(60),
  label: Text,
  kind: z.enum(["account-no", "phone", "amount-fen", "choice", "text"]),
  options: z.array(z.object({ value: z.string(), label: Text })).default([]),
  value: z.string().nullable(),
  sensitive: z.boolean(),
});
export type HelpField = z.infer<typeof HelpField>;

/** A way on from the present page that the agent may propose (`fill`) or take (`control`): bills, pay, back, home … */
export const HelpMove = z.object({ move: z.string().min(1).max(60), label: Text });
export type HelpMove = z.infer<typeof HelpMove>;

/** One line of what the customer has told the journey so far; masked at the kiosk, before it leaves. */
export const JourneyAnswer = z.object({ label: Text, value: z.string().max(200) });
export type JourneyAnswer = z.infer<typeof JourneyAnswer>;

/** The journey beside the picture: what the agent follows as data. */
export const JourneyView = z.object({
  revision: z.number().int(),
  journeyId: z.string().nullable(),
  serviceId: z.string().nullable(),
  title: Text.nullable(),
  screen: z.string(),
  step: z.object({ index: z.number().int(), of: z.number().int() }).nullable(),
  language: z.string(),
  accountNo: z.string().nullable(),
  answers: z.array(JourneyAnswer).max(60),
  fields: z.array(HelpField).max(40),
  moves: z.array(HelpMove).max(20),
  /** Payment, PIN and identity pages: seen as far as they are not masked, never controlled. */
  controllable: z.boolean(),
  busy: z.boolean(),
});
export type JourneyView = z.infer<typeof JourneyView>;

/** Where the UI has painted what: pointers and highlights hang on these ids. Fractions of the viewport, 0 … 1. */
export const PageElement = z.object({
  elementId: z.string().min(1).max(80),
  label: z.string().max(120),
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
});
export type PageElement = z.infer<typeof PageElement>;
export const PageMap = z.object({
  revision: z.number().int(),
  width: z.number().positive(),
  height: z.number().positive(),
  elements: z.array(PageElement).max(200),
});
export type PageMap = z.infer<typeof PageMap>;

const proposalBase = { proposalId: z.string().min(4).max(64), by: z.string().max(80) };
/** Nothing of it happens before the customer touches yes. */
export const Proposal = z.discriminatedUnion("kind", [
  z.object({
    ...proposalBase,
    kind: z.literal("field"),
    field: z.string(),
    label: Text,
    value: z.string().max(200),
    /** The value as the customer reads it: 100.00 元 rather than 10000. */
    shown: z.string().max(200),
  }),
  z.object({ ...proposalBase, kind: z.literal("move"), move: z.string(), label: Text }),
  z.object({ ...proposalBase, kind: z.literal("consent"), level: ConsentLevel }),
  z.object({ ...proposalBase, kind: z.literal("recording") }),
]);
export type Proposal = z.infer<typeof Proposal>;

/** What the agent lays on the customer's screen beside the page: an announcement, a document's text, a picture to read. */
export const SharedItem = z.object({
  itemId: z.string().max(64),
  kind: z.enum(["announcement", "document", "note"]),
  title: Text,
  body: Text,
});
export type SharedItem = z.infer<typeof SharedItem>;

/** Where the agent points: fractions of the viewport, and the element under it where the map knows one. */
export const Pointer = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  elementId: z.string().nullable(),
});
export type Pointer = z.infer<typeof Pointer>;

/** Mainland mobile or landline with area code, digits only. */
export const CallbackPhone = z
  .string()
  .regex(/^(1[3-9]\d{9}|0\d{9,11})$/, "phone: 11 digits of a mobile number, or a landline with its area code");
