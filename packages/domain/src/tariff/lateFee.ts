import type { AccountKind } from "../backoffice/schema.ts";
import { type DayNumber, civilOf, dayOf, parseDay, showDay } from "../calendar/day.ts";
import { type Draft, cite, lineOf, rulesFor } from "./bill.ts";
import type { LateFee } from "./caseFields.ts";
import { type Dec, ZERO, add, compare, dec, fromFen, mul, show, sign, sub, toFen } from "./decimal.ts";
import { refuse } from "./problem.ts";
import { RULE_BOOK, type RuleBook } from "./ruleBook.ts";
import type { RuleSetOf } from "./ruleSet.ts";

type LateFeeRules = RuleSetOf<"late-fee">;

/** Days of lateness in the year of the due date, and in the years after it. */
export interface DaysLate {
  readonly sameYear: number;
  readonly laterYears: number;
}

/** From the day after the due date to the day of payment, both counted. */
export function daysLate(dueOn: DayNumber, paidOn: DayNumber): DaysLate {
  const all = Math.max(0, paidOn - dueOn);
  const endOfYear = dayOf(civilOf(dueOn).year, 12, 31);
  const sameYear = Math.min(all, endOfYear - dueOn);
  return { sameYear, laterYears: all - sameYear };
}

/**
 * The late fee in fen on one principal that is paid as a whole: the daily shares are added up and rounded once, and
 * never exceed the cap. The kiosk and the centre ask this for what is owed today.
 */
export function lateFeeFen(
  rules: LateFeeRules,
  payer: "residential" | "other",
  principalFen: number,
  dueOn: DayNumber,
  paidOn: DayNumber,
): number {
  const rates = rules[payer];
  const days = daysLate(dueOn, paidOn);
  const share = add(mul(rates.sameYear, dec(days.sameYear)), mul(rates.laterYears, dec(days.laterYears)));
  const capped = compare(share, rules.cap) > 0 ? rules.cap : share;
  return toFen(mul(fromFen(principalFen), capped));
}

/** Lines of the late fees on sums that were due on different days, perhaps paid in parts. */
export function lateFeeLines(draft: Draft, fee: LateFee, payer: "residential" | "other", path: string): void {
  const rules = rulesFor(draft, "late-fee", fee.paidOn);
  for (const [index, item] of fee.arrears.entries()) {
    const at = `${path}arrears[${index}]`;
    arrearLines(draft, rules, payer, item, item.paidOn ?? fee.paidOn, at);
  }
}

function arrearLines(
  draft: Draft,
  rules: LateFeeRules,
  payer: "residential" | "other",
  item: LateFee["arrears"][number],
  paidOn: DayNumber,
  path: string,
): void {
  const rates = rules[payer];
  const kinds = [
    { code: "late-fee", key: "sameYear", yuan: ZERO, zh: "当年", en: "in the year" },
    { code: "late-fee-later-years", key: "laterYears", yuan: ZERO, zh: "跨年", en: "in later years" },
  ] as const;
  // Stretches between payments, each on what was still owed; the day of a payment is charged on the sum before it.
  const parts: { kind: (typeof kinds)[number]; owed: Dec; days: number; yuan: Dec }[] = [];
  let owed = item.amountYuan;
  let until = item.dueOn;
  const payments = [...item.partPayments, { on: paidOn, amountYuan: null }];
  for (const [index, payment] of payments.entries()) {
    if (index > 0 && payment.on < (payments[index - 1]?.on ?? payment.on)) {
      throw refuse(
        `${path}.partPayments[${index}].on`,
        "部分缴款须按日期排列且不晚于结清日",
        "part payments must stand in order of days, none after the last payment",
      );
    }
    const total = daysLate(item.dueOn, payment.on);
    const before = daysLate(item.dueOn, until);
    for (const kind of kinds) {
      const days = total[kind.key] - before[kind.key];
      if (days > 0) parts.push({ kind, owed, days, yuan: mul(mul(owed, dec(days)), rates[kind.key]) });
    }
    until = Math.max(until, payment.on);
    if (payment.amountYuan) {
      owed = sub(owed, payment.amountYuan);
      if (sign(owed) < 0)
        throw refuse(
          `${path}.partPayments[${index}].amountYuan`,
          "部分缴款超过欠费",
          "part payments exceed the sum owed",
        );
    }
  }
  const cap = mul(item.amountYuan, rules.cap);
  let exact = ZERO;
  let chargedFen = 0;
  for (const part of parts) {
    exact = add(exact, part.yuan);
    const capped = compare(exact, cap) > 0;
    // Lines are rounded so that together they are the rounded total.
    const upTo = toFen(capped ? cap : exact);
    const rule = payer === "residential" ? rules.clauses.residential : rules.clauses[part.kind.key];
    draft.lines.push(
      lineOf({
        code: part.kind.code,
        zh: `违约金(${part.kind.zh},欠费到期日${showDay(item.dueOn)})`,
        en: `Late fee (${part.kind.en}, due ${showDay(item.dueOn)})`,
        quantity: part.owed,
        unit: "yuan",
        factor: String(part.days),
        price: rates[part.kind.key],
        amountFen: upTo - chargedFen,
        rule: cite(rules, capped ? rules.clauses.cap : rule),
      }),
    );
    chargedFen = upTo;
  }
  if (parts.length === 0) {
    draft.notes.push({
      zh: `${show(item.amountYuan)} 元未逾期,无违约金`,
      en: `${show(item.amountYuan)} yuan are not overdue: no late fee`,
    });
  }
}

/**
 * The late fee in fen on what is unpaid of a bill, as of a day, by the rules of a rule book. Days are `YYYY-MM-DD`;
 * anything but a resident pays as a business. Throws `RangeError` for a day that is none.
 */
export function lateFeeAsOf(
  owed: { readonly kind: AccountKind; readonly unpaidFen: number; readonly dueOn: string; readonly asOf: string },
  book: RuleBook = RULE_BOOK,
): number {
  const [due, today] = [parseDay(owed.dueOn), parseDay(owed.asOf)];
  if (due === null || today === null) throw new RangeError(`not a day: ${owed.dueOn} or ${owed.asOf}`);
  if (today <= due || owed.unpaidFen <= 0) return 0;
  const rules = book.find("late-fee", "CN-LATE-FEE", today);
  if (!rules) throw new Error("the rule book has no late fee");
  return lateFeeFen(rules, owed.kind === "residential" ? "residential" : "other", owed.unpaidFen, due, today);
}
