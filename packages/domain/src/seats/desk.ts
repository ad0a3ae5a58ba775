import { z } from "zod";
import { Text } from "../catalogue/schema.ts";
import { MediaToClient, MediaToServer } from "../media/schema.ts";
import { ConsentLevel, JourneyView, PageMap, Pointer, Proposal, SharedItem } from "./assist.ts";
import { DeviceTrouble } from "./callView.ts";
import { CallPhase } from "./call.ts";
import { CallId, InstantMs, SeatId } from "./schema.ts";
import { RequestedState, SeatStatus } from "./state.ts";

/**
 * The agent's desk and the supervisor's board, over `ws://…/api/seats/desk`. The centre pushes whole states, so that a
 * desk that was cut off for three seconds goes on with the next message; only media, page and pointer are streams.
 */

/** How a call came out, chosen in the wrap-up. */
export const OUTCOMES = [
  { code: "solved", zh: "已解决", en: "Solved" },
  { code: "explained", zh: "已解释", en: "Explained" },
  { code: "handed-on", zh: "已转派", en: "Handed on" },
  { code: "follow-up", zh: "需跟进", en: "Needs follow-up" },
  { code: "not-solved", zh: "未解决", en: "Not solved" },
  { code: "no-contact", zh: "未能沟通", en: "No contact" },
] as const;
export const OutcomeCode = z.enum(OUTCOMES.map((outcome) => outcome.code));
export type OutcomeCode = z.infer<typeof OutcomeCode>;

/** Who takes part beside the customer. */
export const CallParty = z.object({
  seatId: SeatId,
  name: Text,
  role: z.enum(["agent", "supervisor"]),
  mode: z.enum(["talking", "held", "listen", "whisper", "joined"]),
  /** A warm transfer or an invitation that still rings. */
  invited: z.boolean(),
});
export type CallParty = z.infer<typeof CallParty>;

/** What is known of the customer and the place before anybody speaks. */
export const CallerCard = z.object({
  deviceId: z.string().nullable(),
  kioskZh: z.string(),
  kioskEn: z.string(),
  hallZh: z.string(),
  hallEn: z.string(),
  unitPath: z.string(),
  service: z.string().nullable(),
  journeyId: z.string().nullable(),
  accountNo: z.string().nullable(),
  customerClass: z.string(),
  language: z.string(),
  /** Why this agent and not another, in the router's own words (typed reasons of `domain/routing`). */
  reason: z.unknown(),
});
export type CallerCard = z.infer<typeof CallerCard>;

export const DeskOffer = z.object({
  callId: CallId,
  callEpoch: z.number().int(),
  kind: z.enum(["call", "transfer", "invitation"]),
  fromName: Text.nullable(),
  expiresMs: InstantMs,
  waitedMs: z.number().int(),
  caller: CallerCard,
});
export type DeskOffer = z.infer<typeof DeskOffer>;

export const DeskCall = z.object({
  callId: CallId,
  phase: CallPhase,
  /** Of the viewer: own call, a call one was invited to, or one that a supervisor looks at. */
  part: z.enum(["own", "invited", "supervising"]),
  caller: CallerCard,
  consent: ConsentLevel,
  recording: z.boolean(),
  connectedMs: InstantMs.nullable(),
  parties: z.array(CallParty),
  customerMedia: z.object({ camera: DeviceTrouble, microphone: DeviceTrouble, screen: DeviceTrouble }),
  journey: JourneyView.nullable(),
  proposal: Proposal.nullable(),
  proposalAnswer: z.enum(["accepted", "declined", "stale", "refused-by-page"]).nullable(),
  shared: SharedItem.nullable(),
  note: z.string(),
});
export type DeskCall = z.infer<typeof DeskCall>;

export const DeskState = z.object({
  nowMs: InstantMs,
  seatId: SeatId,
  name: Text,
  number: z.string(),
  status: SeatStatus.nullable(),
  /** Not an agent, or not in any group: the desk says so. */
  isAgent: z.boolean(),
  offer: DeskOffer.nullable(),
  call: DeskCall.nullable(),
  /** The call whose after-work is being done. */
  wrap: z
    .object({ callId: CallId, untilMs: InstantMs, extended: z.boolean(), caller: CallerCard, note: z.string() })
    .nullable(),
  waiting: z.number().int(),
  today: z.object({ answered: z.number().int(), assistMs: z.number().int(), missed: z.number().int() }),
});
export type DeskState = z.infer<typeof DeskState>;

