import { z } from "zod";
import {
  CallId,
  CustomerClass,
  GroupId,
  InstantMs,
  PinnedPolicy,
  PolicyId,
  SeatId,
  UnitPath,
} from "../seats/schema.ts";
import { DayKind } from "./policy.ts";
import { SkillGap } from "./skills.ts";

/** Why routing decided as it did, as data: stored with the decision, put into words by whoever shows it. */

/** The first condition of a policy that did not hold. */
export const FailedCondition = z.discriminatedUnion("code", [
  z.object({ code: z.literal("not-yet-in-force"), fromMs: InstantMs }),
  z.object({ code: z.literal("no-longer-in-force"), untilMs: InstantMs }),
  z.object({ code: z.literal("newer-version"), version: z.number().int() }),
  z.object({ code: z.literal("device"), has: z.string().nullable() }),
  z.object({ code: z.literal("hall"), has: z.string().nullable() }),
  z.object({ code: z.literal("unit"), has: UnitPath }),
  z.object({ code: z.literal("service"), has: z.string().nullable() }),
  z.object({ code: z.literal("customer-class"), has: CustomerClass }),
  z.object({ code: z.literal("priority"), has: z.number().int(), atLeast: z.number().int() }),
  /** No time window fits: `09:30` on weekday 6, a made-up working day. */
  z.object({
    code: z.literal("time"),
    localDay: z.string(),
    localTime: z.string(),
    weekday: z.number().int(),
    dayKind: DayKind,
  }),
]);
export type FailedCondition = z.infer<typeof FailedCondition>;

/** One policy that was looked at, in the order of looking; `failed` is null for the one that was chosen. */
export const PolicyVerdict = PinnedPolicy.extend({ failed: FailedCondition.nullable() });
export type PolicyVerdict = z.infer<typeof PolicyVerdict>;

/** Why a seat did not get the call. */
export const WhyNot = z.discriminatedUnion("code", [
  z.object({ code: z.literal("skill"), gaps: z.array(SkillGap) }),
  z.object({ code: z.literal("group"), groups: z.array(GroupId) }),
  z.object({ code: z.literal("unit"), units: z.array(UnitPath) }),
  /** The step is for the agent who helped the customer last, and this is somebody else. */
  z.object({ code: z.literal("not-last-agent") }),
  /** The call was transferred to one agent, and this is somebody else. */
  z.object({ code: z.literal("not-the-target") }),
  /** Not working: offline, on a break, in training, missed, faulty. */
  z.object({ code: z.literal("state"), state: z.enum(["offline", "break", "training", "missed", "fault"]) }),
  z.object({ code: z.literal("busy"), state: z.enum(["reserved", "connecting", "in-call", "wrap-up"]) }),
  /** The seat says ready, but a call that it accepted has not been reported as ended. */
  z.object({ code: z.literal("call-not-ended") }),
  z.object({ code: z.literal("refused-this-call") }),
  /** Could have had it; the strategy preferred the chosen one. */
  z.object({ code: z.literal("outranked") }),
]);
export type WhyNot = z.infer<typeof WhyNot>;

/**
 * What the strategy compared, smaller first: idle since (ms), occupancy (share of 0–1), last offer (ms; null: never).
 */
const Measure = z.number().nullable();

export const WhyNotGroup = z.object({
  whyNot: WhyNot,
  seatIds: z.array(SeatId),
  /** Beside each seat id, for `outranked`; empty otherwise. */
  measures: z.array(Measure),
});
export type WhyNotGroup = z.infer<typeof WhyNotGroup>;

export const Chosen = z.object({
  seatId: SeatId,
  because: z.enum(["last-agent", "longest-idle", "least-occupied", "round-robin"]),
  measure: Measure,
});
export type Chosen = z.infer<typeof Chosen>;

/** Who was chosen in a step, and for every other seat why not. */
export const SeatChoice = z.object({
  policyId: PolicyId,
  version: z.number().int(),
  step: z.number().int().min(0),
  /** Null: nobody is able and ready. */
  chosen: Chosen.nullable(),
  others: z.array(WhyNotGroup),
});
export type SeatChoice = z.infer<typeof SeatChoice>;

export const OfferReason = SeatChoice.extend({
  chosen: Chosen,
  callId: CallId,
  waitedMs: z.number().int().min(0),
  /** Priority of the call with what waiting has added to it. */
  agedPriority: z.number(),
  requeued: z.boolean(),
});
export type OfferReason = z.infer<typeof OfferReason>;
