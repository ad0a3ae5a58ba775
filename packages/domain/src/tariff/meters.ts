import type { BillMeterReading } from "../backoffice/schema.ts";
import { type DayNumber, showDay } from "../calendar/day.ts";
import { type CaseMeter, REGISTERS, type RegisterName } from "./caseFields.ts";
import { type Dec, ONE, ZERO, add, compare, dec, mul, neg, show, sign, sub } from "./decimal.ts";
import { type ConsumptionOptions, type Energy, addEnergy, normalise, totalOf } from "./energy.ts";
import { refuse } from "./problem.ts";

/** Reading meters: register differences, multipliers, roll-over, swaps, and the checks that a reader makes. */

export interface MetersResult {
  readonly energy: Energy;
  /** Set where the energy is split by readings. */
  readonly segments: readonly Energy[] | null;
  readonly reactiveKvarh: Dec | null;
  readonly reverseKvarh: Dec | null;
  readonly demandKw: Dec | null;
  readonly meters: readonly BillMeterReading[];
}

type Registers = Partial<Record<RegisterName, Dec>>;

/** One stretch of a meter between two readings. */
interface Step {
  readonly path: string;
  readonly from: DayNumber | null;
  readonly to: DayNumber | null;
  readonly start: Registers;
  readonly end: Registers;
  readonly rolledOver: Partial<Record<RegisterName, boolean>>;
}

export function readMeters(meters: readonly CaseMeter[], options: ConsumptionOptions): MetersResult {
  checkPoints(meters);
  const lines: BillMeterReading[] = [];
  const bySegment: Energy[][] = options.segments.map(() => []);
  const all: Energy[] = [];
  let reactive: Dec | null = null;
  let reverse: Dec | null = null;
  let demand: Dec | null = null;
  const byReadings = options.split === "readings" && options.segments.length > 1;
  for (const [index, meter] of meters.entries()) {
    const path = `usage.meters[${index}]`;
    const multiplier = multiplierOf(meter, path);
    const signed = meter.subtract ? neg(multiplier) : multiplier;
    const steps = stepsOf(meter, path, options);
    const perSegment: Registers[] = options.segments.map(() => ({}));
    const whole: Registers = {};
    for (const step of steps) {
      const used = difference(step, meter, lines, multiplier);
      addRegisters(whole, used);
      if (byReadings) addRegisters(perSegment[segmentOf(step, options)] ?? {}, used);
    }
    const scaled = (used: Registers): Energy => energyOf(used, signed, path, options);
    if (byReadings) {
      for (const [at, used] of perSegment.entries()) {
        if (Object.keys(used).length > 0) bySegment[at]?.push(scaled(used));
      }
    } else all.push(scaled(whole));
    if (whole.reactive) reactive = add(reactive ?? ZERO, mul(whole.reactive, signed));
    if (whole.reactiveReverse) reverse = add(reverse ?? ZERO, mul(whole.reactiveReverse, signed));
    if (meter.registers?.demand) demand = add(demand ?? ZERO, mul(meter.registers.demand, multiplier));
  }
  const segments = byReadings ? bySegment.map((parts) => merge(parts, options)) : null;
  return {
    energy: merge(byReadings ? bySegment.flat() : all, options),
    segments,
    reactiveKvarh: reactive,
    reverseKvarh: reverse,
    demandKw: demand,
    meters: lines,
  };
}

function multiplierOf(meter: CaseMeter, path: string): Dec {
  if (meter.multiplier && (meter.ct || meter.pt)) {
    throw refuse(
      `${path}.multiplier`,
      "倍率与 ct/pt 只能给一种",
      "give the multiplier or the ratios ct and pt, not both",
    );
  }
  return meter.multiplier ?? mul(meter.ct ?? ONE, meter.pt ?? ONE);
}

function stepsOf(meter: CaseMeter, path: string, options: ConsumptionOptions): Step[] {
  const { registers, readings } = meter;
  if ((registers === undefined) === (readings === undefined)) {
    throw refuse(path, "registers 与 readings 二选一", "give `registers` or dated `readings`, one of them");
  }
  if (registers) {
    const start: Registers = {};
    const end: Registers = {};
    const rolledOver: Partial<Record<RegisterName, boolean>> = {};
    for (const name of REGISTERS) {
      const register = registers[name];
      if (!register) continue;
      start[name] = register.from;
      end[name] = register.to;
      rolledOver[name] = register.rolledOver;
    }
    return [
      {
        path: `${path}.registers`,
        from: meter.installedOn ?? null,
        to: meter.removedOn ?? null,
        start,
        end,
        rolledOver,
      },
    ];
  }
  return (readings ?? []).slice(1).map((reading, offset) => {
    const before = readings?.[offset] ?? reading;
    const at = `${path}.readings[${offset + 1}]`;
    if (reading.on <= before.on) {
      throw refuse(`${at}.on`, "抄表日期须递增", "readings must stand in order of their days: sort them");
    }
    if (options.period && (before.on < options.period.from - 1 || reading.on > options.period.to + 1)) {
      throw refuse(`${at}.on`, "抄表日在计费期之外", "a reading outside the period: remove it or widen the period");
    }
    const start: Registers = {};
    const end: Registers = {};
    const rolledOver: Partial<Record<RegisterName, boolean>> = {};
    for (const name of REGISTERS) {
      const [a, b] = [before[name], reading[name]];
      if (a === undefined && b === undefined) continue;
      if (a === undefined || b === undefined) {
        throw refuse(`${at}.${name}`, "两次抄表的示数项目应一致", "each reading must show the same registers: add it");
      }
      start[name] = a;
      end[name] = b;
      if (reading.rolledOver) rolledOver[name] = compare(b, a) < 0;
    }
    return { path: at, from: before.on, to: reading.on, start, end, rolledOver };
  });
}

