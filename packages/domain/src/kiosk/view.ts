import { z } from "zod";
import { AccountBrief, AccountOverview, BillView, PaymentView } from "../backoffice/api.ts";
import { Text } from "../catalogue/schema.ts";
import { MediaToClient, MediaToServer } from "../media/schema.ts";
import { Fen } from "../money/fen.ts";
import { ConsentLevel, PageMap } from "../seats/assist.ts";
import { CallView, DeviceTrouble, MessageTopic } from "../seats/callView.ts";

/**
 * What the kiosk host shows and what the customer does: the whole contract between host and UI (requirement T1: the UI
 * only shows and asks). The host pushes a complete `KioskView` with a rising `revision` at every change; the UI sends
 * `CustomerAction`s stamped with the revision they were made on. An action that the present page does not know, or that
 * was made on another page than the present one, is dropped.
 */

export const Settings = z.object({
  language: z.enum(["zh-CN", "en"]),
  textSize: z.enum(["normal", "large"]),
  contrast: z.enum(["normal", "high"]),
  voice: z.boolean(),
});
export type Settings = z.infer<typeof Settings>;
export const DEFAULT_SETTINGS: Settings = { language: "zh-CN", textSize: "normal", contrast: "normal", voice: false };

/** Text that the UI looks up in its own dictionary. */
export const Message = z.object({
  key: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
});
export type Message = z.infer<typeof Message>;

export const PrintState = z.discriminatedUnion("state", [
  z.object({ state: z.literal("idle") }),
  z.object({ state: z.literal("printing"), what: z.enum(["receipt", "bill"]) }),
  z.object({ state: z.literal("take"), what: z.enum(["receipt", "bill"]) }),
  z.object({ state: z.literal("done"), what: z.enum(["receipt", "bill"]) }),
  z.object({ state: z.literal("failed"), what: z.enum(["receipt", "bill"]), reason: Message }),
]);
export type PrintState = z.infer<typeof PrintState>;

export const ServiceTile = z.object({
  serviceId: z.string(),
  title: Text,
  hint: Text,
  icon: z.string(),
  available: z.boolean(),
  unavailableReason: Message.nullable(),
});
export type ServiceTile = z.infer<typeof ServiceTile>;

const DueLine = z.object({
  billId: z.string(),
  month: z.string(),
  principalFen: Fen,
  lateFeeFen: Fen,
  selected: z.boolean(),
});

