import { open, readFile, rename } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ParticipantId, RoomId, TrackKind } from "@gridhall/domain/media/schema.ts";
import { z } from "zod";

export const MANIFEST = "recording.json";

/** One WebM file: camera and microphone of a participant, or the screen, for as long as its tracks stayed the same. */
export const RecordedFile = z.object({
  file: z.string(),
  participantId: ParticipantId,
  role: z.string(),
  kinds: z.array(TrackKind),
  /** Of the file's time 0, from the recording's beginning: players start it then. */
  startMs: z.number().int(),
  durationMs: z.number().int(),
  bytes: z.number().int(),
  /** Of the whole file; null while it is open. */
  sha256: z.string().nullable(),
  /** `open` after a crash: `recoverRecording` makes it `recovered`, which ends where the last durable chunk ended. */
  state: z.enum(["open", "final", "recovered"]),
  /** Where a kind is missing for more than a second, on the recording's time line. */
  gaps: z.array(z.object({ kind: TrackKind, fromMs: z.number().int(), toMs: z.number().int() })),
});
export type RecordedFile = z.infer<typeof RecordedFile>;

export const RecordingManifest = z.object({
  roomId: RoomId,
  /** Wall clock of the machine that records. */
  startedAtMs: z.number().int(),
  /** Null while it goes on, or after a crash. */
  endedAtMs: z.number().int().nullable(),
  files: z.array(RecordedFile),
});
export type RecordingManifest = z.infer<typeof RecordingManifest>;

/** Null where there is none. Throws where it is damaged. */
export async function readManifest(dir: string): Promise<RecordingManifest | null> {
  let content: string;
  try {
    content = await readFile(join(dir, MANIFEST), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  return RecordingManifest.parse(JSON.parse(content));
}

/** Whole or not at all, also across a power cut. */
export async function writeManifest(dir: string, manifest: RecordingManifest): Promise<void> {
  const path = join(dir, MANIFEST);
  const next = `${path}.next`;
  const file = await open(next, "w");
  try {
    await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(next, path);
  await syncFolder(dirname(path));
}

/** A new name in a folder is durable only with the folder. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
