import { mkdir } from "node:fs/promises";
import { type RoomId, splitTrackId, type TrackId } from "@gridhall/domain/media/schema.ts";
import type { RecordedTrack } from "../room/backend.ts";
import type { RtpHeader } from "../rtp/packet.ts";
import { type RecordedFile, type RecordingManifest, writeManifest } from "./manifest.ts";
import { ParticipantFile } from "./participantFile.ts";
import { recoverRecording } from "./recover.ts";

/** Durable at least once a second. */
const FLUSH_MS = 800;

export interface RecorderOptions {
  dir: string;
  roomId: RoomId;
  wallMs: () => number;
  askKeyframe(trackId: TrackId): void;
  onChunk(file: string, bytes: number, durationMs: number): void;
  /** Nothing more is recorded; what is durable stays. */
  onFailed(detail: string): void;
}

/**
 * RTP of a room to files. A folder that holds a recording already, left by a process that died, is recovered and gone on
 * with, on the same time line.
 */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #manifest: RecordingManifest;
  readonly #files = new Map<string, ParticipantFile>();
  #tracks = new Map<TrackId, RecordedTrack>();
  /** One step after another: files and manifest are never written by two at once. */
  #work: Promise<void> = Promise.resolve();
  #busy = false;
  #failed = false;
  #stopped = false;
  readonly #timer: NodeJS.Timeout;

  private constructor(options: RecorderOptions, manifest: RecordingManifest) {
    this.#options = options;
    this.#manifest = manifest;
    this.#timer = setInterval(() => {
      if (!this.#busy) this.#enqueue(() => this.#flush());
    }, FLUSH_MS);
  }

  static async start(options: RecorderOptions): Promise<Recorder> {
    await mkdir(options.dir, { recursive: true });
    const former = await recoverRecording(options.dir);
    const manifest: RecordingManifest = former
      ? { ...former, endedAtMs: null }
      : { roomId: options.roomId, startedAtMs: Math.round(options.wallMs()), endedAtMs: null, files: [] };
    await writeManifest(options.dir, manifest);
    return new Recorder(options, manifest);
  }

  /** All that is recorded from now on; whoever is no longer among them has their files ended. */
  setTracks(tracks: readonly RecordedTrack[]): void {
    this.#tracks = new Map(tracks.map((track) => [track.trackId, track]));
    const wanted = new Set(tracks.map((track) => fileKey(track.trackId)));
    for (const [key, file] of this.#files)
      if (!wanted.has(key)) {
        this.#files.delete(key);
        this.#enqueue(() => file.flush(this.#nowMs(), true));
      }
  }

  packet(trackId: TrackId, packet: Buffer, header: RtpHeader): void {
    const track = this.#tracks.get(trackId);
    if (!track || this.#stopped || this.#failed) return;
    const { participantId, kind } = splitTrackId(trackId);
    const key = fileKey(trackId);
    let file = this.#files.get(key);
    if (!file) {
      const owner = { participantId, role: track.role, name: key.replaceAll(/[^\w.-]/g, "_") };
      file = new ParticipantFile(this.#options.dir, owner, (name) => this.#newName(name), {
        onEntry: (entry, what) => this.#keep(entry, what),
        askKeyframe: this.#options.askKeyframe,
      });
      this.#files.set(key, file);
    }
    file.push(trackId, kind, packet, header, this.#nowMs());
  }

  /** Resolves when everything is durable. */
  async stop(): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = true;
      clearInterval(this.#timer);
      this.#enqueue(async () => {
        for (const file of this.#files.values()) await file.flush(this.#nowMs(), true);
        this.#manifest.endedAtMs = Math.round(this.#options.wallMs());
        await writeManifest(this.#options.dir, this.#manifest);
      });
    }
    await this.#work;
  }

  async #flush(): Promise<void> {
    for (const file of this.#files.values()) await file.flush(this.#nowMs(), false);
  }

  #enqueue(step: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#failed) return;
      this.#busy = true;
      try {
        await step();
      } catch (error) {
        this.#failed = true;
        clearInterval(this.#timer);
        this.#options.onFailed(error instanceof Error ? error.message : String(error));
      } finally {
        this.#busy = false;
      }
    });
  }

  async #keep(entry: RecordedFile, what: "began" | "grew" | "ended"): Promise<void> {
    if (what === "began") this.#manifest.files.push(entry);
    if (what === "grew") return this.#options.onChunk(entry.file, entry.bytes, entry.durationMs);
    await writeManifest(this.#options.dir, this.#manifest);
  }

  #newName(name: string): string {
    let part = 0;
    while (this.#manifest.files.some((file) => file.file === `${name}.${part}.webm`)) part += 1;
    return `${name}.${part}.webm`;
  }

  #nowMs(): number {
    return this.#options.wallMs() - this.#manifest.startedAtMs;
  }
}

/** The screen has a file of its own: it is looked at beside the faces. */
function fileKey(trackId: TrackId): string {
  const { participantId, kind } = splitTrackId(trackId);
  return `${participantId}.${kind === "screen" ? "screen" : "call"}`;
}
