import { execFile } from "node:child_process";
import { promisify } from "node:util";

const exec = promisify(execFile);

/** Frames that ffmpeg decodes of a stream, and its complaints. */
export async function decode(file: string, stream: "v:0" | "a:0"): Promise<{ frames: number; errors: string }> {
  const { stdout, stderr } = await exec("ffprobe", [
    ...["-v", "error", "-count_frames", "-select_streams", stream],
    ...["-show_entries", "stream=nb_read_frames", "-of", "csv=p=0", file],
  ]);
  return { frames: Number.parseInt(stdout, 10) || 0, errors: stderr.trim() };
}
