import type {
  IceServer,
  MediaToClient,
  MediaToServer,
  ParticipantId,
  ParticipantRole,
  PresenceMode,
  QualityReport,
  RoomId,
  TrackId,
  TrackKind,
} from "@gridhall/domain/media/schema.ts";

/**
 * Carries audio and video between the people of a call. Two implementations, the embedded SFU (`sfu/engine.ts`) and Janus
 * (`janus/engine.ts`), pass one contract suite (`engine.contract.ts`), so that callers never know which one serves.
 */
export interface MediaEngine extends AsyncDisposable {
  /** Throws `MediaError` `room.exists` while a room of this id is open, `engine.unavailable` when no media server can be reached. */
  openRoom(options: RoomOptions): Promise<Room>;
  /** Open rooms by id. */
  room(roomId: RoomId): Room | undefined;
  /** Returns the function that stops listening. */
  on(listener: (event: MediaEvent) => void): () => void;
  health(): Promise<EngineHealth>;
}

export interface RoomOptions {
  roomId: RoomId;
  /** Asked for each time a browser builds connections: TURN credentials are short-lived. */
  iceServers?: () => readonly IceServer[];
}

export interface Room extends AsyncDisposable {
  readonly roomId: RoomId;
  /**
   * A participant of the same id who is there already is replaced (the old one is told `left`, `replaced`), which is also
   * how somebody comes back whose signalling broke.
   */
  join(options: JoinOptions): Participant;
  participants(): readonly ParticipantState[];
  /** Takes effect at once. False where nobody of this id is in the room or the mode is none of the role's. */
  setMode(participantId: ParticipantId, mode: PresenceMode): boolean;
  remove(participantId: ParticipantId): void;
  /**
   * Starts to record; consent is the caller's business. What the domain's `mayRecord` refuses is left out. One recording a
   * room at a time: throws `MediaError` `recording.exists`.
   */
  record(options: RecordOptions): Promise<Recording>;
  stats(): Promise<RoomStats>;
  /** Ends recording and connections; tells everybody `left`. */
  close(): Promise<void>;
}

export interface JoinOptions {
  participantId: ParticipantId;
  role: ParticipantRole;
  mode: PresenceMode;
  /** Towards this participant's browser. Never called again after `left`. */
  send(message: MediaToClient): void;
}

export interface Participant {
  readonly participantId: ParticipantId;
  /** From this participant's browser, parsed. Messages of a connection that is gone are dropped. */
  receive(message: MediaToServer): void;
  /** Has no effect once the participant was replaced. */
  leave(): void;
}

export interface ParticipantState {
  readonly participantId: ParticipantId;
  readonly role: ParticipantRole;
  readonly mode: PresenceMode;
  readonly connected: boolean;
  readonly silent: boolean;
  readonly sending: readonly TrackKind[];
  readonly quality: QualityReport | null;
}

export interface RecordOptions {
  /** Created when missing; must be on the machine that records. */
  dir: string;
  kinds?: readonly TrackKind[];
}

export interface Recording {
  readonly dir: string;
  /** Resolves when every file and the manifest are durable. May be called again. */
  stop(): Promise<void>;
}

export interface RoomStats {
  /** Empty where the engine cannot tell. */
  readonly tracks: readonly TrackStats[];
}

export interface TrackStats {
  readonly trackId: TrackId;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** Packets that came again because they were asked for. */
  readonly packetsRecovered: number;
  readonly nacksSent: number;
  readonly keyframesAsked: number;
  readonly packetsForwarded: number;
  /** Packets sent again to subscribers who had asked. */
  readonly packetsResent: number;
}

export interface EngineHealth {
  readonly kind: "sfu" | "janus";
  readonly ok: boolean;
  readonly detail: string;
  /** Processes or servers behind this engine. */
  readonly servers: readonly {
    readonly name: string;
    readonly up: boolean;
    readonly rooms: number;
    readonly restarts: number;
  }[];
}

/** What has happened. `atMs` is the engine's wall clock. */
export type MediaEvent =
  /** Both connections of a participant stand and, where they send, packets arrive; again after each rebuild. */
  | { type: "participant-connected"; roomId: RoomId; participantId: ParticipantId; atMs: number }
  /** Somebody who should be sending has not for more than 3 s: the browser or its network is gone. */
  | { type: "participant-silent"; roomId: RoomId; participantId: ParticipantId; atMs: number }
  | { type: "participant-left"; roomId: RoomId; participantId: ParticipantId; atMs: number }
  | { type: "track-started" | "track-ended"; roomId: RoomId; trackId: TrackId; atMs: number }
  /** The server of the room died and another serves it; browsers have been told to rebuild. */
  | { type: "room-restarted"; roomId: RoomId; atMs: number }
  /** Durable up to here: `bytes` of `file` are playable after any crash. */
  | {
      type: "recording-chunk";
      roomId: RoomId;
      dir: string;
      file: string;
      bytes: number;
      durationMs: number;
      atMs: number;
    }
  /** The recording cannot go on (disk full, process gone); what is durable stays. */
  | { type: "recording-failed"; roomId: RoomId; dir: string; detail: string; atMs: number };

export type MediaErrorCode =
  | "room.exists"
  | "recording.exists"
  | "room.closed"
  | "engine.unavailable"
  | "engine.refused";

export class MediaError extends Error {
  readonly code: MediaErrorCode;
  readonly context: Record<string, unknown>;
  constructor(code: MediaErrorCode, context: Record<string, unknown> = {}, options?: ErrorOptions) {
    super(`${code} ${JSON.stringify(context)}`, options);
    this.name = "MediaError";
    this.code = code;
    this.context = context;
  }
}
