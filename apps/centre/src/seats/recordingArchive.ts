import { Readable } from "node:stream";
import { MANIFEST } from "@gridhall/media/recording/manifest.ts";
import { ZipFile } from "yazl";
import type { Recordings, StoredRecording } from "./recordings.ts";

/**
 * A recording as one ZIP, written while it is read: its files as they are (WebM is compressed already), what the recorder
 * wrote about them, and `SHA256SUMS` that `sha256sum -c` reads. A file that is gone is left out of both.
 */
export async function archiveOf(
  recording: Pick<StoredRecording, "directory" | "files" | "startedMs">,
  recordings: Pick<Recordings, "pathOf">,
): Promise<Readable> {
  const zip = new ZipFile();
  const mtime = new Date(recording.startedMs);
  const sums: string[] = [];
  for (const { file, sha256 } of recording.files) {
    const path = await recordings.pathOf(recording.directory, file);
    if (!path) continue;
    zip.addFile(path, file, { compress: false, mtime });
    if (sha256 !== null) sums.push(`${sha256}  ${file}\n`);
  }
  const manifest = await recordings.pathOf(recording.directory, MANIFEST);
  if (manifest) zip.addFile(manifest, MANIFEST, { mtime });
  zip.addBuffer(Buffer.from(sums.join("")), "SHA256SUMS", { mtime });
  zip.end();
  const out = new Readable().wrap(zip.outputStream);
  // A file that cannot be read any more breaks the download off, rather than end it as if it were whole.
  zip.on("error", (cause: Error) => out.destroy(cause));
  return out;
}
