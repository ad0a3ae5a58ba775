/** Seeded pseudo-random numbers (xorshift32), so that a failing storm can be lived through again. */
export const randomOf = (seed: number): (() => number) => {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4_294_967_296;
  };
};
