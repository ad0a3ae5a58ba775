import { join } from "node:path";
import type { ParticipantId, TrackId, TrackKind } from "@gridhall/domain/media/schema.ts";
import type { RtpHeader } from "../rtp/packet.ts";
import { vp8Size } from "../rtp/vp8.ts";
import { type RecordedFile, syncFolder } from "./manifest.ts";
import { checksum } from "./recover.ts";
import { TrackClock } from "./trackClock.ts";
import { type CodedFrame, TrackFrames } from "./trackFrames.ts";
import { WebmFile, type WebmBlock, type WebmTrack } from "./webmFile.ts";

/** Frames wait this long, so that those of other tracks that belong before them are there too. */
const HOLD_MS = 1_000;
/** A kind that is on but has not shown a frame yet is waited for this long before the file begins without it. */
const LATE_KIND_MS = 3_000;
const GAP_MS = 1_000;

interface Track {
  readonly trackId: TrackId;
  readonly kind: TrackKind;
  readonly clock: TrackClock;
  frames: TrackFrames | null;
  readonly pending: CodedFrame[];
  firstArrivedMs: number | null;
  lastMs: number | null;
}

export interface FileEvents {
  /** A file began, grew or ended: `entry` is what the manifest says of it from now on. */
  onEntry(entry: RecordedFile, what: "began" | "grew" | "ended"): Promise<void>;
  askKeyframe(trackId: TrackId): void;
}

/** Tracks of a participant that belong into one file. A kind that joins later, or another role, begins a new file. */
export class ParticipantFile {
  readonly #dir: string;
  readonly #owner: { participantId: ParticipantId; role: string; name: string };
  readonly #events: FileEvents;
  readonly #newName: (name: string) => string;
  readonly #tracks = new Map<TrackKind, Track>();
  #open: { file: WebmFile; entry: RecordedFile; numbers: Map<TrackKind, number> } | null = null;

  constructor(
    dir: string,
    owner: { participantId: ParticipantId; role: string; name: string },
    newName: (name: string) => string,
    events: FileEvents,
  ) {
    this.#dir = dir;
    this.#owner = owner;
    this.#newName = newName;
    this.#events = events;
  }

  /** `nowMs` from the recording's beginning. */
  push(trackId: TrackId, kind: TrackKind, packet: Buffer, header: RtpHeader, nowMs: number): void {
    let track = this.#tracks.get(kind);
    if (!track) {
      const clock = new TrackClock(kind === "microphone" ? 48_000 : 90_000);
      track = { trackId, kind, clock, frames: null, pending: [], firstArrivedMs: null, lastMs: null };
      this.#tracks.set(kind, track);
    }
    if (track.frames?.ssrc !== header.ssrc) {
      this.#drain(track, Number.POSITIVE_INFINITY);
      track.frames = new TrackFrames(header.ssrc, kind !== "microphone");
      if (track.pending.length === 0) track.clock.restart();
    }
    track.frames.push(packet, header, nowMs);
    track.firstArrivedMs ??= nowMs;
  }

