import type { TrackId } from "@gridhall/domain/media/schema.ts";
import {
  findExtension,
  type RtpHeader,
  readRtp,
  sequenceDistance,
  timestampDistance,
  wrapRtx,
  writeAbsoluteSendTime,
  writeRtp,
} from "../rtp/packet.ts";
import { senderReport } from "../rtp/rtcp.ts";
import type { Vp8Descriptor } from "../rtp/vp8.ts";
import { readVp8 } from "../rtp/vp8.ts";
import type { PublishedTrack } from "./publishedTrack.ts";
import type { TrackSender } from "./transport.ts";

export const VIDEO_PAYLOAD = 96;
export const RTX_PAYLOAD = 97;
export const AUDIO_PAYLOAD = 111;
export const ABS_SEND_TIME_ID = 3;
/** Packets after which nothing from before a switch of sources can still be under way. */
const HALF_CIRCLE = 0x8000 - 2_048;

export interface SlotLine {
  readonly mid: string;
  readonly media: "audio" | "video";
  readonly ssrc: number;
  readonly rtxSsrc: number;
  readonly sender: TrackSender;
}

/**
 * One media line towards a subscriber. Its SSRC, numbers and timestamps run on while the track behind it changes, so that a
 * change of what is received needs no negotiation.
 */
export class Slot {
  readonly line: SlotLine;
  /** What the subscriber asked for; the source may come later than the wish. */
  trackId: TrackId | null = null;
  bytesSent = 0;
  #source: PublishedTrack | null = null;
  #started = false;
  #sequenceOffset = 0;
  #timestampOffset = 0;
  #pictureOffset = 0;
  #tl0Offset = 0;
  #firstSequence = 0;
  #last = { sequence: 0, timestamp: 0, atMs: 0, picture: 0, tl0: 0 };
  #packets = 0;
  #octets = 0;
  #rtxSequence = 0;

  constructor(line: SlotLine) {
    this.line = line;
  }

  get source(): PublishedTrack | null {
    return this.#source;
  }

