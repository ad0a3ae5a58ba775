import { createVerify } from "node:crypto";
import { formatYuan, parseYuan } from "@gridhall/domain/money/fen.ts";
import type { ScanInput } from "@gridhall/domain/payment/scanSaga.ts";
import { AlipaySdk } from "alipay-sdk";
import { z } from "zod";
import type { Acquirer, AcquirerBillRow } from "./acquirer.ts";

export interface AlipayConfig {
  gateway: string;
  appId: string;
  appPrivateKeyPem: string;
  alipayPublicKeyPem: string;
  notifyUrl: string;
  timeoutMs: number;
}

/** What the SDK answers: the method's response with its keys in camel case. Unverified answers make it throw. */
const Common = z.object({
  code: z.string().optional(),
  subCode: z.string().optional(),
  subMsg: z.string().optional(),
  msg: z.string().optional(),
});
const Trade = Common.extend({
  tradeStatus: z.enum(["WAIT_BUYER_PAY", "TRADE_CLOSED", "TRADE_SUCCESS", "TRADE_FINISHED"]).optional(),
  tradeNo: z.string().optional(),
  totalAmount: z.coerce.string().optional(),
  qrCode: z.string().optional(),
  action: z.string().optional(),
  fundChange: z.string().optional(),
});
type Trade = z.infer<typeof Trade>;

/** Alipay's face-to-face payment through its official SDK, which signs requests and verifies answers (RSA2). */
export function createAlipay(config: AlipayConfig): Acquirer {
  const sdk = new AlipaySdk({
    appId: config.appId,
    privateKey: config.appPrivateKeyPem,
    keyType: config.appPrivateKeyPem.includes("BEGIN RSA") ? "PKCS1" : "PKCS8",
    alipayPublicKey: config.alipayPublicKeyPem,
    gateway: config.gateway,
    timeout: config.timeoutMs,
  });

  const call = async (method: string, bizContent: Record<string, unknown>, notify = false): Promise<Trade | null> => {
    try {
      return Trade.parse(
        await sdk.exec(
          method,
          { bizContent, ...(notify ? { notifyUrl: config.notifyUrl } : {}) },
          { validateSign: true },
        ),
      );
    } catch {
      // Time-out, broken signature, not JSON: unclear, whatever it was.
      return null;
    }
  };

  const stateOf = (trade: Trade): ScanInput => {
    switch (trade.tradeStatus) {
      case "TRADE_SUCCESS":
      case "TRADE_FINISHED": {
        const paidFen = parseYuan(trade.totalAmount ?? "");
        return trade.tradeNo && paidFen !== null
          ? { type: "paid", transactionId: trade.tradeNo, paidFen }
          : { type: "unclear" };
      }
      case "WAIT_BUYER_PAY":
        return { type: "user-paying" };
      case "TRADE_CLOSED":
        return { type: "order-closed" };
      default:
        return { type: "unclear" };
    }
  };
  const isUnclear = (trade: Trade) =>
    trade.code === "20000" || trade.subCode === "ACQ.SYSTEM_ERROR" || trade.subCode === "aop.ACQ.SYSTEM_ERROR";
  const reason = (trade: Trade) => `${trade.subCode ?? trade.code ?? ""} ${trade.subMsg ?? trade.msg ?? ""}`.trim();

  const query = async (outTradeNo: string): Promise<ScanInput> => {
    const trade = await call("alipay.trade.query", { outTradeNo });
    if (!trade || isUnclear(trade)) return { type: "unclear" };
    if (trade.subCode === "ACQ.TRADE_NOT_EXIST") return { type: "unknown-order" };
    return stateOf(trade);
  };

  return {
    provider: "alipay",
    async create(order, expiresAt) {
      const minutes = Math.max(1, Math.ceil((expiresAt.getTime() - Date.now()) / 60_000));
      const trade = await call(
        "alipay.trade.precreate",
        {
          outTradeNo: order.outTradeNo,
          totalAmount: formatYuan(order.amountFen),
          subject: order.subject,
          timeoutExpress: `${minutes}m`,
        },
        true,
      );
      if (!trade || isUnclear(trade)) return { type: "unclear" };
      if (trade.code === "10000" && trade.qrCode) return { type: "created", qrText: trade.qrCode };
      return { type: "refused", reason: reason(trade) };
    },
    async charge(order, authCode) {
      const trade = await call(
        "alipay.trade.pay",
        {
          outTradeNo: order.outTradeNo,
          scene: "bar_code",
          authCode,
          totalAmount: formatYuan(order.amountFen),
          subject: order.subject,
          timeoutExpress: "2m",
        },
        true,
      );
      if (!trade || isUnclear(trade)) return { type: "unclear" };
      if (trade.code === "10000") return stateOf({ ...trade, tradeStatus: "TRADE_SUCCESS" });
      // The SDK's HTTP client repeats a request whose connection broke: the order is then already there, perhaps paid.
      if (trade.subCode === "ACQ.TRADE_HAS_SUCCESS" || trade.subCode === "ACQ.CONTEXT_INCONSISTENT")
        return { type: "unclear" };
      // 10003: the payer is entering the password (当面付 条码支付).
      if (trade.code === "10003") return { type: "user-paying" };
      return { type: "refused", reason: reason(trade) };
    },
    query,
    async close(outTradeNo) {
      const before = await query(outTradeNo);
      // Cancel would also return money that was taken in time: that money is the customer's payment, and stays.
      if (before.type === "paid") return before;
      const trade = await call("alipay.trade.cancel", { outTradeNo });
      if (!trade || isUnclear(trade) || trade.code !== "10000")
        return trade?.subCode === "ACQ.TRADE_NOT_EXIST" ? { type: "order-closed" } : { type: "unclear" };
      // It was paid between the two questions: cancel has returned it.
      return trade.action === "refund" ? { type: "reversed" } : { type: "order-closed" };
    },
    async refund(order, refundNo) {
      const trade = await call("alipay.trade.refund", {
        outTradeNo: order.outTradeNo,
        refundAmount: formatYuan(order.amountFen),
        outRequestNo: refundNo,
        refundReason: "逾时到账退回",
      });
      if (!trade || isUnclear(trade)) return { type: "unclear" };
      if (trade.code === "10000") return { type: "refund-done" };
      return { type: "refund-refused", reason: reason(trade) };
    },
    async downloadBill(day) {
      const answer: unknown = await sdk.exec(
        "alipay.data.dataservice.bill.downloadurl.query",
        { bizContent: { billType: "trade", billDate: day } },
        { validateSign: true },
      );
      const { billDownloadUrl } = z.object({ billDownloadUrl: z.string() }).parse(answer);
      const response = await fetch(billDownloadUrl, { signal: AbortSignal.timeout(30_000) });
      if (!response.ok) throw new Error(`Alipay has no bill for ${day} yet`);
      return parseAlipayBill(await response.text());
    },
    async readNotification(_headers, body) {
      const fields = Object.fromEntries(new URLSearchParams(body));
      if (fields["app_id"] !== config.appId || !isAuthentic(fields, config.alipayPublicKeyPem)) return null;
      const trade = Trade.parse({
        tradeStatus: fields["trade_status"],
        tradeNo: fields["trade_no"],
        totalAmount: fields["total_amount"],
      });
      return { outTradeNo: fields["out_trade_no"] ?? "", input: stateOf(trade) };
    },
  };
}

