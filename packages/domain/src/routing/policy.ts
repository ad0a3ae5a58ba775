import { z } from "zod";
import { Text } from "../catalogue/schema.ts";
import { DeviceId } from "../link/schema.ts";
import { CustomerClass, GroupId, InstantMs, PolicyId, Priority, ServiceId, UnitPath } from "../seats/schema.ts";
import { NO_SKILL_NEEDED, SkillExpression } from "./skills.ts";

/** Time of day, `08:30`; `24:00` is the end of the day. */
export const TimeOfDay = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, "a time of day is written like 08:30, the end of the day 24:00");

/**
 * `working`: a weekday without holiday, or a weekend that is worked for one (调休); `holiday`: a day of a public
 * holiday, weekends among them too; `weekend`: any other Saturday or Sunday.
 */
export const DayKind = z.enum(["working", "weekend", "holiday"]);
export type DayKind = z.infer<typeof DayKind>;

/**
 * `from` inclusive, `until` exclusive, local wall clock. With `until` not after `from` the window goes past midnight,
 * and the day that it starts on is the one that must fit: a Friday window 22:00–06:00 covers Saturday 05:59.
 */
export const TimeWindow = z
  .object({
    from: TimeOfDay,
    until: TimeOfDay,
    /** 1 Monday … 7 Sunday; empty: every day. */
    weekdays: z.array(z.number().int().min(1).max(7)).default([]),
    /** Empty: every kind of day. */
    dayKinds: z.array(DayKind).default([]),
  })
  .refine((window) => window.from !== window.until, {
    path: ["until"],
    message: "a window from and until the same time is empty; the whole day is 00:00–24:00",
  })
  .refine((window) => window.from !== "24:00", { path: ["from"], message: "a window starts before 24:00" });
export type TimeWindow = z.infer<typeof TimeWindow>;

/** All of it must hold; an empty list asks for nothing. */
export const Match = z.object({
  devices: z.array(DeviceId).default([]),
  halls: z.array(z.string().min(1)).default([]),
  /** The unit itself and everything below it. */
  units: z.array(UnitPath).default([]),
  services: z.array(ServiceId).default([]),
  customerClasses: z.array(CustomerClass).default([]),
  /** Calls of at least this priority; null: of any. */
  priorityAtLeast: Priority.nullable().default(null),
  /** One of them must hold. */
  times: z.array(TimeWindow).default([]),
});
export type Match = z.infer<typeof Match>;

const Fallback = z.enum(["longest-idle", "least-occupied", "round-robin"]);

/** Which of several able and ready seats is asked. Whatever is still equal goes by seat id, so that it can be repeated. */
export const Strategy = z.discriminatedUnion("kind", [
  /** The one that is free the longest. */
  z.object({ kind: z.literal("longest-idle") }),
  /** The one with the smallest share of its signed-in time spent on calls and their wrap-up. */
  z.object({ kind: z.literal("least-occupied") }),
  /** The one whose last offer lies back the furthest. */
  z.object({ kind: z.literal("round-robin") }),
  /**
   * The agent who helped this customer last, if that was not longer ago than `withinMs`. Else the `otherwise` strategy;
   * null: nobody else in this step (a step that has nobody is passed over at once).
   */
  z.object({
    kind: z.literal("sticky"),
    withinMs: z.number().int().positive(),
    otherwise: Fallback.nullable(),
  }),
]);
export type Strategy = z.infer<typeof Strategy>;

/** Seats of which units. `customer`: of the customer's own unit, `levelsUp` levels above it, and everything below that. */
export const UnitScope = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("any") }),
  z.object({ kind: z.literal("units"), units: z.array(UnitPath).min(1) }),
  z.object({ kind: z.literal("customer"), levelsUp: z.number().int().min(0).max(10) }),
]);
export type UnitScope = z.infer<typeof UnitScope>;

export const Step = z.object({
  /**
   * `widen`: the seats of the steps before stay in, these join them (the next ring). `overflow`: the call leaves the
   * seats of the steps before and goes to these alone. Means nothing in the first step.
   */
  entry: z.enum(["widen", "overflow"]).default("widen"),
  skills: SkillExpression.default(NO_SKILL_NEEDED),
  /** Empty: every group. */
  groups: z.array(GroupId).default([]),
  units: UnitScope.default({ kind: "any" }),
  strategy: Strategy.default({ kind: "longest-idle" }),
  /** How long an offer rings before it expires. */
  ringMs: z.number().int().min(3_000).max(120_000),
  /** How long the call stays in this step; null: without end, so only the last step of a policy that keeps waiting. */
  expiryMs: z.number().int().positive().nullable(),
  /** What happens in this step while no able seat is signed in at all. */
  whenNobody: z.enum(["wait", "advance"]).default("wait"),
});
export type Step = z.infer<typeof Step>;

/** What comes after the last step. `choice`: the customer chooses between callback and message. */
export const Ending = z.enum(["callback", "message", "choice", "keep-waiting"]);
export type Ending = z.infer<typeof Ending>;

/**
 * One published version of a policy. It is never changed: a change is a new version, and calls that are waiting keep
 * theirs. Of the policies in force whose match holds, the one of the highest priority routes the call.
 */
export const RoutingPolicy = z.object({
  policyId: PolicyId,
  version: z.number().int().positive(),
  title: Text,
  priority: Priority,
  /**
   * In force from here (inclusive) until there (exclusive); null: without end. Instants, not wall-clock times, because
   * a wall clock can show the same time twice; `instantOf` turns a local time into one.
   */
  validFromMs: InstantMs,
  validUntilMs: InstantMs.nullable(),
  match: Match,
  /** Empty: straight to the ending, for times without anybody. */
  steps: z.array(Step).max(20),
  ending: Ending,
});
export type RoutingPolicy = z.infer<typeof RoutingPolicy>;
