import { QualityReport } from "@gridhall/domain/media/schema.ts";
import { expect, test } from "vitest";
import { readQuality } from "./quality.ts";

const report = (rttMs: number | null, sentLoss: number | null, receivedLoss: number | null) =>
  QualityReport.parse({
    rttMs,
    sent: { kbps: 300, lossShare: sentLoss },
    received: [
      { trackId: "k/screen", kbps: 400, lossShare: receivedLoss, framesPerSecond: 12 },
      { trackId: "k/camera", kbps: 200, lossShare: 0, framesPerSecond: 24 },
      { trackId: "k/microphone", kbps: 30, lossShare: null, framesPerSecond: null },
    ],
  });

test("[R1] the worst of round trip and loss, in either direction, decides the colour", () => {
  expect(readQuality(report(40, 0, 0), null).grade).toBe("good");
  expect(readQuality(report(300, 0, 0), null).grade).toBe("fair");
  expect(readQuality(report(40, 0.05, 0), null).grade).toBe("fair");
  expect(readQuality(report(40, 0, 0.2), null).grade).toBe("poor");
  expect(readQuality(report(700, 0, 0), null).grade).toBe("poor");
  expect(readQuality(report(null, null, null), null).grade).toBe("good");
});

test("[R1] rates are summed up; frames are those of the screen where it is received", () => {
  const screen = report(40, 0.01, 0.02).received[0]?.trackId ?? null;
  expect(readQuality(report(40, 0.01, 0.02), screen)).toMatchObject({
    ...{ receivedKbps: 630, sentKbps: 300, lossShare: 0.02, framesPerSecond: 12 },
  });
  expect(readQuality(report(40, 0, 0), null).framesPerSecond).toBe(24);
});
