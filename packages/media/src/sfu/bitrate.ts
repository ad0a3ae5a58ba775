/**
 * How much a sender is told to send at most (REMB). Loss says how the way up does; receivers' own estimates only count
 * where they are below what is being sent to them, because an estimate never rises far above what arrives.
 */
export interface BitrateLimits {
  readonly lowest: number;
  readonly highest: number;
}

/** Enough for a camera and a screen; both have limits of their own in the browser. */
export const BITRATE_LIMITS: BitrateLimits = { lowest: 150_000, highest: 3_000_000 };

const RISE = 1.15;

export function nextBitrate(
  current: number,
  seen: { lostShare: number; receivers: readonly { estimate: number; sending: number }[] },
  limits: BitrateLimits = BITRATE_LIMITS,
): number {
  const congested = seen.receivers.filter((one) => one.estimate > 0 && one.estimate < one.sending);
  let next = current * RISE;
  if (seen.lostShare > 0.1) next = current * (1 - seen.lostShare / 2);
  else if (seen.lostShare > 0.03) next = current;
  for (const one of congested) next = Math.min(next, one.estimate);
  return Math.round(Math.min(limits.highest, Math.max(limits.lowest, next)));
}
