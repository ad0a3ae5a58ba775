/** RTCP: what an SFU reads and writes of RFC 3550 §6, RFC 4585 §6 (NACK, PLI), RFC 5104 (FIR) and goog-remb. */
export type RtcpBlock =
  | { type: "sender-report"; ssrc: number; ntpMs: number; ntpMiddle: number; timestamp: number }
  | { type: "report"; ssrc: number; lostShare: number; lastReportMiddle: number; delayMs: number }
  | { type: "nack"; mediaSsrc: number; sequences: number[] }
  | { type: "keyframe-request"; mediaSsrc: number }
  | { type: "remb"; bitsPerSecond: number };

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const TRANSPORT_FEEDBACK = 205;
const PAYLOAD_FEEDBACK = 206;
/** From 1900 (NTP) to 1970. */
const NTP_OFFSET_S = 2_208_988_800;

/** All blocks of a compound packet that mean something here; a broken tail is dropped. */
export function readRtcp(packet: Buffer): RtcpBlock[] {
  const blocks: RtcpBlock[] = [];
  let at = 0;
  while (at + 4 <= packet.length) {
    const count = (packet[at] ?? 0) & 0x1f;
    const type = packet[at + 1] ?? 0;
    const end = at + 4 + packet.readUInt16BE(at + 2) * 4;
    if (end > packet.length) break;
    readOne(packet.subarray(at, end), type, count, blocks);
    at = end;
  }
  return blocks;
}

function readOne(block: Buffer, type: number, count: number, blocks: RtcpBlock[]): void {
  if (type === SENDER_REPORT && block.length >= 28) {
    blocks.push({
      type: "sender-report",
      ssrc: block.readUInt32BE(4),
      ntpMs: (block.readUInt32BE(8) - NTP_OFFSET_S) * 1000 + (block.readUInt32BE(12) / 0x1_0000_0000) * 1000,
      ntpMiddle: block.readUInt32BE(10),
      timestamp: block.readUInt32BE(16),
    });
    readReports(block, 28, count, blocks);
  } else if (type === RECEIVER_REPORT) readReports(block, 8, count, blocks);
  else if (type === TRANSPORT_FEEDBACK && count === 1 && block.length >= 16) {
    const sequences: number[] = [];
    for (let at = 12; at + 4 <= block.length; at += 4) {
      const base = block.readUInt16BE(at);
      const bits = block.readUInt16BE(at + 2);
      sequences.push(base);
      for (let bit = 0; bit < 16; bit += 1) if (bits & (1 << bit)) sequences.push((base + bit + 1) & 0xffff);
    }
    blocks.push({ type: "nack", mediaSsrc: block.readUInt32BE(8), sequences });
  } else if (type === PAYLOAD_FEEDBACK && block.length >= 12) readPayloadFeedback(block, count, blocks);
}

function readReports(block: Buffer, start: number, count: number, blocks: RtcpBlock[]): void {
  for (let index = 0; index < count; index += 1) {
    const at = start + index * 24;
    if (at + 24 > block.length) return;
    blocks.push({
      type: "report",
      ssrc: block.readUInt32BE(at),
      lostShare: (block[at + 4] ?? 0) / 256,
      lastReportMiddle: block.readUInt32BE(at + 16),
      delayMs: (block.readUInt32BE(at + 20) / 65_536) * 1000,
    });
  }
}

function readPayloadFeedback(block: Buffer, format: number, blocks: RtcpBlock[]): void {
  if (format === 1) blocks.push({ type: "keyframe-request", mediaSsrc: block.readUInt32BE(8) });
  else if (format === 4 && block.length >= 20)
    blocks.push({ type: "keyframe-request", mediaSsrc: block.readUInt32BE(12) });
  else if (format === 15 && block.length >= 20 && block.toString("latin1", 12, 16) === "REMB") {
    const exponent = (block[17] ?? 0) >> 2;
    const mantissa = (((block[17] ?? 0) & 0x03) << 16) | block.readUInt16BE(18);
    blocks.push({ type: "remb", bitsPerSecond: mantissa * 2 ** exponent });
  }
}

