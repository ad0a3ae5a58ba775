import type { AccountNo } from "../backoffice/api.ts";
import type { BillStatus, PaymentChannel, PaymentRecord } from "../backoffice/schema.ts";
import { type DayNumber, showDay, two } from "../calendar/day.ts";
import type { PricedBill } from "../tariff/bill.ts";
import { lateFeeFen } from "../tariff/lateFee.ts";
import { RULE_BOOK } from "../tariff/ruleBook.ts";
import type { RuleSetOf } from "../tariff/ruleSet.ts";
import { billIdOf } from "./billId.ts";
import type { TownMonth } from "./months.ts";
import type { Random } from "./random.ts";
import type { Sketch } from "./sketch.ts";

/** Who paid which bill when, and what is still owed today. */
export interface Settlement {
  readonly bills: readonly {
    readonly paidFen: number;
    readonly lateFeeFen: number;
    readonly dueOn: string;
    readonly status: BillStatus;
  }[];
  readonly payments: readonly PaymentRecord[];
}

const CHANNELS: readonly (readonly [number, PaymentChannel])[] = [
  [0.52, "app"],
  [0.64, "bank-debit"],
  [0.74, "kiosk-wechat"],
  [0.81, "kiosk-alipay"],
  [0.9, "kiosk-cash"],
  [1, "counter"],
];

/** Payments of one account are numbered within its block. */
const BLOCK = 100;

export function settle(
  random: Random,
  sketch: Sketch,
  accountNo: AccountNo,
  months: readonly { readonly month: TownMonth; readonly bill: PricedBill }[],
  today: DayNumber,
): Settlement {
  const rules = RULE_BOOK.find("late-fee", "CN-LATE-FEE", today);
  if (!rules) throw new Error("the rule book has no late fee");
  const payments: PaymentRecord[] = [];
  const habit = channelOf(random);
  const bills = months.map(({ month, bill }, index) => {
    const due = sketch.kind === "residential" ? month.dueResidential : month.dueOther;
    const fromEnd = months.length - 1 - index;
    const isUnpaid = sketch.unpaid.includes(fromEnd) && bill.totalFen > 0;
    const owes: Owing = { sketch, rules, due };
    if (!isUnpaid) {
      const late = fromEnd > 1 && random.chance(0.03) ? random.integer(1, 20) : 0;
      const latest = late > 0 ? due + late : Math.min(due, today);
      const on = late > 0 ? latest : random.integer(month.issuedOn, latest);
      const lateFen = feeOf(owes, bill.totalFen, Math.min(on, today));
      if (bill.totalFen > 0) {
        payments.push(
          paymentOf(random, sketch, payments.length, {
            accountNo,
            on: Math.min(on, today),
            channel: random.chance(0.8) ? habit : channelOf(random),
            applied: [
              {
                billId: billIdOf(accountNo, month),
                month: month.key,
                principalFen: bill.totalFen,
                lateFeeFen: lateFen,
              },
            ],
            prepayFen: 0,
          }),
        );
      }
      return { paidFen: bill.totalFen, lateFeeFen: 0, dueOn: showDay(due), status: "paid" as const };
    }
    // A few have paid a part, in cash, in whole yuan and before it was due.
    const part =
      sketch.lastHundredths === null && fromEnd > 0 && random.chance(0.04) ? Math.floor(bill.totalFen / 200) * 100 : 0;
    if (part > 0) {
      payments.push(
        paymentOf(random, sketch, payments.length, {
          accountNo,
          on: random.integer(month.issuedOn, Math.min(due, today)),
          channel: "kiosk-cash",
          applied: [{ billId: billIdOf(accountNo, month), month: month.key, principalFen: part, lateFeeFen: 0 }],
          prepayFen: 0,
        }),
      );
    }
    return {
      paidFen: part,
      lateFeeFen: feeOf(owes, bill.totalFen - part, today),
      dueOn: showDay(due),
      status: part > 0 ? ("partly-paid" as const) : ("unpaid" as const),
    };
  });
  if (sketch.prepaidFen > 0) {
    const newest = months.at(-1)?.month;
    payments.push(
      paymentOf(random, sketch, payments.length, {
        accountNo,
        on: newest ? random.integer(newest.from, newest.to) : today,
        channel: random.pick(["kiosk-cash", "kiosk-wechat", "app"]),
        applied: [],
        prepayFen: sketch.prepaidFen,
      }),
    );
  }
  return { bills, payments: payments.sort((a, b) => (a.paidAt < b.paidAt ? -1 : 1)) };
}

interface Owing {
  readonly sketch: Sketch;
  readonly rules: RuleSetOf<"late-fee">;
  readonly due: DayNumber;
}

function feeOf(owes: Owing, fen: number, on: DayNumber): number {
  if (on <= owes.due) return 0;
  return lateFeeFen(owes.rules, owes.sketch.kind === "residential" ? "residential" : "other", fen, owes.due, on);
}

function channelOf(random: Random): PaymentChannel {
  const draw = random.next();
  return CHANNELS.find(([below]) => draw < below)?.[1] ?? "counter";
}

function paymentOf(
  random: Random,
  sketch: Sketch,
  count: number,
  payment: Pick<PaymentRecord, "accountNo" | "channel" | "applied" | "prepayFen"> & { readonly on: DayNumber },
): PaymentRecord {
  const { on, ...rest } = payment;
  const day = showDay(on);
  // Halls are open by day; everything else pays at any hour people are awake.
  const hour = payment.channel === "counter" ? random.integer(9, 16) : random.integer(7, 22);
  const tail = `T${String(sketch.index * BLOCK + count).padStart(9, "0")}`;
  const amountFen = payment.applied.reduce((fen, part) => fen + part.principalFen + part.lateFeeFen, payment.prepayFen);
  return {
    id: `town-${tail}`,
    receiptNo: `${day.replaceAll("-", "")}${tail}`,
    paidAt: `${day}T${two(hour)}:${two(random.integer(0, 59))}:${two(random.integer(0, 59))}+08:00`,
    amountFen,
    ...rest,
  };
}