function difference(step: Step, meter: CaseMeter, lines: BillMeterReading[], multiplier: Dec): Registers {
  const used: Registers = {};
  for (const name of REGISTERS) {
    const from = step.start[name];
    const to = step.end[name];
    if (from === undefined || to === undefined) continue;
    const field = `${step.path}.${name}`;
    let units = sub(to, from);
    if (step.rolledOver[name]) {
      if (meter.digits === undefined) {
        throw refuse(field, "示数翻转需给出表计位数 digits", "a register that rolled over needs the meter's `digits`");
      }
      if (sign(units) >= 0) {
        throw refuse(field, "止码不小于起码,不是翻转", "it did not roll over: the end is not below the start");
      }
      units = add(units, dec(10n ** BigInt(meter.digits)));
      if (sign(units) < 0) throw refuse(field, "示数超出位数", "the reading has more digits than the register");
    } else if (sign(units) < 0) {
      throw refuse(
        `${field}.to`,
        `止码 ${show(to)} 小于起码 ${show(from)};若已翻转请注明 rolledOver 和 digits,否则请改正`,
        `the end ${show(to)} is below the start ${show(from)}: correct it, or set rolledOver and digits if it rolled over`,
      );
    }
    used[name] = units;
    lines.push({
      meterNo: meter.meterNo,
      register: name,
      from: show(from),
      to: show(to),
      multiplier: show(multiplier),
      kwh: show(mul(units, meter.subtract ? neg(multiplier) : multiplier)),
    });
  }
  return used;
}

function addRegisters(target: Registers, used: Registers): void {
  for (const name of REGISTERS) {
    const more = used[name];
    if (more) target[name] = add(target[name] ?? ZERO, more);
  }
}

function energyOf(used: Registers, multiplier: Dec, path: string, options: ConsumptionOptions): Energy {
  const energy: Energy = {};
  const { reactive: _r, reactiveReverse: _v, ...active } = used;
  if (Object.keys(active).length === 0) return {};
  const checked = normalise(active, path, options.notes);
  for (const name of ["total", "sharp", "peak", "flat", "valley", "deepValley"] as const) {
    const units = checked[name];
    if (units) energy[name] = mul(units, multiplier);
  }
  return energy;
}

/** All meters together; one without periods counts to flat beside others that have them. */
function merge(parts: readonly Energy[], options: ConsumptionOptions): Energy {
  const some = parts.filter((part) => Object.keys(part).length > 0);
  if (some.length === 0) return { total: ZERO };
  const only = some.length === 1 ? some[0] : undefined;
  if (only && totalOf(only).units >= 0n) return only;
  const anyPeriods = some.some((part) => part.total === undefined);
  const anyTotals = some.some((part) => part.total !== undefined);
  if (anyPeriods && anyTotals) {
    options.notes.push({
      zh: "部分电能表无分时示数,其电量计入平段",
      en: "A meter without periods of the day counts to the flat period",
    });
  }
  const merged = some
    .map((part) => (anyPeriods && part.total !== undefined ? { flat: part.total } : part))
    .reduce<Energy>((a, b) => addEnergy(a, b), {});
  for (const [name, kwh] of Object.entries(merged)) {
    if (kwh && sign(kwh) < 0) {
      throw refuse(
        "usage.meters",
        `扣减的分表电量大于总表(${name})`,
        `sub-meters take off more than the main meter measured (${name}): check the readings`,
      );
    }
  }
  return merged;
}

function segmentOf(step: Step, options: ConsumptionOptions): number {
  const last = options.segments.length - 1;
  const at = options.segments.findIndex((segment, index) => {
    const starts = index === 0 || (step.from ?? Infinity) >= (segment.from ?? 0);
    const ends = index === last || (step.to ?? Infinity) <= (segment.to ?? 0) + 1;
    return starts && ends;
  });
  if (at >= 0) return at;
  const change = options.segments.find((segment) => (segment.from ?? 0) > (step.from ?? 0));
  throw refuse(
    step.path,
    `缺少电价变动日 ${showDay(change?.from ?? 0)} 的示数`,
    `no reading on the day of the change, ${showDay(change?.from ?? 0)}: add one, or split by days`,
  );
}

/** Meters of one point must follow one another without a gap and without an overlap. */
function checkPoints(meters: readonly CaseMeter[]): void {
  const lastOfPoint = new Map<string, { removedOn: DayNumber | null; meterNo: string }>();
  for (const [index, meter] of meters.entries()) {
    const from = meter.installedOn ?? meter.readings?.[0]?.on ?? null;
    const to = meter.removedOn ?? meter.readings?.at(-1)?.on ?? null;
    const path = `usage.meters[${index}]`;
    if (from !== null && to !== null && to < from) {
      throw refuse(`${path}.removedOn`, "拆表早于装表", "removed before it was installed: correct the days");
    }
    const before = lastOfPoint.get(meter.point);
    if (before && before.removedOn !== null && from !== null && from !== before.removedOn) {
      const [a, b] = [showDay(before.removedOn), showDay(from)];
      if (from < before.removedOn) {
        throw refuse(
          `${path}.installedOn`,
          `与表 ${before.meterNo} 重叠(${b} – ${a});并列计量点请用不同 point`,
          `overlaps meter ${before.meterNo} (${b} – ${a}): correct the day, or give side-by-side meters different points`,
        );
      }
      throw refuse(
        `${path}.installedOn`,
        `${a} 至 ${b} 无表计量;请改正日期或补一段示数`,
        `no meter measured from ${a} to ${b}: correct the day or add the meter in between`,
      );
    }
    lastOfPoint.set(meter.point, { removedOn: to, meterNo: meter.meterNo });
  }
}
