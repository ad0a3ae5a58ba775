import { z } from "zod";

/** Means of what calls take a seat, and over how many calls. Recent calls weigh more. */
export const HandleTime = z.object({
  talkMs: z.number().min(0),
  talks: z.number().int().min(0),
  wrapMs: z.number().min(0),
  wraps: z.number().int().min(0),
});
export type HandleTime = z.infer<typeof HandleTime>;

export const NO_HANDLE_TIME: HandleTime = { talkMs: 0, talks: 0, wrapMs: 0, wraps: 0 };

/** After so many calls a new one weighs as one of so many: the mean of about the last hundred. */
const MEMORY = 100;

export function noteTalk(mean: HandleTime, ms: number): HandleTime {
  const talks = Math.min(MEMORY, mean.talks + 1);
  return { ...mean, talks, talkMs: mean.talkMs + (ms - mean.talkMs) / talks };
}

export function noteWrap(mean: HandleTime, ms: number): HandleTime {
  const wraps = Math.min(MEMORY, mean.wraps + 1);
  return { ...mean, wraps, wrapMs: mean.wrapMs + (ms - mean.wrapMs) / wraps };
}

/** Time of a seat for one call with its wrap-up. */
export function meanHandleMs(mean: HandleTime, assumedMs: number): number {
  return mean.talks === 0 ? assumedMs : mean.talkMs + mean.wrapMs;
}
