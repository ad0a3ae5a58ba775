import type { Note } from "./bill.ts";
import { PERIODS, type Loss } from "./caseFields.ts";
import { type Dec, HUNDRED, ZERO, add, compare, divide, mul, round, show, sign, sub, sum } from "./decimal.ts";
import { type Energy, totalOf } from "./energy.ts";

export interface WithLosses {
  readonly segments: readonly Energy[];
  readonly reactiveKvarh: Dec | null;
}

/**
 * Adds the losses of the customer's own transformer and line to energy metered behind them (高供低计). Active losses
 * are shared by the energy of each period; a percentage is of the energy metered and the losses before it.
 */
export function addLosses(
  segments: readonly Energy[],
  reactiveKvarh: Dec | null,
  losses: readonly Loss[],
  kwhDecimals: number,
  notes: Note[],
  rule: Note,
): WithLosses {
  let active = sum(segments.map(totalOf));
  let reactive = reactiveKvarh;
  let lost = ZERO;
  for (const loss of losses) {
    const share = loss.activePercent ? divide(mul(active, loss.activePercent), HUNDRED, kwhDecimals) : ZERO;
    const kwh = add(loss.activeKwh ?? ZERO, share);
    const reactiveShare = loss.reactivePercent
      ? divide(mul(reactive ?? ZERO, loss.reactivePercent), HUNDRED, kwhDecimals)
      : ZERO;
    const kvarh = add(loss.reactiveKvarh ?? ZERO, reactiveShare);
    if (sign(kvarh) !== 0) reactive = add(reactive ?? ZERO, kvarh);
    active = add(active, kwh);
    lost = add(lost, kwh);
    const name = loss.kind === "transformer" ? { zh: "变损", en: "Transformer loss" } : { zh: "线损", en: "Line loss" };
    notes.push({
      zh: `${name.zh}: 有功 ${show(kwh)} kWh,无功 ${show(kvarh)} kvarh,已计入电量(${rule.zh})`,
      en: `${name.en}: ${show(kwh)} kWh, ${show(kvarh)} kvarh, included in the energy. ${rule.en}`,
    });
  }
  return { segments: sign(lost) === 0 ? segments : share(segments, lost, kwhDecimals), reactiveKvarh: reactive };
}

/** Shares `lost` over all periods of all segments; the greatest takes what rounding leaves. */
function share(segments: readonly Energy[], lost: Dec, kwhDecimals: number): Energy[] {
  const keys = ["total", ...PERIODS] as const;
  const cells = segments.flatMap((segment, index) =>
    keys.flatMap((key) => {
      const kwh = segment[key];
      return kwh === undefined ? [] : [{ index, key, kwh }];
    }),
  );
  const all = sum(cells.map((cell) => cell.kwh));
  const result = segments.map((segment): Energy => ({ ...segment }));
  const greatest = cells.reduce<(typeof cells)[number] | null>(
    (best, cell) => (best === null || compare(cell.kwh, best.kwh) > 0 ? cell : best),
    null,
  );
  let rest = round(lost, kwhDecimals);
  for (const cell of cells) {
    if (cell === greatest || sign(all) === 0) continue;
    const part = divide(mul(lost, cell.kwh), all, kwhDecimals);
    rest = sub(rest, part);
    const target = result[cell.index];
    if (target) target[cell.key] = add(cell.kwh, part);
  }
  const target = greatest ? result[greatest.index] : undefined;
  if (greatest && target) target[greatest.key] = add(greatest.kwh, rest);
  return result;
}
