import { z } from "zod";
import { Text } from "../catalogue/schema.ts";
import { RoutingPolicy } from "../routing/policy.ts";
import { CallEvent, CallPhase } from "./call.ts";
import { GroupId, InstantMs, SeatId, UnitPath } from "./schema.ts";
import { SeatStatus } from "./state.ts";

/** What the console reads and changes of the remote agent seats under `/api/seats`. */

export const AgentRow = z.object({
  seatId: SeatId,
  login: z.string(),
  nameZh: z.string(),
  nameEn: z.string(),
  number: z.string(),
  unitPath: UnitPath,
  groups: z.array(GroupId),
  skills: z.record(z.string(), z.number().int().min(1).max(10)),
  status: SeatStatus,
});
export type AgentRow = z.infer<typeof AgentRow>;

export const AgentSettings = z.object({
  groups: z.array(GroupId).max(20),
  skills: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,47}$/), z.number().int().min(1).max(10)),
  unitPath: UnitPath,
});
export type AgentSettings = z.infer<typeof AgentSettings>;

export const GroupRow = z.object({ groupId: GroupId, title: Text, unitPath: UnitPath, agents: z.number().int() });
export type GroupRow = z.infer<typeof GroupRow>;

export const SeatDirectory = z.object({
  agents: z.array(AgentRow),
  groups: z.array(GroupRow),
  skills: z.array(z.object({ skill: z.string(), title: Text })),
});
export type SeatDirectory = z.infer<typeof SeatDirectory>;

export const CallRow = z.object({
  callId: z.string(),
  phase: CallPhase,
  deviceId: z.string().nullable(),
  kioskZh: z.string(),
  kioskEn: z.string(),
  hallZh: z.string(),
  hallEn: z.string(),
  unitPath: z.string(),
  service: z.string().nullable(),
  journeyId: z.string().nullable(),
  accountNo: z.string().nullable(),
  requestedMs: InstantMs,
  waitMs: z.number().int(),
  talkMs: z.number().int(),
  endedMs: InstantMs.nullable(),
  agents: z.array(z.string()),
  outcome: z.string().nullable(),
  rating: z.number().int().nullable(),
  recordings: z.number().int(),
});
export type CallRow = z.infer<typeof CallRow>;

export const RecordingRow = z.object({
  recordingId: z.string(),
  callId: z.string(),
  startedMs: InstantMs,
  durationMs: z.number().int(),
  bytes: z.number().int(),
  state: z.enum(["running", "complete", "recovered", "deleted"]),
  deleteAfterMs: InstantMs,
  files: z.array(
    z.object({
      file: z.string(),
      participant: z.string(),
      role: z.string(),
      kind: z.enum(["person", "screen"]),
      offsetMs: z.number().int(),
      durationMs: z.number().int(),
      bytes: z.number().int(),
      sha256: z.string().nullable(),
    }),
  ),
});
export type RecordingRow = z.infer<typeof RecordingRow>;

export const CallDetail = CallRow.extend({
  events: z.array(CallEvent),
  /** Typed reasons of `domain/routing`, one a decision. */
  decisions: z.array(z.object({ atMs: InstantMs, decision: z.unknown() })),
  note: z.string(),
  recordingRows: z.array(RecordingRow),
});
export type CallDetail = z.infer<typeof CallDetail>;

/** A callback or message that waits for somebody, until it is done. */
export const LeftMessage = z.object({
  messageId: z.string(),
  callId: z.string(),
  kind: z.enum(["callback", "message"]),
  phone: z.string().nullable(),
  topic: z.string().nullable(),
  hallZh: z.string(),
  hallEn: z.string(),
  unitPath: z.string(),
  leftMs: InstantMs,
  doneMs: InstantMs.nullable(),
  doneBy: z.string().nullable(),
  result: z.string().nullable(),
});
export type LeftMessage = z.infer<typeof LeftMessage>;

/** The wallboard, pushed every second over the desk's socket and read by REST once. */
export const Wallboard = z.object({
  nowMs: InstantMs,
  waiting: z.array(
    z.object({
      callId: z.string(),
      hallZh: z.string(),
      hallEn: z.string(),
      unitPath: z.string(),
      service: z.string().nullable(),
      queuedMs: InstantMs,
      position: z.number().int().nullable(),
      policyId: z.string().nullable(),
      step: z.number().int(),
    }),
  ),
  calls: z.array(
    z.object({
      callId: z.string(),
      seatId: z.string(),
      agent: Text,
      hallZh: z.string(),
      hallEn: z.string(),
      phase: CallPhase,
      sinceMs: InstantMs,
    }),
  ),
  agents: z.array(
    z.object({
      seatId: z.string(),
      nameZh: z.string(),
      nameEn: z.string(),
      number: z.string(),
      groups: z.array(z.string()),
      status: SeatStatus,
      callId: z.string().nullable(),
    }),
  ),
  byState: z.record(z.string(), z.number().int()),
  longestWaitMs: z.number().int(),
  today: z.object({
    offered: z.number().int(),
    answered: z.number().int(),
    abandoned: z.number().int(),
    /** Shares 0 … 1; null: nothing to divide by. */
    serviceLevel20: z.number().nullable(),
    serviceLevel12: z.number().nullable(),
  }),
  last30: z.object({
    offered: z.number().int(),
    answered: z.number().int(),
    abandoned: z.number().int(),
    serviceLevel20: z.number().nullable(),
    serviceLevel12: z.number().nullable(),
  }),
});
export type Wallboard = z.infer<typeof Wallboard>;

export const PolicyRow = z.object({
  policy: RoutingPolicy,
  publishedMs: InstantMs,
  publishedBy: z.string(),
  /** The newest version of its policy, and not withdrawn. */
  current: z.boolean(),
  withdrawnMs: InstantMs.nullable(),
});
export type PolicyRow = z.infer<typeof PolicyRow>;

/** A work order opened from a call (D1); the dispatch side takes it from there. */
export const NewWorkOrder = z.object({
  callId: z.string(),
  type: z.enum(["supply-fault", "meter", "bill-dispute", "new-supply", "safety", "complaint", "other"]),
  urgency: z.enum(["normal", "urgent", "emergency"]),
  place: z.string().min(1, "place: say where the manager has to go").max(200),
  contactPhone: z.string().max(32).nullable(),
  detail: z.string().min(1, "detail: say what is needed").max(2000),
  dueMs: InstantMs,
});
export type NewWorkOrder = z.infer<typeof NewWorkOrder>;

export const WorkOrderRow = NewWorkOrder.extend({
  orderId: z.string(),
  unitPath: z.string(),
  state: z.enum(["open", "done", "cancelled"]),
  openedMs: InstantMs,
  openedBy: z.string(),
});
export type WorkOrderRow = z.infer<typeof WorkOrderRow>;
