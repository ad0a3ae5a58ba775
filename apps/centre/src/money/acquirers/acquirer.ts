import type { ScanInput } from "@gridhall/domain/payment/scanSaga.ts";

/** One row of an acquirer's daily bill. */
export interface AcquirerBillRow {
  outTradeNo: string;
  transactionId: string;
  kind: "payment" | "refund";
  amountFen: number;
}

export interface Order {
  outTradeNo: string;
  amountFen: number;
  subject: string;
}

/**
 * An acquirer behind one interface. No method throws for what an acquirer may answer: each answer is an input of the
 * saga, and what cannot be understood (time-out, broken signature, 5xx, unknown code) is `unclear`, never a guess.
 */
export interface Acquirer {
  readonly provider: "wechat" | "alipay";
  create(order: Order, expiresAt: Date): Promise<ScanInput>;
  charge(order: Order, authCode: string): Promise<ScanInput>;
  query(outTradeNo: string): Promise<ScanInput>;
  /** native: closes; code: reverses. Both answer `paid` where money was faster and stays. */
  close(outTradeNo: string, mode: "native" | "code"): Promise<ScanInput>;
  refund(order: Order, refundNo: string): Promise<ScanInput>;
  /** Rejects where the bill cannot be had yet. */
  downloadBill(day: string): Promise<AcquirerBillRow[]>;
  /** Verifies and opens a notification; null where it is not authentic. */
  readNotification(
    headers: Record<string, string | undefined>,
    body: string,
  ): Promise<{ outTradeNo: string; input: ScanInput } | null>;
}
