import { z } from "zod";
import { Fen } from "../money/fen.ts";
import { ScanProvider } from "./scanApi.ts";
import { IntentId } from "./schema.ts";

/**
 * The scan-code payment saga of the centre, pure. The acquirer may answer late, twice, in any order or not at all; the
 * payer may pay at any moment until the acquirer itself has said that the order is closed. So:
 *  - `closed` is only told to the customer after the acquirer confirmed it;
 *  - success that comes before that is credited, success that comes after it is sent back;
 *  - whatever stays unclear is asked again, with growing pauses, and in the end shown to a person.
 * One order number (the intent id) for ever: never a second one before the first is final (catalogue P01).
 */

export const ScanSagaPhase = z.discriminatedUnion("name", [
  z.object({ name: z.literal("creating") }),
  z.object({ name: z.literal("charging") }),
  z.object({ name: z.literal("waiting"), qrText: z.string(), deadlineMs: z.number() }),
  /** The payer's phone asks for the password, or the charge's answer was lost. */
  z.object({ name: z.literal("confirming"), deadlineMs: z.number(), unclear: z.boolean() }),
  z.object({ name: z.literal("closing"), reason: z.string() }),
  z.object({ name: z.literal("paid"), transactionId: z.string() }),
  z.object({ name: z.literal("closed"), reason: z.string() }),
  z.object({ name: z.literal("refunding"), transactionId: z.string(), paidFen: Fen }),
  z.object({ name: z.literal("refunded"), transactionId: z.string() }),
  z.object({ name: z.literal("case"), reason: z.string() }),
]);
export type ScanSagaPhase = z.infer<typeof ScanSagaPhase>;

export const ScanPayment = z.object({
  intentId: IntentId,
  provider: ScanProvider,
  mode: z.enum(["native", "code"]),
  amountFen: Fen.positive(),
  phase: ScanSagaPhase,
  /** Fruitless questions in the present phase. */
  tries: z.number().int(),
  /** When the runner must look at it again; null: nothing is due. */
  nextAtMs: z.number().nullable(),
});
export type ScanPayment = z.infer<typeof ScanPayment>;

/** What the acquirer said, whoever asked: an answer to a command, to a query, or a notification. */
export type ScanInput =
  | { type: "created"; qrText: string }
  /** The acquirer refused for certain: no such order exists there. */
  | { type: "refused"; reason: string }
  | { type: "unclear" }
  | { type: "user-paying" }
  | { type: "paid"; transactionId: string; paidFen: number }
  | { type: "not-paid" }
  /** The order is closed, revoked or payment failed, and cannot be paid any more. */
  | { type: "order-closed" }
  | { type: "unknown-order" }
  /** A reversal that also returned money which had been taken. */
  | { type: "reversed" }
  | { type: "refund-done" }
  | { type: "refund-processing" }
  | { type: "refund-refused"; reason: string }
  | { type: "cancel" }
  | { type: "due" };

export type ScanEffect =
  | { type: "create" }
  | { type: "query" }
  /** native: close the order. code: reverse the charge. */
  | { type: "close" }
  | { type: "credit"; transactionId: string; paidFen: number }
  | { type: "void" }
  | { type: "refund"; transactionId: string; paidFen: number }
  | { type: "open-case"; reason: string; amountFen: number };

export interface ScanStep {
  payment: ScanPayment;
  effects: ScanEffect[];
}

/** Times of the saga, in ms: data of the installation. WeChat's own advice for payment codes is 45 s in all (付款码支付 查单与撤销). */
export interface ScanTimes {
  payMs: number;
  confirmMs: number;
  queryEveryMs: number;
  retryMs: number;
  longestRetryMs: number;
  triesBeforeCase: number;
}
export const SCAN_TIMES: ScanTimes = {
  payMs: 120_000,
  confirmMs: 45_000,
  queryEveryMs: 3_000,
  retryMs: 2_000,
  longestRetryMs: 60_000,
  triesBeforeCase: 60,
};

