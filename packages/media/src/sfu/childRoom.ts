import type { ParticipantId, RoomId, TrackId, TrackKind } from "@gridhall/domain/media/schema.ts";
import { splitTrackId } from "@gridhall/domain/media/schema.ts";
import type { TrackStats } from "../engine.ts";
import { Recorder } from "../recording/recorder.ts";
import type { RecordedTrack } from "../room/backend.ts";
import type { FromChild } from "./protocol.ts";
import type { PublishedTrack } from "./publishedTrack.ts";
import { PublisherLeg } from "./publisherLeg.ts";
import { SubscriberLeg } from "./subscriberLeg.ts";
import type { TransportOptions } from "./transport.ts";

const SILENT_MS = 3_000;
/** A connection over a relay takes its time to stand. */
const CONNECTING_MS = 10_000;

interface Member {
  readonly epoch: number;
  readonly publisher: PublisherLeg;
  readonly subscriber: SubscriberLeg;
  wanted: readonly TrackId[];
  sending: readonly TrackKind[];
  flowing: boolean;
  /** Since when something should arrive; null while nothing is sent. */
  expectedSinceMs: number | null;
}

/** One room inside a child process: moves packets between the connections of its members. */
export class ChildRoom {
  readonly roomId: RoomId;
  readonly #options: TransportOptions;
  readonly #tell: (message: FromChild) => void;
  readonly #members = new Map<ParticipantId, Member>();
  #recording: { recorder: Recorder; tracks: readonly RecordedTrack[] } | null = null;

  constructor(roomId: RoomId, options: TransportOptions, tell: (message: FromChild) => void) {
    this.roomId = roomId;
    this.#options = options;
    this.#tell = tell;
  }

  join(participantId: ParticipantId, epoch: number): void {
    const before = this.#members.get(participantId);
    this.leave(participantId);
    const of = { roomId: this.roomId, participantId, epoch };
    const publisher = new PublisherLeg(
      participantId,
      this.#options,
      (state) => this.#tell({ type: "leg-state", ...of, leg: "publish", state }),
      () => this.#attachTracks(),
    );
    const subscriber: SubscriberLeg = new SubscriberLeg(participantId, this.#options, {
      onState: (state) => this.#tell({ type: "leg-state", ...of, leg: "subscribe", state }),
      onOffer: (revision, sdp) => this.#tell({ type: "subscribe-offer", ...of, revision, sdp, map: subscriber.map() }),
      onCandidate: (mid, candidate) => this.#tell({ type: "candidate", ...of, leg: "subscribe", mid, candidate }),
      onMap: () => this.#tell({ type: "tracks", ...of, map: subscriber.map() }),
    });
    const member: Member = {
      epoch,
      publisher,
      subscriber,
      wanted: before?.wanted ?? [],
      sending: [],
      flowing: before?.flowing ?? true,
      expectedSinceMs: null,
    };
    this.#members.set(participantId, member);
    if (member.wanted.length > 0) subscriber.want(member.wanted, (trackId) => this.#find(trackId));
  }

  leave(participantId: ParticipantId): void {
    const member = this.#members.get(participantId);
    if (!member) return;
    this.#members.delete(participantId);
    member.publisher.close();
    member.subscriber.close();
  }

