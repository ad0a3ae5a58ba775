import type { BillMeterReading } from "../backoffice/schema.ts";
import { basicChargeLines } from "./basicCharge.ts";
import { type Draft, type Note, type PowerFactorResult, kwhDecimalsOf, noteSegments, rulesFor } from "./bill.ts";
import type { MeteredCase, Part } from "./case.ts";
import { PERIODS } from "./caseFields.ts";
import { scheduleOf } from "./clock.ts";
import { consume } from "./consumption.ts";
import { type Dec, HUNDRED, ZERO, compare, divide, mul, sub, sum } from "./decimal.ts";
import { type Energy, type Segment, totalOf } from "./energy.ts";
import { energyLines } from "./energyLines.ts";
import { addLosses } from "./losses.ts";
import { powerFactorLine } from "./powerFactor.ts";
import { energyPrice } from "./prices.ts";
import { refuse } from "./problem.ts";
import { changesWithin } from "./ruleBook.ts";
import { segmentSuffix, segmentsOf } from "./segments.ts";

export interface MeteredResult {
  readonly energy: readonly Energy[];
  readonly meters: readonly BillMeterReading[];
  readonly powerFactor: PowerFactorResult | null;
}

/** Prices commerce, industry and agriculture: energy, basic charge, power-factor adjustment. */
export function priceMetered(draft: Draft, input: MeteredCase): MeteredResult {
  const segments = segmentsFor(draft, input);
  noteSegments(draft, segments.length);
  const kwhDecimals = kwhDecimalsOf(draft, input.kwhDecimals);
  const on = input.period?.to ?? null;
  const taken = input.usage
    ? consume(input.usage, {
        period: input.period,
        segments,
        split: input.split,
        kwhDecimals,
        scheduleOf: (segment) => scheduleOf(input.spans ?? rulesFor(draft, "time-of-use", segment.to).spans),
        notes: draft.notes,
      })
    : null;
  const withLosses = taken
    ? addLosses(taken.segments, taken.reactiveKvarh, input.losses, kwhDecimals, draft.notes, lossRule(draft))
    : null;
  const whole = withLosses ? sum(withLosses.segments.map(totalOf)) : null;
  const basicFen =
    input.basic.length > 0
      ? basicChargeLines(draft, input, { demandKw: taken?.demandKw ?? null, monthKwh: whole }, on)
      : 0;
  const energyFen = withLosses ? allEnergyLines(draft, input, segments, withLosses.segments, kwhDecimals) : 0;
  const powerFactor = input.powerFactor
    ? powerFactorLine(
        draft,
        input.powerFactor,
        {
          activeKwh: whole,
          reactiveKvarh: withLosses?.reactiveKvarh ?? null,
          reverseKvarh: taken?.reverseKvarh ?? null,
        },
        basicFen + energyFen,
        on,
      )
    : null;
  return { energy: withLosses?.segments ?? [], meters: taken?.meters ?? [], powerFactor };
}

function lossRule(draft: Draft): Note {
  return draft.book.find("rounding", "GRIDHALL-ROUNDING", null)?.clauses.loss ?? { zh: "变损线损", en: "Losses" };
}

/** Changes that the case names, or the days on which another rule set takes over within the period. */
function segmentsFor(draft: Draft, input: MeteredCase): Segment[] {
  if (input.priceChanges.length > 0 || !input.period || !input.usage) {
    return segmentsOf(
      input.period,
      input.priceChanges.map((change) => change.from),
      "priceChanges",
    );
  }
  const { from, to } = input.period;
  const days = new Set<number>();
  if (!input.prices && !input.composition) {
    const family =
      draft.names.get("energy-price") ?? (input.kind === "agricultural" ? "TJ-AGRICULTURAL" : "TJ-BUSINESS");
    for (const day of changesWithin(draft.book, family, from, to)) days.add(day);
  }
  const followsClock = input.timeOfUse && !input.prices && (!input.composition || !input.composition.floats);
  if (followsClock) {
    for (const day of changesWithin(draft.book, draft.names.get("time-of-use") ?? "TJ-TOU", from, to)) days.add(day);
  }
  return segmentsOf(
    input.period,
    [...days].sort((a, b) => a - b),
    "period",
  );
}

/** Returns the fen on which the power-factor adjustment is worked out. */
function allEnergyLines(
  draft: Draft,
  input: MeteredCase,
  segments: readonly Segment[],
  energies: readonly Energy[],
  kwhDecimals: number,
): number {
  let baseFen = 0;
  for (const [index, segment] of segments.entries()) {
    const change = index > 0 ? input.priceChanges[index - 1] : undefined;
    const fields = change ?? input;
    const path = change ? `priceChanges[${index - 1}].` : "";
    const suffix = segmentSuffix(segment, segments.length);
    let rest = collapsed(energies[index] ?? {}, input.timeOfUse);
    const whole = totalOf(rest);
    const parts: { part: Part; energy: Energy; at: string }[] = [];
    for (const [at, part] of input.parts.entries()) {
      const kwh = part.sharePercent ? divide(mul(whole, part.sharePercent), HUNDRED, kwhDecimals) : (part.kwh ?? ZERO);
      if (part.kwh && segments.length > 1) {
        throw refuse(
          `parts[${at}].kwh`,
          "分段计费时定量电量无法分摊,请改用 sharePercent",
          "a fixed amount cannot be shared over changes of price: give sharePercent",
        );
      }
      const taken = takeOff(rest, kwh, kwhDecimals, `parts[${at}]`);
      rest = taken.rest;
      const byPeriod = Object.keys(part.prices).some((period) => period !== "total");
      parts.push({ part, energy: byPeriod ? taken.taken : { total: kwh }, at: `parts[${at}].` });
    }
    const price = energyPrice(draft, fields, path, input, segment.to);
    const options = { levyLines: input.levyLines, suffix } as const;
    baseFen += energyLines(draft, rest, price, { ...options, code: "energy", zh: "", en: "" });
    for (const { part, energy, at } of parts) {
      const own = energyPrice(draft, part, at, input, segment.to);
      const names = { code: "part-energy", zh: part.zh, en: `${part.en}: ` };
      const fen = energyLines(draft, energy, own, { ...options, ...names });
      if (part.powerFactor) baseFen += fen;
    }
  }
  return baseFen;
}

function collapsed(energy: Energy, timeOfUse: boolean): Energy {
  return timeOfUse ? energy : { total: totalOf(energy) };
}

/** Takes `kwh` off, from each period by its part in the whole. */
function takeOff(energy: Energy, kwh: Dec, kwhDecimals: number, path: string): { rest: Energy; taken: Energy } {
  const whole = totalOf(energy);
  if (compare(kwh, whole) > 0) {
    throw refuse(
      path,
      "定比定量电量超过总电量",
      "more energy than the meter measured: correct the share or the amount",
    );
  }
  const keys = (["total", ...PERIODS] as const).filter((key) => energy[key] !== undefined);
  const rest: Energy = {};
  const taken: Energy = {};
  let left = kwh;
  for (const [index, key] of keys.entries()) {
    const own = energy[key] ?? ZERO;
    const isLast = index === keys.length - 1;
    const part = isLast || whole.units === 0n ? left : divide(mul(kwh, own), whole, kwhDecimals);
    left = sub(left, part);
    taken[key] = part;
    rest[key] = sub(own, part);
  }
  return { rest, taken };
}