/** A code's charge is not an effect that can be repeated: the runner sends it once, right after this state is durable. */
export function openScanPayment(
  request: Pick<ScanPayment, "intentId" | "provider" | "mode" | "amountFen">,
  nowMs: number,
  times: ScanTimes,
): ScanStep {
  const native = request.mode === "native";
  return {
    payment: {
      ...request,
      phase: native ? { name: "creating" } : { name: "charging" },
      tries: 0,
      nextAtMs: nowMs + times.confirmMs,
    },
    effects: native ? [{ type: "create" }] : [],
  };
}

export function stepScan(payment: ScanPayment, input: ScanInput, nowMs: number, times: ScanTimes): ScanStep {
  const { phase } = payment;
  switch (phase.name) {
    case "creating":
    case "charging":
      return whileStarting(payment, input, nowMs, times);
    case "waiting":
    case "confirming":
      return whileOpen(payment, phase, input, nowMs, times);
    case "closing":
      return whileClosing(payment, phase, input, nowMs, times);
    case "closed":
      // Money after the verdict: the customer was told that nothing was taken, so it goes back.
      return input.type === "paid" ? toRefunding(payment, input, nowMs, times) : unchanged(payment);
    case "refunding":
      return whileRefunding(payment, phase, input, nowMs, times);
    case "paid":
    case "refunded":
    case "case":
      return unchanged(payment);
    default:
      return phase satisfies never;
  }
}

function unchanged(payment: ScanPayment): ScanStep {
  return { payment, effects: [] };
}

function whileStarting(payment: ScanPayment, input: ScanInput, nowMs: number, times: ScanTimes): ScanStep {
  switch (input.type) {
    case "created":
      return {
        payment: {
          ...payment,
          phase: { name: "waiting", qrText: input.qrText, deadlineMs: nowMs + times.payMs },
          tries: 0,
          nextAtMs: nowMs + times.queryEveryMs,
        },
        effects: [],
      };
    case "paid":
      return toPaid(payment, input);
    case "user-paying":
      return {
        payment: {
          ...payment,
          phase: { name: "confirming", deadlineMs: nowMs + times.confirmMs, unclear: false },
          tries: 0,
          nextAtMs: nowMs + times.queryEveryMs,
        },
        effects: [],
      };
    case "refused":
    case "order-closed":
      return toClosed(payment, input.type === "refused" ? input.reason : "order-closed");
    case "unclear":
    case "due":
      // A charge may have gone through: ask. An order without a code to show is of no use: close it.
      return payment.mode === "code"
        ? {
            payment: {
              ...payment,
              phase: { name: "confirming", deadlineMs: nowMs + times.confirmMs, unclear: true },
              tries: 0,
              nextAtMs: nowMs + times.queryEveryMs,
            },
            effects: [{ type: "query" }],
          }
        : toClosing(payment, "create-unclear", nowMs, times);
    case "cancel":
      return toClosing(payment, "cancelled", nowMs, times);
    default:
      return unchanged(payment);
  }
}

function whileOpen(
  payment: ScanPayment,
  phase: Extract<ScanSagaPhase, { name: "waiting" | "confirming" }>,
  input: ScanInput,
  nowMs: number,
  times: ScanTimes,
): ScanStep {
  switch (input.type) {
    case "paid":
      return toPaid(payment, input);
    case "order-closed":
      return toClosed(payment, "order-closed");
    case "cancel":
      return toClosing(payment, "cancelled", nowMs, times);
    case "user-paying":
      return phase.name === "confirming"
        ? { payment: { ...payment, phase: { ...phase, unclear: false } }, effects: [] }
        : unchanged(payment);
    case "due":
      if (nowMs >= phase.deadlineMs) return toClosing(payment, "expired", nowMs, times);
      return { payment: { ...payment, nextAtMs: nowMs + times.queryEveryMs }, effects: [{ type: "query" }] };
    default:
      return unchanged(payment);
  }
}