  async publishOffer(
    participantId: ParticipantId,
    epoch: number,
    sdp: string,
    tracks: readonly { mid: string; kind: TrackKind }[],
  ): Promise<void> {
    const member = this.#current(participantId, epoch);
    if (!member) return;
    try {
      const answer = await member.publisher.accept(participantId, sdp, tracks);
      if (this.#members.get(participantId) !== member) return;
      this.#tell({ type: "publish-answer", roomId: this.roomId, participantId, epoch, sdp: answer });
    } catch {
      this.#tell({ type: "leg-state", roomId: this.roomId, participantId, epoch, leg: "publish", state: "failed" });
    }
  }

  subscribeAnswer(participantId: ParticipantId, epoch: number, revision: number, sdp: string): void {
    this.#current(participantId, epoch)?.subscriber.answer(revision, sdp);
  }

  candidate(
    participantId: ParticipantId,
    epoch: number,
    leg: "publish" | "subscribe",
    mid: string,
    candidate: string,
  ): void {
    const member = this.#current(participantId, epoch);
    if (!member || candidate === "") return;
    if (leg === "publish") member.publisher.addCandidate(candidate, mid);
    else member.subscriber.addCandidate(candidate, mid);
  }

  sending(participantId: ParticipantId, kinds: readonly TrackKind[]): void {
    const member = this.#members.get(participantId);
    if (member) member.sending = kinds;
  }

  subscribe(participantId: ParticipantId, tracks: readonly TrackId[]): void {
    const member = this.#members.get(participantId);
    if (!member) return;
    member.wanted = tracks;
    member.subscriber.want(tracks, (trackId) => this.#find(trackId));
  }

  async startRecording(dir: string, tracks: readonly RecordedTrack[]): Promise<void> {
    const { roomId } = this;
    const recorder = await Recorder.start({
      dir,
      roomId,
      wallMs: this.#options.wallMs,
      askKeyframe: (trackId) => this.#find(trackId)?.askKeyframe(),
      onChunk: (file, bytes, durationMs) => this.#tell({ type: "chunk", roomId, dir, file, bytes, durationMs }),
      onFailed: (detail) => this.#tell({ type: "recording-failed", roomId, dir, detail }),
    });
    this.#recording = { recorder, tracks };
    this.recordTracks(tracks);
  }

  recordTracks(tracks: readonly RecordedTrack[]): void {
    if (!this.#recording) return;
    this.#recording.tracks = tracks;
    this.#recording.recorder.setTracks(tracks);
    this.#tapRecording();
  }

  async stopRecording(): Promise<void> {
    const recording = this.#recording;
    this.#recording = null;
    this.#tapRecording();
    await recording?.recorder.stop();
  }

  stats(): TrackStats[] {
    return this.#published().map((track) => track.stats());
  }

  /** Many times a second. */
  tick(nowMs: number): void {
    for (const [participantId, member] of this.#members) {
      member.publisher.tick(nowMs, member.subscriber.roundTripMs);
      this.#watchFlow(participantId, member, nowMs);
    }
  }

  /** Once a second. */
  report(nowMs: number, wallMs: number): void {
    for (const member of this.#members.values()) member.subscriber.report(nowMs, wallMs);
    for (const member of this.#members.values()) {
      const receivers = [...this.#members.values()]
        .filter((other) =>
          other.subscriber.slots.some((slot) => slot.source && member.publisher.tracks.includes(slot.source)),
        )
        .map(({ subscriber }) => ({ estimate: subscriber.estimate, sending: subscriber.sendingBits }));
      member.publisher.report(nowMs, receivers);
    }
  }

  async close(): Promise<void> {
    await this.stopRecording();
    for (const participantId of this.#members.keys()) this.leave(participantId);
  }

  #watchFlow(participantId: ParticipantId, member: Member, nowMs: number): void {
    if (member.sending.length === 0) {
      member.expectedSinceMs = null;
      return;
    }
    member.expectedSinceMs ??= nowMs;
    const { lastPacketMs } = member.publisher;
    const patienceMs = lastPacketMs === 0 ? CONNECTING_MS : SILENT_MS;
    const flowing = nowMs - Math.max(member.expectedSinceMs, lastPacketMs) <= patienceMs;
    if (flowing === member.flowing) return;
    member.flowing = flowing;
    this.#tell({ type: "flow", roomId: this.roomId, participantId, flowing });
  }

  #attachTracks(): void {
    for (const member of this.#members.values()) member.subscriber.attach((trackId) => this.#find(trackId));
    this.#tapRecording();
  }

  #tapRecording(): void {
    const recorder = this.#recording?.recorder ?? null;
    const recorded = new Set(this.#recording?.tracks.map((track) => track.trackId));
    for (const track of this.#published()) {
      const on = recorder !== null && recorded.has(track.trackId);
      if (on === (track.tap !== null)) continue;
      track.tap = on ? (packet, header) => recorder.packet(track.trackId, packet, header) : null;
      if (on) track.askKeyframe();
    }
  }

  #current(participantId: ParticipantId, epoch: number): Member | null {
    const member = this.#members.get(participantId);
    return member && member.epoch === epoch ? member : null;
  }

  #find(trackId: TrackId): PublishedTrack | undefined {
    const { participantId } = splitTrackId(trackId);
    return this.#members.get(participantId)?.publisher.tracks.find((track) => track.trackId === trackId);
  }

  #published(): PublishedTrack[] {
    return [...this.#members.values()].flatMap((member) => member.publisher.tracks);
  }
}
