/** A stream that paused, or began anew, is somewhere else on the time line than its own clock says. */
const LEAP_MS = 1_500;

/**
 * Places frames of one stream on the recording's time line: by the stream's own clock, anchored where the quickest of its
 * first packets arrived, because arrival jitters and the clock does not.
 */
export class TrackClock {
  readonly #rate: number;
  #anchor: { timestamp: number; ms: number } | null = null;
  #settled = false;
  #lastMs = -1;

  constructor(clockRate: number) {
    this.#rate = clockRate;
  }

  /** Of frames that are not placed yet, before the first of them is: finds the quickest. */
  anchor(frames: readonly { timestamp: number; arrivedMs: number }[]): void {
    if (this.#settled) return;
    for (const frame of frames) {
      const early = this.#anchor ? this.#at(frame.timestamp, this.#anchor) > frame.arrivedMs : true;
      if (early) this.#anchor = { timestamp: frame.timestamp, ms: frame.arrivedMs };
    }
  }

  /** Where a frame will be, without placing it. */
  preview(frame: { timestamp: number; arrivedMs: number }): number {
    const ms = this.#anchor ? this.#at(frame.timestamp, this.#anchor) : frame.arrivedMs;
    return Math.abs(ms - frame.arrivedMs) > LEAP_MS ? frame.arrivedMs : ms;
  }

  /** Milliseconds on the time line, always rising. */
  place(frame: { timestamp: number; arrivedMs: number }): number {
    this.#settled = true;
    let ms = this.#anchor ? this.#at(frame.timestamp, this.#anchor) : frame.arrivedMs;
    if (!this.#anchor || Math.abs(ms - frame.arrivedMs) > LEAP_MS) {
      this.#anchor = { timestamp: frame.timestamp, ms: frame.arrivedMs };
      ms = frame.arrivedMs;
    }
    this.#lastMs = Math.max(this.#lastMs + 1, Math.round(ms));
    return this.#lastMs;
  }

  /** The stream began anew with other numbers. */
  restart(): void {
    this.#anchor = null;
    this.#settled = false;
  }

  #at(timestamp: number, anchor: { timestamp: number; ms: number }): number {
    return anchor.ms + ((timestamp - anchor.timestamp) * 1000) / this.#rate;
  }
}
