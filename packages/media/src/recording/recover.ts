import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { ID, readHead } from "./ebml.ts";
import { readManifest, type RecordedFile, type RecordingManifest, writeManifest } from "./manifest.ts";
import { finishWebm, layoutOf, type WebmCue } from "./webmFile.ts";

/**
 * Makes whole what a crash left open: cuts the torn tail off each open file, gives it length, index and checksum. Does
 * nothing where nothing is open; safe to repeat. Null where the folder holds no recording.
 */
export async function recoverRecording(dir: string): Promise<RecordingManifest | null> {
  const manifest = await readManifest(dir);
  if (!manifest?.files.some((file) => file.state === "open")) return manifest;
  const files: RecordedFile[] = [];
  for (const file of manifest.files) {
    if (file.state === "open") {
      const recovered = await recoverFile(join(dir, file.file), file);
      if (recovered) files.push(recovered);
    } else files.push(file);
  }
  const lastMs = Math.max(0, ...files.map((file) => file.startMs + file.durationMs));
  const result = { ...manifest, files, endedAtMs: manifest.endedAtMs ?? manifest.startedAtMs + lastMs };
  await writeManifest(dir, result);
  return result;
}

async function recoverFile(path: string, entry: RecordedFile): Promise<RecordedFile | null> {
  let file: FileHandle;
  try {
    file = await open(path, "r+");
  } catch (error) {
    // Named in the manifest just before it was created.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    const scan = await scanWebm(file);
    await file.truncate(scan.bytes);
    await finishWebm(file, layoutOf(), scan.bytes, scan.durationMs, scan.cues);
    const { size } = await file.stat();
    return { ...entry, state: "recovered", bytes: size, durationMs: scan.durationMs, sha256: await checksum(path) };
  } finally {
    await file.close();
  }
}

export async function checksum(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Whole clusters from the beginning; what follows the last of them (torn, or an index) is not counted. */
export async function scanWebm(
  file: FileHandle,
): Promise<{ bytes: number; durationMs: number; cues: WebmCue[]; clusters: number }> {
  const layout = layoutOf();
  const { size } = await file.stat();
  let at = layout.segmentAt;
  let good = at;
  let durationMs = 0;
  let clusters = 0;
  const cues: WebmCue[] = [];
  const head = Buffer.alloc(16);
  while (at < size) {
    const { bytesRead } = await file.read(head, 0, head.length, at);
    const element = readHead(head.subarray(0, bytesRead), 0);
    if (!element || element.size < 0 || at + element.headBytes + element.size > size) break;
    const end = at + element.headBytes + element.size;
    if (element.id === ID.cues) break;
    if (element.id === ID.cluster) {
      const body = Buffer.alloc(element.size);
      await file.read(body, 0, body.length, at + element.headBytes);
      const cluster = scanCluster(body);
      if (!cluster) break;
      clusters += 1;
      durationMs = Math.max(durationMs, cluster.lastMs);
      if (cluster.jump) cues.push({ ...cluster.jump, clusterAt: at });
    }
    at = end;
    good = end;
  }
  return { bytes: good, durationMs, cues, clusters };
}

/** Null where what should be a cluster is filled with something else: the power went before its bytes were durable. */
function scanCluster(body: Buffer): { lastMs: number; jump: { timeMs: number; track: number } | null } | null {
  let at = 0;
  let clusterMs = 0;
  let lastMs = 0;
  let jump: { timeMs: number; track: number } | null = null;
  while (at < body.length) {
    const element = readHead(body, at);
    if (!element || element.size < 0 || at + element.headBytes + element.size > body.length) return null;
    const start = at + element.headBytes;
    if (element.id === ID.timestamp) clusterMs = body.readUIntBE(start, element.size);
    else if (element.id === ID.simpleBlock) {
      const track = (body[start] ?? 0) & 0x7f;
      const timeMs = clusterMs + body.readInt16BE(start + 1);
      lastMs = Math.max(lastMs, timeMs);
      // Track 1 is the picture where there is one.
      if (!jump && track === 1 && ((body[start + 3] ?? 0) & 0x80) !== 0) jump = { timeMs, track };
    } else return null;
    at = start + element.size;
  }
  return { lastMs, jump };
}