export const Screen = z.discriminatedUnion("kind", [
  /** Idle: the signage loop. Any touch → `start`. */
  z.object({
    kind: z.literal("signage"),
    slides: z.array(
      z.object({ id: z.string(), title: Text, body: Text, tone: z.enum(["info", "safety", "saving", "price"]) }),
    ),
  }),
  z.object({ kind: z.literal("home"), services: z.array(ServiceTile) }),
  z.object({ kind: z.literal("out-of-service"), reason: Message }),
  /** After a power cut in mid-payment: what became of the money, said before anything else. */
  z.object({
    kind: z.literal("recovery"),
    state: z.enum(["working", "settled"]),
    receivedFen: Fen,
    creditedFen: Fen,
    accountNo: z.string(),
  }),
  z.object({
    kind: z.literal("find-account"),
    method: z.enum(["account", "phone", "id-card", "bill-qr"]),
    /** id-card and bill-qr: what the reader is doing. */
    reader: z.enum(["off", "waiting", "reading", "failed", "unavailable"]),
    problem: Message.nullable(),
  }),
  /** `problem` on these pages: a question to the centre failed; `retry` asks it again. */
  z.object({ kind: z.literal("choose-account"), accounts: z.array(AccountBrief), problem: Message.nullable() }),
  z.object({ kind: z.literal("account"), overview: AccountOverview, problem: Message.nullable() }),
  z.object({ kind: z.literal("bills"), overview: AccountOverview, problem: Message.nullable() }),
  z.object({ kind: z.literal("bill"), bill: BillView, print: PrintState }),
  z.object({ kind: z.literal("payments"), account: AccountBrief, payments: z.array(PaymentView) }),
  z.object({
    kind: z.literal("amount"),
    account: AccountBrief,
    prepaidFen: Fen,
    bills: z.array(DueLine),
    prepayFen: Fen,
    totalFen: Fen,
    prepayLimitFen: Fen,
    problem: Message.nullable(),
  }),
  z.object({
    kind: z.literal("method"),
    totalFen: Fen,
    options: z.array(
      z.object({
        method: z.enum(["cash", "wechat-native", "wechat-code", "alipay-native", "alipay-code"]),
        available: z.boolean(),
        reason: Message.nullable(),
      }),
    ),
    problem: Message.nullable(),
  }),
  z.object({ kind: z.literal("change-notice"), totalFen: Fen, maxChangeFen: Fen }),
  z.object({
    kind: z.literal("cash"),
    totalFen: Fen,
    receivedFen: Fen,
    remainder: z.enum(["change", "prepay"]),
    notes: z.array(Fen),
    /** What the machine is doing, always said. */
    doing: z.enum([
      "starting",
      "insert",
      "checking-note",
      "storing-note",
      "returning-note",
      "paying-change",
      "recovering",
      "settling",
    ]),
    changeFen: Fen,
    problem: Message.nullable(),
    secondsLeft: z.number().int().nullable(),
  }),
  z.object({
    kind: z.literal("scan"),
    provider: z.enum(["wechat", "alipay"]),
    mode: z.enum(["native", "code"]),
    totalFen: Fen,
    /** native: the text of the QR code to show. */
    qrText: z.string().nullable(),
    state: z.enum(["preparing", "show-qr", "present-code", "charging", "confirm-on-phone", "checking", "cancelling"]),
    problem: Message.nullable(),
    secondsLeft: z.number().int().nullable(),
  }),
  z.object({
    kind: z.literal("result"),
    outcome: z.enum(["paid", "partly-paid", "prepaid", "returned", "pending", "case"]),
    account: AccountBrief,
    tender: z.string(),
    receivedFen: Fen,
    changeFen: Fen,
    billsFen: Fen,
    prepayFen: Fen,
    caseFen: Fen,
    receiptNo: z.string(),
    print: PrintState,
    /** Offline: credited as soon as the link is back. */
    deferred: z.boolean(),
  }),
]);
export type Screen = z.infer<typeof Screen>;

export const Overlay = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("timeout"), secondsLeft: z.number().int() }),
  z.object({ kind: z.literal("wiping") }),
]);
export type Overlay = z.infer<typeof Overlay>;

export const KioskView = z.object({
  revision: z.number().int().nonnegative(),
  /** Rises with each customer: the UI forgets everything of its own when it changes. */
  session: z.number().int().nonnegative(),
  terminal: z.object({
    id: z.string(),
    name: Text,
    hall: Text,
    online: z.boolean(),
    /** Trusted wall clock, ISO 8601 with offset. */
    now: z.string(),
    hotline: z.string(),
  }),
  settings: Settings,
  title: Text.nullable(),
  step: z.object({ index: z.number().int(), of: z.number().int() }).nullable(),
  screen: Screen,
  overlay: Overlay.nullable(),
  /** The call with a remote agent, beside whatever page is open; null: none. */
  call: CallView.nullable(),
  /** Full-screen "please wait" text while something is asked of the centre or a device. */
  busy: Message.nullable(),
  canGoBack: z.boolean(),
  canGoHome: z.boolean(),
});
export type KioskView = z.infer<typeof KioskView>;

