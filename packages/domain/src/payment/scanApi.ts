import { z } from "zod";
import { Fen } from "../money/fen.ts";
import { Allocation, IntentId, PaymentDue } from "./schema.ts";

/**
 * Scan-code payments as kiosk and online channel see them. The saga runs at the centre, which alone talks to acquirers:
 * a kiosk that loses power or link loses only its view of it.
 */
export const ScanProvider = z.enum(["wechat", "alipay"]);
export type ScanProvider = z.infer<typeof ScanProvider>;

export const ScanPhase = z.enum([
  /** Announced, the acquirer has not answered yet. */
  "preparing",
  /** native: waiting for the payer to scan `qrText`. */
  "waiting",
  /** code: the payer's code is being charged. */
  "charging",
  /** The payer must enter a password on the phone (USERPAYING, WAIT_BUYER_PAY). */
  "confirm-on-phone",
  /** The acquirer's answer is unclear: being queried until final. */
  "checking",
  /** Being closed or reversed, until the acquirer confirms. */
  "cancelling",
  /** Final: paid and credited. */
  "paid",
  /** Final: nobody paid, the acquirer confirmed that nobody can any more. */
  "closed",
  /** Money came after all when the customer had been told that it did not: on its way back. */
  "refunding",
  /** Final. */
  "refunded",
  /** Final for the machine: a person works on it. */
  "case",
]);
export type ScanPhase = z.infer<typeof ScanPhase>;

export const ScanStatus = z.object({
  intentId: z.string(),
  phase: ScanPhase,
  qrText: z.string().nullable(),
  /** Seconds that the customer has left to pay, by the centre's clock. */
  secondsLeft: z.number().int().nullable(),
  receiptNo: z.string().nullable(),
  allocation: Allocation.nullable(),
  paidFen: Fen,
  reason: z.string().nullable(),
});
export type ScanStatus = z.infer<typeof ScanStatus>;

export function isScanFinal(phase: ScanPhase): boolean {
  switch (phase) {
    case "paid":
    case "closed":
    case "refunded":
    case "case":
      return true;
    case "preparing":
    case "waiting":
    case "charging":
    case "confirm-on-phone":
    case "checking":
    case "cancelling":
    case "refunding":
      return false;
    default:
      return phase satisfies never;
  }
}

export const BeginScan = z.object({
  intentId: IntentId,
  journeyId: z.string().nullable(),
  due: PaymentDue,
  provider: ScanProvider,
  /** native: the payer scans our code. code: we scan the payer's, `authCode`. */
  mode: z.enum(["native", "code"]),
  authCode: z
    .string()
    .regex(/^\d{16,24}$/, "a payment code has 16 to 24 figures")
    .nullable(),
});
export type BeginScan = z.infer<typeof BeginScan>;

/** RPC methods of the device link. All are idempotent by the intent id. */
export const scanApi = {
  /** The same intent with other parameters is refused: `payment.intent-conflict`. Refuses amounts that no longer fit: `payment.stale-due`. */
  "payment.scan-begin": { params: BeginScan, result: ScanStatus },
  "payment.scan-status": { params: z.object({ intentId: IntentId }), result: ScanStatus },
  /** Asks for the end. Of an intent that never arrived it leaves a mark, so that a late begin is refused. Answers `paid` where money was faster. */
  "payment.scan-cancel": { params: z.object({ intentId: IntentId }), result: ScanStatus },
} as const;
