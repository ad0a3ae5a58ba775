/** The acceptor's mouth: volatile, so that a power-up starts with it shut. */
export interface Mouth {
  open: (denominationsFen: readonly number[]) => void;
  shut: () => void;
  /** The host asked something: it is alive. */
  heardHost: () => void;
  isOpen: () => boolean;
  takes: (denominationFen: number) => boolean;
  enabledFen: () => readonly number[];
}

/** Nobody asks, nobody credits: after so long without a host the mouth shuts by itself. */
const forsakenMs = 5_000;

export const createMouth = (now: () => number): Mouth => {
  let enabled: readonly number[] = [];
  let heardAt = 0;
  const forsaken = (): boolean => now() - heardAt > forsakenMs;
  return {
    open: (denominationsFen) => (enabled = denominationsFen),
    shut: () => (enabled = []),
    heardHost: () => {
      // A host that comes back after a while finds shut what it had opened.
      if (forsaken()) enabled = [];
      heardAt = now();
    },
    isOpen: () => enabled.length > 0 && !forsaken(),
    takes: (denominationFen) => enabled.includes(denominationFen),
    enabledFen: () => enabled,
  };
};
