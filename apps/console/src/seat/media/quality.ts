import type { QualityReport, TrackId } from "@gridhall/domain/media/schema.ts";

export type Grade = "good" | "fair" | "poor";

/** One reading of the meter: the worst of what was measured decides the colour. */
export interface Reading {
  readonly grade: Grade;
  readonly rttMs: number | null;
  /** 0 … 1, of both directions the worse. */
  readonly lossShare: number | null;
  readonly receivedKbps: number;
  readonly sentKbps: number;
  /** Of the customer's screen where it is received, else of the fastest picture. */
  readonly framesPerSecond: number | null;
}

/** Above the first figure speech begins to suffer, above the second it does not work any more. */
const RTT_MS = [250, 600] as const;
const LOSS = [0.03, 0.1] as const;

export function readQuality(report: QualityReport, screenId: TrackId | null): Reading {
  const losses = [report.sent.lossShare, ...report.received.map((one) => one.lossShare)].filter((one) => one !== null);
  const lossShare = losses.length === 0 ? null : Math.max(...losses);
  const frames = report.received.flatMap((one) =>
    one.framesPerSecond === null || (screenId !== null && one.trackId !== screenId) ? [] : [one.framesPerSecond],
  );
  const beyond = (n: 0 | 1) => (report.rttMs ?? 0) > RTT_MS[n] || (lossShare ?? 0) > LOSS[n];
  return {
    grade: beyond(1) ? "poor" : beyond(0) ? "fair" : "good",
    rttMs: report.rttMs,
    lossShare,
    receivedKbps: report.received.reduce((sum, one) => sum + one.kbps, 0),
    sentKbps: report.sent.kbps,
    framesPerSecond: frames.length === 0 ? null : Math.max(...frames),
  };
}
