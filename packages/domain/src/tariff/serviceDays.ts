import { type DayNumber, showDay } from "../calendar/day.ts";
import type { Draft } from "./bill.ts";
import type { Stop } from "./case.ts";
import type { Period } from "./caseFields.ts";
import { refuse } from "./problem.ts";

export interface Service {
  readonly energisedOn?: DayNumber | undefined;
  readonly endedOn?: DayNumber | undefined;
  readonly stops: readonly Stop[];
}

/** The charged part of a month: `days` of `monthDays`, or the whole of it. */
export type ChargedPart = { readonly whole: true } | { readonly whole: false; readonly days: number };

/**
 * Days of a billing month on which a transformer (or a supply) is charged: from the day of energising, not on the day
 * of sealing, again from the day of unsealing. A stop shorter than `minStopDays` takes nothing off. A month in which
 * every day is charged counts whole whatever its length, and no month counts more than whole.
 */
export function chargedPart(
  draft: Draft,
  service: Service,
  period: Period | undefined,
  rules: { readonly monthDays: number; readonly minStopDays: number },
  path: string,
): ChargedPart {
  const dated =
    service.energisedOn !== undefined ||
    service.endedOn !== undefined ||
    service.stops.some((stop) => "sealedOn" in stop);
  if (dated && !period) {
    throw refuse("period", `${path} 有日期,需给出计费期`, `${path} has days in it: add the \`period\` of the bill`);
  }
  if (period && dated && period.to - period.from > 31) {
    throw refuse(
      "period",
      "基本电费按月计收,计费期不得超过一个月",
      "the basic charge is by the month: give a period of one month",
    );
  }
  // Without days the month is the rule's own.
  const from = period && dated ? period.from : 0;
  const to = period && dated ? period.to : rules.monthDays - 1;
  const start = service.energisedOn ?? from;
  const end = service.endedOn ?? to + 1;
  if (end < start) throw refuse(`${path}.endedOn`, "终止早于送电", "ended before it was energised: correct the days");
  let lost = Math.min(Math.max(start - from, 0), to - from + 1) + Math.min(Math.max(to + 1 - end, 0), to - from + 1);
  let previousEnd = -Infinity;
  for (const [index, stop] of service.stops.entries()) {
    const at = `${path}.stops[${index}]`;
    const span = "days" in stop ? null : spanOf(stop, at);
    const length = "days" in stop ? stop.days : (span?.until ?? Infinity) - (span?.sealed ?? 0);
    if (span) {
      if (span.sealed < previousEnd) {
        throw refuse(`${at}.sealedOn`, "与前一次暂停重叠", "overlaps the stop before it: correct the day");
      }
      previousEnd = span.until;
    }
    if (length < rules.minStopDays) {
      draft.notes.push({
        zh: `暂停 ${length} 天,不足 ${rules.minStopDays} 天,基本电费不予扣减`,
        en: `A stop of ${length} days is shorter than ${rules.minStopDays}: nothing is taken off the basic charge`,
      });
      continue;
    }
    if (!span) {
      lost += Math.min(length, to - from + 1);
      continue;
    }
    const inside = Math.min(span.until, end, to + 1) - Math.max(span.sealed, start, from);
    lost += Math.max(0, inside);
  }
  const days = to - from + 1 - lost;
  if (days < 0) throw refuse(path, "暂停天数超过计费期", "more days stopped than the period has: correct them");
  if (lost === 0 || days >= rules.monthDays) return { whole: true };
  return { whole: false, days };
}

function spanOf(stop: Extract<Stop, { sealedOn: number }>, path: string): { sealed: number; until: number } {
  if (stop.unsealedOn !== undefined && stop.unsealedOn <= stop.sealedOn) {
    throw refuse(
      `${path}.unsealedOn`,
      `启封日须晚于加封日 ${showDay(stop.sealedOn)}`,
      `unsealed not after it was sealed (${showDay(stop.sealedOn)}): correct the days`,
    );
  }
  return { sealed: stop.sealedOn, until: stop.unsealedOn ?? Infinity };
}
