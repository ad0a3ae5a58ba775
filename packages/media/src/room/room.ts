import {
  type IceServer,
  type Leg,
  type MediaToClient,
  type MediaToServer,
  type ParticipantId,
  Presence,
  type PresenceMode,
  PUBLISHED_KINDS,
  type QualityReport,
  type ReceivedTrack,
  type RoomId,
  splitTrackId,
  type TrackId,
  type TrackKind,
  trackIdOf,
} from "@gridhall/domain/media/schema.ts";
import { mayRecord, visibleTracks } from "@gridhall/domain/media/visibility.ts";
import {
  type JoinOptions,
  MediaError,
  type MediaEvent,
  type Participant,
  type ParticipantState,
  type RecordOptions,
  type Recording,
  type Room,
  type RoomStats,
} from "../engine.ts";
import type { LegState, MappedLine, RecordedTrack, RoomBackend, RoomSink } from "./backend.ts";

interface Member {
  presence: Presence;
  readonly send: (message: MediaToClient) => void;
  epoch: number;
  readonly legs: Record<Leg, boolean>;
  /** Told as connected in this epoch. */
  connected: boolean;
  silent: boolean;
  sending: readonly TrackKind[];
  quality: QualityReport | null;
}

type Happening = MediaEvent extends infer E ? (E extends MediaEvent ? Omit<E, "roomId" | "atMs"> : never) : never;

export interface RoomCoreOptions {
  roomId: RoomId;
  iceServers: () => readonly IceServer[];
  wallMs: () => number;
  emit(event: MediaEvent): void;
  onClosed(): void;
}

/** What is the same in every engine: who is there, who receives what, and which connections are the current ones. */
export class RoomCore implements Room, RoomSink {
  readonly roomId: RoomId;
  readonly #options: RoomCoreOptions;
  readonly #backend: RoomBackend;
  readonly #members = new Map<ParticipantId, Member>();
  #epoch = 0;
  #recording: { dir: string; kinds: readonly TrackKind[] } | null = null;
  #closed: Promise<void> | null = null;

  constructor(options: RoomCoreOptions, connect: (sink: RoomSink) => RoomBackend) {
    this.roomId = options.roomId;
    this.#options = options;
    this.#backend = connect(this);
  }

