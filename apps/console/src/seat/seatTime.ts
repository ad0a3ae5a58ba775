import type { SeatStateName } from "@gridhall/domain/seats/state.ts";

/** `75000` → `1:15`, `3675000` → `1:01:15`; a running time is read as digits, not as words. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${hours > 0 ? two(Math.floor(seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

export type Pressure = "calm" | "long" | "too-long";

const MINUTE_MS = 60_000;
/** From when on a state has lasted long, and too long. Absent: it may last. */
const LIMITS_MS: Partial<Record<SeatStateName, readonly [long: number, tooLong: number]>> = {
  reserved: [12_000, 18_000],
  connecting: [8_000, 20_000],
  "in-call": [10 * MINUTE_MS, 20 * MINUTE_MS],
  "wrap-up": [MINUTE_MS, 2 * MINUTE_MS],
  break: [15 * MINUTE_MS, 30 * MINUTE_MS],
  missed: [0, MINUTE_MS],
  fault: [0, 0],
};

export function pressureOfState(state: SeatStateName, lastedMs: number): Pressure {
  const limits = LIMITS_MS[state];
  if (!limits) return "calm";
  return lastedMs >= limits[1] ? "too-long" : lastedMs >= limits[0] ? "long" : "calm";
}

/** Waiting is judged by the two levels that are measured: four rings (12 s) and 20 s. */
export function pressureOfWait(waitedMs: number): Pressure {
  return waitedMs >= 20_000 ? "too-long" : waitedMs >= 12_000 ? "long" : "calm";
}

/** Share of calls answered in time, as colours tell it. */
export function pressureOfLevel(share: number | null): Pressure {
  if (share === null || share >= 0.8) return "calm";
  return share >= 0.6 ? "long" : "too-long";
}
