import { sequenceDistance } from "./packet.ts";

/** A jump that is no loss but another stream. */
const JUMP = 1_000;
const GIVE_UP_MS = 1_500;
const MOST_TRIES = 12;
const MOST_MISSING = 400;

interface Missing {
  tries: number;
  nextMs: number;
  readonly sinceMs: number;
}

/**
 * What arrived of one stream and what did not: says which packets to ask for again, and the figures of a receiver report
 * (RFC 3550 §6.4.1, A.3, A.8).
 */
export class Reception {
  /** Extended: rises past 65,535. −1 before the first packet. */
  highest = -1;
  received = 0;
  recovered = 0;
  nacked = 0;
  #first = 0;
  readonly #missing = new Map<number, Missing>();
  #givenUp = 0;
  #jitter = 0;
  #transit = 0;
  #expectedBefore = 0;
  #receivedBefore = 0;
  #broken = false;

  /** The extended number of a packet that arrived, or −1 where it is a duplicate or hopelessly old. */
  arrive(sequence: number, nowMs: number): number {
    if (this.highest < 0) {
      this.highest = sequence;
      this.#first = sequence;
      this.received = 1;
      return sequence;
    }
    const distance = sequenceDistance(sequence, this.highest & 0xffff);
    if (distance > JUMP || distance < -JUMP) {
      this.#restart(sequence);
      return this.highest;
    }
    const extended = this.highest + distance;
    if (distance > 0) {
      for (let gap = this.highest + 1; gap < extended; gap += 1)
        this.#missing.set(gap, { tries: 0, nextMs: nowMs, sinceMs: nowMs });
      if (this.#missing.size > MOST_MISSING) {
        this.#givenUp += this.#missing.size;
        this.#missing.clear();
        this.#broken = true;
      }
      this.highest = extended;
      this.received += 1;
      return extended;
    }
    const late = this.#missing.get(extended);
    if (!late) return -1;
    this.#missing.delete(extended);
    if (late.tries > 0) this.recovered += 1;
    this.received += 1;
    return extended;
  }

  /** RFC 3550 A.8, in units of the clock. */
  measureJitter(timestamp: number, clockRate: number, nowMs: number): void {
    const transit = (nowMs * clockRate) / 1000 - timestamp;
    const difference = Math.abs(transit - this.#transit);
    this.#transit = transit;
    // A wrapped or restarted clock is no jitter.
    if (difference < clockRate * 5) this.#jitter += (difference - this.#jitter) / 16;
  }

  /** Packets to ask for now; each again after about a round trip, until it comes or is too old to be of use. */
  due(nowMs: number, roundTripMs: number): number[] {
    const due: number[] = [];
    for (const [extended, missing] of this.#missing) {
      if (nowMs - missing.sinceMs > GIVE_UP_MS || missing.tries >= MOST_TRIES) {
        this.#missing.delete(extended);
        this.#givenUp += 1;
        this.#broken = true;
      } else if (missing.nextMs <= nowMs) {
        missing.tries += 1;
        missing.nextMs = nowMs + Math.max(20, roundTripMs * 1.25);
        due.push(extended & 0xffff);
      }
    }
    this.nacked += due.length;
    return due;
  }

  /** True once after packets were given up: what refers to them cannot be decoded. */
  takeBroken(): boolean {
    const broken = this.#broken;
    this.#broken = false;
    return broken;
  }

  get lost(): number {
    return this.#givenUp + this.#missing.size;
  }

  /** Figures since the last call. */
  report(): { lostShare: number; lostTotal: number; highest: number; jitter: number } {
    const expected = this.highest < 0 ? 0 : this.highest - this.#first + 1;
    const expectedNow = expected - this.#expectedBefore;
    const receivedNow = this.received - this.#receivedBefore;
    this.#expectedBefore = expected;
    this.#receivedBefore = this.received;
    return {
      lostShare: expectedNow <= 0 ? 0 : Math.max(0, (expectedNow - receivedNow) / expectedNow),
      lostTotal: Math.max(0, expected - this.received),
      highest: Math.max(0, this.highest),
      jitter: this.#jitter,
    };
  }

  #restart(sequence: number): void {
    // Stays above everything before, with the same low 16 bits as the packet.
    this.highest = (((this.highest >> 16) + 1) << 16) + sequence;
    this.#first = this.highest;
    this.#missing.clear();
    this.received = 1;
    this.#expectedBefore = 0;
    this.#receivedBefore = 0;
    this.#broken = true;
  }
}