export const CustomerAction = z.discriminatedUnion("type", [
  z.object({ type: z.literal("start") }),
  z.object({ type: z.literal("touch") }),
  z.object({ type: z.literal("home") }),
  z.object({ type: z.literal("back") }),
  z.object({ type: z.literal("help") }),
  z.object({ type: z.literal("close-overlay") }),
  z.object({ type: z.literal("settings"), settings: Settings }),
  z.object({ type: z.literal("service"), serviceId: z.string() }),
  z.object({ type: z.literal("find-method"), method: z.enum(["account", "phone", "id-card", "bill-qr"]) }),
  z.object({ type: z.literal("find"), value: z.string().max(40) }),
  z.object({ type: z.literal("choose"), accountNo: z.string() }),
  z.object({ type: z.literal("retry") }),
  z.object({ type: z.literal("go"), to: z.enum(["pay", "bills", "payments"]) }),
  z.object({ type: z.literal("bill"), billId: z.string() }),
  z.object({ type: z.literal("print-bill") }),
  z.object({ type: z.literal("select-bill"), billId: z.string(), selected: z.boolean() }),
  z.object({ type: z.literal("prepay"), amountFen: Fen.nonnegative() }),
  z.object({ type: z.literal("confirm-amount") }),
  z.object({
    type: z.literal("method"),
    method: z.enum(["cash", "wechat-native", "wechat-code", "alipay-native", "alipay-code"]),
  }),
  z.object({ type: z.literal("accept-no-change") }),
  z.object({ type: z.literal("cash-finish") }),
  z.object({ type: z.literal("cash-cancel") }),
  z.object({ type: z.literal("scan-cancel") }),
  z.object({ type: z.literal("print-receipt") }),
  z.object({ type: z.literal("again") }),
  z.object({ type: z.literal("call-start"), screen: z.boolean(), recording: z.boolean() }),
  /** Hang up, leave the queue, or put the panel away. */
  z.object({ type: z.literal("call-end") }),
  z.object({ type: z.literal("call-choose"), what: z.enum(["callback", "message"]) }),
  z.object({ type: z.literal("call-callback"), phone: z.string().max(20) }),
  z.object({ type: z.literal("call-message"), topic: MessageTopic, phone: z.string().max(20).nullable() }),
  z.object({ type: z.literal("call-consent"), consent: ConsentLevel }),
  z.object({ type: z.literal("call-recording"), recording: z.boolean() }),
  z.object({ type: z.literal("call-answer"), proposalId: z.string().max(64), accept: z.boolean() }),
  z.object({ type: z.literal("call-put-away") }),
  z.object({ type: z.literal("call-rate"), score: z.number().int().min(1).max(5) }),
  z.object({ type: z.literal("done") }),
]);
export type CustomerAction = z.infer<typeof CustomerAction>;

/** Over `ws://…/ui`: the UI speaks first with its page token. */
export const UiToHost = z.discriminatedUnion("type", [
  z.object({ type: z.literal("hello"), token: z.string() }),
  z.object({ type: z.literal("action"), revision: z.number().int(), action: CustomerAction }),
  /** A page that has no connections yet asks for the room's `welcome`. */
  z.object({ type: z.literal("media-join") }),
  z.object({ type: z.literal("media"), message: MediaToServer }),
  z.object({ type: z.literal("devices"), camera: DeviceTrouble, microphone: DeviceTrouble, screen: DeviceTrouble }),
  z.object({ type: z.literal("page-map"), map: PageMap }),
]);
export type UiToHost = z.infer<typeof UiToHost>;
export const HostToUi = z.discriminatedUnion("type", [
  z.object({ type: z.literal("view"), view: KioskView }),
  z.object({ type: z.literal("media"), message: MediaToClient }),
  z.object({ type: z.literal("refused"), reason: z.string() }),
]);
export type HostToUi = z.infer<typeof HostToUi>;

/** Every message key that the host may send: the UI's dictionaries are tested for each in both languages. */
export const MESSAGE_KEYS = [
  "busy.finding",
  "busy.loading",
  "busy.preparing-payment",
  "busy.printing",
  "problem.account-not-found",
  "problem.account-format",
  "problem.phone-format",
  "problem.offline",
  "problem.centre-timeout",
  "problem.before-payment",
  "problem.too-many-tries",
  "problem.card-unreadable",
  "problem.card-removed",
  "problem.reader-unavailable",
  "problem.code-unreadable",
  "problem.nothing-selected",
  "problem.prepay-limit",
  "problem.cash-unavailable",
  "problem.cash-jam",
  "problem.note-refused",
  "problem.note-counterfeit",
  "problem.note-denomination",
  "problem.change-short",
  "problem.payment-failed",
  "problem.payment-expired",
  "problem.payment-unclear",
  "problem.payment-code-invalid",
  "problem.printer-paper-out",
  "problem.printer-jam",
  "problem.printer-offline",
  "problem.scan-unavailable",
  "unavailable.offline",
  "unavailable.starting",
  "unavailable.devices",
  "unavailable.maintenance",
  "unavailable.tampered",
  "problem.callback-phone",
  "problem.call-link",
] as const;
