import { type DayNumber, civilOf, two } from "../calendar/day.ts";
import type { Period } from "./caseFields.ts";
import type { Segment } from "./energy.ts";
import { refuse } from "./problem.ts";

/** The parts of a period between days on which a price changes. Throws for a change outside the period. */
export function segmentsOf(period: Period | undefined, changes: readonly DayNumber[], path: string): Segment[] {
  if (!period) {
    if (changes.length > 0) {
      throw refuse("period", "电价变动需给出计费期", "a change of price needs the period of the bill: add `period`");
    }
    return [{ from: null, to: null }];
  }
  const starts = [period.from, ...changes];
  return starts.map((from, index) => {
    const next = starts[index + 1];
    if (index > 0 && (from <= (starts[index - 1] ?? from) || from > period.to)) {
      throw refuse(
        `${path}[${index - 1}].from`,
        "变动日须在计费期内并按先后排列",
        "a change must lie inside the period (after its first day), in order of days",
      );
    }
    return { from, to: next === undefined ? period.to : next - 1 };
  });
}

/** `(07-15至07-31)` where there are several segments, nothing where there is one. */
export function segmentSuffix(segment: Segment, count: number): { zh: string; en: string } {
  if (count === 1 || segment.from === null || segment.to === null) return { zh: "", en: "" };
  const [from, to] = [civilOf(segment.from), civilOf(segment.to)];
  const a = `${two(from.month)}-${two(from.day)}`;
  const b = `${two(to.month)}-${two(to.day)}`;
  return { zh: `(${a}至${b})`, en: ` (${a} to ${b})` };
}

export const PERIOD_NAMES = {
  total: { zh: "电度", en: "Energy" },
  sharp: { zh: "尖峰", en: "Sharp peak" },
  peak: { zh: "峰段", en: "Peak" },
  flat: { zh: "平段", en: "Flat" },
  valley: { zh: "谷段", en: "Valley" },
  deepValley: { zh: "深谷", en: "Deep valley" },
} as const;
