import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  openScanPayment,
  SCAN_TIMES,
  type ScanEffect,
  type ScanInput,
  type ScanPayment,
  stepScan,
} from "./scanSaga.ts";
import { IntentId } from "./schema.ts";

const effort = Number(process.env["GRIDHALL_EFFORT"] ?? 1);
const AMOUNT = 8640;

/** An acquirer with truth of its own: an order is open, paid, closed or refunded, whatever anybody hears of it. */
class Acquirer {
  state: "none" | "open" | "paid" | "closed" | "refunded" = "none";
  everPaid = false;
  isPaid(): boolean {
    return this.state === "paid";
  }
  answer(effect: ScanEffect): ScanInput[] {
    switch (effect.type) {
      case "create":
        if (this.state === "none") this.state = "open";
        return this.state === "open" ? [{ type: "created", qrText: "weixin://x" }] : [];
      case "query":
        return [
          (
            {
              none: { type: "unknown-order" },
              open: { type: "not-paid" },
              paid: { type: "paid", transactionId: "t1", paidFen: AMOUNT },
              closed: { type: "order-closed" },
              refunded: { type: "order-closed" },
            } as const
          )[this.state],
        ];
      case "close":
        if (this.state === "paid") return [{ type: "paid", transactionId: "t1", paidFen: AMOUNT }];
        this.state = "closed";
        return [{ type: "order-closed" }];
      case "refund":
        this.state = "refunded";
        return [{ type: "refund-done" }];
      default:
        return [];
    }
  }
  pay() {
    if (this.state !== "open") return;
    this.state = "paid";
    this.everPaid = true;
  }
}

const Chance = fc.record({
  loss: fc.integer({ min: 0, max: 99 }),
  world: fc.integer({ min: 0, max: 99 }),
  late: fc.integer({ min: 0, max: 5 }),
});

function play(mode: "native" | "code", chances: { loss: number; world: number; late: number }[]) {
  const acquirer = new Acquirer();
  let now = 0;
  let step = openScanPayment(
    { intentId: IntentId.parse("0123456789abcdef"), provider: "wechat", mode, amountFen: AMOUNT },
    now,
    SCAN_TIMES,
  );
  let payment: ScanPayment = step.payment;
  const credits: number[] = [];
  const refunds: number[] = [];
  let cases = 0;
  let told: "paid" | "closed" | null = null;
  const pending: { input: ScanInput; at: number }[] = [];
  const queue: ScanEffect[] = [...step.effects];
  const feed = (input: ScanInput) => {
    step = stepScan(payment, input, now, SCAN_TIMES);
    payment = step.payment;
    if (payment.phase.name === "closed") told ??= "closed";
    if (payment.phase.name === "paid") told ??= "paid";
    queue.push(...step.effects);
  };
  if (mode === "code") {
    // The charge: sent once. It may succeed, hang on the phone, or lose its answer.
    acquirer.state = "open";
    if ((chances[0]?.world ?? 0) < 50) acquirer.pay();
    if ((chances[0]?.loss ?? 0) < 40) feed({ type: "unclear" });
    else feed(acquirer.isPaid() ? { type: "paid", transactionId: "t1", paidFen: AMOUNT } : { type: "user-paying" });
  }
  for (const chance of [...chances, ...Array.from({ length: 80 }, () => ({ loss: 99, world: 50, late: 0 }))]) {
    now += 1_500;
    for (const late of pending.splice(0).filter((entry) => (entry.at <= now ? (feed(entry.input), false) : true)))
      pending.push(late);
    if (chance.world < 6) {
      const before = acquirer.state;
      acquirer.pay();
      // Notifications come late, doubled, or never.
      if (before === "open" && chance.loss > 30)
        for (let i = 0; i <= chance.late % 3; i += 1)
          pending.push({
            input: { type: "paid", transactionId: "t1", paidFen: AMOUNT },
            at: now + chance.late * 20_000,
          });
    }
    if (chance.world > 96) feed({ type: "cancel" });
    for (let effect = queue.shift(); effect; effect = queue.shift()) {
      if (effect.type === "credit") credits.push(effect.paidFen);
      else if (effect.type === "open-case") cases += 1;
      else {
        if (effect.type === "refund") refunds.push(effect.paidFen);
        if (chance.loss < 12) continue; // the request never arrives
        const answers = acquirer.answer(effect);
        if (chance.loss < 30) {
          if (effect.type === "create") feed({ type: "unclear" });
          continue; // the answer is lost
        }
        for (const answer of answers)
          if (chance.late > 3) pending.push({ input: answer, at: now + chance.late * 4_000 });
          else feed(answer);
      }
    }
    if (payment.nextAtMs !== null && payment.nextAtMs <= now) feed({ type: "due" });
  }
  for (const entry of pending) feed(entry.input);
  for (let effect = queue.shift(); effect; effect = queue.shift())
    for (const answer of acquirer.answer(effect)) feed(answer);
  return { acquirer, payment, credits, refunds, cases, told };
}

