import { z } from "zod";

/**
 * Media of remote agent seats: who is in a room, which tracks they send, and what browser and centre say to each other
 * to carry them. The same messages serve every media engine; what differs between engines stays on the server.
 */

export const ParticipantRole = z.enum(["customer", "agent", "supervisor"]);
export type ParticipantRole = z.infer<typeof ParticipantRole>;

export const TrackKind = z.enum(["camera", "microphone", "screen"]);
export type TrackKind = z.infer<typeof TrackKind>;

/** What each role may send at all. */
export const PUBLISHED_KINDS: Record<ParticipantRole, readonly TrackKind[]> = {
  customer: ["microphone", "camera", "screen"],
  agent: ["microphone", "camera"],
  supervisor: ["microphone", "camera"],
};

/** No slash: it would make a track id ambiguous. */
export const ParticipantId = z
  .string()
  .regex(/^[\w.:-]{1,64}$/, "a participant id has letters, digits and . : - _ only")
  .brand<"ParticipantId">();
export type ParticipantId = z.infer<typeof ParticipantId>;

export const RoomId = z
  .string()
  .regex(/^[\w.:-]{1,64}$/, "a room id has letters, digits and . : - _ only")
  .brand<"RoomId">();
export type RoomId = z.infer<typeof RoomId>;

/** `${participantId}/${kind}` */
export const TrackId = z
  .string()
  .regex(/^[\w.:-]{1,64}\/(camera|microphone|screen)$/, "a track id is written like k-h1-1/camera")
  .brand<"TrackId">();
export type TrackId = z.infer<typeof TrackId>;

export function trackIdOf(participantId: ParticipantId, kind: TrackKind): TrackId {
  return `${participantId}/${kind}` as TrackId;
}

export function splitTrackId(trackId: TrackId): { participantId: ParticipantId; kind: TrackKind } {
  const [participantId, kind] = trackId.split("/");
  return { participantId: participantId as ParticipantId, kind: kind as TrackKind };
}

/** How a supervisor is present: nobody perceives them · only the agents hear them · everybody sees and hears them. */
export const SupervisorMode = z.enum(["listen", "whisper", "joined"]);
export type SupervisorMode = z.infer<typeof SupervisorMode>;

/** How a customer or an agent is present; `held`: they and the other side neither see nor hear each other. */
export const TalkMode = z.enum(["talking", "held"]);
export type TalkMode = z.infer<typeof TalkMode>;

export const PresenceMode = z.union([SupervisorMode, TalkMode]);
export type PresenceMode = z.infer<typeof PresenceMode>;

/** Who is in a room, and how. */
export const Presence = z.discriminatedUnion("role", [
  z.object({ participantId: ParticipantId, role: z.literal("customer"), mode: TalkMode }),
  z.object({ participantId: ParticipantId, role: z.literal("agent"), mode: TalkMode }),
  z.object({ participantId: ParticipantId, role: z.literal("supervisor"), mode: SupervisorMode }),
]);
export type Presence = z.infer<typeof Presence>;

export const IceServer = z.object({
  urls: z.array(z.string().min(1)).min(1),
  username: z.string().optional(),
  credential: z.string().optional(),
});
export type IceServer = z.infer<typeof IceServer>;

/**
 * Raised with every `welcome` and `restart`: names one pair of peer connections. What carries an older epoch belongs to
 * connections that are closed and is dropped on both sides.
 */
export const MediaEpoch = z.number().int().positive();
/** Media line of a session description. */
export const Mid = z.string().min(1).max(64);
const Sdp = z.string().min(1).max(200_000);

export const Leg = z.enum(["publish", "subscribe"]);
export type Leg = z.infer<typeof Leg>;

/** A track of somebody else as the browser receives it: on which media line, whose and what it is. */
export const ReceivedTrack = z.object({
  mid: Mid,
  trackId: TrackId,
  participantId: ParticipantId,
  role: ParticipantRole,
  kind: TrackKind,
});
export type ReceivedTrack = z.infer<typeof ReceivedTrack>;

