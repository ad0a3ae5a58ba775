import type { Leg, ParticipantId, RoomId, TrackId, TrackKind } from "@gridhall/domain/media/schema.ts";
import type { TrackStats } from "../engine.ts";
import type { LegState, MappedLine, RecordedTrack } from "../room/backend.ts";

/** Between the engine and its child processes. Both are this program in the same version: nothing is parsed. */
export interface ChildOptions {
  readonly port: number;
  readonly bindAddress: string;
  readonly publicAddress: string | null;
}

type OfParticipant = { roomId: RoomId; participantId: ParticipantId };
type OfConnection = OfParticipant & { epoch: number };

export type ToChild =
  | { type: "start"; options: ChildOptions }
  | { type: "ping" }
  | { type: "open-room"; roomId: RoomId }
  | { type: "close-room"; roomId: RoomId; request: number }
  | ({ type: "join" } & OfConnection)
  | ({ type: "leave" } & OfParticipant)
  | ({ type: "publish-offer"; sdp: string; tracks: readonly { mid: string; kind: TrackKind }[] } & OfConnection)
  | ({ type: "subscribe-answer"; revision: number; sdp: string } & OfConnection)
  | ({ type: "candidate"; leg: Leg; mid: string; candidate: string } & OfConnection)
  | ({ type: "sending"; kinds: readonly TrackKind[] } & OfParticipant)
  | ({ type: "subscribe"; tracks: readonly TrackId[] } & OfParticipant)
  | { type: "start-recording"; roomId: RoomId; dir: string; tracks: readonly RecordedTrack[]; request: number }
  | { type: "record-tracks"; roomId: RoomId; tracks: readonly RecordedTrack[] }
  | { type: "stop-recording"; roomId: RoomId; request: number }
  | { type: "stats"; roomId: RoomId; request: number }
  | { type: "loss"; up: number; down: number };

export type FromChild =
  | { type: "ready"; port: number }
  | { type: "pong" }
  | { type: "done"; request: number; error: string | null; stats: readonly TrackStats[] }
  | ({ type: "publish-answer"; sdp: string } & OfConnection)
  | ({ type: "subscribe-offer"; revision: number; sdp: string; map: readonly MappedLine[] } & OfConnection)
  | ({ type: "candidate"; leg: Leg; mid: string; candidate: string } & OfConnection)
  | ({ type: "tracks"; map: readonly MappedLine[] } & OfConnection)
  | ({ type: "leg-state"; leg: Leg; state: LegState } & OfConnection)
  | ({ type: "flow"; flowing: boolean } & OfParticipant)
  | { type: "chunk"; roomId: RoomId; dir: string; file: string; bytes: number; durationMs: number }
  | { type: "recording-failed"; roomId: RoomId; dir: string; detail: string };
