import { z } from "zod";
import { MediaToClient, MediaToServer } from "../media/schema.ts";
import { CallbackPhone, ConsentLevel, JourneyView, PageMap, Pointer, Proposal, SharedItem } from "./assist.ts";
import { CallAgent, CallChoice, DeviceTrouble, MessageTopic } from "./callView.ts";
import { CallId } from "./schema.ts";

/**
 * Between a kiosk and the centre during a call. What must not be lost (asking for an agent, leaving, ratings) are
 * questions over the link's RPC with the client's own id as the key; what only matters now (media signalling, the page,
 * pointers) are passing messages on `gh/v1/{deviceId}/call/up` and `…/down`, QoS 0, never stored.
 */

/** RPC methods: the same `callId` asked twice is the same call. */
export const callRpc = {
  "call.request": {
    params: z.object({
      callId: CallId,
      service: z.string().max(60).nullable(),
      journeyId: z.string().max(64).nullable(),
      customerKey: z.string().min(1).max(128),
      accountNo: z.string().max(20).nullable(),
      /** The customer uses large print or asked for slow help: policies may favour them. */
      elderly: z.boolean(),
      language: z.enum(["zh-CN", "en"]),
      consent: ConsentLevel,
      recording: z.boolean(),
    }),
    result: z.object({ callId: CallId }),
  },
  /** Hang up, or leave the queue. */
  "call.leave": { params: z.object({ callId: CallId }), result: z.object({ ok: z.literal(true) }) },
  "call.callback": {
    params: z.object({ callId: CallId, phone: CallbackPhone }),
    result: z.object({ ok: z.literal(true) }),
  },
  "call.message": {
    params: z.object({ callId: CallId, topic: MessageTopic, phone: CallbackPhone.nullable() }),
    result: z.object({ ok: z.literal(true) }),
  },
  "call.rate": {
    params: z.object({ callId: CallId, score: z.number().int().min(1).max(5) }),
    result: z.object({ ok: z.literal(true) }),
  },
  "call.consent": {
    params: z.object({ callId: CallId, consent: ConsentLevel, recording: z.boolean() }),
    result: z.object({ ok: z.literal(true) }),
  },
} as const;

export const CallUp = z.discriminatedUnion("type", [
  /** Every two seconds while a call is on: the kiosk lives, and which state it believes in. */
  z.object({ type: z.literal("alive"), callId: CallId }),
  z.object({ type: z.literal("journey"), callId: CallId, journey: JourneyView }),
  z.object({ type: z.literal("page-map"), callId: CallId, map: PageMap }),
  /** A page that has no connections yet asks for the room's `welcome`: at the start, and after a reload. */
  z.object({ type: z.literal("media-join"), callId: CallId }),
  z.object({ type: z.literal("media"), callId: CallId, message: MediaToServer }),
  z.object({
    type: z.literal("devices"),
    callId: CallId,
    camera: DeviceTrouble,
    microphone: DeviceTrouble,
    screen: DeviceTrouble,
  }),
  z.object({
    type: z.literal("proposal-answered"),
    callId: CallId,
    proposalId: z.string(),
    /** `stale`: the page had moved on; `refused-by-page`: the value was not one that the page takes. */
    answer: z.enum(["accepted", "declined", "stale", "refused-by-page"]),
  }),
]);
export type CallUp = z.infer<typeof CallUp>;

/** What the centre says of the call; complete each time, so that a lost one is repaired by the next. */
export const CallProgress = z.discriminatedUnion("name", [
  z.object({
    name: z.literal("waiting"),
    position: z.number().int().min(1).nullable(),
    expectedWaitMs: z.number().int().min(0).nullable(),
    sinceMs: z.number().int(),
    ringing: z.boolean(),
  }),
  z.object({ name: z.literal("connecting"), agent: CallAgent }),
  z.object({ name: z.literal("talking"), agent: CallAgent }),
  z.object({ name: z.literal("held"), agent: CallAgent }),
  z.object({ name: z.literal("interrupted"), agent: CallAgent }),
  z.object({ name: z.literal("nobody"), choices: z.array(CallChoice) }),
  /** Over; `rate`: the customer spoke with somebody and has not rated yet. */
  z.object({ name: z.literal("over"), rate: z.boolean() }),
  z.object({ name: z.literal("unknown") }),
]);
export type CallProgress = z.infer<typeof CallProgress>;

export const CallDown = z.discriminatedUnion("type", [
  z.object({ type: z.literal("progress"), callId: CallId, progress: CallProgress, recording: z.boolean() }),
  z.object({ type: z.literal("media"), callId: CallId, message: MediaToClient }),
  z.object({ type: z.literal("propose"), callId: CallId, proposal: Proposal }),
  z.object({ type: z.literal("withdraw"), callId: CallId, proposalId: z.string() }),
  z.object({ type: z.literal("share"), callId: CallId, item: SharedItem.nullable() }),
  z.object({ type: z.literal("point"), callId: CallId, pointer: Pointer.nullable() }),
  z.object({ type: z.literal("highlight"), callId: CallId, elementId: z.string().max(80).nullable() }),
  /** Only under `control`, and only what a page offers as a move or a field. */
  z.object({
    type: z.literal("control"),
    callId: CallId,
    act: z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("field"), field: z.string(), value: z.string().max(200) }),
      z.object({ kind: z.literal("move"), move: z.string() }),
    ]),
  }),
]);
export type CallDown = z.infer<typeof CallDown>;
