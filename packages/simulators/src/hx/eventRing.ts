import { pack } from "./fields.ts";

/** Numbered events kept in non-volatile memory until the host has asked for them (the last 64). */
export interface EventRing {
  last: number;
  events: { no: number; type: number; payloadHex: string }[];
}
export const emptyRing = (): EventRing => ({ last: 0, events: [] });

/** The caller commits the store that holds the ring. */
export const addEvent = (ring: EventRing, type: number, payload: Uint8Array = new Uint8Array()): void => {
  ring.last++;
  ring.events.push({ no: ring.last, type, payloadHex: Buffer.from(payload).toString("hex") });
  ring.events.splice(0, Math.max(0, ring.events.length - 64));
};

const newestOnly = 0xffff_ffff;
const perAnswer = 16;

/** Events after a number as POLL hands them out. `last` is the number of the last one handed out, so that none is skipped. */
export const eventsAfter = (ring: EventRing, after: number): { last: number; events: EventRing["events"] } => {
  if (after === newestOnly) return { last: ring.last, events: [] };
  const events = ring.events.filter(({ no }) => no > after).slice(0, perAnswer);
  return { last: events.at(-1)?.no ?? ring.last, events };
};

/** POLL's tail: last u32, n u8, n × (no u32, type u8, length u8, payload). */
export const packEvents = (ring: EventRing, after: number): Buffer => {
  const { last, events } = eventsAfter(ring, after);
  return Buffer.concat([
    pack(["u32", last], ["u8", events.length]),
    ...events.map(({ no, type, payloadHex }) => {
      const payload = Buffer.from(payloadHex, "hex");
      return pack(["u32", no], ["u8", type], ["u8", payload.length], ["bytes", payload]);
    }),
  ]);
};
