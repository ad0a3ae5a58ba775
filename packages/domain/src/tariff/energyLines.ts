import { type Draft, lineOf } from "./bill.ts";
import { PERIODS } from "./caseFields.ts";
import { type Dec, mul, show, sign, sum, toFen } from "./decimal.ts";
import { type Energy, totalOf } from "./energy.ts";
import { type EnergyPrice, withoutLevies } from "./prices.ts";
import { PERIOD_NAMES } from "./segments.ts";

/**
 * Lines for energy at some prices. With `included` levies each period is charged and rounded at its all-in price and
 * the levies are only noted; with `separate` ones each levy is a line of its own.
 * Returns the fen that the power-factor adjustment is worked out on: the lines without levies.
 */
export function energyLines(
  draft: Draft,
  energy: Energy,
  price: EnergyPrice,
  options: {
    readonly levyLines: "included" | "separate";
    readonly code: string;
    readonly zh: string;
    readonly en: string;
    readonly suffix: { readonly zh: string; readonly en: string };
  },
): number {
  const { suffix } = options;
  let fen = 0;
  const periods = (["total", ...PERIODS] as const).filter((period) => energy[period] !== undefined);
  for (const period of periods) {
    const kwh = energy[period];
    if (kwh === undefined || (sign(kwh) === 0 && periods.length > 1)) continue;
    const unitPrice = options.levyLines === "included" ? price.allIn(period) : withoutLevies(price, period);
    const amountFen = toFen(mul(kwh, unitPrice));
    fen += amountFen;
    const name = PERIOD_NAMES[period];
    draft.lines.push(
      lineOf({
        code: period === "total" ? options.code : `${options.code}-${period}`,
        zh: `${options.zh}${name.zh}电费${suffix.zh}`,
        en: `${options.en}${name.en}${suffix.en}`,
        quantity: kwh,
        unit: "kWh",
        price: unitPrice,
        amountFen,
        rule: price.rule,
      }),
    );
  }
  return fen - levies(draft, totalOf(energy), price, options);
}

/** Lines or notes for the levies; returns what of them is inside the energy lines. */
function levies(
  draft: Draft,
  kwh: Dec,
  price: EnergyPrice,
  options: { levyLines: "included" | "separate"; suffix: { zh: string; en: string }; zh: string; en: string },
): number {
  const amounts = price.levies.map((levy) => {
    const amountFen = toFen(mul(kwh, levy.priceYuan));
    const zh = `${options.zh}${levy.zh}${options.suffix.zh}`;
    const en = `${options.en}${levy.en}${options.suffix.en}`;
    if (options.levyLines === "included") {
      draft.included.push({
        code: levy.code,
        zh,
        en,
        quantity: show(kwh),
        priceYuan: show(levy.priceYuan),
        amountFen,
      });
      return amountFen;
    }
    draft.lines.push(
      lineOf({
        code: levy.code,
        zh,
        en,
        quantity: kwh,
        unit: "kWh",
        price: levy.priceYuan,
        amountFen,
        rule: price.rule,
      }),
    );
    return 0;
  });
  return amounts.reduce((a, b) => a + b, 0);
}

/** Energy of all segments together, by period. */
export function wholeEnergy(segments: readonly Energy[]): Energy {
  const whole: Energy = {};
  for (const period of ["total", ...PERIODS] as const) {
    const parts = segments.flatMap((segment) => segment[period] ?? []);
    if (parts.length > 0) whole[period] = sum(parts);
  }
  return whole;
}
