import type { BillMeterReading, TierUse } from "../backoffice/schema.ts";
import { type Draft, kwhDecimalsOf, lineOf, noteSegments } from "./bill.ts";
import type { ResidentialCase } from "./case.ts";
import { scheduleOf } from "./clock.ts";
import { consume } from "./consumption.ts";
import { type Dec, ZERO, add, mul, show, sum, toFen } from "./decimal.ts";
import { type Energy, totalOf } from "./energy.ts";
import { refuse } from "./problem.ts";
import { type ResidentialPlan, planFor } from "./residentialPlan.ts";
import { timeOfUseLines, timeOfUseOf } from "./residentialTimeOfUse.ts";
import { segmentSuffix, segmentsOf } from "./segments.ts";
import { chargeFen, tierUse, useOfTiers } from "./tiers.ts";

export interface ResidentialResult {
  readonly tiers: readonly TierUse[];
  readonly yearToDateKwh: string | null;
  readonly energy: readonly Energy[];
  readonly meters: readonly BillMeterReading[];
}

/** Prices a residential case: tiers by month or year, flat price of shared meters, time of use, change of price. */
export function priceResidential(draft: Draft, input: ResidentialCase): ResidentialResult {
  const segments = segmentsOf(
    input.period,
    input.priceChanges.map((change) => change.from),
    "priceChanges",
  );
  noteSegments(draft, segments.length);
  const timeOfUse = timeOfUseOf(draft, input);
  const consumption = consume(input.usage, {
    period: input.period,
    segments,
    split: input.split,
    kwhDecimals: kwhDecimalsOf(draft, input.kwhDecimals),
    scheduleOf: () => {
      if (timeOfUse?.spans) return scheduleOf(timeOfUse.spans);
      if (!timeOfUse) return scheduleOf([]);
      throw refuse("timeOfUse.spans", "需给出峰谷时段", "intervals need the times of the periods: add them");
    },
    notes: draft.notes,
  });
  const earlier = sum(input.usedEarlierKwh);
  let position = earlier;
  let inBill = ZERO;
  let plan: ResidentialPlan | null = null;
  let used: Dec[] = [];
  for (const [index, segment] of segments.entries()) {
    plan = planFor(draft, input, index, segment);
    const energy = consumption.segments[index] ?? {};
    const kwh = totalOf(energy);
    const suffix = segmentSuffix(segment, segments.length);
    if (plan.table === null) {
      if (timeOfUse) timeOfUseLines(draft, timeOfUse, energy, null, suffix);
      else {
        draft.lines.push(
          lineOf({
            code: "energy",
            zh: `电度电费${suffix.zh}`,
            en: `Energy${suffix.en}`,
            quantity: kwh,
            unit: "kWh",
            price: plan.flatPrice,
            amountFen: toFen(mul(kwh, plan.flatPrice)),
            rule: plan.rule,
          }),
        );
      }
      continue;
    }
    const yearly = plan.cycle === "annual";
    const before = yearly ? position : inBill;
    const after = add(before, kwh);
    position = add(position, kwh);
    inBill = add(inBill, kwh);
    const part = useOfTiers(plan.table.limits, before, after);
    if (timeOfUse) timeOfUseLines(draft, timeOfUse, energy, { table: plan.table, used: part }, suffix);
    else tierLines(draft, plan, part, suffix);
    used = part.map((kwhInTier, tier) => add(kwhInTier, used[tier] ?? ZERO));
  }
  if (plan?.table) settleYear(draft, input, plan, wholeOf(consumption.segments), earlier);
  const accumulates = plan?.table && plan.cycle !== "monthly";
  return {
    tiers: plan?.table ? tierUse(plan.table, used) : [],
    yearToDateKwh: accumulates ? show(position) : null,
    energy: consumption.segments,
    meters: consumption.meters,
  };
}

function wholeOf(segments: readonly Energy[]): Dec {
  return sum(segments.map(totalOf));
}

function tierLines(
  draft: Draft,
  plan: ResidentialPlan,
  used: readonly Dec[],
  suffix: { zh: string; en: string },
): void {
  const names = ["一", "二", "三", "四", "五", "六", "七", "八", "九"];
  for (const [tier, kwh] of used.entries()) {
    // The first tier stands on every bill; the others where they are reached.
    if (tier > 0 && kwh.units === 0n) continue;
    const price = plan.table?.prices[tier] ?? ZERO;
    draft.lines.push(
      lineOf({
        code: `tier-${tier + 1}`,
        zh: `第${names[tier] ?? tier + 1}档电费${suffix.zh}`,
        en: `Tier ${tier + 1}${suffix.en}`,
        quantity: kwh,
        unit: "kWh",
        price,
        amountFen: toFen(mul(kwh, price)),
        rule: plan.rule,
      }),
    );
  }
}

/**
 * The settlement of the year: at its end for monthly tiers, and at the end of the supply for yearly ones, whose limits
 * then shrink to the months really used.
 */
function settleYear(draft: Draft, input: ResidentialCase, plan: ResidentialPlan, kwh: Dec, earlier: Dec): void {
  if (!plan.table || !plan.settlement) return;
  const { prices } = plan.table;
  const owed = chargeFen(useOfTiers(plan.settlement.limits, ZERO, add(earlier, kwh)), prices);
  let charged: number;
  if (plan.cycle === "annual") {
    charged = chargeFen(useOfTiers(plan.table.limits, ZERO, add(earlier, kwh)), prices);
  } else {
    const wanted = plan.settlement.months - 1;
    if (input.usedEarlierKwh.length !== wanted) {
      throw refuse(
        "usedEarlierKwh",
        `年度清算需给出此前 ${wanted} 个月各月电量`,
        `the yearly settlement needs the energy of each of the ${wanted} earlier months, as a list`,
      );
    }
    const months = [...input.usedEarlierKwh, kwh];
    charged = months.reduce(
      (fen, month) => fen + chargeFen(useOfTiers(plan.table?.limits ?? [], ZERO, month), prices),
      0,
    );
  }
  const difference = owed - charged;
  draft.lines.push(
    lineOf({
      code: "yearly-settlement",
      zh: "年度阶梯清算",
      en: "Yearly settlement of tiers",
      quantity: null,
      unit: "",
      price: null,
      amountFen: difference,
      rule: plan.settlement.rule,
    }),
  );
}
