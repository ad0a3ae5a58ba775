import { AccountNo } from "../backoffice/api.ts";
import { type Account, type Bill, type Meter, MeterNo, type Reading } from "../backoffice/schema.ts";
import { type DayNumber, dayOf, showDay, two } from "../calendar/day.ts";
import { caseOfMonth } from "../tariff/accountCase.ts";
import type { PricedBill } from "../tariff/bill.ts";
import type { CaseMeter } from "../tariff/caseFields.ts";
import type { Dec } from "../tariff/decimal.ts";
import { priceBill } from "../tariff/priceBill.ts";
import { billIdOf } from "./billId.ts";
import { type MonthUse, monthUse } from "./load.ts";
import type { TownMonth } from "./months.ts";
import { type Settlement, settle } from "./payments.ts";
import { type Random, createRandom } from "./random.ts";
import type { AccountHistory } from "./schema.ts";
import type { Sketch } from "./sketch.ts";
import { HALLS } from "./units.ts";

/** Whole digits of a meter's registers. */
const DIGITS = 6;

/** Registers in 0.01 units. */
interface Registers {
  total: number;
  peak: number;
  flat: number;
  valley: number;
  reactive: number;
}

interface LiveMeter {
  readonly record: Meter;
  readonly multiplier: Dec;
  readonly registers: Registers;
}

/** Lives through the months of one account: readings, bills priced by the tariff engine, payments. */
export function historyOf(
  sketch: Sketch,
  seed: number,
  months: readonly TownMonth[],
  today: DayNumber,
): AccountHistory {
  // A stream apart from the sketch's, so that a new kind of sketch does not change everybody's readings.
  const random = createRandom(seed ^ 0x5bd1e995, sketch.index);
  const account = accountOf(sketch, months);
  const readings: Reading[] = [];
  const meters: Meter[] = [];
  const accountNo = account.accountNo;
  const fresh = (installedOn: DayNumber, number: number, start: number): LiveMeter => {
    const record: Meter = {
      meterNo: MeterNo.parse(`12${String(number).padStart(10, "0")}`),
      accountNo,
      installedOn: showDay(installedOn),
      removedOn: null,
      phases: sketch.kind === "residential" && !sketch.plan.sharedMeter ? 1 : 3,
      digits: DIGITS,
      multiplier: String(sketch.load.multiplier),
    };
    meters.push(record);
    const registers: Registers = {
      total: start,
      peak: Math.round(start * 0.5),
      flat: Math.round(start * 0.2),
      valley: Math.round(start * 0.3),
      reactive: Math.round(start * 0.4),
    };
    return { record, multiplier: { units: BigInt(sketch.load.multiplier), scale: 0 }, registers };
  };
  const [firstMonth] = months;
  if (!firstMonth) return { account, meters: [], readings: [], bills: [], payments: [] };
  let meter = fresh(
    firstMonth.from - 400 - random.integer(0, 2000),
    10_000_000 + sketch.index * 2,
    random.integer(1000, 30_000) * 100,
  );
  const swapAt = sketch.lastHundredths === null && random.chance(0.02) ? random.integer(1, months.length - 1) : -1;
  let yearToDate = usedBefore(random, sketch, firstMonth);
  readings.push(readingOf(meter, firstMonth.from - 1, sketch, null, "remote"));
  const priced: { month: TownMonth; bill: PricedBill }[] = [];
  for (const [index, month] of months.entries()) {
    if (month.month === 1) yearToDate = 0;
    const use = monthUse(random, sketch, month, index === months.length - 1 ? sketch.lastHundredths : null);
    const caseMeters: CaseMeter[] = [];
    let rest = use;
    if (index === swapAt) {
      const day = month.from + random.integer(8, 20);
      const before = shareOf(use, (day - month.from) / (month.to - month.from + 1));
      caseMeters.push(advance(meter, before, sketch, { removedOn: day }));
      readings.push(readingOf(meter, day - 1, sketch, null, "exchange"));
      meters[0] = { ...meter.record, removedOn: showDay(day) };
      meter = fresh(day, 10_000_001 + sketch.index * 2, 0);
      rest = minus(use, before);
      caseMeters.push(advance(meter, rest, sketch, { installedOn: day }));
    } else caseMeters.push(advance(meter, rest, sketch, {}));
    readings.push(readingOf(meter, month.to, sketch, use, random.chance(0.03) ? "manual" : "remote"));
    const bill = priceBill(
      caseOfMonth(sketch.kind, sketch.plan, {
        from: month.from,
        to: month.to,
        meters: caseMeters,
        usedEarlierKwh: hundredths(yearToDate),
      }),
    );
    yearToDate += use.total;
    priced.push({ month, bill });
  }
  const settled = settle(random, sketch, accountNo, priced, today);
  return {
    account,
    meters,
    readings,
    bills: priced.map(({ month, bill }, index) => billOf(accountNo, month, bill, settled.bills[index], today)),
    payments: settled.payments,
  };
}

