import type { AccountBrief, AccountOverview, BillView, PaymentView } from "@gridhall/domain/backoffice/api.ts";
import type { Facts } from "@gridhall/domain/catalogue/condition.ts";
import type { CustomerAction, Message, Screen, Settings } from "@gridhall/domain/kiosk/view.ts";
import type { PaymentDue } from "@gridhall/domain/payment/schema.ts";
import type { Ports } from "../devices/ports.ts";
import type { CashPayments } from "../support/cashPayments.ts";
import type { AskCentre, ScanPayments } from "../support/scanPayments.ts";
import type { Printing } from "../support/printing/printing.ts";

/** What a journey has learnt so far. Gone with the session; only the parts that a restart needs are in the journey's row. */
export interface Answers {
  method: "account" | "phone" | "id-card" | "bill-qr";
  accounts: AccountBrief[];
  account: AccountBrief | null;
  overview: AccountOverview | null;
  bill: BillView | null;
  payments: PaymentView[];
  due: PaymentDue | null;
  remainder: "change" | "prepay";
  tender: "cash" | "wechat-native" | "wechat-code" | "alipay-native" | "alipay-code" | null;
  result: PaymentResult | null;
}

export interface PaymentResult {
  intentId: string;
  atMs: number;
  outcome: "paid" | "partly-paid" | "prepaid" | "returned" | "pending" | "case";
  receivedFen: number;
  changeFen: number;
  billsFen: number;
  prepayFen: number;
  caseFen: number;
  receiptNo: string;
  deferred: boolean;
}

export function emptyAnswers(): Answers {
  return {
    method: "account",
    accounts: [],
    account: null,
    overview: null,
    bill: null,
    payments: [],
    due: null,
    remainder: "change",
    tender: null,
    result: null,
  };
}

/** What a page may use. `signal` ends with the page: nothing that a page began outlives it, money excepted. */
export interface PageContext {
  readonly journeyId: string;
  readonly answers: Answers;
  readonly ports: Ports;
  readonly cash: CashPayments | null;
  readonly scan: ScanPayments;
  readonly printing: Printing;
  readonly signal: AbortSignal;
  readonly settings: () => Settings;
  readonly isOnline: () => boolean;
  readonly nowMs: () => number;
  readonly newId: () => string;
  ask: AskCentre;
  /** Shows the current screen again. */
  changed(): void;
  /** Reports an outcome; the definition says which page follows. */
  outcome(on: string, facts?: Facts): void;
  /** Runs a question to the centre under a "please wait"; a failure becomes a problem on the page. */
  busy<T>(message: Message, work: () => Promise<T>): Promise<T | Message>;
  trace(type: string, detail: Record<string, unknown>): void;
}

/** One page while it is shown. */
export interface PageController {
  screen(): Screen;
  /** False: not an action of this page. */
  act(action: CustomerAction): boolean;
  /** Money or paper is moving: no back, no home, no time-out. */
  isBusyWithMoney?(): boolean;
  /** The idle time of a page that holds money has run out. */
  moneyTimeout?(): void;
}

export type PageFactory = (context: PageContext) => PageController;

export function message(key: string, params: Record<string, string | number> = {}): Message {
  return { key, params };
}

export function isMessage(value: unknown): value is Message {
  return typeof value === "object" && value !== null && "key" in value && "params" in value;
}

/** The centre's or the link's refusal, in words for the customer. */
export function problemOf(cause: unknown): Message {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  switch (code) {
    case "link.offline":
      return message("problem.offline");
    case "link.timeout":
      return message("problem.centre-timeout");
    case "accounts.too-many-tries":
      return message("problem.too-many-tries");
    case "account.not-found":
    case "bill.not-found":
      return message("problem.account-not-found");
    default:
      return message("problem.centre-timeout");
  }
}
