import { type RtpHeader, sequenceDistance, timestampDistance } from "../rtp/packet.ts";
import { readVp8 } from "../rtp/vp8.ts";

/** A coded frame, still on the clock of its stream. */
export interface CodedFrame {
  /** Unwrapped: goes on past 32 bits. */
  readonly timestamp: number;
  readonly arrivedMs: number;
  readonly keyframe: boolean;
  readonly data: Buffer;
}

interface Waiting {
  readonly packet: Buffer;
  readonly header: RtpHeader;
  readonly arrivedMs: number;
}

/** As long as a packet may still come by retransmission. */
const WAIT_MS = 600;

/**
 * Packets of one stream, in whatever order, to frames in order. After a hole that was not filled in time nothing is
 * given out before the next keyframe, because it could not be decoded.
 */
export class TrackFrames {
  readonly ssrc: number;
  /** True while a keyframe is needed to go on. */
  needsKeyframe: boolean;
  /** Holes that stayed. */
  holes = 0;
  readonly #video: boolean;
  readonly #waiting = new Map<number, Waiting>();
  #next = -1;
  #highest = -1;
  #timestamp = { raw: 0, unwrapped: 0, seen: false };
  #parts: Buffer[] = [];
  #keyframe = false;

  constructor(ssrc: number, video: boolean) {
    this.ssrc = ssrc;
    this.#video = video;
    this.needsKeyframe = video;
  }

  /** Keeps the packet: its payload may not change any more. */
  push(packet: Buffer, header: RtpHeader, arrivedMs: number): void {
    if (this.#highest < 0) {
      this.#highest = header.sequence;
      this.#next = header.sequence;
    }
    const extended = this.#highest + sequenceDistance(header.sequence, this.#highest & 0xffff);
    if (extended < this.#next) return;
    if (extended > this.#highest) this.#highest = extended;
    this.#waiting.set(extended, { packet, header, arrivedMs });
  }

  /** Frames that are complete. */
  take(nowMs: number): CodedFrame[] {
    const frames: CodedFrame[] = [];
    while (this.#waiting.size > 0) {
      const waiting = this.#waiting.get(this.#next);
      if (waiting) {
        this.#waiting.delete(this.#next);
        this.#next += 1;
        this.#append(waiting, frames);
        continue;
      }
      const oldest = Math.min(...this.#waiting.keys());
      const since = this.#waiting.get(oldest)?.arrivedMs ?? nowMs;
      if (nowMs - since < WAIT_MS) break;
      this.holes += 1;
      this.#next = oldest;
      this.#parts = [];
      if (this.#video) this.needsKeyframe = true;
    }
    return frames;
  }

  #append({ packet, header, arrivedMs }: Waiting, frames: CodedFrame[]): void {
    if (header.payloadEnd <= header.payloadStart) return;
    if (!this.#video) {
      frames.push({
        timestamp: this.#unwrap(header.timestamp),
        arrivedMs,
        keyframe: true,
        data: packet.subarray(header.payloadStart, header.payloadEnd),
      });
      return;
    }
    const vp8 = readVp8(packet, header.payloadStart, header.payloadEnd);
    if (!vp8) return;
    if (vp8.startsFrame) {
      this.#parts = [];
      this.#keyframe = vp8.keyframe;
    } else if (this.#parts.length === 0) return;
    this.#parts.push(packet.subarray(vp8.dataStart, header.payloadEnd));
    if (!header.marker) return;
    const data = Buffer.concat(this.#parts);
    this.#parts = [];
    if (this.#keyframe) this.needsKeyframe = false;
    if (this.needsKeyframe) return;
    frames.push({ timestamp: this.#unwrap(header.timestamp), arrivedMs, keyframe: this.#keyframe, data });
  }

  #unwrap(raw: number): number {
    const { seen } = this.#timestamp;
    const unwrapped = seen ? this.#timestamp.unwrapped + timestampDistance(raw, this.#timestamp.raw) : raw;
    this.#timestamp = { raw, unwrapped, seen: true };
    return unwrapped;
  }
}
