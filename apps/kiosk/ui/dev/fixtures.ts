import type { AccountBrief, AccountOverview, BillView, MonthUsage } from "@gridhall/domain/backoffice/api.ts";
import { SERVICES } from "@gridhall/domain/catalogue/services.ts";
import { DEFAULT_SETTINGS, KioskView, type Message, type Screen } from "@gridhall/domain/kiosk/view.ts";
import { callFixtures } from "./callFixtures.ts";
/** Views as the host makes them, one or more a kind of screen: for the fake host, for pictures and for tests. */

const message = (key: string, params: Message["params"] = {}): Message => ({ key, params });

const account: AccountBrief = {
  accountNo: "3301000012345",
  holderMasked: "王*芳",
  addressMasked: "江州市滨河区春晓路***号2幢",
  kind: "residential",
};

const WINTER_SUMMER = [268, 241, 196, 172, 168, 213, 342, 368, 247, 178, 189, 254] as const;
const months: MonthUsage[] = Array.from({ length: 24 }, (_, index) => {
  const month = `${2024 + Math.floor((index + 8) / 12)}-${String(((index + 8) % 12) + 1).padStart(2, "0")}`;
  const kwh = (WINTER_SUMMER[(index + 8) % 12] ?? 200) + (index % 5) * 7;
  return {
    billId: `bill-${month}`,
    month,
    kwh,
    peakKwh: Math.round(kwh * 0.34),
    flatKwh: Math.round(kwh * 0.25),
    valleyKwh: kwh - Math.round(kwh * 0.34) - Math.round(kwh * 0.25),
    amountFen: Math.round(kwh * 53.8),
    paid: index < 21,
  };
});
const unpaid = months.slice(21).map((usage, index) => ({
  billId: usage.billId,
  month: usage.month,
  principalFen: usage.amountFen,
  lateFeeFen: [1_286, 403, 0][index] ?? 0,
  dueOn: `2026-${String(7 + index).padStart(2, "0")}-25`,
  overdueDays: [68, 37, 0][index] ?? 0,
}));
const arrearsFen = unpaid.reduce((sum, bill) => sum + bill.principalFen + bill.lateFeeFen, 0);

export const overview: AccountOverview = {
  ...account,
  prepaidFen: 2_350,
  arrearsFen,
  lateFeeFen: 1_689,
  unpaid,
  months,
  asOf: "2026-09-30T06:05:00Z",
};
const flatUse = (usage: MonthUsage): MonthUsage => ({
  ...usage,
  peakKwh: null,
  flatKwh: null,
  valleyKwh: null,
  paid: true,
});
const paidUp: AccountOverview = {
  ...overview,
  kind: "business",
  prepaidFen: 123_456,
  arrearsFen: 0,
  lateFeeFen: 0,
  unpaid: [],
  months: months.map(flatUse),
};

