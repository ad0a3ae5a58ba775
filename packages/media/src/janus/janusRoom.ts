import {
  type Leg,
  type ParticipantId,
  type RoomId,
  splitTrackId,
  type TrackId,
  type TrackKind,
  trackIdOf,
} from "@gridhall/domain/media/schema.ts";
import type { RecordedTrack, RoomBackend, RoomSink } from "../room/backend.ts";
import { JanusRecording } from "./recording.ts";
import type { Handle, JanusMessage, JanusSession } from "./session.ts";
import { JanusSubscriber } from "./subscriber.ts";

export interface JanusRoomOptions {
  readonly roomId: RoomId;
  /** Address that Janus forwards recorded packets to: this machine as Janus sees it. */
  readonly recordHost: string;
  readonly wallMs: () => number;
  /** Random below 2^52: ids of rooms and feeds are numbers at Janus. */
  readonly newId: () => number;
}

interface Member {
  readonly epoch: number;
  readonly feed: number;
  publisher: Promise<Handle | null>;
  /** Media line by kind, once Janus has taken the offer. */
  lines: ReadonlyMap<TrackKind, string>;
  /** Its connection stands: Janus lets nobody subscribe before. */
  up: boolean;
  readonly subscriber: JanusSubscriber;
  sending: readonly TrackKind[];
  wanted: readonly TrackId[];
  readonly quiet: Set<string>;
  silence: NodeJS.Timeout | undefined;
  flowing: boolean;
}

const SILENT_MS = 3_000;
const BITRATE = 3_000_000;

/** A room at Janus's VideoRoom plugin: a feed for each participant, and one multistream subscription for each. */
export class JanusRoom implements RoomBackend {
  readonly #options: JanusRoomOptions;
  readonly #sink: RoomSink;
  readonly #members = new Map<ParticipantId, Member>();
  #session: JanusSession | null = null;
  #room = 0;
  #control: Handle | null = null;
  #recording: JanusRecording | null = null;

  constructor(options: JanusRoomOptions, sink: RoomSink) {
    this.#options = options;
    this.#sink = sink;
  }

  /** Creates the room there. Throws `MediaError`. Members have to join anew afterwards. */
  async open(session: JanusSession): Promise<void> {
    const control = await session.attach(() => undefined);
    const room = this.#options.newId();
    await control.message({
      request: "create",
      room,
      description: this.#options.roomId,
      publishers: 32,
      bitrate: BITRATE,
      audiocodec: "opus",
      videocodec: "vp8",
      // Nobody but us talks to this room, and we know who comes.
      is_private: true,
      notify_joining: false,
    });
    this.#session = session;
    this.#control = control;
    this.#room = room;
    this.#members.clear();
  }

