import { type Page, ServiceDefinition } from "./schema.ts";

const find: Page = {
  id: "find",
  kind: "find-account",
  title: { zh: "查找户号", en: "Find your account" },
  needsLink: true,
  holdsMoney: false,
  back: "@end",
  transitions: [
    { on: "found", when: { op: "eq", fact: "accounts.count", value: 1 }, to: "account" },
    { on: "found", when: { op: "gt", fact: "accounts.count", value: 1 }, to: "choose" },
  ],
};
const choose: Page = {
  id: "choose",
  kind: "choose-account",
  title: { zh: "请选择户号", en: "Choose an account" },
  needsLink: true,
  holdsMoney: false,
  back: "find",
  transitions: [{ on: "chosen", to: "account" }],
};
const bills: Page = {
  id: "bills",
  kind: "bills",
  title: { zh: "月度账单", en: "Monthly bills" },
  needsLink: true,
  holdsMoney: false,
  back: "account",
  transitions: [{ on: "bill", to: "bill" }],
};
const bill: Page = {
  id: "bill",
  kind: "bill",
  title: { zh: "账单明细", en: "Bill details" },
  needsLink: true,
  holdsMoney: false,
  back: "bills",
  transitions: [{ on: "pay", when: { op: "eq", fact: "bill.unpaid", value: true }, to: "amount" }],
};
const payments: Page = {
  id: "payments",
  kind: "payments",
  title: { zh: "实收电费", en: "Payments received" },
  needsLink: true,
  holdsMoney: false,
  back: "account",
  transitions: [],
};
const account: Page = {
  id: "account",
  kind: "account",
  title: { zh: "账户概览", en: "Your account" },
  needsLink: true,
  holdsMoney: false,
  back: "find",
  transitions: [
    { on: "pay", to: "amount" },
    { on: "bills", to: "bills" },
    { on: "payments", to: "payments" },
  ],
};
/** Paying is the same from wherever one comes. */
const paying: Page[] = [
  {
    id: "amount",
    kind: "amount",
    title: { zh: "确认金额", en: "Amount to pay" },
    needsLink: true,
    holdsMoney: false,
    back: "account",
    transitions: [{ on: "confirmed", when: { op: "gt", fact: "due.totalFen", value: 0 }, to: "method" }],
  },
  {
    id: "method",
    kind: "method",
    title: { zh: "选择支付方式", en: "Choose how to pay" },
    needsLink: true,
    holdsMoney: false,
    back: "amount",
    transitions: [
      { on: "cash", when: { op: "eq", fact: "cash.changeShort", value: true }, to: "change-notice" },
      { on: "cash", when: { op: "eq", fact: "cash.ready", value: true }, to: "cash" },
      { on: "scan", when: { op: "eq", fact: "link.online", value: true }, to: "scan" },
    ],
  },
  {
    id: "change-notice",
    kind: "change-notice",
    title: { zh: "零钱不足提示", en: "Short of change" },
    needsLink: false,
    holdsMoney: false,
    back: "method",
    transitions: [{ on: "accepted", to: "cash" }],
  },
  {
    id: "cash",
    kind: "cash",
    title: { zh: "现金缴费", en: "Pay in cash" },
    needsLink: false,
    holdsMoney: true,
    back: null,
    transitions: [
      { on: "settled", to: "result" },
      { on: "cancelled", to: "method" },
    ],
  },
  {
    id: "scan",
    kind: "scan",
    title: { zh: "扫码支付", en: "Pay by phone" },
    needsLink: true,
    holdsMoney: true,
    back: null,
    transitions: [
      { on: "paid", to: "result" },
      { on: "closed", to: "method" },
    ],
  },
  {
    id: "result",
    kind: "result",
    title: { zh: "缴费结果", en: "Payment result" },
    needsLink: false,
    holdsMoney: false,
    back: null,
    transitions: [
      { on: "done", to: "@end" },
      { on: "again", to: "account" },
    ],
  },
];

/** 交电费 (K5) */
export const payBill: ServiceDefinition = ServiceDefinition.parse({
  id: "pay-bill",
  version: 1,
  title: { zh: "交电费", en: "Pay electricity bill" },
  hint: { zh: "现金、微信、支付宝", en: "Cash, WeChat Pay, Alipay" },
  icon: "pay",
  start: "find",
  pages: [find, choose, account, bills, bill, payments, ...paying],
});

/** 电费查询与账单打印 (K6, K7, Q01) */
export const queryBill: ServiceDefinition = ServiceDefinition.parse({
  id: "query-bill",
  version: 1,
  title: { zh: "电费查询 · 账单打印", en: "Bills: look up and print" },
  hint: { zh: "欠费、预存、实收、24个月账单", en: "Arrears, balance, payments, 24 months of bills" },
  icon: "bill",
  start: "find",
  pages: [find, choose, account, bills, bill, payments, ...paying],
});

export const SERVICES: readonly ServiceDefinition[] = [payBill, queryBill];