/** What a browser measured over the last interval; rates are over that interval, null where nothing was measured. */
export const QualityReport = z.object({
  rttMs: z.number().nonnegative().nullable(),
  sent: z.object({ kbps: z.number().nonnegative(), lossShare: z.number().min(0).max(1).nullable() }),
  received: z.array(
    z.object({
      trackId: TrackId,
      kbps: z.number().nonnegative(),
      lossShare: z.number().min(0).max(1).nullable(),
      framesPerSecond: z.number().nonnegative().nullable(),
    }),
  ),
});
export type QualityReport = z.infer<typeof QualityReport>;

/** From the browser. */
export const MediaToServer = z.discriminatedUnion("type", [
  /** Offer of the publishing connection: one media line for each kind that the role may send, `sendonly`. */
  z.object({
    type: z.literal("publish-offer"),
    epoch: MediaEpoch,
    sdp: Sdp,
    tracks: z.array(z.object({ mid: Mid, kind: TrackKind })).max(8),
  }),
  z.object({
    type: z.literal("subscribe-answer"),
    epoch: MediaEpoch,
    /** Of the offer that is answered. */
    revision: z.number().int().positive(),
    sdp: Sdp,
  }),
  /** An ICE candidate; an empty one says that there are no more. */
  z.object({
    type: z.literal("candidate"),
    epoch: MediaEpoch,
    leg: Leg,
    mid: Mid,
    candidate: z.string().max(2_000),
  }),
  /** All kinds that are on from now on. Others have a media line but nothing is sent on it. */
  z.object({ type: z.literal("sending"), epoch: MediaEpoch, kinds: z.array(TrackKind).max(3) }),
  /** The connections do not work (any more): asks for a `restart`. */
  z.object({
    type: z.literal("rebuild"),
    epoch: MediaEpoch,
    cause: z.enum(["publish-failed", "subscribe-failed", "signalling-restored"]),
  }),
  z.object({ type: z.literal("quality"), epoch: MediaEpoch, report: QualityReport }),
]);
export type MediaToServer = z.infer<typeof MediaToServer>;

/** To the browser. */
export const MediaToClient = z.discriminatedUnion("type", [
  /** First message after joining: build the two peer connections. */
  z.object({
    type: z.literal("welcome"),
    epoch: MediaEpoch,
    participantId: ParticipantId,
    role: ParticipantRole,
    iceServers: z.array(IceServer),
    /** Kinds to make media lines for, in this order. */
    publishes: z.array(TrackKind),
  }),
  /** Drop both peer connections and build new ones; everything else as in `welcome`. */
  z.object({
    type: z.literal("restart"),
    epoch: MediaEpoch,
    participantId: ParticipantId,
    role: ParticipantRole,
    iceServers: z.array(IceServer),
    publishes: z.array(TrackKind),
    cause: z.enum(["asked", "engine-restarted"]),
  }),
  z.object({ type: z.literal("publish-answer"), epoch: MediaEpoch, sdp: Sdp }),
  /** The server always offers what is received. `tracks` is the whole map from then on. */
  z.object({
    type: z.literal("subscribe-offer"),
    epoch: MediaEpoch,
    revision: z.number().int().positive(),
    sdp: Sdp,
    tracks: z.array(ReceivedTrack),
  }),
  /** An ICE candidate of the server, for a connection whose description has come already. */
  z.object({
    type: z.literal("candidate"),
    epoch: MediaEpoch,
    leg: Leg,
    mid: Mid,
    candidate: z.string().min(1).max(2_000),
  }),
  /** A new whole map over the same media lines: no negotiation is needed. */
  z.object({ type: z.literal("tracks"), epoch: MediaEpoch, tracks: z.array(ReceivedTrack) }),
  /** How the receiver is present now. */
  z.object({ type: z.literal("mode"), mode: PresenceMode }),
  /** The room is over for the receiver; `replaced`: the same participant has joined from elsewhere. */
  z.object({ type: z.literal("left"), reason: z.enum(["closed", "removed", "replaced"]) }),
]);
export type MediaToClient = z.infer<typeof MediaToClient>;
