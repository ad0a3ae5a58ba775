import type { QualityReport, ReceivedTrack } from "@gridhall/domain/media/schema.ts";

interface Counters {
  bytes: number;
  packets: number;
  lost: number;
}

/** Rates of the time since the last call, from the browser's own counters. */
export function createQualityMeter(): (
  publisher: RTCPeerConnection,
  subscriber: RTCPeerConnection,
  tracks: readonly ReceivedTrack[],
) => Promise<QualityReport> {
  const before = new Map<string, Counters>();
  let lastMs = performance.now();

  function change(key: string, now: Counters): Counters {
    const then = before.get(key) ?? now;
    before.set(key, now);
    return {
      bytes: Math.max(0, now.bytes - then.bytes),
      packets: Math.max(0, now.packets - then.packets),
      lost: Math.max(0, now.lost - then.lost),
    };
  }

  return async (publisher, subscriber, tracks) => {
    const nowMs = performance.now();
    const seconds = Math.max(0.001, (nowMs - lastMs) / 1000);
    lastMs = nowMs;
    const sent = { kbps: 0, lossShare: null as number | null };
    let rttMs: number | null = null;
    const outgoing = (await publisher.getStats()) as unknown as Iterable<[string, Record<string, unknown>]>;
    for (const [, stat] of outgoing) {
      if (stat["type"] === "outbound-rtp") {
        const { bytes } = change(`out ${String(stat["id"])}`, {
          bytes: number(stat["bytesSent"]),
          packets: 0,
          lost: 0,
        });
        sent.kbps += (bytes * 8) / 1000 / seconds;
      } else if (stat["type"] === "remote-inbound-rtp") {
        const share = number(stat["fractionLost"]);
        sent.lossShare = Math.min(1, Math.max(sent.lossShare ?? 0, share));
      } else if (stat["type"] === "candidate-pair" && stat["nominated"] === true && "currentRoundTripTime" in stat)
        rttMs = number(stat["currentRoundTripTime"]) * 1000;
    }
    const received: QualityReport["received"] = [];
    const incoming = (await subscriber.getStats()) as unknown as Iterable<[string, Record<string, unknown>]>;
    for (const [, stat] of incoming) {
      if (stat["type"] !== "inbound-rtp") continue;
      const track = tracks.find((one) => one.mid === stat["mid"]);
      if (!track) continue;
      const { bytes, packets, lost } = change(`in ${String(stat["id"])} ${track.trackId}`, {
        bytes: number(stat["bytesReceived"]),
        packets: number(stat["packetsReceived"]),
        lost: number(stat["packetsLost"]),
      });
      received.push({
        trackId: track.trackId,
        kbps: (bytes * 8) / 1000 / seconds,
        lossShare: packets + lost > 0 ? lost / (packets + lost) : null,
        framesPerSecond: track.kind === "microphone" ? null : number(stat["framesPerSecond"]),
      });
    }
    return { rttMs, sent, received };
  };
}

function number(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
