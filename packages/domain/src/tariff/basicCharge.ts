import type { RuleReference } from "../backoffice/schema.ts";
import type { DayNumber } from "../calendar/day.ts";
import { type Draft, cite, lineOf, rulesFor } from "./bill.ts";
import type { BasicCharge, CapacityCharge, DemandCharge, MeteredCase } from "./case.ts";
import { type Dec, ONE, compare, dec, divide, mul, show, sign, sub, toFen } from "./decimal.ts";
import { classOf, priceTable } from "./prices.ts";
import { refuse } from "./problem.ts";
import type { RuleSetOf } from "./ruleSet.ts";
import { type ChargedPart, type Service, chargedPart } from "./serviceDays.ts";

type TwoPartRules = RuleSetOf<"two-part">;

/**
 * Lines of the basic charge of a two-part customer: by capacity, by contract demand or by actual demand; several
 * entries (several incoming lines) add up. Returns their fen.
 */
export function basicChargeLines(
  draft: Draft,
  input: MeteredCase,
  measured: { readonly demandKw: Dec | null; readonly monthKwh: Dec | null },
  on: DayNumber | null,
): number {
  const before = draft.lines.length;
  const rules = rulesFor(draft, "two-part", on);
  for (const [index, charge] of input.basic.entries()) {
    const path = input.basic.length === 1 ? "basic" : `basic[${index}]`;
    const fields: Fields = { draft, rules, input, path, on };
    if (charge.method === "capacity") capacityLines(fields, charge);
    else demandLines(fields, charge, measured);
  }
  return draft.lines.slice(before).reduce((fen, line) => fen + line.amountFen, 0);
}

interface Fields {
  readonly draft: Draft;
  readonly rules: TwoPartRules;
  readonly input: MeteredCase;
  readonly path: string;
  readonly on: DayNumber | null;
}

function capacityLines(fields: Fields, charge: CapacityCharge): void {
  const { draft, rules, path } = fields;
  const given = [charge.transformers.length > 0, charge.monthlyYuan !== undefined, charge.capacityKva !== undefined];
  if (given.filter(Boolean).length !== 1) {
    throw refuse(
      path,
      "transformers、capacityKva、monthlyYuan 三选一",
      "give the `transformers`, the `capacityKva` in all, or the `monthlyYuan`: one of them",
    );
  }
  if (charge.monthlyYuan !== undefined) {
    const part = chargedPart(draft, charge, fields.input.period, rules, path);
    pushPart(
      fields,
      part,
      { code: "capacity", zh: "基本电费", en: "Basic charge" },
      ONE,
      "times",
      charge.monthlyYuan,
      charge.stops.length > 0,
    );
    return;
  }
  const price = charge.priceYuanPerKva ?? tablePrice(fields, charge);
  const transformers = charge.capacityKva ? [{ kva: charge.capacityKva, stops: [] }] : charge.transformers;
  for (const [index, transformer] of transformers.entries()) {
    const at = charge.capacityKva ? path : `${path}.transformers[${index}]`;
    const service: Service = merged(charge, transformer);
    const part = chargedPart(draft, service, fields.input.period, rules, at);
    const id = "id" in transformer && transformer.id !== undefined ? transformer.id : "";
    const names = { code: "capacity", zh: `基本电费(容量)${id}`, en: `Capacity charge${id === "" ? "" : ` ${id}`}` };
    pushPart(fields, part, names, transformer.kva, "kVA", price, service.stops.length > 0);
  }
}

/** What holds for the whole supply holds for each of its transformers. */
function merged(whole: Service, own: Partial<Service>): Service {
  return {
    energisedOn: own.energisedOn ?? whole.energisedOn,
    endedOn: own.endedOn ?? whole.endedOn,
    stops: [...whole.stops, ...(own.stops ?? [])],
  };
}

