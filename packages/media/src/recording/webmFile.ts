import { type FileHandle, open } from "node:fs/promises";
import { element, filler, float, ID, idBytes, sizeBytes, text, uint, UNKNOWN_SIZE } from "./ebml.ts";

export type WebmTrack =
  | { readonly number: number; readonly codec: "vp8"; readonly width: number; readonly height: number }
  | { readonly number: number; readonly codec: "opus" };

export interface WebmBlock {
  readonly track: number;
  /** From the beginning of the file. */
  readonly timeMs: number;
  readonly keyframe: boolean;
  readonly data: Buffer;
}

/** Where a player may jump to. */
export interface WebmCue {
  readonly timeMs: number;
  readonly track: number;
  readonly clusterAt: number;
}

/** Room for the index that is only known at the end. */
const SEEK_BYTES = 128;
/** `Duration` with its 8 bytes. */
const DURATION_BYTES = 11;

function header(tracks: readonly WebmTrack[]): { bytes: Buffer; layout: WebmLayout } {
  const ebml = element(
    ID.ebml,
    uint(0x4286, 1),
    uint(0x42f7, 1),
    uint(0x42f2, 4),
    uint(0x42f3, 8),
    text(0x4282, "webm"),
    uint(0x4287, 4),
    uint(0x4285, 2),
  );
  const segment = Buffer.concat([idBytes(ID.segment), UNKNOWN_SIZE]);
  const info = element(
    ID.info,
    filler(DURATION_BYTES),
    uint(0x2ad7b1, 1_000_000),
    text(0x4d80, "GridHall"),
    text(0x5741, "GridHall"),
  );
  const infoAt = SEEK_BYTES;
  const entries = element(ID.tracks, ...tracks.map(trackEntry));
  const segmentAt = ebml.length + segment.length;
  return {
    bytes: Buffer.concat([ebml, segment, filler(SEEK_BYTES), info, entries]),
    layout: {
      segmentAt,
      segmentSizeAt: ebml.length + 4,
      seekAt: segmentAt,
      // First in `Info`, whose own head is an id of four bytes and a size of one.
      durationAt: segmentAt + infoAt + 5,
      infoPosition: infoAt,
      tracksPosition: infoAt + info.length,
    },
  };
}

/** Absolute offsets but for the positions, which count from the segment's first byte as the format wants it. */
export interface WebmLayout {
  readonly segmentAt: number;
  readonly segmentSizeAt: number;
  readonly seekAt: number;
  readonly durationAt: number;
  readonly infoPosition: number;
  readonly tracksPosition: number;
}

function trackEntry(track: WebmTrack): Buffer {
  const common = [uint(0xd7, track.number), uint(0x73c5, track.number), uint(0x9c, 0)];
  if (track.codec === "vp8")
    return element(
      0xae,
      ...common,
      uint(0x83, 1),
      text(0x86, "V_VP8"),
      element(0xe0, uint(0xb0, track.width), uint(0xba, track.height)),
    );
  const opusHead = Buffer.alloc(19);
  opusHead.write("OpusHead", 0, "latin1");
  opusHead[8] = 1;
  opusHead[9] = 2;
  opusHead.writeUInt32LE(48_000, 12);
  return element(
    0xae,
    ...common,
    uint(0x83, 2),
    text(0x86, "A_OPUS"),
    element(0x63a2, opusHead),
    uint(0x56bb, 80_000_000),
    element(0xe1, float(0xb5, 48_000), uint(0x9f, 2)),
  );
}

/**
 * A WebM file that can be played after any crash up to its last whole cluster: everything is appended in whole clusters
 * of known size, and only a finished file gets its length and index patched in.
 */
export class WebmFile {
  readonly path: string;
  bytes = 0;
  durationMs = 0;
  /** Time of the last cluster's first block: nothing before it can be added any more. */
  lastClusterMs = 0;
  readonly #file: FileHandle;
  readonly #layout: WebmLayout;
  readonly #cues: WebmCue[] = [];
  readonly #cueTrack: number;