  join({ participantId, role, mode, send }: JoinOptions): Participant {
    if (this.#closed) throw new MediaError("room.closed", { roomId: this.roomId });
    const presence = Presence.parse({ participantId, role, mode });
    this.#members.get(participantId)?.send({ type: "left", reason: "replaced" });
    const former = this.#members.get(participantId);
    if (former) this.#endTracks(participantId, former);
    const member: Member = {
      presence,
      send,
      epoch: 0,
      legs: { publish: false, subscribe: false },
      connected: false,
      silent: false,
      sending: [],
      quality: null,
    };
    this.#members.set(participantId, member);
    this.#connect(participantId, member, null);
    this.#distribute();
    return {
      participantId,
      receive: (message) => {
        if (this.#members.get(participantId) === member) this.#receive(participantId, member, message);
      },
      leave: () => {
        if (this.#members.get(participantId) === member) this.#drop(participantId, null);
      },
    };
  }

  participants(): readonly ParticipantState[] {
    return [...this.#members.values()].map((member) => ({
      participantId: member.presence.participantId,
      role: member.presence.role,
      mode: member.presence.mode,
      connected: member.connected,
      silent: member.silent,
      sending: member.sending,
      quality: member.quality,
    }));
  }

  setMode(participantId: ParticipantId, mode: PresenceMode): boolean {
    const member = this.#members.get(participantId);
    const next = Presence.safeParse({ ...member?.presence, mode });
    if (!member || !next.success) return false;
    if (member.presence.mode === mode) return true;
    member.presence = next.data;
    this.#distribute();
    member.send({ type: "mode", mode });
    return true;
  }

  remove(participantId: ParticipantId): void {
    this.#drop(participantId, "removed");
  }

  async record({ dir, kinds = ["camera", "microphone", "screen"] }: RecordOptions): Promise<Recording> {
    if (this.#closed) throw new MediaError("room.closed", { roomId: this.roomId });
    if (this.#recording) throw new MediaError("recording.exists", { roomId: this.roomId });
    const recording = { dir, kinds };
    this.#recording = recording;
    try {
      await this.#backend.startRecording(dir, this.#recorded());
    } catch (cause) {
      this.#recording = null;
      throw new MediaError("engine.refused", { roomId: this.roomId, dir }, { cause });
    }
    let stopped: Promise<void> | null = null;
    return {
      dir,
      stop: () => {
        if (this.#recording === recording) {
          this.#recording = null;
          stopped = this.#backend.stopRecording();
        }
        return stopped ?? this.#closed ?? Promise.resolve();
      },
    };
  }

  async stats(): Promise<RoomStats> {
    return { tracks: await this.#backend.stats() };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  publishAnswer(participantId: ParticipantId, epoch: number, sdp: string): void {
    this.#current(participantId, epoch)?.send({ type: "publish-answer", epoch, sdp });
  }

  subscribeOffer(
    participantId: ParticipantId,
    epoch: number,
    revision: number,
    sdp: string,
    map: readonly MappedLine[],
  ): void {
    const member = this.#current(participantId, epoch);
    member?.send({ type: "subscribe-offer", epoch, revision, sdp, tracks: this.#describe(map) });
  }

  candidate(participantId: ParticipantId, epoch: number, leg: Leg, mid: string, candidate: string): void {
    this.#current(participantId, epoch)?.send({ type: "candidate", epoch, leg, mid, candidate });
  }

  tracks(participantId: ParticipantId, epoch: number, map: readonly MappedLine[]): void {
    this.#current(participantId, epoch)?.send({ type: "tracks", epoch, tracks: this.#describe(map) });
  }

  legState(participantId: ParticipantId, epoch: number, leg: Leg, state: LegState): void {
    const member = this.#current(participantId, epoch);
    if (!member) return;
    member.legs[leg] = state === "connected";
    // Where nothing is received yet there may be no subscribing connection: publishing alone counts then.
    if (!member.legs.publish || member.connected) return;
    member.connected = true;
    this.#tell({ type: "participant-connected", participantId });
  }

  flow(participantId: ParticipantId, flowing: boolean): void {
    const member = this.#members.get(participantId);
    if (!member || member.silent === !flowing) return;
    member.silent = !flowing;
    if (member.silent) this.#tell({ type: "participant-silent", participantId });
    else this.#tell({ type: "participant-connected", participantId });
  }

  restarted(): void {
    for (const [participantId, member] of this.#members) this.#connect(participantId, member, "engine-restarted");
    this.#distribute();
    this.#tell({ type: "room-restarted" });
    const recording = this.#recording;
    if (recording)
      this.#backend
        .startRecording(recording.dir, this.#recorded())
        .catch((error: unknown) => this.recordingFailed(recording.dir, String(error)));
  }

  chunk(dir: string, file: string, bytes: number, durationMs: number): void {
    this.#tell({ type: "recording-chunk", dir, file, bytes, durationMs });
  }

  recordingFailed(dir: string, detail: string): void {
    this.#tell({ type: "recording-failed", dir, detail });
  }

  #receive(participantId: ParticipantId, member: Member, message: MediaToServer): void {
    if (message.epoch !== member.epoch) return;
    const { epoch } = message;
    switch (message.type) {
      case "publish-offer": {
        const allowed = PUBLISHED_KINDS[member.presence.role];
        const tracks = message.tracks.filter((track) => allowed.includes(track.kind));
        return this.#backend.publishOffer(participantId, epoch, message.sdp, tracks);
      }
      case "subscribe-answer":
        return this.#backend.subscribeAnswer(participantId, epoch, message.revision, message.sdp);
      case "candidate":
        return this.#backend.candidate(participantId, epoch, message.leg, message.mid, message.candidate);
      case "sending":
        return this.#setSending(participantId, member, message.kinds);
      case "rebuild":
        this.#connect(participantId, member, "asked");
        return this.#distribute();
      case "quality":
        member.quality = message.report;
        return;
      default:
        return message satisfies never;
    }
  }

  /** New connections for a member: null cause for the first ones. */
  #connect(participantId: ParticipantId, member: Member, cause: "asked" | "engine-restarted" | null): void {
    this.#epoch += 1;
    member.epoch = this.#epoch;
    member.legs.publish = false;
    member.legs.subscribe = false;
    member.connected = false;
    this.#backend.join(participantId, member.epoch);
    this.#backend.sending(participantId, member.sending);
    const { role } = member.presence;
    const content = {
      epoch: member.epoch,
      participantId,
      role,
      iceServers: [...this.#options.iceServers()],
      publishes: [...PUBLISHED_KINDS[role]],
    };
    member.send(cause ? { type: "restart", ...content, cause } : { type: "welcome", ...content });
  }

  #setSending(participantId: ParticipantId, member: Member, kinds: readonly TrackKind[]): void {
    const allowed = PUBLISHED_KINDS[member.presence.role];
    const next = allowed.filter((kind) => kinds.includes(kind));
    const before = member.sending;
    member.sending = next;
    this.#backend.sending(participantId, next);
    this.#distribute();
    for (const kind of before)
      if (!next.includes(kind)) this.#tell({ type: "track-ended", trackId: trackIdOf(participantId, kind) });
    for (const kind of next)
      if (!before.includes(kind)) this.#tell({ type: "track-started", trackId: trackIdOf(participantId, kind) });
  }

  /** Says to the backend who receives what and what is recorded, after anything of that may have changed. */
  #distribute(): void {
    const tracks = this.#sentTracks();
    const presences = this.#presences();
    for (const participantId of this.#members.keys())
      this.#backend.subscribe(participantId, visibleTracks(participantId, tracks, presences));
    if (this.#recording) this.#backend.recordTracks(this.#recorded());
  }

  #recorded(): RecordedTrack[] {
    const kinds = this.#recording?.kinds ?? [];
    const presences = this.#presences();
    return this.#sentTracks().flatMap((trackId) => {
      const { participantId, kind } = splitTrackId(trackId);
      const role = this.#members.get(participantId)?.presence.role;
      return role && kinds.includes(kind) && mayRecord(trackId, presences) ? [{ trackId, role }] : [];
    });
  }

  #sentTracks(): TrackId[] {
    return [...this.#members].flatMap(([participantId, member]) =>
      member.sending.map((kind) => trackIdOf(participantId, kind)),
    );
  }

  #presences(): Presence[] {
    return [...this.#members.values()].map((member) => member.presence);
  }

  #describe(map: readonly MappedLine[]): ReceivedTrack[] {
    return map.flatMap(({ mid, trackId }) => {
      const { participantId, kind } = splitTrackId(trackId);
      const role = this.#members.get(participantId)?.presence.role;
      return role ? [{ mid, trackId, participantId, role, kind }] : [];
    });
  }

  #drop(participantId: ParticipantId, reason: "removed" | null): void {
    const member = this.#members.get(participantId);
    if (!member) return;
    this.#members.delete(participantId);
    this.#backend.leave(participantId);
    this.#endTracks(participantId, member);
    this.#distribute();
    if (reason) member.send({ type: "left", reason });
    this.#tell({ type: "participant-left", participantId });
  }

  #endTracks(participantId: ParticipantId, member: Member): void {
    for (const kind of member.sending) this.#tell({ type: "track-ended", trackId: trackIdOf(participantId, kind) });
  }

  #current(participantId: ParticipantId, epoch: number): Member | null {
    const member = this.#members.get(participantId);
    return member && member.epoch === epoch ? member : null;
  }

  #tell(happening: Happening): void {
    this.#options.emit({ ...happening, roomId: this.roomId, atMs: this.#options.wallMs() });
  }

  async #close(): Promise<void> {
    this.#recording = null;
    try {
      await this.#backend.close();
    } finally {
      for (const member of this.#members.values()) member.send({ type: "left", reason: "closed" });
      this.#members.clear();
      this.#options.onClosed();
    }
  }
}