const bill: BillView = {
  ...account,
  billId: "bill-2026-08",
  month: "2026-08",
  periodFrom: "2026-08-01",
  periodTo: "2026-08-31",
  issuedOn: "2026-09-03",
  dueOn: "2026-09-25",
  status: "unpaid",
  totalFen: 21_434,
  paidFen: 0,
  lateFeeFen: 1_689,
  kwh: 368,
  peakKwh: 125,
  flatKwh: 92,
  valleyKwh: 151,
  yearToDateKwh: 2_968,
  tiers: [
    { tier: 1, limitKwh: 2_760, usedKwh: 160, priceYuan: "0.538" },
    { tier: 2, limitKwh: 4_800, usedKwh: 208, priceYuan: "0.588" },
    { tier: 3, limitKwh: null, usedKwh: 0, priceYuan: "0.838" },
  ],
  lines: [
    line("energy-peak", "峰段电费", "Peak energy", "125", "kWh", "0.568", 7_100),
    line("energy-flat", "平段电费", "Flat energy", "92", "kWh", "0.538", 4_950),
    line("energy-valley", "谷段电费", "Valley energy", "151", "kWh", "0.288", 4_349),
    line("tier-2", "第二档加价", "Tier 2 surcharge", "208", "kWh", "0.050", 1_040),
    line("fund-water", "国家重大水利工程建设基金", "National hydraulic works fund", "368", "kWh", "0.00196875", 72),
    line("fund-renewable", "可再生能源电价附加", "Renewable energy levy", "368", "kWh", "0.001", 37),
    line("adjust", "退补电费", "Adjustment", "", "", "", 3_886),
  ],
  meters: ["total", "peak", "flat", "valley"].map((register, index) => ({
    meterNo: "3340001000123456",
    register,
    from: ["12345.67", "4310.20", "3120.11", "4915.36"][index] ?? "",
    to: ["12713.67", "4435.20", "3212.11", "5066.36"][index] ?? "",
    multiplier: 1,
    kwh: [368, 125, 92, 151][index] ?? 0,
  })),
  holderOrganisation: "江州供电公司",
  tariffName: { zh: "居民生活 一户一表 峰谷", en: "Residential, time of use" },
  history: months.slice(-12).map(({ month, kwh, amountFen }) => ({ month, kwh, amountFen })),
};

function line(code: string, zh: string, en: string, quantity: string, unit: string, priceYuan: string, fen: number) {
  return { code, zh, en, quantity, unit, priceYuan, amountFen: fen };
}

const cash: Extract<Screen, { kind: "cash" }> = {
  kind: "cash",
  totalFen: 15_238,
  receivedFen: 12_000,
  remainder: "change",
  notes: [10_000, 1_000, 1_000],
  doing: "insert",
  changeFen: 0,
  problem: null,
  secondsLeft: 74,
};
const scan: Extract<Screen, { kind: "scan" }> = {
  kind: "scan",
  provider: "wechat",
  mode: "native",
  totalFen: 15_238,
  qrText: "weixin://wxpay/bizpayurl?pr=NwY5Mz9abcdefg123",
  state: "show-qr",
  problem: null,
  secondsLeft: 287,
};
const result: Extract<Screen, { kind: "result" }> = {
  kind: "result",
  outcome: "paid",
  account,
  tender: "cash",
  receivedFen: 16_000,
  changeFen: 700,
  billsFen: 15_238,
  prepayFen: 62,
  caseFen: 0,
  receiptNo: "R20260930-8F3K2M7Q",
  print: { state: "printing", what: "receipt" },
  deferred: false,
};
const methodOptions = (["cash", "wechat-native", "alipay-native", "wechat-code", "alipay-code"] as const).map(
  (method) => ({
    method,
    available: true,
    reason: null,
  }),
);

const STEPS: Partial<Record<Screen["kind"], number>> = {
  "find-account": 1,
  "choose-account": 1,
  account: 2,
  bills: 2,
  bill: 2,
  payments: 2,
  amount: 3,
  method: 4,
  "change-notice": 4,
  cash: 5,
  scan: 5,
  result: 6,
};

function view(screen: Screen, change: Partial<KioskView> = {}): KioskView {
  const page = SERVICES[0]?.pages.find((candidate) => candidate.kind === screen.kind);
  const index = STEPS[screen.kind];
  const money = screen.kind === "cash" || screen.kind === "scan";
  return KioskView.parse({
    revision: 1,
    session: 1,
    terminal: {
      id: "JZ-BH-03",
      name: { zh: "3 号自助终端", en: "Terminal 3" },
      hall: { zh: "江州供电公司滨河营业厅", en: "Jiangzhou Power, Riverside Hall" },
      online: true,
      now: "2026-09-30T14:05:00+08:00",
      hotline: "95598",
    },
    settings: DEFAULT_SETTINGS,
    title: page?.title ?? null,
    step: index === undefined ? null : { index, of: 6 },
    screen,
    overlay: null,
    call: null,
    busy: null,
    canGoBack: page !== undefined && page.back !== null && !money,
    canGoHome: page !== undefined && !money,
    ...change,
  });
}

