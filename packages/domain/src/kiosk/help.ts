import type { Text } from "../catalogue/schema.ts";
import { formatYuan } from "../money/fen.ts";
import type { HelpField, HelpMove, JourneyAnswer } from "../seats/assist.ts";
import type { CustomerAction, Screen, Settings } from "./view.ts";

/**
 * What an agent can do for a customer on a screen, and which action of the customer's own each of it is. Nothing else
 * can be done from afar: what is not listed here has no name that could travel.
 */
export interface ScreenHelp {
  answers: JourneyAnswer[];
  fields: HelpField[];
  moves: HelpMove[];
  /** Payment and identity pages are the customer's alone: proposals may be made, nothing is done for them. */
  controllable: boolean;
}

const text = (zh: string, en: string): Text => ({ zh, en });
const METHODS = [
  { value: "account", label: text("户号", "Account number") },
  { value: "phone", label: text("手机号", "Phone number") },
  { value: "id-card", label: text("身份证", "ID card") },
  { value: "bill-qr", label: text("账单二维码", "Bill QR code") },
];
const field = (part: Partial<HelpField> & Pick<HelpField, "field" | "label" | "kind">): HelpField => ({
  options: [],
  value: null,
  sensitive: false,
  ...part,
});
const move = (name: string, zh: string, en: string): HelpMove => ({ move: name, label: text(zh, en) });
const yuan = (fen: number) => `${formatYuan(fen)} 元`;
const account = (accountNo: string, holderMasked: string): JourneyAnswer[] => [
  { label: text("户号", "Account number"), value: accountNo },
  { label: text("户名", "Holder"), value: holderMasked },
];

export function helpOf(screen: Screen, ways: { canGoBack: boolean; canGoHome: boolean }): ScreenHelp {
  const own = ofScreen(screen);
  const moves = [
    ...own.moves,
    ...(ways.canGoBack ? [move("back", "返回上一页", "Back")] : []),
    ...(ways.canGoHome ? [move("home", "返回首页", "Home")] : []),
  ];
  return { ...own, moves };
}

