import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findExtension, readRtp, sequenceDistance, unwrapRtx, wrapRtx, writeAbsoluteSendTime } from "./packet.ts";
import { PacketRing } from "./packetRing.ts";
import { Reception } from "./reception.ts";
import { nack, pictureLoss, readRtcp, receiverReport, remb, senderReport } from "./rtcp.ts";
import { readVp8, vp8Size } from "./vp8.ts";

const runs = { numRuns: 200 * Number(process.env["GRIDHALL_EFFORT"] ?? 1) };

function packetOf(sequence: number, payload: Buffer, extension = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(12);
  head[0] = extension.length > 0 ? 0x90 : 0x80;
  head[1] = 0xe0;
  head.writeUInt16BE(sequence, 2);
  head.writeUInt32BE(90_000, 4);
  head.writeUInt32BE(7, 8);
  return Buffer.concat([head, extension, payload]);
}

describe("packets", () => {
  test("a retransmission is taken apart into what was wrapped", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.integer({ min: 0, max: 65_535 }), (bytes, seq) => {
        const packet = packetOf(seq, Buffer.from(bytes), Buffer.from([0xbe, 0xde, 0, 1, 0x32, 1, 2, 3]));
        const header = readRtp(packet);
        if (!header) throw new Error("unreadable");
        const wrapped = wrapRtx(packet, header, seq, { payloadType: 97, sequence: 5, timestamp: 90_000, ssrc: 8 });
        const outer = readRtp(wrapped);
        expect(outer).toMatchObject({ payloadType: 97, sequence: 5, ssrc: 8, marker: true });
        const original = outer ? unwrapRtx(wrapped, outer, 96, 7) : null;
        expect(original).toEqual(packet);
      }),
      runs,
    );
  });

  test("padding that only probes the path is no packet", () => {
    const probe = packetOf(1, Buffer.from([0, 0, 0, 4]));
    probe[0] = 0xa0;
    const header = readRtp(probe);
    expect(header?.payloadEnd).toBe(header?.payloadStart);
    expect(header ? unwrapRtx(probe, header, 96, 7) : "unread").toBeNull();
  });

  test("whatever bytes come, reading them never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        const packet = Buffer.from(bytes);
        const header = readRtp(packet);
        if (header) readVp8(packet, header.payloadStart, header.payloadEnd);
        readRtcp(packet);
        vp8Size(packet);
      }),
      { numRuns: runs.numRuns * 10 },
    );
  });

  test("the time of sending is written where its extension is", () => {
    const packet = packetOf(1, Buffer.from([1]), Buffer.from([0xbe, 0xde, 0, 2, 0x10, 9, 0x22, 0, 0, 0, 0, 0]));
    const at = findExtension(packet, 2);
    writeAbsoluteSendTime(packet, at, 3, 1_500);
    expect(findExtension(packet, 2)).toBe(-1);
    expect(findExtension(packet, 3)).toBe(at);
    expect(packet.readUIntBE(at + 1, 3)).toBe(1.5 * 0x40000);
    expect(findExtension(packet, 9)).toBe(-1);
  });

  test("the ring gives a packet back by its number and never another one", () => {
    const ring = new PacketRing(4);
    for (let sequence = 65_530; sequence < 65_540; sequence += 1)
      ring.put(sequence & 0xffff, packetOf(sequence & 0xffff, Buffer.from([1])));
    expect([65_535, 0, 3].map((sequence) => ring.get(sequence)?.readUInt16BE(2))).toEqual([undefined, 0, 3]);
  });
});

describe("feedback", () => {
  test("reads what it writes", () => {
    const compound = Buffer.concat([
      receiverReport(1, {
        ssrc: 7,
        lostShare: 0.25,
        lostTotal: 3,
        highest: 70_000,
        jitter: 12,
        lastReportMiddle: 9,
        delayMs: 500,
      }),
      senderReport({ ssrc: 7, ntpMs: 1_700_000_000_250, timestamp: 4_000_000_000, packets: 2, octets: 3 }),
      pictureLoss(1, 7),
      remb(1, 1_234_000, [7, 8]),
    ]);
    const blocks = readRtcp(compound);
    expect(blocks).toMatchObject([
      { type: "report", ssrc: 7, lostShare: 0.25, lastReportMiddle: 9, delayMs: 500 },
      { type: "sender-report", ssrc: 7, timestamp: 4_000_000_000 },
      { type: "keyframe-request", mediaSsrc: 7 },
      { type: "remb" },
    ]);
    expect(blocks[1]?.type === "sender-report" && blocks[1].ntpMs).toBeCloseTo(1_700_000_000_250, 2);
    expect(blocks[3]?.type === "remb" && blocks[3].bitsPerSecond).toBeCloseTo(1_234_000, -2);
  });

  test("[R1] asks for exactly the packets that are missing, also across the wrap", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 65_535 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 60 }),
        (base, offsets) => {
          const missing = offsets.toSorted((a, b) => a - b).map((offset) => (base + offset) & 0xffff);
          const [block] = readRtcp(nack(1, 7, missing));
          expect(block).toEqual({ type: "nack", mediaSsrc: 7, sequences: missing });
        },
      ),
      runs,
    );
  });
});

describe("reception", () => {
  test("[R1] lost packets are asked for until they come, and then never again", () => {
    const reception = new Reception();
    for (const sequence of [65_534, 65_535, 2, 3]) reception.arrive(sequence, 0);
    expect(reception.due(0, 100)).toEqual([0, 1]);
    expect(reception.due(50, 100)).toEqual([]);
    expect(reception.arrive(0, 60)).toBe(65_536);
    expect(reception.due(130, 100)).toEqual([1]);
    expect(reception.arrive(1, 140)).toBe(65_537);
    expect(reception.arrive(1, 150)).toBe(-1);
    expect(reception.due(1_000, 100)).toEqual([]);
    expect([reception.received, reception.recovered, reception.lost]).toEqual([6, 2, 0]);
    expect(reception.takeBroken()).toBe(false);
  });

  test("[R1] what does not come in time is given up, and that is told once", () => {
    const reception = new Reception();
    for (const sequence of [1, 3]) reception.arrive(sequence, 0);
    for (let nowMs = 0; nowMs < 3_000; nowMs += 20) reception.due(nowMs, 60);
    expect(reception.lost).toBe(1);
    expect([reception.takeBroken(), reception.takeBroken()]).toEqual([true, false]);
    expect(reception.report()).toMatchObject({ lostTotal: 1, lostShare: 1 / 3 });
  });

  test("[R1] packets in any order within a window are all counted once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 65_535 }), fc.shuffledSubarray([...Array(40).keys()]), (base, order) => {
        const reception = new Reception();
        reception.arrive((base - 1) & 0xffff, 0);
        for (const offset of order) reception.arrive((base + offset) & 0xffff, 1);
        expect(reception.received).toBe(1 + order.length);
        const expected = order.length === 0 ? 1 : Math.max(...order) + 2;
        expect(reception.lost).toBe(expected - 1 - order.length);
      }),
      runs,
    );
  });

  test("numbers are compared on their circle", () => {
    expect(sequenceDistance(2, 65_534)).toBe(4);
    expect(sequenceDistance(65_534, 2)).toBe(-4);
  });
});
