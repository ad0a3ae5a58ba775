import { describe, expect, test } from "vitest";
import { BITRATE_LIMITS, nextBitrate } from "./bitrate.ts";

const steps = (count: number, from: number, seen: Parameters<typeof nextBitrate>[1]) => {
  let bitrate = from;
  for (let step = 0; step < count; step += 1) bitrate = nextBitrate(bitrate, seen);
  return bitrate;
};

describe("how much a browser may send", () => {
  test("[R1] rises to its limit while nothing is lost", () => {
    expect(steps(40, 200_000, { lostShare: 0, receivers: [] })).toBe(BITRATE_LIMITS.highest);
  });
  test("[R1] falls while more is lost than retransmission heals, down to what a face needs", () => {
    expect(nextBitrate(1_000_000, { lostShare: 0.2, receivers: [] })).toBe(900_000);
    expect(steps(200, 1_000_000, { lostShare: 0.5, receivers: [] })).toBe(BITRATE_LIMITS.lowest);
  });
  test("[R1] follows the receiver that gets least, but only where its estimate says that its way is full", () => {
    const receivers = [
      { estimate: 400_000, sending: 900_000 },
      { estimate: 700_000, sending: 900_000 },
    ];
    expect(nextBitrate(1_000_000, { lostShare: 0, receivers })).toBe(400_000);
    expect(nextBitrate(1_000_000, { lostShare: 0, receivers: [{ estimate: 400_000, sending: 300_000 }] })).toBe(
      1_150_000,
    );
  });
});
