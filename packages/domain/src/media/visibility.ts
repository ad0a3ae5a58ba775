import { type ParticipantId, type Presence, splitTrackId, type TrackId, type TrackKind } from "./schema.ts";

/**
 * May the subscriber receive this track? The one place where this is decided; engines only carry it out. Nobody receives
 * their own tracks, and nothing is received of somebody who is not in the room.
 */
export function mayReceive(subscriberId: ParticipantId, trackId: TrackId, participants: readonly Presence[]): boolean {
  const { participantId, kind } = splitTrackId(trackId);
  if (participantId === subscriberId) return false;
  const subscriber = participants.find((one) => one.participantId === subscriberId);
  const publisher = participants.find((one) => one.participantId === participantId);
  if (!subscriber || !publisher) return false;
  switch (publisher.role) {
    case "customer":
      return fromCustomer(subscriber, publisher);
    case "agent":
      return fromAgent(subscriber, publisher, kind);
    case "supervisor":
      return fromSupervisor(subscriber, publisher, kind);
    default:
      return publisher satisfies never;
  }
}

/** All tracks among these that the subscriber may receive, in their order. */
export function visibleTracks(
  subscriberId: ParticipantId,
  tracks: readonly TrackId[],
  participants: readonly Presence[],
): TrackId[] {
  return tracks.filter((track) => mayReceive(subscriberId, track, participants));
}

/**
 * May this track be put on a recording whose consent has been given? What is only for the agents' ears, and a customer
 * who waits on hold, are not part of the conversation.
 */
export function mayRecord(trackId: TrackId, participants: readonly Presence[]): boolean {
  const { participantId } = splitTrackId(trackId);
  const publisher = participants.find((one) => one.participantId === participantId);
  if (!publisher) return false;
  return publisher.role === "supervisor" ? publisher.mode === "joined" : publisher.mode === "talking";
}

type Of<R extends Presence["role"]> = Extract<Presence, { role: R }>;

function fromCustomer(subscriber: Presence, customer: Of<"customer">): boolean {
  switch (subscriber.role) {
    case "customer":
      // Two customers in one room never see each other: a room serves one business.
      return false;
    case "agent":
      return customer.mode === "talking" && subscriber.mode === "talking";
    case "supervisor":
      return true;
    default:
      return subscriber satisfies never;
  }
}

function fromAgent(subscriber: Presence, agent: Of<"agent">, kind: TrackKind): boolean {
  switch (subscriber.role) {
    case "customer":
      return kind !== "screen" && subscriber.mode === "talking" && agent.mode === "talking";
    case "agent":
      // Agents confer while the customer is on hold; an agent on hold is out of that too.
      return subscriber.mode === "talking" && agent.mode === "talking";
    case "supervisor":
      return true;
    default:
      return subscriber satisfies never;
  }
}

function fromSupervisor(subscriber: Presence, supervisor: Of<"supervisor">, kind: TrackKind): boolean {
  if (subscriber.role === "supervisor") return true;
  switch (supervisor.mode) {
    case "listen":
      return false;
    case "whisper":
      return subscriber.role === "agent" && kind === "microphone";
    case "joined":
      return kind !== "screen" && (subscriber.role === "agent" || subscriber.mode === "talking");
    default:
      return supervisor.mode satisfies never;
  }
}