describe("the scan-code saga", () => {
  test.each(["native", "code"] as const)(
    "[P3] %s: however answers are lost, doubled and reordered, money taken is credited once, returned, or a case",
    (mode) => {
      fc.assert(
        fc.property(fc.array(Chance, { minLength: 10, maxLength: 120 }), (chances) => {
          const { acquirer, payment, credits, refunds, cases, told } = play(mode, chances);
          expect(credits.length).toBeLessThanOrEqual(1);
          if (credits.length === 1) {
            expect(acquirer.state).toBe("paid");
            expect(refunds).toEqual([]);
            expect(told).toBe("paid");
          }
          if (acquirer.state === "paid" && payment.phase.name !== "paid")
            expect(["closing", "confirming", "waiting", "closed", "refunding", "case"]).toContain(payment.phase.name);
          // The verdict `closed` is only ever given when the acquirer can no longer take money for the order.
          if (told === "closed") expect(acquirer.state).not.toBe("open");
          expect(cases).toBeLessThanOrEqual(1);
        }),
        { numRuns: 2000 * effort },
      );
    },
  );

  test("[P3] success that comes after the customer was told that nothing was paid is refunded", () => {
    let step = openScanPayment(
      { intentId: IntentId.parse("0123456789abcdef"), provider: "alipay", mode: "code", amountFen: AMOUNT },
      0,
      SCAN_TIMES,
    );
    step = stepScan(step.payment, { type: "unclear" }, 0, SCAN_TIMES);
    step = stepScan(step.payment, { type: "due" }, SCAN_TIMES.confirmMs + 1, SCAN_TIMES);
    expect(step.effects.map((effect) => effect.type)).toEqual(["query", "close"]);
    step = stepScan(step.payment, { type: "order-closed" }, 50_000, SCAN_TIMES);
    expect(step.payment.phase.name).toBe("closed");
    step = stepScan(step.payment, { type: "paid", transactionId: "late", paidFen: AMOUNT }, 60_000, SCAN_TIMES);
    expect(step.effects).toEqual([{ type: "refund", transactionId: "late", paidFen: AMOUNT }]);
    step = stepScan(step.payment, { type: "refund-done" }, 61_000, SCAN_TIMES);
    expect(step.payment.phase.name).toBe("refunded");
  });

  test("[P3] another amount than agreed becomes a case, not a credit", () => {
    let step = openScanPayment(
      { intentId: IntentId.parse("0123456789abcdef"), provider: "wechat", mode: "native", amountFen: AMOUNT },
      0,
      SCAN_TIMES,
    );
    step = stepScan(step.payment, { type: "created", qrText: "q" }, 0, SCAN_TIMES);
    step = stepScan(step.payment, { type: "paid", transactionId: "t", paidFen: AMOUNT - 1 }, 10, SCAN_TIMES);
    expect(step.effects).toEqual([{ type: "open-case", reason: "amount-differs", amountFen: AMOUNT - 1 }]);
  });

  test("[P3] an acquirer that never answers ends as a case that a person is shown", () => {
    let now = 0;
    let step = openScanPayment(
      { intentId: IntentId.parse("0123456789abcdef"), provider: "wechat", mode: "native", amountFen: AMOUNT },
      now,
      SCAN_TIMES,
    );
    for (let i = 0; i < 200 && step.payment.nextAtMs !== null; i += 1) {
      now = step.payment.nextAtMs;
      step = stepScan(step.payment, { type: "due" }, now, SCAN_TIMES);
    }
    expect(step.payment.phase).toEqual({ name: "case", reason: "close-unclear" });
  });
});