function demandLines(
  fields: Fields,
  charge: DemandCharge,
  measured: { readonly demandKw: Dec | null; readonly monthKwh: Dec | null },
): void {
  const { draft, rules, path } = fields;
  const actual = charge.actualKw ?? measured.demandKw;
  if (actual === null) {
    throw refuse(
      `${path}.actualKw`,
      "缺少实际最大需量",
      "the actual maximum demand is missing: give actualKw, or demand registers",
    );
  }
  const part = chargedPart(draft, charge, fields.input.period, rules, path);
  const { price, rule } = demandPrice(fields, charge, measured.monthKwh);
  const stopped = charge.stops.length > 0;
  if (charge.method === "actual-demand") {
    pushPart(
      fields,
      part,
      { code: "demand", zh: "基本电费(实际最大需量)", en: "Demand charge (actual demand)" },
      actual,
      "kW",
      price,
      stopped,
      rule,
    );
    return;
  }
  let contract = charge.contractKw;
  let contractRule = { ...rule, ...cite(rules, rules.clauses.excess), clause: rules.clauses.demand.clause };
  if (charge.capacityKva) {
    const floor = mul(charge.capacityKva, rules.contractFloor);
    if (compare(contract, floor) < 0) {
      contract = floor;
      contractRule = cite(rules, rules.clauses.floor);
      draft.notes.push({
        zh: `合同最大需量 ${show(charge.contractKw)} kW 低于容量的下限,按 ${show(floor)} kW 计收`,
        en: `The contract demand ${show(charge.contractKw)} kW is below the least share of the capacity: ${show(floor)} kW are charged`,
      });
    }
  }
  pushPart(
    fields,
    part,
    { code: "demand", zh: "基本电费(合同最大需量)", en: "Demand charge (contract demand)" },
    contract,
    "kW",
    price,
    stopped,
    contractRule,
  );
  const excess = sub(actual, mul(contract, rules.contractTolerance));
  if (sign(excess) <= 0) return;
  const names = { code: "demand-excess", zh: "超合同需量加收", en: "Demand above the contract" };
  pushPart(fields, part, names, excess, "kW", price, stopped, cite(rules, rules.clauses.excess), rules.excessTimes);
}

/** The demand price, reduced where the month's energy for each kVA reaches the limit. */
function demandPrice(fields: Fields, charge: DemandCharge, monthKwh: Dec | null): { price: Dec; rule: RuleReference } {
  const { rules } = fields;
  const price = charge.priceYuanPerKw ?? tablePrice(fields, charge);
  const rule = cite(rules, rules.clauses.demand);
  const energy = charge.monthEnergyKwh ?? monthKwh;
  const discount = rules.loadDiscount;
  if (!discount || !charge.capacityKva || energy === null) return { price, rule };
  if (compare(energy, mul(discount.kwhPerKva, charge.capacityKva)) < 0) return { price, rule };
  const { zh, en } = rules.clauses.discount;
  return { price: mul(price, discount.factor), rule: { ...rule, zh: `${rule.zh};${zh}`, en: `${rule.en}. ${en}` } };
}

function tablePrice(fields: Fields, charge: BasicCharge): Dec {
  const field = charge.method === "capacity" ? "priceYuanPerKva" : "priceYuanPerKw";
  if (fields.input.prices || fields.input.composition) {
    throw refuse(`${fields.path}.${field}`, "缺少基本电价", "the price is missing: add it");
  }
  const set = priceTable(fields.draft, fields.input, fields.on);
  const voltage = classOf(set, fields.input);
  const price = charge.method === "capacity" ? voltage.capacityYuanPerKva : voltage.demandYuanPerKw;
  if (price) return price;
  throw refuse(
    "voltage",
    `${set.id} 的 ${voltage.voltage} 无容(需)量电价;请给出 ${fields.path}.${field} 或改电压等级`,
    `${set.id} has no two-part price for ${voltage.voltage}: give ${fields.path}.${field} or another voltage`,
  );
}

/** One line for the charged part of a month. */
function pushPart(
  fields: Fields,
  part: ChargedPart,
  names: { readonly code: string; readonly zh: string; readonly en: string },
  quantity: Dec,
  unit: "kVA" | "kW" | "times",
  price: Dec,
  stopped: boolean,
  rule: RuleReference = cite(fields.rules, fields.rules.clauses.capacity),
  times: Dec = ONE,
): void {
  const { rules } = fields;
  const full = mul(mul(quantity, price), times);
  const yuan = part.whole ? full : divide(mul(full, dec(part.days)), dec(rules.monthDays), 2);
  const factors = [
    ...(compare(times, ONE) === 0 ? [] : [show(times)]),
    ...(part.whole ? [] : [`${part.days}/${rules.monthDays}`]),
  ];
  const cited = stopped && part.whole ? cite(rules, rules.clauses.stop) : rule;
  fields.draft.lines.push(
    lineOf({
      ...names,
      quantity,
      unit,
      ...(factors.length > 0 && { factor: factors.join(" × ") }),
      price,
      amountFen: toFen(yuan),
      rule: cited,
    }),
  );
}