  join(participantId: ParticipantId, epoch: number): void {
    const before = this.#members.get(participantId);
    this.leave(participantId);
    const feed = this.#options.newId();
    const session = this.#session;
    const subscriber = new JanusSubscriber(session, this.#room, {
      onOffer: (revision, sdp, map) => this.#sink.subscribeOffer(participantId, epoch, revision, sdp, map),
      onMap: (map) => this.#sink.tracks(participantId, epoch, map),
      onState: (state) => this.#sink.legState(participantId, epoch, "subscribe", state),
      onStarted: (of) => this.#askKeyframe(of),
      find: (trackId) => this.#find(trackId),
      nameOf: (of, mid) => this.#nameOf(of, mid),
    });
    const member: Member = {
      epoch,
      feed,
      publisher: Promise.resolve(null),
      lines: new Map(),
      up: false,
      subscriber,
      sending: [],
      wanted: before?.wanted ?? [],
      quiet: new Set(),
      silence: undefined,
      flowing: before?.flowing ?? true,
    };
    member.publisher = this.#attachPublisher(participantId, member, session);
    this.#members.set(participantId, member);
    subscriber.want(member.wanted);
  }

  leave(participantId: ParticipantId): void {
    void this.#letGo(participantId);
  }

  publishOffer(
    participantId: ParticipantId,
    epoch: number,
    sdp: string,
    tracks: readonly { mid: string; kind: TrackKind }[],
  ): void {
    const member = this.#current(participantId, epoch);
    if (!member) return;
    const publish = async () => {
      const handle = await member.publisher;
      if (!handle) throw new Error("no feed");
      const descriptions = tracks.map(({ mid, kind }) => ({ mid, description: kind }));
      const { jsep } = await handle.message(
        { request: "publish", bitrate: BITRATE, descriptions },
        { type: "offer", sdp },
      );
      if (!jsep) throw new Error("no answer");
      if (this.#current(participantId, epoch) !== member) return;
      member.lines = new Map(tracks.map(({ mid, kind }) => [kind, mid]));
      this.#sink.publishAnswer(participantId, epoch, jsep.sdp);
      this.#publishersChanged();
    };
    publish().catch(() => this.#sink.legState(participantId, epoch, "publish", "failed"));
  }

  subscribeAnswer(participantId: ParticipantId, epoch: number, revision: number, sdp: string): void {
    this.#current(participantId, epoch)?.subscriber.answer(revision, sdp);
  }

  candidate(participantId: ParticipantId, epoch: number, leg: Leg, mid: string, candidate: string): void {
    const member = this.#current(participantId, epoch);
    if (!member) return;
    if (leg === "publish") void member.publisher.then((handle) => handle?.trickle(mid, candidate));
    else member.subscriber.trickle(mid, candidate);
  }

  sending(participantId: ParticipantId, kinds: readonly TrackKind[]): void {
    const member = this.#members.get(participantId);
    if (!member) return;
    member.sending = kinds;
    this.#watchFlow(participantId, member, 0);
  }

  subscribe(participantId: ParticipantId, tracks: readonly TrackId[]): void {
    const member = this.#members.get(participantId);
    if (!member) return;
    member.wanted = tracks;
    member.subscriber.want(tracks);
  }

  async startRecording(dir: string, tracks: readonly RecordedTrack[]): Promise<void> {
    // After a restart of Janus the recorder here still stands: it only needs the packets again.
    this.#recording ??= await JanusRecording.start(
      {
        dir,
        roomId: this.#options.roomId,
        host: this.#options.recordHost,
        wallMs: this.#options.wallMs,
        newSsrc: () => this.#options.newId() % 0x7fff_ffff,
        askKeyframe: (trackId) => {
          const place = this.#find(trackId);
          if (place) this.#askKeyframe(place.feed);
        },
      },
      this.#sink,
    );
    this.recordTracks(tracks);
  }

  recordTracks(tracks: readonly RecordedTrack[]): void {
    this.#recording?.setTracks(tracks, this.#control, this.#room, (trackId) => this.#find(trackId));
  }

  async stopRecording(): Promise<void> {
    const recording = this.#recording;
    this.#recording = null;
    await recording?.stop();
  }

  /** Janus does not tell such figures to a plugin's users. */
  stats(): Promise<[]> {
    return Promise.resolve([]);
  }

  async close(): Promise<void> {
    await this.stopRecording();
    // One after the other: Janus 1.1 crashes where a room is destroyed while its feeds are leaving.
    await Promise.all([...this.#members.keys()].map((participantId) => this.#letGo(participantId)));
    if (this.#session?.open)
      await this.#control?.message({ request: "destroy", room: this.#room }).catch(() => undefined);
    await this.#control?.detach();
  }

  async #letGo(participantId: ParticipantId): Promise<void> {
    const member = this.#members.get(participantId);
    if (!member) return;
    this.#members.delete(participantId);
    clearTimeout(member.silence);
    this.#publishersChanged();
    await Promise.all([member.subscriber.close(), member.publisher.then((handle) => handle?.detach())]);
  }

  async #attachPublisher(
    participantId: ParticipantId,
    member: Member,
    session: JanusSession | null,
  ): Promise<Handle | null> {
    try {
      const handle = await session?.attach((event) => this.#handleEvent(participantId, member, event));
      await handle?.message({ request: "join", ptype: "publisher", room: this.#room, id: member.feed });
      return handle ?? null;
    } catch {
      this.#sink.legState(participantId, member.epoch, "publish", "failed");
      return null;
    }
  }

  #handleEvent(participantId: ParticipantId, member: Member, event: JanusMessage): void {
    if (this.#members.get(participantId) !== member) return;
    if (event.janus === "webrtcup") {
      member.up = true;
      this.#sink.legState(participantId, member.epoch, "publish", "connected");
      this.#publishersChanged();
    } else if (event.janus === "hangup") {
      this.#sink.legState(participantId, member.epoch, "publish", "failed");
      for (const mid of member.lines.values()) member.quiet.add(mid);
      this.#watchFlow(participantId, member, 0);
    } else if (event.janus === "media" && event.mid !== undefined) {
      if (event.receiving) member.quiet.delete(event.mid);
      else member.quiet.add(event.mid);
      this.#watchFlow(participantId, member, (event.seconds ?? 0) * 1000);
    }
  }

  /** Janus tells a quiet line after its own time; the rest up to ours is waited for here. */
  #watchFlow(participantId: ParticipantId, member: Member, quietForMs: number): void {
    clearTimeout(member.silence);
    const quiet = () => {
      const mids = member.sending.flatMap((kind) => member.lines.get(kind) ?? []);
      return mids.length > 0 && mids.every((mid) => member.quiet.has(mid));
    };
    if (!quiet()) {
      if (!member.flowing) this.#sink.flow(participantId, true);
      member.flowing = true;
      return;
    }
    member.silence = setTimeout(
      () => {
        if (!quiet() || this.#members.get(participantId) !== member || !member.flowing) return;
        member.flowing = false;
        this.#sink.flow(participantId, false);
      },
      Math.max(0, SILENT_MS - quietForMs),
    );
  }

  #publishersChanged(): void {
    for (const member of this.#members.values()) member.subscriber.sync();
    const recording = this.#recording;
    if (recording) this.recordTracks(recording.tracks);
  }

  #askKeyframe(feed: number): void {
    const member = [...this.#members.values()].find((one) => one.feed === feed);
    void member?.publisher.then((handle) =>
      handle?.message({ request: "configure", keyframe: true }).catch(() => undefined),
    );
  }

  #current(participantId: ParticipantId, epoch: number): Member | null {
    const member = this.#members.get(participantId);
    return member && member.epoch === epoch ? member : null;
  }

  #find(trackId: TrackId): { feed: number; mid: string } | null {
    const { participantId, kind } = splitTrackId(trackId);
    const member = this.#members.get(participantId);
    const mid = member?.lines.get(kind);
    return member?.up && mid !== undefined ? { feed: member.feed, mid } : null;
  }

  #nameOf(feed: number, mid: string): TrackId | null {
    for (const [participantId, member] of this.#members)
      if (member.feed === feed)
        for (const [kind, line] of member.lines) if (line === mid) return trackIdOf(participantId, kind);
    return null;
  }
}