function head(words: number, type: number, count: number): Buffer {
  const block = Buffer.alloc((words + 1) * 4);
  block[0] = 0x80 | count;
  block[1] = type;
  block.writeUInt16BE(words, 2);
  return block;
}

export function senderReport(report: {
  ssrc: number;
  ntpMs: number;
  timestamp: number;
  packets: number;
  octets: number;
}): Buffer {
  const block = head(6, SENDER_REPORT, 0);
  const seconds = Math.floor(report.ntpMs / 1000);
  block.writeUInt32BE(report.ssrc, 4);
  block.writeUInt32BE((seconds + NTP_OFFSET_S) >>> 0, 8);
  block.writeUInt32BE(Math.floor(((report.ntpMs - seconds * 1000) / 1000) * 0x1_0000_0000) >>> 0, 12);
  block.writeUInt32BE(report.timestamp >>> 0, 16);
  block.writeUInt32BE(report.packets >>> 0, 20);
  block.writeUInt32BE(report.octets >>> 0, 24);
  return block;
}

export function receiverReport(
  ownSsrc: number,
  report: {
    ssrc: number;
    lostShare: number;
    lostTotal: number;
    highest: number;
    jitter: number;
    lastReportMiddle: number;
    delayMs: number;
  },
): Buffer {
  const block = head(7, RECEIVER_REPORT, 1);
  block.writeUInt32BE(ownSsrc, 4);
  block.writeUInt32BE(report.ssrc, 8);
  block[12] = Math.min(255, Math.round(report.lostShare * 256));
  block.writeIntBE(Math.max(-0x800000, Math.min(0x7fffff, report.lostTotal)), 13, 3);
  block.writeUInt32BE(report.highest >>> 0, 16);
  block.writeUInt32BE(Math.round(report.jitter) >>> 0, 20);
  block.writeUInt32BE(report.lastReportMiddle >>> 0, 24);
  block.writeUInt32BE(report.lastReportMiddle === 0 ? 0 : Math.round((report.delayMs / 1000) * 65_536) >>> 0, 28);
  return block;
}

/** Asks for these packets again. `sequences` in ascending order on the circle. */
export function nack(ownSsrc: number, mediaSsrc: number, sequences: readonly number[]): Buffer {
  const pairs: { base: number; bits: number }[] = [];
  for (const sequence of sequences) {
    const last = pairs.at(-1);
    const distance = last ? (sequence - last.base) & 0xffff : 0;
    if (last && distance >= 1 && distance <= 16) last.bits |= 1 << (distance - 1);
    else pairs.push({ base: sequence, bits: 0 });
  }
  const block = head(2 + pairs.length, TRANSPORT_FEEDBACK, 1);
  block.writeUInt32BE(ownSsrc, 4);
  block.writeUInt32BE(mediaSsrc, 8);
  pairs.forEach(({ base, bits }, index) => {
    block.writeUInt16BE(base, 12 + index * 4);
    block.writeUInt16BE(bits, 14 + index * 4);
  });
  return block;
}

export function pictureLoss(ownSsrc: number, mediaSsrc: number): Buffer {
  const block = head(2, PAYLOAD_FEEDBACK, 1);
  block.writeUInt32BE(ownSsrc, 4);
  block.writeUInt32BE(mediaSsrc, 8);
  return block;
}

/** Receiver's estimate: how much these streams together may send. */
export function remb(ownSsrc: number, bitsPerSecond: number, ssrcs: readonly number[]): Buffer {
  const block = head(4 + ssrcs.length, PAYLOAD_FEEDBACK, 15);
  let exponent = 0;
  let mantissa = Math.floor(bitsPerSecond);
  while (mantissa > 0x3ffff) {
    mantissa = Math.floor(mantissa / 2);
    exponent += 1;
  }
  block.writeUInt32BE(ownSsrc, 4);
  block.write("REMB", 12, "latin1");
  block[16] = ssrcs.length;
  block[17] = (exponent << 2) | (mantissa >> 16);
  block.writeUInt16BE(mantissa & 0xffff, 18);
  ssrcs.forEach((ssrc, index) => block.writeUInt32BE(ssrc, 20 + index * 4));
  return block;
}