const offline = (of: KioskView): KioskView => ({ ...of, terminal: { ...of.terminal, online: false } });

const homeServices = SERVICES.map((service) => ({
  serviceId: service.id,
  title: service.title,
  hint: service.hint,
  icon: service.icon,
  available: true,
  unavailableReason: null,
}));
const find = (change: Partial<Extract<Screen, { kind: "find-account" }>> = {}) =>
  view({ kind: "find-account", method: "account", reader: "off", problem: null, ...change });
const home = view({ kind: "home", services: homeServices });

const nineAccounts = Array.from({ length: 9 }, (_, index) => ({ ...account, accountNo: `330100001234${index}` }));

const pages = {
  signage: view({
    kind: "signage",
    slides: [
      {
        id: "welcome",
        tone: "info",
        title: { zh: "您的身边，始终有电", en: "Power, always at your side" },
        body: {
          zh: "交电费、查账单、打印凭证，触摸屏幕即可开始。现金、微信、支付宝均可使用。",
          en: "Pay bills, look up usage and print receipts. Cash, WeChat Pay and Alipay are welcome.",
        },
      },
      ...(["saving", "safety", "price"] as const).map((tone) => ({
        id: tone,
        tone,
        title: { zh: "错峰用电，省心省钱", en: "Shift your load, save money" },
        body: {
          zh: "开通居民峰谷电价后，夜间低谷时段用电更便宜，适合电动车充电与储热。",
          en: "With time-of-use pricing, electricity at night costs less: good for charging cars and storing heat.",
        },
      })),
    ],
  }),
  home,
  "home-offline": offline(
    view({
      kind: "home",
      services: homeServices.map((service) => ({
        ...service,
        available: false,
        unavailableReason: message("unavailable.offline"),
      })),
    }),
  ),
  "out-of-service": view({ kind: "out-of-service", reason: message("unavailable.tampered") }),
  "recovery-working": view({
    kind: "recovery",
    state: "working",
    receivedFen: 12_000,
    creditedFen: 0,
    accountNo: account.accountNo,
  }),
  "recovery-settled": view({
    kind: "recovery",
    state: "settled",
    receivedFen: 12_000,
    creditedFen: 12_000,
    accountNo: account.accountNo,
  }),
  "find-account": find(),
  "find-account-problem": find({ problem: message("problem.account-not-found") }),
  "find-phone": find({ method: "phone" }),
  "find-id-card": find({ method: "id-card", reader: "waiting" }),
  "find-id-card-failed": find({ method: "id-card", reader: "failed", problem: message("problem.card-unreadable") }),
  "find-bill-qr": find({ method: "bill-qr", reader: "waiting" }),
  "find-bill-qr-unavailable": find({ method: "bill-qr", reader: "unavailable" }),
  "choose-account": view({
    kind: "choose-account",
    accounts: nineAccounts,
    problem: null,
  }),
  "choose-account-failed": view({
    kind: "choose-account",
    accounts: nineAccounts,
    problem: message("problem.centre-timeout"),
  }),
  account: view({ kind: "account", overview, problem: null }),
  "account-paid-up": view({ kind: "account", overview: paidUp, problem: null }),
  "account-before-payment": offline(view({ kind: "account", overview, problem: message("problem.before-payment") })),
  bills: view({ kind: "bills", overview, problem: null }),
  "bills-failed": offline(view({ kind: "bills", overview, problem: message("problem.offline") })),
  "bills-empty": view({ kind: "bills", overview: { ...paidUp, months: [] }, problem: null }),
  bill: view({ kind: "bill", bill, print: { state: "idle" } }),
  "bill-printed": view({ kind: "bill", bill: { ...bill, status: "paid" }, print: { state: "take", what: "bill" } }),
  payments: view({
    kind: "payments",
    account,
    payments: Array.from({ length: 11 }, (_, index) => ({
      at: `2026-0${9 - (index % 8)}-1${index % 10}T03:2${index % 10}:00Z`,
      channel: ["kiosk-cash", "kiosk-wechat", "app", "bank-debit"][index % 4] ?? "counter",
      amountFen: 10_000 + index * 777,
      receiptNo: `R20260${9 - (index % 8)}-8F3K2M${index}`,
      applied: [{ month: `2026-0${8 - (index % 7)}`, amountFen: 9_000 }],
      prepayFen: index % 2 === 0 ? 1_000 : 0,
    })),
  }),
  "payments-empty": view({ kind: "payments", account, payments: [] }),
  amount: view({
    kind: "amount",
    account,
    prepaidFen: 2_350,
    bills: unpaid.map(({ billId, month, principalFen, lateFeeFen }, index) => ({
      billId,
      month,
      principalFen,
      lateFeeFen,
      selected: index < 2,
    })),
    prepayFen: 10_000,
    totalFen: 45_000,
    prepayLimitFen: 100_000,
    problem: null,
  }),
  "amount-prepay-only": view({
    kind: "amount",
    account,
    prepaidFen: 123_456,
    bills: [],
    prepayFen: 0,
    totalFen: 0,
    prepayLimitFen: 100_000,
    problem: message("problem.nothing-selected"),
  }),
  method: view({ kind: "method", totalFen: 15_238, options: methodOptions, problem: null }),
  "method-limited": offline(
    view({
      kind: "method",
      totalFen: 15_238,
      options: methodOptions.map((option) =>
        option.method === "cash" ? option : { ...option, available: false, reason: message("unavailable.offline") },
      ),
      problem: message("problem.payment-failed"),
    }),
  ),
  "change-notice": view({ kind: "change-notice", totalFen: 15_238, maxChangeFen: 2_000 }),
  cash: view(cash),
  "cash-starting": view({ ...cash, doing: "starting", receivedFen: 0, notes: [], secondsLeft: null }),
  "cash-checking": view({ ...cash, doing: "checking-note", secondsLeft: null }),
  "cash-refused": view({ ...cash, receivedFen: 0, notes: [], problem: message("problem.note-refused") }),
  "cash-change": view({
    ...cash,
    doing: "paying-change",
    receivedFen: 16_000,
    notes: [10_000, 5_000, 1_000],
    changeFen: 762,
    secondsLeft: null,
  }),
  "scan-wechat-qr": view(scan),
  "scan-alipay-code": view({
    ...scan,
    provider: "alipay",
    mode: "code",
    qrText: null,
    state: "present-code",
    secondsLeft: null,
  }),
  "scan-confirm": view({ ...scan, mode: "code", qrText: null, state: "confirm-on-phone", secondsLeft: 41 }),
  "scan-checking": view({
    ...scan,
    qrText: null,
    state: "checking",
    problem: message("problem.payment-unclear"),
    secondsLeft: null,
  }),
  result: view(result),
  "result-case": view({
    ...result,
    outcome: "case",
    changeFen: 0,
    caseFen: 762,
    deferred: true,
    print: { state: "failed", what: "receipt", reason: message("problem.printer-paper-out") },
  }),
  "result-returned": view({
    ...result,
    outcome: "returned",
    changeFen: 16_000,
    billsFen: 0,
    prepayFen: 0,
    print: { state: "done", what: "receipt" },
  }),
  timeout: { ...home, overlay: { kind: "timeout", secondsLeft: 17 } },
  wiping: { ...home, overlay: { kind: "wiping" } },
  busy: { ...find(), busy: message("busy.finding") },
} satisfies Record<string, KioskView>;

export const fixtures: Readonly<Record<string, KioskView>> = {
  ...pages,
  ...callFixtures({ ...pages, home, find: find(), scan: pages["scan-wechat-qr"] }),
};