function whileClosing(
  payment: ScanPayment,
  phase: Extract<ScanSagaPhase, { name: "closing" }>,
  input: ScanInput,
  nowMs: number,
  times: ScanTimes,
): ScanStep {
  switch (input.type) {
    case "paid":
      return toPaid(payment, input);
    case "order-closed":
    case "reversed":
      return toClosed(payment, phase.reason);
    case "due": {
      if (payment.tries >= times.triesBeforeCase) return toCase(payment, "close-unclear");
      // The order may be paid, or may not have reached the acquirer yet: asking tells which, closing settles it.
      return {
        payment: { ...payment, tries: payment.tries + 1, nextAtMs: nowMs + pause(payment.tries + 1, times) },
        effects: [{ type: "query" }, { type: "close" }],
      };
    }
    default:
      return unchanged(payment);
  }
}

function whileRefunding(
  payment: ScanPayment,
  phase: Extract<ScanSagaPhase, { name: "refunding" }>,
  input: ScanInput,
  nowMs: number,
  times: ScanTimes,
): ScanStep {
  switch (input.type) {
    case "refund-done":
      return {
        payment: {
          ...payment,
          phase: { name: "refunded", transactionId: phase.transactionId },
          tries: 0,
          nextAtMs: null,
        },
        effects: [],
      };
    case "refund-refused":
      return toCase(payment, `refund-refused: ${input.reason}`, phase.paidFen);
    case "due":
      if (payment.tries >= times.triesBeforeCase) return toCase(payment, "refund-unclear", phase.paidFen);
      return {
        payment: { ...payment, tries: payment.tries + 1, nextAtMs: nowMs + pause(payment.tries + 1, times) },
        effects: [{ type: "refund", transactionId: phase.transactionId, paidFen: phase.paidFen }],
      };
    default:
      return unchanged(payment);
  }
}

function toPaid(payment: ScanPayment, input: { transactionId: string; paidFen: number }): ScanStep {
  // Another amount than agreed cannot be credited by rule.
  if (input.paidFen !== payment.amountFen) return toCase(payment, "amount-differs", input.paidFen);
  return {
    payment: { ...payment, phase: { name: "paid", transactionId: input.transactionId }, tries: 0, nextAtMs: null },
    effects: [{ type: "credit", ...pick(input) }],
  };
}

function toClosed(payment: ScanPayment, reason: string): ScanStep {
  return {
    payment: { ...payment, phase: { name: "closed", reason }, tries: 0, nextAtMs: null },
    effects: [{ type: "void" }],
  };
}

function toClosing(payment: ScanPayment, reason: string, nowMs: number, times: ScanTimes): ScanStep {
  return {
    payment: { ...payment, phase: { name: "closing", reason }, tries: 0, nextAtMs: nowMs + times.retryMs },
    effects: [{ type: "query" }, { type: "close" }],
  };
}

function toRefunding(
  payment: ScanPayment,
  input: { transactionId: string; paidFen: number },
  nowMs: number,
  times: ScanTimes,
): ScanStep {
  return {
    payment: { ...payment, phase: { name: "refunding", ...pick(input) }, tries: 0, nextAtMs: nowMs + times.retryMs },
    effects: [{ type: "refund", ...pick(input) }],
  };
}

function toCase(payment: ScanPayment, reason: string, amountFen = payment.amountFen): ScanStep {
  return {
    payment: { ...payment, phase: { name: "case", reason }, nextAtMs: null },
    effects: [{ type: "open-case", reason, amountFen }],
  };
}

function pick(input: { transactionId: string; paidFen: number }): { transactionId: string; paidFen: number } {
  return { transactionId: input.transactionId, paidFen: input.paidFen };
}

function pause(tries: number, times: ScanTimes): number {
  return Math.min(times.longestRetryMs, times.retryMs * 2 ** Math.min(tries, 10));
}
