import { z } from "zod";
import { PolicyFault } from "../routing/fault.ts";
import { Ending, RoutingPolicy } from "../routing/policy.ts";
import { PolicyVerdict, SeatChoice } from "../routing/reason.ts";
import { CallRequest, InstantMs, SeatId } from "./schema.ts";

/** What the console asks and is told about policies before they are published, about the past, and about a day to come. */

/** A policy without its number: the centre gives the next one when it is published. */
export const PolicyDraft = RoutingPolicy.omit({ version: true });
export type PolicyDraft = z.infer<typeof PolicyDraft>;

export const PolicyFaults = z.object({ faults: z.array(PolicyFault) });
export type PolicyFaults = z.infer<typeof PolicyFaults>;

export const DryRun = z.object({
  request: CallRequest,
  atMs: InstantMs,
  /** In the place of their namesakes. */
  drafts: z.array(PolicyDraft).max(20).default([]),
  /** As if these were ready now; empty: as the seats are. */
  readySeatIds: z.array(SeatId).max(2000).default([]),
});
export type DryRun = z.infer<typeof DryRun>;

/** `RoutingExplanation` of `domain/routing/explain.ts`, as it travels. */
export const DryRunReport = z.object({
  policy: RoutingPolicy.nullable(),
  verdicts: z.array(PolicyVerdict),
  steps: z.array(
    z.object({
      step: z.number().int(),
      afterMs: z.number().int(),
      passedOver: z.enum(["nobody-signed-in", "no-last-agent"]).nullable(),
      choice: SeatChoice,
    }),
  ),
  outcome: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("offer"), seatId: SeatId, step: z.number().int(), afterMs: z.number().int() }),
    z.object({ kind: z.literal("waits"), step: z.number().int() }),
    z.object({ kind: z.literal("ends"), ending: Ending.exclude(["keep-waiting"]), afterMs: z.number().int() }),
  ]),
});
export type DryRunReport = z.infer<typeof DryRunReport>;

const ReplaySide = z.object({
  calls: z.number().int(),
  answered: z.number().int(),
  abandoned: z.number().int(),
  /** Callback or message left, or offered to. */
  ended: z.number().int(),
  meanWaitMs: z.number().nullable(),
  within20s: z.number().nullable(),
});
/** What happened beside what the policies would have done, as a whole and call by call. */
export const ReplayReport = z.object({
  before: ReplaySide,
  after: ReplaySide,
  calls: z.array(
    z.object({
      callId: z.string(),
      queuedMs: z.number().int(),
      before: z.object({ outcome: z.string(), seatId: z.string().nullable(), waitMs: z.number().int() }),
      after: z.object({
        outcome: z.string(),
        seatId: z.string().nullable(),
        waitMs: z.number().int(),
        policyId: z.string().nullable(),
      }),
    }),
  ),
  /** Customers who were answered are taken to be as patient as the most patient of those who were not. */
  assumedPatienceMs: z.number().nullable(),
});
export type ReplayReport = z.infer<typeof ReplayReport>;

/** Lengths of the slices of `groupBy: "period"`. */
export const StatisticsSlice = z.enum(["half-hour", "hour", "day", "week", "month"]);
export type StatisticsSlice = z.infer<typeof StatisticsSlice>;

export const StatisticsReport = z.object({
  rows: z.array(
    z.object({
      key: z.string().nullable(),
      title: z.object({ zh: z.string(), en: z.string() }),
      figures: z.record(z.string(), z.number().nullable()),
    }),
  ),
  definitions: z.array(
    z.object({
      figure: z.string(),
      basis: z.string(),
      unit: z.string(),
      zh: z.string(),
      en: z.string(),
      definition: z.string(),
    }),
  ),
});
export type StatisticsReport = z.infer<typeof StatisticsReport>;

export const ForecastReport = z.object({
  day: z.string(),
  basis: z.enum(["same-weekday", "holidays", "working-days", "weekends", "all-days", "nothing"]),
  days: z.number().int(),
  goal: z.object({ share: z.number(), withinMs: z.number(), shrinkage: z.number(), patienceMs: z.number() }),
  slots: z.array(
    z.object({
      slot: z.number().int(),
      calls: z.number(),
      handleMs: z.number(),
      /** On the roster, breaks and absences included (Erlang C). */
      agents: z.number().int(),
      /** Share within the goal's time that Erlang C expects of the agents present. */
      serviceLevel: z.number().nullable(),
      /** Share of customers that give up, as Erlang A expects it with the assumed patience. */
      abandonment: z.number().nullable(),
    }),
  ),
});
export type ForecastReport = z.infer<typeof ForecastReport>;
