import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Page } from "@playwright/test";

/** Cameras, microphones and eyes of the calls under test: captured files go in, pictures and tones are read back out. */

export interface Capture {
  readonly args: readonly string[];
  readonly toneHz: number;
}

/** A camera that shows a moving white box on one colour, and a microphone that beeps at one pitch. */
export function makeCapture(dir: string, name: string, colour: string, toneHz: number): Capture {
  const video = join(dir, `${name}.y4m`);
  const audio = join(dir, `${name}.wav`);
  const quiet = ["-hide_banner", "-loglevel", "error", "-y"];
  execFileSync("ffmpeg", [
    ...quiet,
    ...["-f", "lavfi", "-i", `color=c=${colour}:size=640x480:rate=15`],
    ...["-f", "lavfi", "-i", "color=c=white:size=80x80:rate=15"],
    ...[
      "-filter_complex",
      "[0][1]overlay=x='mod(t*140,560)':y=200:shortest=1",
      "-t",
      "8",
      "-pix_fmt",
      "yuv420p",
      video,
    ],
  ]);
  // Beeps with pauses: a steady tone would be taken for noise and filtered out.
  const beep = `aevalsrc=exprs='0.6*sin(2*PI*${toneHz}*t)*gt(mod(t\\,0.8)\\,0.35)':s=48000:d=8`;
  execFileSync("ffmpeg", [...quiet, "-f", "lavfi", "-i", beep, "-ac", "1", audio]);
  return {
    toneHz,
    args: [
      "--auto-accept-camera-and-microphone-capture",
      "--use-fake-device-for-media-stream",
      `--use-file-for-fake-video-capture=${video}`,
      `--use-file-for-fake-audio-capture=${audio}`,
      "--auto-accept-this-tab-capture",
      "--autoplay-policy=no-user-gesture-required",
    ],
  };
}

export interface Seen {
  /** Mean colour of the picture, 0 … 255. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  /** Whether two frames half a second apart differ. */
  readonly moves: boolean;
  readonly width: number;
  readonly height: number;
}

/** Gives a page the eyes and ears of `page/eyes.js`, also after each reload. */
export async function giveEyes(page: Page): Promise<void> {
  await page.addInitScript({ path: join(import.meta.dirname, "page", "eyes.js") });
}

/** Reads decoded frames of a video element back; null while it shows none. */
export function look(page: Page, selector: string): Promise<Seen | null> {
  return page.evaluate<Seen | null>(`eyes.look(${JSON.stringify(selector)})`);
}

/** Mean brightness 0 … 255 of one rectangle (fractions of the picture) of a video element's present frame. */
export function brightness(
  page: Page,
  selector: string,
  part: { x: number; y: number; width: number; height: number },
): Promise<number | null> {
  return page.evaluate<number | null>(`eyes.brightness(${JSON.stringify(selector)}, ${JSON.stringify(part)})`);
}

/** Loudness (dB) of each pitch in everything that a page plays, reached for a third of the time (see `eyes.js`). */
export async function hear(page: Page, tonesHz: readonly number[], ms = 2_500): Promise<Map<number, number>> {
  const levels = await page.evaluate<number[]>(`eyes.hear(${JSON.stringify(tonesHz)}, ${ms})`);
  return new Map(tonesHz.map((tone, index) => [tone, levels[index] ?? -200]));
}