function accountOf(sketch: Sketch, months: readonly TownMonth[]): Account {
  const hall = HALLS[sketch.hallIndex];
  if (!hall) throw new Error(`there is no hall ${sketch.hallIndex}`);
  const year = (months[0]?.year ?? 2020) - sketch.openedYearsAgo;
  return {
    accountNo: AccountNo.parse(sketch.accountNo),
    kind: sketch.kind,
    unitId: hall.unitId,
    unitPath: hall.path,
    holder: sketch.holder,
    address: sketch.address,
    openedOn: showDay(dayOf(year, (sketch.index % 12) + 1, (sketch.index % 27) + 1)),
    state: "normal",
    plan: sketch.plan,
    prepaidFen: sketch.prepaidFen,
  };
}

/** Energy of the year before the first billed month, in 0.01 kWh: the yearly tiers have begun without us. */
function usedBefore(random: Random, sketch: Sketch, first: TownMonth): number {
  let used = 0;
  for (let month = 1; month < first.month; month += 1) used += monthUse(random, sketch, { month }, null).total;
  return used;
}

const SHARED = ["total", "peak", "flat", "valley", "reactive", "demand"] as const;

function shareOf(use: MonthUse, share: number): MonthUse {
  const part = (units: number) => Math.round(units * share);
  const [total, peak, flat] = [part(use.total), part(use.peak), part(use.flat)];
  // The valley takes what rounding leaves, so that the periods stay the whole.
  return { total, peak, flat, valley: total - peak - flat, reactive: part(use.reactive), demand: use.demand };
}

function minus(use: MonthUse, part: MonthUse): MonthUse {
  const rest = Object.fromEntries(SHARED.map((name) => [name, use[name] - part[name]])) as Record<
    (typeof SHARED)[number],
    number
  >;
  return { ...rest, demand: use.demand };
}

/** Moves the meter's registers on, and says so in the engine's words. */
function advance(
  meter: LiveMeter,
  use: MonthUse,
  sketch: Sketch,
  days: { readonly installedOn?: DayNumber; readonly removedOn?: DayNumber },
): CaseMeter {
  const { registers } = meter;
  const step = (name: keyof Registers) => {
    const from = hundredths(registers[name]);
    registers[name] += use[name];
    return { from, to: hundredths(registers[name]), rolledOver: false };
  };
  const { timeOfUse } = sketch.plan;
  return {
    meterNo: meter.record.meterNo,
    point: "1",
    subtract: false,
    multiplier: meter.multiplier,
    digits: DIGITS,
    ...days,
    registers: {
      total: step("total"),
      ...(timeOfUse && { peak: step("peak") }),
      ...(timeOfUse && sketch.kind !== "residential" && { flat: step("flat") }),
      ...(timeOfUse && { valley: step("valley") }),
      ...(sketch.load.reactiveShare > 0 && { reactive: step("reactive") }),
      ...(sketch.plan.twoPart && { demand: { units: BigInt(use.demand), scale: 4 } }),
    },
  };
}

function readingOf(
  meter: LiveMeter,
  on: DayNumber,
  sketch: Sketch,
  use: MonthUse | null,
  source: Reading["source"],
): Reading {
  const { registers } = meter;
  const { timeOfUse, twoPart } = sketch.plan;
  return {
    meterNo: meter.record.meterNo,
    accountNo: meter.record.accountNo,
    readOn: showDay(on),
    total: showHundredths(registers.total),
    peak: timeOfUse ? showHundredths(registers.peak) : null,
    flat: timeOfUse && sketch.kind !== "residential" ? showHundredths(registers.flat) : null,
    valley: timeOfUse ? showHundredths(registers.valley) : null,
    reactive: sketch.load.reactiveShare > 0 ? showHundredths(registers.reactive) : null,
    demand:
      twoPart && use ? `${Math.floor(use.demand / 10_000)}.${String(use.demand % 10_000).padStart(4, "0")}` : null,
    source,
  };
}

function billOf(
  accountNo: Account["accountNo"],
  month: TownMonth,
  priced: PricedBill,
  settled: Settlement["bills"][number] | undefined,
  today: DayNumber,
): Bill {
  const { byPeriod, total } = priced.usageKwh ?? { byPeriod: {}, total: "0" };
  return {
    id: billIdOf(accountNo, month),
    accountNo,
    month: month.key,
    period: { from: month.fromText, to: month.toText },
    usage: {
      totalKwh: total,
      sharpKwh: byPeriod.sharp ?? null,
      peakKwh: byPeriod.peak ?? null,
      flatKwh: byPeriod.flat ?? null,
      valleyKwh: byPeriod.valley ?? null,
    },
    tiers: [...priced.tiers],
    yearToDateKwh: priced.yearToDateKwh,
    lines: [...priced.lines],
    totalFen: priced.totalFen,
    paidFen: settled?.paidFen ?? 0,
    lateFeeFen: settled?.lateFeeFen ?? 0,
    lateFeeAsOf: showDay(today),
    issuedOn: month.issuedText,
    dueOn: settled?.dueOn ?? month.issuedText,
    status: settled?.status ?? "unpaid",
    meterReadings: [...priced.meters],
  };
}

function hundredths(units: number): Dec {
  return { units: BigInt(units), scale: 2 };
}

function showHundredths(units: number): string {
  return `${Math.floor(units / 100)}.${two(units % 100)}`;
}
