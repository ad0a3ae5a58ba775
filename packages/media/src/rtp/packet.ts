/** RTP packets (RFC 3550 §5.1, RFC 8285) read and rewritten in place: this is the hot path of every call. */
export interface RtpHeader {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly ssrc: number;
  readonly payloadStart: number;
  /** Padding excluded. */
  readonly payloadEnd: number;
}

const FIXED_BYTES = 12;

/** RTP and RTCP share a port; these packet types are RTCP's (RFC 5761 §4). */
export function isRtcp(packet: Buffer): boolean {
  const second = packet[1] ?? 0;
  return second >= 192 && second <= 223;
}

/** Null where this is no RTP packet. */
export function readRtp(packet: Buffer): RtpHeader | null {
  if (packet.length < FIXED_BYTES) return null;
  const first = packet[0] ?? 0;
  if (first >> 6 !== 2) return null;
  const second = packet[1] ?? 0;
  let payloadStart = FIXED_BYTES + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (payloadStart + 4 > packet.length) return null;
    payloadStart += 4 + packet.readUInt16BE(payloadStart + 2) * 4;
  }
  let payloadEnd = packet.length;
  if (first & 0x20) payloadEnd -= packet[packet.length - 1] ?? 0;
  if (payloadStart > packet.length || payloadEnd < payloadStart) return null;
  return {
    payloadType: second & 0x7f,
    marker: (second & 0x80) !== 0,
    sequence: packet.readUInt16BE(2),
    timestamp: packet.readUInt32BE(4),
    ssrc: packet.readUInt32BE(8),
    payloadStart,
    payloadEnd,
  };
}

/** The marker bit stays. */
export function writeRtp(packet: Buffer, payloadType: number, sequence: number, timestamp: number, ssrc: number): void {
  packet[1] = ((packet[1] ?? 0) & 0x80) | payloadType;
  packet.writeUInt16BE(sequence, 2);
  packet.writeUInt32BE(timestamp, 4);
  packet.writeUInt32BE(ssrc, 8);
}

/** Where the one-byte header extension of this id begins, or −1 (RFC 8285 §4.2). */
export function findExtension(packet: Buffer, id: number): number {
  const first = packet[0] ?? 0;
  if (!(first & 0x10)) return -1;
  let at = FIXED_BYTES + (first & 0x0f) * 4;
  if (packet.readUInt16BE(at) !== 0xbede) return -1;
  const end = Math.min(packet.length, at + 4 + packet.readUInt16BE(at + 2) * 4);
  at += 4;
  while (at < end) {
    const byte = packet[at] ?? 0;
    if (byte === 0) {
      at += 1;
      continue;
    }
    if (byte >> 4 === id) return at;
    at += 2 + (byte & 0x0f);
  }
  return -1;
}

/** abs-send-time: seconds as 6.18 fixed point, in 24 bits. */
export function writeAbsoluteSendTime(packet: Buffer, at: number, id: number, nowMs: number): void {
  packet[at] = (id << 4) | 2;
  packet.writeUIntBE(Math.floor(((nowMs % 64_000) / 1000) * 0x40000) & 0xffffff, at + 1, 3);
}

/** The original of a retransmission (RFC 4588 §4), or null where it is only padding to probe the path. */
export function unwrapRtx(packet: Buffer, header: RtpHeader, payloadType: number, ssrc: number): Buffer | null {
  if (header.payloadEnd - header.payloadStart < 3) return null;
  const original = Buffer.allocUnsafe(header.payloadEnd - 2);
  packet.copy(original, 0, 0, header.payloadStart);
  packet.copy(original, header.payloadStart, header.payloadStart + 2, header.payloadEnd);
  original[0] = (original[0] ?? 0) & ~0x20;
  writeRtp(original, payloadType, packet.readUInt16BE(header.payloadStart), header.timestamp, ssrc);
  return original;
}

/** A retransmission of a packet that was sent as `sequence`; `sequence` of the retransmission itself is `rtxSequence`. */
export function wrapRtx(
  packet: Buffer,
  header: RtpHeader,
  sequence: number,
  rtx: { payloadType: number; sequence: number; timestamp: number; ssrc: number },
): Buffer {
  const wrapped = Buffer.allocUnsafe(header.payloadEnd + 2);
  packet.copy(wrapped, 0, 0, header.payloadStart);
  wrapped[0] = (wrapped[0] ?? 0) & ~0x20;
  writeRtp(wrapped, rtx.payloadType, rtx.sequence, rtx.timestamp, rtx.ssrc);
  wrapped.writeUInt16BE(sequence, header.payloadStart);
  packet.copy(wrapped, header.payloadStart + 2, header.payloadStart, header.payloadEnd);
  return wrapped;
}

/** `a` − `b` on the circle of 16-bit numbers: positive where `a` comes after `b`. */
export function sequenceDistance(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** `a` − `b` on the circle of 32-bit numbers. */
export function timestampDistance(a: number, b: number): number {
  return (a - b) | 0;
}
