import type { AccountKind } from "../backoffice/schema.ts";
import type { TownMonth } from "./months.ts";
import type { Random } from "./random.ts";
import type { Sketch } from "./sketch.ts";

/** Percent of a mean month, January to December: heating and above all air conditioning, shops' summer, irrigation. */
const SEASONS: Record<AccountKind, readonly number[]> = {
  residential: [112, 102, 86, 76, 80, 104, 148, 152, 100, 80, 88, 110],
  business: [96, 82, 92, 90, 95, 112, 130, 132, 108, 92, 92, 98],
  industrial: [95, 72, 104, 103, 102, 101, 100, 98, 103, 101, 105, 106],
  agricultural: [30, 30, 90, 150, 170, 150, 120, 110, 100, 90, 70, 40],
};

/** What registers advance by in a month, in 0.01 register units (0.01 kWh divided by the multiplier). */
export interface MonthUse {
  readonly total: number;
  readonly peak: number;
  readonly flat: number;
  readonly valley: number;
  readonly reactive: number;
  /** Maximum demand, 0.0001 kW divided by the multiplier. */
  readonly demand: number;
}

export function monthUse(
  random: Random,
  sketch: Sketch,
  month: Pick<TownMonth, "month">,
  exact: number | null,
): MonthUse {
  const { load } = sketch;
  const season = SEASONS[sketch.kind][month.month - 1] ?? 100;
  const kwh = (load.monthKwh * season * random.around(load.spread)) / 100;
  const total = exact ?? Math.round((kwh * 100) / load.multiplier);
  const peak = Math.round(total * load.peakShare * random.around(0.06));
  const homes = sketch.kind === "residential";
  const valley = homes ? total - peak : Math.round(total * load.valleyShare * random.around(0.06));
  return {
    total,
    peak,
    valley,
    flat: total - peak - valley,
    reactive: Math.round(total * load.reactiveShare * random.around(0.15)),
    // Four hundred hours at full load a month.
    demand: Math.round((total * random.around(0.1)) / 4),
  };
}
