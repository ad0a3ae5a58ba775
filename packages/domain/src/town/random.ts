/**
 * Deterministic randomness: the same seed gives the same town on every machine. sfc32 (Doty-Humphrey), seeded from text
 * by FNV-1a. Only integer and basic double operations are used, which ECMAScript defines to the bit.
 */
export interface Random {
  /** Uniform in 0 ≤ x < 1. */
  next(): number;
  /** Uniform integer, both ends included. */
  integer(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
  /** True with this probability. */
  chance(probability: number): boolean;
  /** Around 1, bell-shaped, between 1 − spread and 1 + spread. */
  around(spread: number): number;
}

export function hashSeed(seed: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < seed.length; index += 1) {
    hash ^= seed.charCodeAt(index);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

/** A stream of its own for each `stream` number, so that one account does not depend on how another came about. */
export function createRandom(seed: number, stream: number): Random {
  let a = seed | 0;
  let b = stream | 0;
  let c = 0x9e3779b9 | 0;
  let counter = 1;
  const draw = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let round = 0; round < 15; round += 1) draw();
  const next = (): number => draw() / 4_294_967_296;
  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick<T>(items: readonly T[]): T {
      const item = items[Math.floor(next() * items.length)];
      if (item === undefined) throw new RangeError("nothing to pick from");
      return item;
    },
    chance: (probability) => next() < probability,
    around: (spread) => 1 + ((next() + next() + next()) / 1.5 - 1) * spread,
  };
}