  private constructor(path: string, file: FileHandle, layout: WebmLayout, bytes: number, cueTrack: number) {
    this.path = path;
    this.#file = file;
    this.#layout = layout;
    this.bytes = bytes;
    this.#cueTrack = cueTrack;
  }

  /** Durable with its header when it resolves. Throws where the file exists. */
  static async create(path: string, tracks: readonly WebmTrack[]): Promise<WebmFile> {
    const file = await open(path, "wx+");
    const { bytes, layout } = header(tracks);
    await file.write(bytes, 0, bytes.length, 0);
    await file.sync();
    const cueTrack = (tracks.find((track) => track.codec === "vp8") ?? tracks[0])?.number ?? 1;
    return new WebmFile(path, file, layout, bytes.length, cueTrack);
  }

  /** One cluster in one write, durable when it resolves. Blocks are in order of time and span less than 32 s. */
  async append(blocks: readonly WebmBlock[]): Promise<void> {
    const [first] = blocks;
    if (!first) return;
    const cluster = element(
      ID.cluster,
      uint(ID.timestamp, first.timeMs),
      ...blocks.map((block) => simpleBlock(block, first.timeMs)),
    );
    await this.#file.write(cluster, 0, cluster.length, this.bytes);
    await this.#file.datasync();
    const jump = blocks.find((block) => block.track === this.#cueTrack && block.keyframe);
    if (jump) this.#cues.push({ timeMs: jump.timeMs, track: jump.track, clusterAt: this.bytes });
    this.bytes += cluster.length;
    this.lastClusterMs = first.timeMs;
    for (const block of blocks) this.durationMs = Math.max(this.durationMs, block.timeMs);
  }

  /** Length and index; the file is whole and closed afterwards. */
  async finish(): Promise<void> {
    await finishWebm(this.#file, this.#layout, this.bytes, this.durationMs, this.#cues);
    this.bytes = (await this.#file.stat()).size;
    await this.#file.close();
  }
}

function simpleBlock(block: WebmBlock, clusterMs: number): Buffer {
  const head = Buffer.alloc(4);
  head[0] = 0x80 | block.track;
  head.writeInt16BE(block.timeMs - clusterMs, 1);
  head[3] = block.keyframe ? 0x80 : 0;
  return element(ID.simpleBlock, head, block.data);
}

/** Order matters: after each step the file is as playable as before it. */
export async function finishWebm(
  file: FileHandle,
  layout: WebmLayout,
  bytes: number,
  durationMs: number,
  cues: readonly WebmCue[],
): Promise<void> {
  const cuesPosition = bytes - layout.segmentAt;
  const index = element(
    ID.cues,
    ...cues.map((cue) =>
      element(
        ID.cuePoint,
        uint(ID.cueTime, cue.timeMs),
        element(
          ID.cueTrackPositions,
          uint(ID.cueTrack, cue.track),
          uint(ID.cueClusterPosition, cue.clusterAt - layout.segmentAt),
        ),
      ),
    ),
  );
  const seek = (id: number, position: number) =>
    element(ID.seek, element(ID.seekId, idBytes(id)), uint(ID.seekPosition, position));
  const entries = [seek(ID.info, layout.infoPosition), seek(ID.tracks, layout.tracksPosition)];
  if (cues.length > 0) {
    entries.push(seek(ID.cues, cuesPosition));
    await file.write(index, 0, index.length, bytes);
    await file.datasync();
  }
  const seekHead = element(ID.seekHead, ...entries);
  const patched = Buffer.concat([seekHead, filler(SEEK_BYTES - seekHead.length)]);
  const duration = float(ID.duration, durationMs);
  const size = sizeBytes(bytes + (cues.length > 0 ? index.length : 0) - layout.segmentAt, 8);
  await file.write(duration, 0, duration.length, layout.durationAt);
  await file.write(size, 0, size.length, layout.segmentSizeAt);
  await file.write(patched, 0, patched.length, layout.seekAt);
  await file.sync();
}

/** Offsets of a file that this module wrote with any tracks. */
export function layoutOf(): WebmLayout {
  return header([]).layout;
}
