import type { TrackId, TrackKind } from "@gridhall/domain/media/schema.ts";
import type { TrackStats } from "../engine.ts";
import { isRtcp, readRtp, type RtpHeader, unwrapRtx, writeRtp } from "../rtp/packet.ts";
import { PacketRing } from "../rtp/packetRing.ts";
import { Reception } from "../rtp/reception.ts";
import { nack, pictureLoss, readRtcp, receiverReport } from "../rtp/rtcp.ts";
import { readVp8, type Vp8Descriptor } from "../rtp/vp8.ts";
import type { PublishedStream } from "./sdp.ts";
import type { Slot } from "./slot.ts";

/** A keyframe costs as much as a second of other frames: not asked for more often than this. */
const KEYFRAME_EVERY_MS = 400;
export const OWN_SSRC = 1;

/** Sees each packet once, in order of arrival, before anything is changed in it. */
export type PacketTap = (packet: Buffer, header: RtpHeader, nowMs: number) => void;

/** Maps the clock of a stream to the wall clock of this machine. */
export interface ClockPoint {
  readonly timestamp: number;
  readonly wallMs: number;
}

/** One track as it comes from its publisher: repaired by NACK, kept for a moment, handed to everybody who receives it. */
export class PublishedTrack {
  readonly trackId: TrackId;
  readonly kind: TrackKind;
  readonly stream: PublishedStream;
  readonly clockRate: number;
  readonly slots = new Set<Slot>();
  tap: PacketTap | null = null;
  lastPacketMs = 0;
  bytesReceived = 0;
  readonly ring: PacketRing;
  #clockPoint: ClockPoint | null = null;
  readonly #reception = new Reception();
  readonly #send: (rtcp: Buffer) => void;
  readonly #clockOffset: { ms: number };
  #keyframeWanted = false;
  #keyframeAskedMs = 0;
  #keyframesAsked = 0;
  #forwarded = 0;
  #resent = 0;
  #lastReport = { middle: 0, atMs: 0 };
  #lostShare = 0;

  /** `clockOffset` is shared by the tracks of a participant: the browser's wall clock against ours. */
  constructor(
    trackId: TrackId,
    kind: TrackKind,
    stream: PublishedStream,
    send: (rtcp: Buffer) => void,
    clockOffset: { ms: number },
  ) {
    this.trackId = trackId;
    this.kind = kind;
    this.stream = stream;
    this.clockRate = stream.media === "video" ? 90_000 : 48_000;
    this.ring = new PacketRing(stream.media === "video" ? 512 : 16);
    this.#send = send;
    this.#clockOffset = clockOffset;
  }

  receive(packet: Buffer, nowMs: number, wallMs: number): void {
    if (isRtcp(packet)) return this.#receiveRtcp(packet, wallMs, nowMs);
    const header = readRtp(packet);
    if (!header) return;
    this.lastPacketMs = nowMs;
    if (header.payloadType === this.stream.payloadType) return this.#receiveMedia(packet, header, nowMs);
    if (header.payloadType !== this.stream.rtxPayloadType) return;
    const original = unwrapRtx(packet, header, this.stream.payloadType, this.stream.ssrc);
    const originalHeader = original ? readRtp(original) : null;
    if (original && originalHeader) this.#receiveMedia(original, originalHeader, nowMs);
  }

  /** Feedback that is due: lost packets and keyframes that somebody waits for. */
  tick(nowMs: number, roundTripMs: number): void {
    const lost = this.#reception.due(nowMs, roundTripMs);
    if (this.stream.media === "audio") return;
    if (lost.length > 0) this.#send(nack(OWN_SSRC, this.stream.ssrc, lost));
    if (this.#reception.takeBroken() && (this.tap || this.slots.size > 0)) this.#keyframeWanted = true;
    if (this.#keyframeWanted && nowMs - this.#keyframeAskedMs >= KEYFRAME_EVERY_MS && this.lastPacketMs > 0) {
      this.#keyframeAskedMs = nowMs;
      this.#keyframesAsked += 1;
      this.#send(pictureLoss(OWN_SSRC, this.stream.ssrc));
    }
  }

  /** Once a second. Returns the share of packets that got lost and did not come again. */
  report(nowMs: number): number {
    if (this.#reception.highest < 0) return 0;
    const report = this.#reception.report();
    this.#lostShare = report.lostShare;
    this.#send(
      receiverReport(OWN_SSRC, {
        ...report,
        ssrc: this.stream.ssrc,
        lastReportMiddle: this.#lastReport.middle,
        delayMs: nowMs - this.#lastReport.atMs,
      }),
    );
    return report.lostShare;
  }

  /** Repeated until a keyframe arrives. */
  askKeyframe(): void {
    if (this.stream.media === "video") this.#keyframeWanted = true;
  }

  get clockPoint(): ClockPoint | null {
    return this.#clockPoint;
  }

  /** Towards the publisher. */
  feedback(rtcp: Buffer): void {
    this.#send(rtcp);
  }

  countResent(): void {
    this.#resent += 1;
  }

  stats(): TrackStats {
    return {
      trackId: this.trackId,
      packetsReceived: this.#reception.received,
      packetsLost: this.#reception.lost,
      packetsRecovered: this.#reception.recovered,
      nacksSent: this.#reception.nacked,
      keyframesAsked: this.#keyframesAsked,
      packetsForwarded: this.#forwarded,
      packetsResent: this.#resent,
    };
  }

  get lostShare(): number {
    return this.#lostShare;
  }

  #receiveMedia(packet: Buffer, header: RtpHeader, nowMs: number): void {
    if (this.#reception.arrive(header.sequence, nowMs) < 0) return;
    this.bytesReceived += packet.length;
    this.#reception.measureJitter(header.timestamp, this.clockRate, nowMs);
    let vp8: Vp8Descriptor | null = null;
    if (this.stream.media === "video") {
      vp8 = readVp8(packet, header.payloadStart, header.payloadEnd);
      if (vp8?.keyframe) this.#keyframeWanted = false;
    }
    this.tap?.(packet, header, nowMs);
    this.ring.put(header.sequence, packet);
    if (this.slots.size === 0) return;
    for (const slot of this.slots) if (slot.forward(packet, header, vp8, nowMs)) this.#forwarded += 1;
    // Slots write their own numbers into the packet, which the ring keeps as it came.
    writeRtp(packet, header.payloadType, header.sequence, header.timestamp, header.ssrc);
  }

  #receiveRtcp(packet: Buffer, wallMs: number, nowMs: number): void {
    for (const block of readRtcp(packet)) {
      if (block.type !== "sender-report" || block.ssrc !== this.stream.ssrc) continue;
      this.#lastReport = { middle: block.ntpMiddle, atMs: nowMs };
      // The quickest report shows the offset of the clocks best; the slow leak follows clocks that drift.
      const offset = wallMs - block.ntpMs;
      this.#clockOffset.ms = Math.min(offset, this.#clockOffset.ms + 0.5);
      this.#clockPoint = { timestamp: block.timestamp, wallMs: block.ntpMs + this.#clockOffset.ms };
    }
  }
}
