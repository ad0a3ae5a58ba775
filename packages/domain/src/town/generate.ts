import { parseDay } from "../calendar/day.ts";
import { historyOf } from "./history.ts";
import { KNOWN_SKETCHES } from "./known.ts";
import { monthsBefore } from "./months.ts";
import { hashSeed } from "./random.ts";
import type { AccountHistory, Town } from "./schema.ts";
import { sketchOf } from "./sketch.ts";
import { HALLS, KIOSKS, UNITS } from "./units.ts";

export interface TownOptions {
  /** Any text; the same text gives the same town. */
  readonly seed: string;
  /** Today, `YYYY-MM-DD`: readings and bills end with the month before it. */
  readonly asOf: string;
  /** Accounts in all, the known ones among them; 5,000 unless told. */
  readonly accounts?: number;
  /** Billed months; 24 unless told. */
  readonly months?: number;
}

/**
 * The demo's town. Pure and deterministic; `histories()` makes the accounts one by one, each from a random stream of
 * its own, and can be gone through any number of times. Throws `RangeError` for a day that is none.
 */
export function generateTown(options: TownOptions): Town {
  const seed = hashSeed(options.seed);
  const count = options.accounts ?? 5000;
  const months = monthsBefore(options.asOf, options.months ?? 24);
  const today = parseDay(options.asOf);
  if (today === null) throw new RangeError(`not a day: ${options.asOf}`);
  return {
    units: UNITS,
    halls: HALLS,
    kiosks: KIOSKS,
    *histories(): Generator<AccountHistory> {
      for (let index = 0; index < count; index += 1) {
        yield historyOf(KNOWN_SKETCHES[index] ?? sketchOf(seed, index), seed, months, today);
      }
    },
  };
}
