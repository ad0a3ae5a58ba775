import { z } from "zod";
import { ConsentLevel, Pointer, Proposal, SharedItem } from "./assist.ts";

/** The customer's side of a call, as the kiosk shows it beside whatever page is open. */

export const CallAgent = z.object({ name: z.string(), number: z.string(), count: z.number().int().min(1) });
export type CallAgent = z.infer<typeof CallAgent>;

/** What the customer may be told instead of waiting longer. */
export const CallChoice = z.enum(["callback", "message"]);
export type CallChoice = z.infer<typeof CallChoice>;

export const CallPhaseView = z.discriminatedUnion("name", [
  /** 帮助 was touched: what will happen is said, and consent asked, before anything leaves the kiosk. */
  z.object({ name: z.literal("offer"), online: z.boolean() }),
  z.object({
    name: z.literal("waiting"),
    /** 1: the next one. */
    position: z.number().int().min(1).nullable(),
    expectedWaitMs: z.number().int().min(0).nullable(),
    sinceMs: z.number().int(),
    ringing: z.boolean(),
  }),
  z.object({ name: z.literal("connecting"), agent: CallAgent }),
  z.object({ name: z.literal("talking"), agent: CallAgent }),
  z.object({ name: z.literal("held"), agent: CallAgent }),
  /** The agent's side broke; `requeued`: the customer waits again, first in line. */
  z.object({ name: z.literal("interrupted"), agent: CallAgent }),
  /** Nobody can answer now. */
  z.object({ name: z.literal("nobody"), choices: z.array(CallChoice) }),
  z.object({ name: z.literal("callback-form"), problem: z.string().nullable() }),
  z.object({ name: z.literal("message-form"), problem: z.string().nullable() }),
  z.object({ name: z.literal("left"), what: CallChoice }),
  z.object({ name: z.literal("rating") }),
  z.object({ name: z.literal("thanks") }),
  z.object({ name: z.literal("failed"), reason: z.enum(["link", "refused", "too-many", "unknown"]) }),
]);
export type CallPhaseView = z.infer<typeof CallPhaseView>;

export const DeviceTrouble = z.enum(["ok", "denied", "absent", "broken"]);
export type DeviceTrouble = z.infer<typeof DeviceTrouble>;

export const CallView = z.object({
  callId: z.string().nullable(),
  phase: CallPhaseView,
  consent: ConsentLevel,
  /** What is recorded is said as long as it is. */
  recording: z.boolean(),
  proposal: Proposal.nullable(),
  shared: SharedItem.nullable(),
  pointer: Pointer.nullable(),
  highlight: z.string().nullable(),
  media: z.object({ camera: DeviceTrouble, microphone: DeviceTrouble, screen: DeviceTrouble }),
});
export type CallView = z.infer<typeof CallView>;

/** Topics of a message that is left when nobody answers; chosen, not typed: a kiosk has no keyboard. */
export const MESSAGE_TOPICS = ["bill", "payment", "supply-fault", "new-supply", "complaint", "other"] as const;
export const MessageTopic = z.enum(MESSAGE_TOPICS);
export type MessageTopic = z.infer<typeof MessageTopic>;
