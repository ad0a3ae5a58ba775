/** What is wrong with a case, where, and what to do about it; in both languages, because a clerk reads it too. */
export interface TariffProblem {
  /** Path of the field in the case: `usage.meters[0].registers.total.to`; empty for the case as a whole. */
  readonly path: string;
  readonly zh: string;
  readonly en: string;
}

/** Thrown for a case that cannot be priced: bad input, never a fault of the engine. */
export class TariffError extends Error {
  readonly problems: readonly TariffProblem[];

  constructor(problems: readonly TariffProblem[]) {
    super(problems.map((problem) => `${problem.path === "" ? "case" : problem.path}: ${problem.en}`).join("; "));
    this.name = "TariffError";
    this.problems = problems;
  }
}

export function refuse(path: string, zh: string, en: string): TariffError {
  return new TariffError([{ path, zh, en }]);
}