const call = { callId: CallId };
export const TransferTarget = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("seat"), seatId: SeatId }),
  z.object({ kind: z.literal("group"), groupId: z.string() }),
]);
export type TransferTarget = z.infer<typeof TransferTarget>;

export const DeskToCentre = z.discriminatedUnion("type", [
  z.object({ type: z.literal("alive") }),
  z.object({ type: z.literal("state"), to: RequestedState }),
  z.object({ type: z.literal("accept"), ...call, callEpoch: z.number().int() }),
  z.object({ type: z.literal("refuse"), ...call, callEpoch: z.number().int(), reason: z.string().max(200) }),
  z.object({ type: z.literal("hang-up"), ...call }),
  z.object({ type: z.literal("hold"), ...call, on: z.boolean() }),
  z.object({ type: z.literal("ask-consent"), ...call, level: ConsentLevel }),
  z.object({ type: z.literal("ask-recording"), ...call }),
  z.object({ type: z.literal("propose-field"), ...call, field: z.string().max(60), value: z.string().max(200) }),
  z.object({ type: z.literal("propose-move"), ...call, move: z.string().max(60) }),
  z.object({ type: z.literal("withdraw"), ...call, proposalId: z.string() }),
  z.object({ type: z.literal("point"), ...call, pointer: Pointer.nullable() }),
  z.object({ type: z.literal("highlight"), ...call, elementId: z.string().max(80).nullable() }),
  z.object({ type: z.literal("share"), ...call, item: SharedItem.nullable() }),
  z.object({ type: z.literal("control-field"), ...call, field: z.string().max(60), value: z.string().max(200) }),
  z.object({ type: z.literal("control-move"), ...call, move: z.string().max(60) }),
  z.object({ type: z.literal("note"), ...call, note: z.string().max(4000) }),
  /** `blind`: the call waits again at the head for the target; `warm`: the target is asked first, then speaks with this agent. */
  z.object({ type: z.literal("transfer"), ...call, mode: z.enum(["blind", "warm"]), to: TransferTarget }),
  /** Warm: the other agent is in; hand the customer over and go to wrap-up. */
  z.object({ type: z.literal("complete-transfer"), ...call }),
  z.object({ type: z.literal("cancel-transfer"), ...call }),
  z.object({ type: z.literal("invite"), ...call, seatId: SeatId }),
  /** Leaves a call that one was invited to, or stops supervising. */
  z.object({ type: z.literal("leave"), ...call }),
  z.object({ type: z.literal("wrap"), ...call, outcome: OutcomeCode, note: z.string().max(4000) }),
  z.object({ type: z.literal("extend-wrap") }),
  /** A page that has no connections yet asks for the room's `welcome`: at the start, and after a reload. */
  z.object({ type: z.literal("media-join"), ...call }),
  z.object({ type: z.literal("media"), ...call, message: MediaToServer }),
  /** Supervisors. `joined` is the take-over: everybody hears and sees the supervisor. */
  z.object({ type: z.literal("supervise"), ...call, mode: z.enum(["listen", "whisper", "joined"]) }),
  z.object({ type: z.literal("force-state"), seatId: SeatId, to: RequestedState }),
  z.object({ type: z.literal("reroute"), ...call, to: TransferTarget }),
]);
export type DeskToCentre = z.infer<typeof DeskToCentre>;

export const CentreToDesk = z.discriminatedUnion("type", [
  z.object({ type: z.literal("state"), state: DeskState }),
  z.object({ type: z.literal("page-map"), callId: CallId, map: PageMap }),
  z.object({ type: z.literal("media"), callId: CallId, message: MediaToClient }),
  /** An order that could not be carried out, in words the desk translates. */
  z.object({ type: z.literal("refused"), order: z.string(), reason: z.string() }),
]);
export type CentreToDesk = z.infer<typeof CentreToDesk>;