/** 异步通知验签: all fields but sign and sign_type, sorted, `k=v` joined by &, RSA2. */
function isAuthentic(fields: Record<string, string>, publicKeyPem: string): boolean {
  const text = Object.keys(fields)
    .filter((key) => key !== "sign" && key !== "sign_type")
    .sort()
    .map((key) => `${key}=${fields[key] ?? ""}`)
    .join("&");
  return createVerify("RSA-SHA256")
    .update(text)
    .verify(publicKeyPem, fields["sign"] ?? "", "base64");
}

/** The trade detail is CSV with # comment lines around it (业务明细 格式). Refund rows carry a refund request number. */
export function parseAlipayBill(text: string): AcquirerBillRow[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#"));
  const [header = "", ...rows] = lines;
  const columns = header.split(",").map((name) => name.trim());
  const at = (name: string) => {
    const index = columns.indexOf(name);
    if (index === -1) throw new Error(`Alipay's bill has no column ${name}`);
    return index;
  };
  const [transactionAt, orderAt, kindAt, amountAt] = [
    at("支付宝交易号"),
    at("商户订单号"),
    at("业务类型"),
    at("订单金额（元）"),
  ];
  return rows.map((row) => {
    const cells = row.split(",").map((cell) => cell.trim());
    return {
      transactionId: cells[transactionAt] ?? "",
      outTradeNo: cells[orderAt] ?? "",
      kind: cells[kindAt] === "退款" ? "refund" : "payment",
      amountFen: Math.abs(Math.round(Number(cells[amountAt]) * 100)),
    };
  });
}
