import { createDecipheriv, createHash, createSign, createVerify, randomBytes } from "node:crypto";
import type { ScanInput } from "@gridhall/domain/payment/scanSaga.ts";
import { z } from "zod";
import type { Acquirer, AcquirerBillRow, Order } from "./acquirer.ts";

/** WeChat Pay API v3, merchant's side: WECHATPAY2-SHA256-RSA2048 signatures both ways, AEAD_AES_256_GCM notifications. */
export interface WechatConfig {
  baseUrl: string;
  appId: string;
  merchantId: string;
  merchantSerial: string;
  merchantKeyPem: string;
  /** 32 bytes. */
  apiV3Key: string;
  platformSerial: string;
  platformPublicKeyPem: string;
  notifyUrl: string;
  timeoutMs: number;
}

const Transaction = z.object({
  out_trade_no: z.string(),
  transaction_id: z.string().optional(),
  trade_state: z.enum(["SUCCESS", "REFUND", "NOTPAY", "CLOSED", "REVOKED", "USERPAYING", "PAYERROR", "ACCEPT"]),
  amount: z.object({ total: z.number().int() }).optional(),
});

type Reply = { kind: "answer"; status: number; body: unknown } | { kind: "unclear" };

export function createWechat(config: WechatConfig, nowMs: () => number): Acquirer {
  const sign = (message: string) => createSign("RSA-SHA256").update(message).sign(config.merchantKeyPem, "base64");

  const authentic = (headers: Record<string, string | undefined>, body: string): boolean => {
    const {
      "wechatpay-timestamp": timestamp,
      "wechatpay-nonce": nonce,
      "wechatpay-signature": signature,
      "wechatpay-serial": serial,
    } = headers;
    if (!timestamp || !nonce || !signature || serial !== config.platformSerial) return false;
    // Older than five minutes: a replay (APIv3 签名验证).
    if (Math.abs(nowMs() / 1000 - Number(timestamp)) > 300) return false;
    return createVerify("RSA-SHA256")
      .update(`${timestamp}\n${nonce}\n${body}\n`)
      .verify(config.platformPublicKeyPem, signature, "base64");
  };

  const call = async (method: "GET" | "POST", path: string, payload?: unknown): Promise<Reply> => {
    const body = payload === undefined ? "" : JSON.stringify(payload);
    const timestamp = Math.floor(nowMs() / 1000).toString();
    const nonce = randomBytes(16).toString("hex");
    const signature = sign(`${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`);
    const authorization = `WECHATPAY2-SHA256-RSA2048 mchid="${config.merchantId}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${config.merchantSerial}"`;
    try {
      const response = await fetch(`${config.baseUrl}${path}`, {
        method,
        headers: {
          authorization,
          accept: "application/json",
          "content-type": "application/json",
          "user-agent": "GridHall",
        },
        ...(body === "" ? {} : { body }),
        signal: AbortSignal.timeout(config.timeoutMs),
      });
      const text = await response.text();
      // An answer that is not the platform's own counts as none at all.
      if (response.status < 500 && !authentic(Object.fromEntries(response.headers), text)) return { kind: "unclear" };
      if (response.status >= 500) return { kind: "unclear" };
      return { kind: "answer", status: response.status, body: text === "" ? {} : (JSON.parse(text) as unknown) };
    } catch {
      return { kind: "unclear" };
    }
  };

  const codeOf = (body: unknown) =>
    typeof body === "object" && body !== null && "code" in body ? String(body.code) : "";
  const messageOf = (body: unknown) =>
    typeof body === "object" && body !== null && "message" in body ? String(body.message) : "";

  const stateOf = (body: unknown): ScanInput => {
    const parsed = Transaction.safeParse(body);
    if (!parsed.success) return { type: "unclear" };
    const { trade_state: state, transaction_id: transactionId, amount } = parsed.data;
    switch (state) {
      case "SUCCESS":
        return transactionId && amount ? { type: "paid", transactionId, paidFen: amount.total } : { type: "unclear" };
      case "NOTPAY":
        return { type: "not-paid" };
      case "USERPAYING":
      case "ACCEPT":
        return { type: "user-paying" };
      case "CLOSED":
      case "REVOKED":
      case "PAYERROR":
      case "REFUND":
        return { type: "order-closed" };
      default:
        return state satisfies never;
    }
  };

  const query = async (outTradeNo: string): Promise<ScanInput> => {
    const reply = await call("GET", `/v3/pay/transactions/out-trade-no/${outTradeNo}?mchid=${config.merchantId}`);
    if (reply.kind === "unclear") return { type: "unclear" };
    if (reply.status === 404) return { type: "unknown-order" };
    return reply.status === 200 ? stateOf(reply.body) : { type: "unclear" };
  };

  const amountOf = (order: Order) => ({ total: order.amountFen, currency: "CNY" });

  return {
    provider: "wechat",
    async create(order, expiresAt) {
      const reply = await call("POST", "/v3/pay/transactions/native", {
        appid: config.appId,
        mchid: config.merchantId,
        description: order.subject,
        out_trade_no: order.outTradeNo,
        time_expire: expiresAt.toISOString().replace(/\.\d+Z$/, "+00:00"),
        notify_url: config.notifyUrl,
        amount: amountOf(order),
      });
      if (reply.kind === "unclear") return { type: "unclear" };
      const created = z.object({ code_url: z.string() }).safeParse(reply.body);
      if (reply.status === 200 && created.success) return { type: "created", qrText: created.data.code_url };
      return { type: "refused", reason: `${codeOf(reply.body)} ${messageOf(reply.body)}`.trim() };
    },
    async charge(order, authCode) {
      const reply = await call("POST", "/v3/pay/transactions/codepay", {
        appid: config.appId,
        mchid: config.merchantId,
        description: order.subject,
        out_trade_no: order.outTradeNo,
        notify_url: config.notifyUrl,
        payer: { auth_code: authCode },
        amount: amountOf(order),
        scene_info: { store_info: { out_id: "gridhall" } },
      });
      if (reply.kind === "unclear") return { type: "unclear" };
      if (reply.status === 200) return stateOf(reply.body);
      switch (codeOf(reply.body)) {
        case "USERPAYING":
          return { type: "user-paying" };
        case "SYSTEM_ERROR":
        case "BANK_ERROR":
        case "OUT_TRADE_NO_USED":
        case "FREQUENCY_LIMITED":
          return { type: "unclear" };
        default:
          return { type: "refused", reason: `${codeOf(reply.body)} ${messageOf(reply.body)}`.trim() };
      }
    },
    query,
    async close(outTradeNo, mode) {
      const path = `/v3/pay/transactions/out-trade-no/${outTradeNo}/${mode === "native" ? "close" : "reverse"}`;
      const reply = await call(
        "POST",
        path,
        mode === "native" ? { mchid: config.merchantId } : { appid: config.appId, mchid: config.merchantId },
      );
      if (reply.kind === "unclear") return { type: "unclear" };
      if (reply.status === 204 || reply.status === 200)
        return mode === "code" ? { type: "reversed" } : { type: "order-closed" };
      switch (codeOf(reply.body)) {
        case "ORDER_PAID":
        case "ORDERPAID":
          return query(outTradeNo);
        case "ORDER_CLOSED":
        case "ORDER_REVERSED":
        // It never reached the platform: nobody can pay what does not exist.
        case "ORDER_NOT_EXIST":
        case "ORDERNOTEXIST":
          return { type: "order-closed" };
        default:
          return { type: "unclear" };
      }
    },
    async refund(order, refundNo) {
      const reply = await call("POST", "/v3/refund/domestic/refunds", {
        out_trade_no: order.outTradeNo,
        out_refund_no: refundNo,
        reason: "逾时到账退回",
        amount: { refund: order.amountFen, total: order.amountFen, currency: "CNY" },
      });
      if (reply.kind === "unclear") return { type: "unclear" };
      const refund = z
        .object({ status: z.enum(["SUCCESS", "CLOSED", "PROCESSING", "ABNORMAL"]) })
        .safeParse(reply.body);
      if (reply.status === 200 && refund.success) {
        if (refund.data.status === "SUCCESS") return { type: "refund-done" };
        if (refund.data.status === "PROCESSING") return { type: "refund-processing" };
        return { type: "refund-refused", reason: refund.data.status };
      }
      return codeOf(reply.body) === "SYSTEM_ERROR" || reply.status === 429
        ? { type: "unclear" }
        : { type: "refund-refused", reason: `${codeOf(reply.body)} ${messageOf(reply.body)}`.trim() };
    },
    async downloadBill(day) {
      const reply = await call("GET", `/v3/bill/tradebill?bill_date=${day}&bill_type=ALL`);
      if (reply.kind === "unclear" || reply.status !== 200) throw new Error(`WeChat Pay has no bill for ${day} yet`);
      const { download_url: url, hash_value: expected } = z
        .object({ download_url: z.string(), hash_value: z.string() })
        .parse(reply.body);
      const target = new URL(url);
      const path = `${target.pathname}${target.search}`;
      const timestamp = Math.floor(nowMs() / 1000).toString();
      const nonce = randomBytes(16).toString("hex");
      const signature = sign(`GET\n${path}\n${timestamp}\n${nonce}\n\n`);
      const response = await fetch(`${config.baseUrl}${path}`, {
        headers: {
          authorization: `WECHATPAY2-SHA256-RSA2048 mchid="${config.merchantId}",nonce_str="${nonce}",signature="${signature}",timestamp="${timestamp}",serial_no="${config.merchantSerial}"`,
        },
        signal: AbortSignal.timeout(30_000),
      });
      const text = await response.text();
      if (createHash("sha1").update(text).digest("hex") !== expected)
        throw new Error("WeChat Pay's bill does not match its hash");
      return parseWechatBill(text);
    },
    async readNotification(headers, body) {
      if (!authentic(headers, body)) return null;
      const { resource } = z
        .object({
          resource: z.object({ ciphertext: z.string(), nonce: z.string(), associated_data: z.string().default("") }),
        })
        .parse(JSON.parse(body));
      const sealed = Buffer.from(resource.ciphertext, "base64");
      const decipher = createDecipheriv("aes-256-gcm", Buffer.from(config.apiV3Key), Buffer.from(resource.nonce));
      decipher.setAAD(Buffer.from(resource.associated_data));
      decipher.setAuthTag(sealed.subarray(-16));
      const opened = JSON.parse(
        Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]).toString(),
      ) as unknown;
      const transaction = Transaction.parse(opened);
      return { outTradeNo: transaction.out_trade_no, input: stateOf(opened) };
    },
  };
}

/** The trade bill is CSV whose values begin with a back-tick; two summary lines close it (交易账单 格式说明). Amounts in yuan. */
export function parseWechatBill(text: string): AcquirerBillRow[] {
  const [header = "", ...lines] = text
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/\r?\n/);
  const columns = header.split(",").map((name) => name.trim());
  const at = (name: string) => {
    const index = columns.indexOf(name);
    if (index === -1) throw new Error(`WeChat Pay's bill has no column ${name}`);
    return index;
  };
  const [orderAt, transactionAt, stateAt, totalAt, refundAt] = [
    at("商户订单号"),
    at("微信订单号"),
    at("交易状态"),
    at("应结订单金额"),
    at("退款金额"),
  ];
  const summary = lines.findIndex((line) => !line.startsWith("`"));
  return lines.slice(0, summary === -1 ? undefined : summary).map((line) => {
    const cells = line.split(",").map((cell) => cell.replace(/^`/, ""));
    const refund = cells[stateAt] === "REFUND";
    return {
      outTradeNo: cells[orderAt] ?? "",
      transactionId: cells[transactionAt] ?? "",
      kind: refund ? "refund" : "payment",
      amountFen: Math.round(Number(cells[refund ? refundAt : totalAt]) * 100),
    };
  });
}
