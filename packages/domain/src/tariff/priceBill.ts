import { showDay } from "../calendar/day.ts";
import type { Draft, PricedBill } from "./bill.ts";
import type { TariffCase } from "./case.ts";
import { PERIODS, type PeriodName } from "./caseFields.ts";
import { priceCorrection, priceUnmetered } from "./correction.ts";
import { show } from "./decimal.ts";
import { type Energy, totalOf } from "./energy.ts";
import { wholeEnergy } from "./energyLines.ts";
import { lateFeeLines } from "./lateFee.ts";
import { priceMetered } from "./metered.ts";
import { priceResidential } from "./residential.ts";
import { RULE_BOOK, type RuleBook, namesByTopic } from "./ruleBook.ts";
import type { Topic } from "./ruleSet.ts";

const TOPICS: Record<TariffCase["kind"], readonly Topic[]> = {
  residential: ["residential-tiers", "residential-time-of-use", "residential-shared", "late-fee", "rounding"],
  business: ["energy-price", "time-of-use", "two-part", "power-factor", "late-fee", "rounding"],
  industrial: ["energy-price", "time-of-use", "two-part", "power-factor", "late-fee", "rounding"],
  agricultural: ["energy-price", "time-of-use", "two-part", "power-factor", "late-fee", "rounding"],
  "late-fee": ["late-fee"],
  correction: ["correction"],
  unmetered: ["unmetered", "late-fee"],
};

/**
 * Prices a case: every line with the rule that it follows; lines add up to the total exactly.
 * Throws `TariffError` for a case that contradicts itself. Pure: the same case and rules give the same bill.
 */
export function priceBill(input: TariffCase, book: RuleBook = RULE_BOOK): PricedBill {
  const draft: Draft = {
    book,
    names: input.ruleSet ? namesByTopic(book, input.ruleSet, TOPICS[input.kind]) : NO_NAMES,
    lines: [],
    included: [],
    notes: [],
    used: new Set(),
  };
  const parts = priceKind(draft, input);
  if ("lateFee" in input && input.lateFee) lateFeeLines(draft, input.lateFee, payerOf(input), "lateFee.");
  const period = "period" in input ? input.period : undefined;
  return {
    title: input.title ?? null,
    kind: input.kind,
    period: period ? { from: showDay(period.from), to: showDay(period.to) } : null,
    lines: draft.lines,
    totalFen: draft.lines.reduce((fen, line) => fen + line.amountFen, 0),
    usageKwh: null,
    tiers: [],
    yearToDateKwh: null,
    powerFactor: null,
    included: draft.included,
    meters: [],
    correctionKwh: null,
    notes: draft.notes,
    ruleSets: [...draft.used].map((set) => ({
      id: set.id,
      zh: set.zh,
      en: set.en,
      source: { zh: set.source.zh, en: set.source.en },
    })),
    ...parts,
  };
}

const NO_NAMES: ReadonlyMap<Topic, string> = new Map();

function payerOf(input: TariffCase): "residential" | "other" {
  const account = "account" in input ? input.account : input.kind;
  return account === "residential" ? "residential" : "other";
}

function priceKind(draft: Draft, input: TariffCase): Partial<PricedBill> {
  switch (input.kind) {
    case "residential": {
      const { energy, ...rest } = priceResidential(draft, input);
      return { ...rest, usageKwh: usageOf(energy) };
    }
    case "business":
    case "industrial":
    case "agricultural": {
      const { energy, ...rest } = priceMetered(draft, input);
      return { ...rest, usageKwh: input.usage ? usageOf(energy) : null };
    }
    case "late-fee":
      lateFeeLines(draft, input, payerOf(input), "");
      return {};
    case "correction":
      return { correctionKwh: priceCorrection(draft, input) };
    case "unmetered":
      return { usageKwh: { total: show(priceUnmetered(draft, input)), byPeriod: {} } };
    default:
      return input satisfies never;
  }
}

function usageOf(segments: readonly Energy[]): PricedBill["usageKwh"] {
  const whole = segments.length === 1 ? (segments[0] ?? {}) : wholeEnergy(segments);
  const byPeriod: Partial<Record<PeriodName, string>> = {};
  for (const period of PERIODS) {
    const kwh = whole[period];
    if (kwh) byPeriod[period] = show(kwh);
  }
  return { total: show(totalOf(whole)), byPeriod };
}