function ofScreen(screen: Screen): ScreenHelp {
  const nothing: ScreenHelp = { answers: [], fields: [], moves: [], controllable: false };
  switch (screen.kind) {
    case "signage":
      return { ...nothing, moves: [move("start", "开始办理", "Start")], controllable: true };
    case "home":
      return {
        ...nothing,
        moves: screen.services
          .filter((service) => service.available)
          .map((service) => ({ move: `service:${service.serviceId}`, label: service.title })),
        controllable: true,
      };
    case "find-account": {
      const typed = screen.method === "phone" ? "phone" : "account-no";
      const label = screen.method === "phone" ? text("手机号", "Phone number") : text("户号", "Account number");
      return {
        ...nothing,
        fields: [
          field({
            field: "method",
            label: text("查找方式", "Find by"),
            kind: "choice",
            options: METHODS,
            value: screen.method,
          }),
          ...(screen.method === "account" || screen.method === "phone"
            ? [field({ field: "value", label, kind: typed })]
            : []),
        ],
        controllable: screen.method !== "id-card",
      };
    }
    case "choose-account":
      return {
        ...nothing,
        fields: [
          field({
            field: "account",
            label: text("选择用电户", "Choose an account"),
            kind: "choice",
            options: screen.accounts.map((one) => {
              const shown = `${one.accountNo} ${one.holderMasked}`;
              return { value: one.accountNo, label: text(shown, shown) };
            }),
          }),
        ],
        controllable: true,
      };
    case "account":
      return {
        answers: [
          ...account(screen.overview.accountNo, screen.overview.holderMasked),
          { label: text("欠费", "Owed"), value: yuan(screen.overview.arrearsFen + screen.overview.lateFeeFen) },
          { label: text("预存余额", "Prepaid balance"), value: yuan(screen.overview.prepaidFen) },
        ],
        fields: [],
        moves: [
          move("go:pay", "去交费", "Pay"),
          move("go:bills", "查看账单", "Bills"),
          move("go:payments", "缴费记录", "Payments received"),
        ],
        controllable: true,
      };
    case "bills":
      return {
        answers: account(screen.overview.accountNo, screen.overview.holderMasked),
        fields: [
          field({
            field: "bill",
            label: text("打开账单", "Open a bill"),
            kind: "choice",
            options: [...screen.overview.months].reverse().map((month) => {
              const shown = `${month.month}  ${yuan(month.amountFen)}`;
              return { value: month.billId, label: text(shown, shown) };
            }),
          }),
        ],
        moves: [],
        controllable: true,
      };
    case "bill":
      return {
        answers: [
          ...account(screen.bill.accountNo, screen.bill.holderMasked),
          { label: text("账单月份", "Month"), value: screen.bill.month },
          { label: text("应交", "Total"), value: yuan(screen.bill.totalFen) },
        ],
        fields: [],
        moves: [move("print-bill", "打印账单", "Print the bill")],
        controllable: true,
      };
    case "payments":
      return {
        ...nothing,
        answers: account(screen.account.accountNo, screen.account.holderMasked),
        controllable: true,
      };
    case "amount":
      return {
        answers: [
          ...account(screen.account.accountNo, screen.account.holderMasked),
          { label: text("本次应付", "To pay"), value: yuan(screen.totalFen) },
        ],
        fields: [
          field({
            field: "prepay",
            label: text("预存金额", "Prepay"),
            kind: "amount-fen",
            value: String(screen.prepayFen),
          }),
        ],
        moves: [move("confirm-amount", "确认金额", "Confirm the amount")],
        controllable: false,
      };
    case "method":
      return { ...nothing, answers: [{ label: text("本次应付", "To pay"), value: yuan(screen.totalFen) }] };
    case "change-notice":
    case "scan":
      return { ...nothing, answers: [{ label: text("本次应付", "To pay"), value: yuan(screen.totalFen) }] };
    case "cash":
      return {
        ...nothing,
        answers: [
          { label: text("本次应付", "To pay"), value: yuan(screen.totalFen) },
          { label: text("已收现金", "Received"), value: yuan(screen.receivedFen) },
        ],
      };
    case "result":
      return {
        ...nothing,
        answers: [
          ...account(screen.account.accountNo, screen.account.holderMasked),
          { label: text("已收", "Received"), value: yuan(screen.receivedFen) },
        ],
        moves: [move("print-receipt", "打印凭条", "Print the receipt"), move("done", "完成", "Done")],
      };
    case "out-of-service":
    case "recovery":
      return nothing;
    default:
      return screen satisfies never;
  }
}

/** The customer's own action that setting a field means; null: the screen has no such field or does not take the value. */
export function actionOfField(screen: Screen, name: string, value: string): CustomerAction | null {
  const known = ofScreen(screen).fields.find((one) => one.field === name);
  if (!known || known.sensitive) return null;
  if (known.kind === "choice" && !known.options.some((option) => option.value === value)) return null;
  if (known.kind === "amount-fen" && !/^\d{1,9}$/.test(value)) return null;
  if (known.kind === "account-no" && !/^\d{13}$/.test(value)) return null;
  if (known.kind === "phone" && !/^1\d{10}$/.test(value)) return null;
  switch (known.field) {
    case "method":
      return { type: "find-method", method: value as "account" | "phone" | "id-card" | "bill-qr" };
    case "value":
      return { type: "find", value };
    case "account":
      return { type: "choose", accountNo: value };
    case "bill":
      return { type: "bill", billId: value };
    case "prepay":
      return { type: "prepay", amountFen: Number(value) };
    default:
      return null;
  }
}

/** The customer's own action that a way on means; null: the screen does not offer it. */
export function actionOfMove(
  screen: Screen,
  ways: { canGoBack: boolean; canGoHome: boolean },
  name: string,
): CustomerAction | null {
  if (!helpOf(screen, ways).moves.some((one) => one.move === name)) return null;
  if (name.startsWith("service:")) return { type: "service", serviceId: name.slice("service:".length) };
  switch (name) {
    case "start":
    case "back":
    case "home":
    case "print-bill":
    case "confirm-amount":
    case "print-receipt":
    case "done":
      return { type: name };
    case "go:pay":
      return { type: "go", to: "pay" };
    case "go:bills":
      return { type: "go", to: "bills" };
    case "go:payments":
      return { type: "go", to: "payments" };
    default:
      return null;
  }
}

/** Who may be favoured in the queue: large print or voice are asked for by those who need more patience. */
export function seemsElderly(settings: Settings): boolean {
  return settings.textSize === "large" || settings.voice;
}