  bind(source: PublishedTrack | null): void {
    if (source === this.#source) return;
    this.#source?.slots.delete(this);
    this.#source = source;
    this.#started = false;
    if (!source) return;
    source.slots.add(this);
    // A keyframe before the line stands would be wasted, and the next one only comes after a while.
    if (this.line.sender.isOpen) source.askKeyframe();
  }

  /** The packet is changed in place; its owner restores what it wants to keep. False where nothing was sent. */
  forward(packet: Buffer, header: RtpHeader, vp8: Vp8Descriptor | null, nowMs: number): boolean {
    const source = this.#source;
    if (!source || !this.line.sender.isOpen) return false;
    if (!this.#started && !this.#start(source, packet, header, vp8, nowMs)) return false;
    // From before the switch: its number belongs to what was sent earlier. (After half a circle nothing that old exists.)
    if (sequenceDistance(header.sequence, this.#firstSequence) < 0 && this.#packets < HALF_CIRCLE) return false;
    const sequence = (header.sequence + this.#sequenceOffset) & 0xffff;
    const timestamp = (header.timestamp + this.#timestampOffset) >>> 0;
    const video = source.stream.media === "video";
    writeRtp(packet, video ? VIDEO_PAYLOAD : AUDIO_PAYLOAD, sequence, timestamp, this.line.ssrc);
    this.#stampSendTime(packet, nowMs);
    const picture = vp8 && vp8.pictureIdAt >= 0 ? packet.readUInt16BE(vp8.pictureIdAt) : 0;
    const tl0 = vp8 && vp8.tl0PictureAt >= 0 ? (packet[vp8.tl0PictureAt] ?? 0) : 0;
    if (vp8) this.#writePicture(packet, vp8, picture, tl0);
    const sent = this.line.sender.send(packet);
    if (vp8) this.#restorePicture(packet, vp8, picture, tl0);
    if (!sent) return false;
    this.#packets += 1;
    this.#octets += header.payloadEnd - header.payloadStart;
    this.bytesSent += packet.length;
    if (sequenceDistance(sequence, this.#last.sequence) > 0) {
      this.#last.sequence = sequence;
      this.#last.timestamp = timestamp;
      this.#last.atMs = nowMs;
      if (vp8) {
        this.#last.picture = (picture + this.#pictureOffset) & 0x7fff;
        this.#last.tl0 = (tl0 + this.#tl0Offset) & 0xff;
      }
    }
    return true;
  }

  /** Sends again what the subscriber missed, on the retransmission stream. */
  resend(sequences: readonly number[], nowMs: number): void {
    const source = this.#source;
    if (!source || !this.#started || source.stream.media === "audio") return;
    for (const sequence of sequences) {
      const original = (sequence - this.#sequenceOffset) & 0xffff;
      if (sequenceDistance(original, this.#firstSequence) < 0 && this.#packets < HALF_CIRCLE) continue;
      const packet = source.ring.get(original);
      const header = packet ? readRtp(packet) : null;
      if (!packet || !header) continue;
      this.#rtxSequence = (this.#rtxSequence + 1) & 0xffff;
      const wrapped = wrapRtx(packet, header, sequence, {
        payloadType: RTX_PAYLOAD,
        sequence: this.#rtxSequence,
        timestamp: (header.timestamp + this.#timestampOffset) >>> 0,
        ssrc: this.line.rtxSsrc,
      });
      this.#stampSendTime(wrapped, nowMs);
      const vp8 = readVp8(wrapped, header.payloadStart + 2, wrapped.length);
      if (vp8) {
        const picture = vp8.pictureIdAt >= 0 ? wrapped.readUInt16BE(vp8.pictureIdAt) : 0;
        this.#writePicture(wrapped, vp8, picture, wrapped[vp8.tl0PictureAt] ?? 0);
      }
      if (this.line.sender.send(wrapped)) {
        this.bytesSent += wrapped.length;
        source.countResent();
      }
    }
  }

  /** On this machine's wall clock, so that tracks of all publishers fit together at the subscriber. */
  report(nowMs: number, wallMs: number): void {
    if (!this.#started || this.#packets === 0 || !this.#source) return;
    const clock = this.#source.clockPoint;
    const timestamp = clock
      ? clock.timestamp + this.#timestampOffset + Math.round(((wallMs - clock.wallMs) * this.#source.clockRate) / 1000)
      : this.#last.timestamp + Math.round(((nowMs - this.#last.atMs) * this.#source.clockRate) / 1000);
    this.line.sender.send(
      senderReport({ ssrc: this.line.ssrc, ntpMs: wallMs, timestamp, packets: this.#packets, octets: this.#octets }),
    );
  }

  #start(source: PublishedTrack, packet: Buffer, header: RtpHeader, vp8: Vp8Descriptor | null, nowMs: number): boolean {
    if (source.stream.media === "video" && !vp8?.keyframe) {
      source.askKeyframe();
      return false;
    }
    this.#started = true;
    this.#firstSequence = header.sequence;
    this.#sequenceOffset = (this.#last.sequence + 1 - header.sequence) & 0xffff;
    const elapsed = this.#last.atMs === 0 ? 0 : Math.round(((nowMs - this.#last.atMs) * source.clockRate) / 1000);
    this.#timestampOffset = timestampDistance(this.#last.timestamp + Math.max(1, elapsed), header.timestamp);
    if (vp8) {
      const picture = vp8.pictureIdAt >= 0 ? packet.readUInt16BE(vp8.pictureIdAt) & 0x7fff : 0;
      this.#pictureOffset = (this.#last.picture + 1 - picture) & 0x7fff;
      this.#tl0Offset = vp8.tl0PictureAt >= 0 ? (this.#last.tl0 + 1 - (packet[vp8.tl0PictureAt] ?? 0)) & 0xff : 0;
    }
    this.#packets = 0;
    this.#octets = 0;
    return true;
  }

  #stampSendTime(packet: Buffer, nowMs: number): void {
    const theirs = this.#source?.stream.absSendTimeId;
    if (theirs === null || theirs === undefined) return;
    let at = findExtension(packet, theirs);
    if (at < 0) at = findExtension(packet, ABS_SEND_TIME_ID);
    if (at >= 0) writeAbsoluteSendTime(packet, at, ABS_SEND_TIME_ID, nowMs);
  }

  #writePicture(packet: Buffer, vp8: Vp8Descriptor, picture: number, tl0: number): void {
    if (vp8.pictureIdAt >= 0)
      packet.writeUInt16BE(0x8000 | ((picture + this.#pictureOffset) & 0x7fff), vp8.pictureIdAt);
    if (vp8.tl0PictureAt >= 0) packet[vp8.tl0PictureAt] = (tl0 + this.#tl0Offset) & 0xff;
  }

  #restorePicture(packet: Buffer, vp8: Vp8Descriptor, picture: number, tl0: number): void {
    if (vp8.pictureIdAt >= 0) packet.writeUInt16BE(picture, vp8.pictureIdAt);
    if (vp8.tl0PictureAt >= 0) packet[vp8.tl0PictureAt] = tl0;
  }
}