  /** Writes what has waited long enough; everything at the end. Never called while a call is under way. */
  async flush(nowMs: number, end: boolean): Promise<void> {
    for (const track of this.#tracks.values()) {
      this.#drain(track, end ? Number.POSITIVE_INFINITY : nowMs);
      if (!end && track.frames?.needsKeyframe) this.#events.askKeyframe(track.trackId);
    }
    const ready = [...this.#tracks.values()].filter((track) => track.pending.length > 0);
    if (ready.length > 0 && this.#mayWrite(ready, nowMs, end)) {
      const open = this.#open;
      if (open && ready.some((track) => !open.numbers.has(track.kind))) await this.#finish();
      if (!this.#open) await this.#begin(ready);
      await this.#write(end ? Number.POSITIVE_INFINITY : nowMs - HOLD_MS);
    }
    if (end) await this.#finish();
  }

  #drain(track: Track, nowMs: number): void {
    const frames = track.frames?.take(nowMs) ?? [];
    track.clock.anchor(frames);
    track.pending.push(...frames);
  }

  #mayWrite(ready: readonly Track[], nowMs: number, end: boolean): boolean {
    if (end || this.#open) return true;
    const oldest = Math.min(...ready.map((track) => track.pending[0]?.arrivedMs ?? nowMs));
    if (nowMs - oldest < HOLD_MS) return false;
    const complete = ready.length === this.#tracks.size;
    return complete || nowMs - oldest > LATE_KIND_MS;
  }

  async #begin(ready: readonly Track[]): Promise<void> {
    const order: TrackKind[] = ["screen", "camera", "microphone"];
    const tracks = ready.toSorted((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
    const numbers = new Map(tracks.map((track, index) => [track.kind, index + 1]));
    const described = tracks.map((track, index): WebmTrack => {
      if (track.kind === "microphone") return { number: index + 1, codec: "opus" };
      const size = track.pending.map((frame) => vp8Size(frame.data)).find((found) => found !== null);
      return { number: index + 1, codec: "vp8", width: size?.width ?? 640, height: size?.height ?? 480 };
    });
    const startMs = Math.floor(Math.min(...tracks.map((track) => this.#firstTime(track))));
    const entry: RecordedFile = {
      file: this.#newName(this.#owner.name),
      participantId: this.#owner.participantId,
      role: this.#owner.role,
      kinds: tracks.map((track) => track.kind),
      startMs: Math.max(0, startMs),
      durationMs: 0,
      bytes: 0,
      sha256: null,
      state: "open",
      gaps: [],
    };
    // The manifest first: a file that nobody knows of would never be recovered.
    await this.#events.onEntry(entry, "began");
    const file = await WebmFile.create(join(this.#dir, entry.file), described);
    await syncFolder(this.#dir);
    for (const track of tracks) track.lastMs = null;
    this.#open = { file, entry, numbers };
  }

  #firstTime(track: Track): number {
    const [first] = track.pending;
    return first ? track.clock.preview(first) : Number.POSITIVE_INFINITY;
  }

  async #write(untilArrivedMs: number): Promise<void> {
    const open = this.#open;
    if (!open) return;
    const blocks: WebmBlock[] = [];
    for (const track of this.#tracks.values()) {
      const number = open.numbers.get(track.kind);
      if (number === undefined) continue;
      while (track.pending[0] && track.pending[0].arrivedMs <= untilArrivedMs) {
        const frame = track.pending.shift();
        if (!frame) break;
        const atMs = track.clock.place(frame);
        if (track.lastMs !== null && atMs - track.lastMs > GAP_MS)
          open.entry.gaps.push({ kind: track.kind, fromMs: track.lastMs, toMs: atMs });
        track.lastMs = atMs;
        const timeMs = Math.max(0, atMs - open.entry.startMs);
        blocks.push({ track: number, timeMs, keyframe: frame.keyframe, data: frame.data });
      }
    }
    if (blocks.length === 0) return;
    blocks.sort((a, b) => a.timeMs - b.timeMs);
    // What came too late for its cluster is moved to the end of the last one: players want time to rise.
    const lastMs = open.file.lastClusterMs;
    for (const cluster of clusters(
      blocks.map((block) => (block.timeMs < lastMs ? { ...block, timeMs: lastMs } : block)),
    ))
      await open.file.append(cluster);
    open.entry.bytes = open.file.bytes;
    open.entry.durationMs = open.file.durationMs;
    await this.#events.onEntry(open.entry, "grew");
  }

  async #finish(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    this.#open = null;
    await open.file.finish();
    open.entry.sha256 = await checksum(open.file.path);
    open.entry.bytes = open.file.bytes;
    open.entry.durationMs = open.file.durationMs;
    open.entry.state = "final";
    await this.#events.onEntry(open.entry, "ended");
  }
}

/** A block's time is 16 bits from its cluster's: 30 s fit. */
function clusters(blocks: readonly WebmBlock[]): WebmBlock[][] {
  const result: WebmBlock[][] = [];
  for (const block of blocks) {
    const last = result.at(-1);
    if (last?.[0] && block.timeMs - last[0].timeMs < 30_000) last.push(block);
    else result.push([block]);
  }
  return result;
}
