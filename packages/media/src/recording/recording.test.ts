import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ParticipantId, RoomId, TrackId } from "@gridhall/domain/media/schema.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRtp } from "../rtp/packet.ts";
import { decode } from "../testing/decode.ts";
import { readManifest, type RecordedFile, writeManifest } from "./manifest.ts";
import { Recorder } from "./recorder.ts";
import { checksum, recoverRecording } from "./recover.ts";
import { TrackClock } from "./trackClock.ts";
import { TrackFrames } from "./trackFrames.ts";
import { WebmFile } from "./webmFile.ts";

/** VP8 frames out of ffmpeg, of a size. */
function codedFrames(folder: string, size: string, count: number): Buffer[] {
  const path = join(folder, `${size}.ivf`);
  const made = spawnSync("ffmpeg", [
    ...["-v", "error", "-y", "-f", "lavfi", "-i", `testsrc=size=${size}:rate=25`],
    ...["-frames:v", String(count), "-c:v", "libvpx", "-deadline", "realtime", "-g", "10", "-auto-alt-ref", "0", path],
  ]);
  if (made.status !== 0) throw new Error(made.stderr.toString());
  const ivf = readFileSync(path);
  const frames: Buffer[] = [];
  for (let at = 32; at < ivf.length;) {
    const length = ivf.readUInt32LE(at);
    frames.push(ivf.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return frames;
}

/** Packets of at most 500 bytes of frame each (RFC 7741). */
function packetize(frames: readonly Buffer[], ssrc = 7, firstSequence = 65_500): Buffer[] {
  const packets: Buffer[] = [];
  frames.forEach((frame, index) => {
    for (let at = 0; at < frame.length; at += 500) {
      const part = frame.subarray(at, at + 500);
      const head = Buffer.alloc(13);
      head[0] = 0x80;
      head[1] = 96 | (at + 500 >= frame.length ? 0x80 : 0);
      head.writeUInt16BE((firstSequence + packets.length) & 0xffff, 2);
      head.writeUInt32BE((4_294_900_000 + index * 3_600) >>> 0, 4);
      head.writeUInt32BE(ssrc, 8);
      head[12] = at === 0 ? 0x10 : 0;
      packets.push(Buffer.concat([head, part]));
    }
  });
  return packets;
}

const push = (frames: TrackFrames, packet: Buffer, nowMs: number) => {
  const header = readRtp(packet);
  if (header) frames.push(packet, header, nowMs);
};

let folder: string;
let small: Buffer[];
let large: Buffer[];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gridhall-webm-"));
  small = codedFrames(folder, "160x120", 30);
  large = codedFrames(folder, "320x240", 30);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("frames out of packets", () => {
  test("[R6] come whole and in order, whatever order packets arrive in", () => {
    const frames = new TrackFrames(7, true);
    const [first, ...rest] = packetize(small);
    if (first) push(frames, first, 0);
    // Neighbours swapped.
    for (let at = 0; at < rest.length; at += 2)
      for (const packet of [rest[at + 1], rest[at]]) if (packet) push(frames, packet, 1);
    const taken = frames.take(2);
    expect(taken.map((frame) => frame.data)).toEqual(small);
    expect(taken.map((frame) => frame.timestamp - (taken[0]?.timestamp ?? 0))).toEqual(small.map((_, i) => i * 3_600));
  });

  test("[R6] after a hole that stays, nothing is given out before the next keyframe", () => {
    const frames = new TrackFrames(7, true);
    const packets = packetize(small);
    const lost = packets.findIndex((packet) => packet.readUInt32BE(4) === (4_294_900_000 + 3 * 3_600) >>> 0);
    packets.forEach((packet, index) => index !== lost && push(frames, packet, index));
    frames.take(packets.length);
    expect(frames.holes).toBe(0);
    const taken = frames.take(packets.length + 2_000);
    expect(frames.holes).toBe(1);
    expect(taken[0]?.keyframe).toBe(true);
    expect(frames.needsKeyframe).toBe(false);
  });
});

describe("the time line", () => {
  test("[R6] goes by the stream's clock, whatever jitter arrival has, and leaps with a pause", () => {
    const clock = new TrackClock(90_000);
    const frames = [0, 40, 80, 120].map((ms, index) => ({
      timestamp: ms * 90,
      arrivedMs: 1_000 + ms + ([30, 0, 20, 10][index] ?? 0),
    }));
    clock.anchor(frames);
    expect(frames.map((frame) => clock.place(frame))).toEqual([1_000, 1_040, 1_080, 1_120]);
    expect(clock.place({ timestamp: 160 * 90, arrivedMs: 9_000 })).toBe(9_000);
    expect(clock.place({ timestamp: 200 * 90, arrivedMs: 9_060 })).toBe(9_040);
  });
});

describe("files", () => {
  const entryOf = (file: string): RecordedFile => ({
    file,
    participantId: "c" as ParticipantId,
    role: "customer",
    kinds: ["camera"],
    startMs: 0,
    durationMs: 0,
    bytes: 0,
    sha256: null,
    state: "open",
    gaps: [],
  });

  test(
    "[R6] torn at any byte a file is recovered up to its last whole cluster and decodes",
    async () => {
      const dir = mkdtempSync(join(folder, "torn-"));
      const file = await WebmFile.create(join(dir, "whole.webm"), [
        { number: 1, codec: "vp8", width: 160, height: 120 },
      ]);
      const ends: number[] = [];
      for (let at = 0; at < small.length; at += 10) {
        const blocks = small.slice(at, at + 10).map((data, index) => {
          const keyframe = ((data[0] ?? 1) & 1) === 0;
          return { track: 1, timeMs: (at + index) * 40, keyframe, data };
        });
        await file.append(blocks);
        ends.push(file.bytes);
      }
      const whole = readFileSync(join(dir, "whole.webm"));
      const [first = 0, second = 0] = ends;
      const steps = Math.max(1, Math.round(37 / Number(process.env["GRIDHALL_EFFORT"] ?? 1)));
      let decoded = 0;
      for (let cut = first; cut < second; cut += steps) {
        const path = join(dir, "torn.webm");
        writeFileSync(path, whole);
        truncateSync(path, cut);
        await writeManifest(dir, {
          roomId: "r" as RoomId,
          startedAtMs: 5,
          endedAtMs: null,
          files: [entryOf("torn.webm")],
        });
        const manifest = await recoverRecording(dir);
        expect(manifest?.files).toMatchObject([{ state: "recovered", durationMs: 9 * 40 }]);
        expect(manifest?.endedAtMs).toBe(5 + 9 * 40);
        expect(await checksum(path)).toBe(manifest?.files[0]?.sha256);
        // Decoding is slow: the edges and the middle stand for the rest.
        if (decoded < 3) expect(await decode(path, "v:0")).toEqual({ frames: 10, errors: "" });
        decoded += 1;
      }
      await file.finish();
      expect(await decode(join(dir, "whole.webm"), "v:0")).toEqual({ frames: 30, errors: "" });
      const probe = spawnSync("ffprobe", [
        "-v",
        "error",
        "-show_entries",
        "format=duration",
        "-of",
        "csv=p=0",
        file.path,
      ]);
      expect(Number(probe.stdout)).toBeCloseTo(1.16, 2);
    },
    60_000 * Math.max(1, Number(process.env["GRIDHALL_EFFORT"] ?? 1)),
  );

  test("[R6] a change of the picture's size and of the stream behind a track does not break the file", async () => {
    const dir = join(folder, "sizes");
    let wallMs = 1_000_000;
    const trackId = "c/camera" as TrackId;
    const recorder = await Recorder.start({
      dir,
      roomId: "r" as RoomId,
      wallMs: () => wallMs,
      askKeyframe: () => undefined,
      onChunk: () => undefined,
      onFailed: (detail) => expect.unreachable(detail),
    });
    recorder.setTracks([{ trackId, role: "customer" }]);
    for (const packets of [packetize(small), packetize(large, 9, 100)]) {
      for (const packet of packets) {
        const header = readRtp(packet);
        if (header) recorder.packet(trackId, packet, header);
        wallMs += 5;
      }
      wallMs += 100;
    }
    await recorder.stop();
    const manifest = await readManifest(dir);
    expect(manifest?.files).toMatchObject([{ state: "final", kinds: ["camera"], file: "c.call.0.webm" }]);
    expect(await decode(join(dir, "c.call.0.webm"), "v:0")).toEqual({ frames: 60, errors: "" });
  });

  test("[R6] a recording that cannot be written says so and hurts nothing else", async () => {
    const dir = join(folder, "gone");
    const failed: string[] = [];
    const trackId = "c/camera" as TrackId;
    const recorder = await Recorder.start({
      dir,
      roomId: "r" as RoomId,
      wallMs: () => performance.now(),
      askKeyframe: () => undefined,
      onChunk: () => undefined,
      onFailed: (detail) => failed.push(detail),
    });
    recorder.setTracks([{ trackId, role: "customer" }]);
    rmSync(dir, { recursive: true });
    for (const packet of packetize(small)) {
      const header = readRtp(packet);
      if (header) recorder.packet(trackId, packet, header);
    }
    await recorder.stop();
    expect(failed).toHaveLength(1);
    expect(failed[0]).toContain("ENOENT");
  });
});
