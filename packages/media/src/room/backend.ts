import type { Leg, ParticipantId, TrackId, TrackKind } from "@gridhall/domain/media/schema.ts";
import type { TrackStats } from "../engine.ts";

export type LegState = "connected" | "failed";

/** What an engine does for one room. Everything about roles, modes and visibility is decided above it, in `room.ts`. */
export interface RoomBackend {
  /** Fresh connections for this participant; those of an older epoch are closed. */
  join(participantId: ParticipantId, epoch: number): void;
  leave(participantId: ParticipantId): void;
  publishOffer(
    participantId: ParticipantId,
    epoch: number,
    sdp: string,
    tracks: readonly { mid: string; kind: TrackKind }[],
  ): void;
  subscribeAnswer(participantId: ParticipantId, epoch: number, revision: number, sdp: string): void;
  candidate(participantId: ParticipantId, epoch: number, leg: Leg, mid: string, candidate: string): void;
  sending(participantId: ParticipantId, kinds: readonly TrackKind[]): void;
  /** All that this participant receives from now on. */
  subscribe(participantId: ParticipantId, tracks: readonly TrackId[]): void;
  startRecording(dir: string, tracks: readonly RecordedTrack[]): Promise<void>;
  /** All that is on the recording from now on. */
  recordTracks(tracks: readonly RecordedTrack[]): void;
  stopRecording(): Promise<void>;
  stats(): Promise<readonly TrackStats[]>;
  close(): Promise<void>;
}

export interface RecordedTrack {
  readonly trackId: TrackId;
  readonly role: string;
}

/** What an engine tells the room. */
export interface RoomSink {
  publishAnswer(participantId: ParticipantId, epoch: number, sdp: string): void;
  subscribeOffer(
    participantId: ParticipantId,
    epoch: number,
    revision: number,
    sdp: string,
    map: readonly MappedLine[],
  ): void;
  candidate(participantId: ParticipantId, epoch: number, leg: Leg, mid: string, candidate: string): void;
  tracks(participantId: ParticipantId, epoch: number, map: readonly MappedLine[]): void;
  legState(participantId: ParticipantId, epoch: number, leg: Leg, state: LegState): void;
  /** Does anything arrive of a participant that should send? */
  flow(participantId: ParticipantId, flowing: boolean): void;
  /** All connections are gone and a new server is ready: everybody builds anew. */
  restarted(): void;
  chunk(dir: string, file: string, bytes: number, durationMs: number): void;
  recordingFailed(dir: string, detail: string): void;
}

export interface MappedLine {
  readonly mid: string;
  readonly trackId: TrackId;
}
