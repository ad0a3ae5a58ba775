/** Payload descriptor of VP8 over RTP (RFC 7741 §4.2) and the head of a VP8 frame (RFC 6386 §9.1). */
export interface Vp8Descriptor {
  /** Where the frame's own bytes begin in the packet. */
  readonly dataStart: number;
  /** First packet of a frame. */
  readonly startsFrame: boolean;
  readonly keyframe: boolean;
  /** Offset of a 15-bit picture id, −1 where there is none. */
  readonly pictureIdAt: number;
  readonly tl0PictureAt: number;
}

export function readVp8(packet: Buffer, payloadStart: number, payloadEnd: number): Vp8Descriptor | null {
  if (payloadStart >= payloadEnd) return null;
  const first = packet[payloadStart] ?? 0;
  let at = payloadStart + 1;
  let pictureIdAt = -1;
  let tl0PictureAt = -1;
  if (first & 0x80) {
    const flags = packet[at] ?? 0;
    at += 1;
    if (flags & 0x80) {
      if ((packet[at] ?? 0) & 0x80) {
        pictureIdAt = at;
        at += 2;
      } else at += 1;
    }
    if (flags & 0x40) {
      tl0PictureAt = at;
      at += 1;
    }
    if (flags & 0x30) at += 1;
  }
  if (at >= payloadEnd) return null;
  const startsFrame = (first & 0x10) !== 0 && (first & 0x07) === 0;
  return {
    dataStart: at,
    startsFrame,
    keyframe: startsFrame && ((packet[at] ?? 1) & 0x01) === 0,
    pictureIdAt,
    tl0PictureAt,
  };
}

/** Size of a keyframe's picture; null for other frames. */
export function vp8Size(frame: Buffer): { width: number; height: number } | null {
  if (frame.length < 10 || ((frame[0] ?? 1) & 1) !== 0) return null;
  if (frame[3] !== 0x9d || frame[4] !== 0x01 || frame[5] !== 0x2a) return null;
  return { width: frame.readUInt16LE(6) & 0x3fff, height: frame.readUInt16LE(8) & 0x3fff };
}
