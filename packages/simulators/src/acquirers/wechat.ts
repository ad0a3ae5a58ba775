import { createCipheriv, createHash, createSign, createVerify, randomBytes } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Book, Order } from "./book.ts";
import type { AcquirerKeys } from "./keys.ts";

/** WeChat Pay API v3 from the platform's side: checks the merchant's signature, signs its own answers, seals notifications. */
export function wechatRoutes(
  app: FastifyInstance,
  options: { book: Book; keys: AcquirerKeys["wechat"]; nowMs(): number; baseUrl(): string; settle(order: Order): void },
): { notify(order: Order): Promise<void> } {
  const { book, keys, nowMs } = options;

  const signed = (reply: FastifyReply, status: number, body: unknown) => {
    const text = body === null ? "" : JSON.stringify(body);
    const timestamp = Math.floor(nowMs() / 1000).toString();
    const nonce = randomBytes(16).toString("hex");
    const signature = createSign("RSA-SHA256")
      .update(`${timestamp}\n${nonce}\n${text}\n`)
      .sign(keys.platformKeyPem, "base64");
    return reply
      .status(status)
      .headers({
        "content-type": "application/json; charset=utf-8",
        "wechatpay-timestamp": timestamp,
        "wechatpay-nonce": nonce,
        "wechatpay-signature": signature,
        "wechatpay-serial": keys.platformSerial,
      })
      .send(text);
  };
  const refuse = (reply: FastifyReply, status: number, code: string, message: string) =>
    signed(reply, status, { code, message });

  const isMerchant = (request: FastifyRequest): boolean => {
    const fields = Object.fromEntries(
      [...(request.headers.authorization ?? "").matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1], match[2]]),
    );
    const body = typeof request.body === "string" ? request.body : "";
    const message = `${request.method}\n${request.url}\n${fields["timestamp"]}\n${fields["nonce_str"]}\n${body}\n`;
    return (
      (request.headers.authorization ?? "").startsWith("WECHATPAY2-SHA256-RSA2048 ") &&
      fields["mchid"] === keys.merchantId &&
      fields["serial_no"] === keys.merchantSerial &&
      Math.abs(nowMs() / 1000 - Number(fields["timestamp"])) < 300 &&
      createVerify("RSA-SHA256")
        .update(message)
        .verify(keys.merchantPublicPem, fields["signature"] ?? "", "base64")
    );
  };
  const bodyOf = <T>(schema: z.ZodType<T>, request: FastifyRequest): T =>
    schema.parse(JSON.parse(String(request.body)));
  const Amount = z.object({ total: z.number().int().positive(), currency: z.literal("CNY") });

  const transaction = (order: Order) => {
    const state =
      order.refundedFen > 0
        ? "REFUND"
        : {
            open: "NOTPAY",
            "user-paying": "USERPAYING",
            paid: "SUCCESS",
            closed: order.kind === "code" ? "REVOKED" : "CLOSED",
          }[order.state];
    return {
      appid: keys.appId,
      mchid: keys.merchantId,
      out_trade_no: order.outTradeNo,
      trade_state: state,
      trade_state_desc: state,
      ...(order.paidMs === null
        ? {}
        : {
            transaction_id: order.transactionId,
            success_time: new Date(order.paidMs).toISOString(),
            amount: { total: order.amountFen, payer_total: order.amountFen, currency: "CNY" },
          }),
    };
  };

  const guarded =
    (handler: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
    async (request: FastifyRequest, reply: FastifyReply) => {
      if (!isMerchant(request)) return refuse(reply, 401, "SIGN_ERROR", "签名错误");
      return handler(request, reply);
    };
  /** The answer that never arrives: the connection is simply cut. */
  const lose = (reply: FastifyReply) => {
    reply.hijack();
    reply.raw.destroy();
  };

  const newOrder = (
    outTradeNo: string,
    amountFen: number,
    subject: string,
    kind: Order["kind"],
    notifyUrl: string,
  ): Order => ({
    provider: "wechat",
    outTradeNo,
    amountFen,
    subject,
    kind,
    state: "open",
    refundedFen: 0,
    qrText: kind === "native" ? `weixin://wxpay/bizpayurl?pr=${outTradeNo}` : null,
    transactionId: book.newTransactionId(),
    notifyUrl,
    createdMs: nowMs(),
    paidMs: null,
    paysAtMs: null,
  });

  app.post(
    "/v3/pay/transactions/native",
    guarded(async (request, reply) => {
      const body = bodyOf(
        z.object({
          out_trade_no: z.string().min(6).max(32),
          description: z.string(),
          notify_url: z.url(),
          amount: Amount,
          appid: z.literal(keys.appId),
          mchid: z.literal(keys.merchantId),
        }),
        request,
      );
      const behaviour = book.takeBehaviour("wechat");
      if (behaviour.next === "refuse") return refuse(reply, 403, "NO_AUTH", "商户无权限");
      const known = book.find("wechat", body.out_trade_no);
      if (known && known.amountFen !== body.amount.total)
        return refuse(reply, 403, "OUT_TRADE_NO_USED", "商户订单号重复");
      if (known?.state === "closed") return refuse(reply, 400, "ORDER_CLOSED", "订单已关闭");
      const order =
        known ?? newOrder(body.out_trade_no, body.amount.total, body.description, "native", body.notify_url);
      book.put(order);
      if (behaviour.next === "timeout" || behaviour.next === "timeout-then-late") return lose(reply);
      return signed(reply, 200, { code_url: order.qrText });
    }),
  );

  app.post(
    "/v3/pay/transactions/codepay",
    guarded(async (request, reply) => {
      const body = bodyOf(
        z.object({
          out_trade_no: z.string(),
          description: z.string(),
          notify_url: z.url(),
          amount: Amount,
          payer: z.object({ auth_code: z.string() }),
        }),
        request,
      );
      const behaviour = book.takeBehaviour("wechat");
      if (!/^1[0-5]\d{16}$/.test(body.payer.auth_code)) return refuse(reply, 400, "AUTH_CODE_INVALID", "付款码无效");
      if (book.find("wechat", body.out_trade_no)) return refuse(reply, 403, "OUT_TRADE_NO_USED", "商户订单号重复");
      if (behaviour.next === "refuse") return refuse(reply, 403, "NOT_ENOUGH", "余额不足");
      const order = newOrder(body.out_trade_no, body.amount.total, body.description, "code", body.notify_url);
      switch (behaviour.next) {
        case "user-paying":
        case "timeout-then-late":
          order.state = "user-paying";
          order.paysAtMs = nowMs() + behaviour.ms;
          book.put(order);
          return behaviour.next === "user-paying"
            ? refuse(reply, 202, "USERPAYING", "需要用户输入支付密码")
            : lose(reply);
        case "timeout":
          options.settle(order);
          return lose(reply);
        case "normal":
        case "close-lost":
          options.settle(order);
          return signed(reply, 200, transaction(order));
        default:
          return behaviour.next satisfies never;
      }
    }),
  );

  app.get(
    "/v3/pay/transactions/out-trade-no/:no",
    guarded(async (request, reply) => {
      const order = book.find("wechat", (request.params as { no: string }).no);
      return order ? signed(reply, 200, transaction(order)) : refuse(reply, 404, "ORDER_NOT_EXIST", "订单不存在");
    }),
  );

  app.post(
    "/v3/pay/transactions/out-trade-no/:no/close",
    guarded(async (request, reply) => {
      const order = book.find("wechat", (request.params as { no: string }).no);
      if (!order) return refuse(reply, 404, "ORDER_NOT_EXIST", "订单不存在");
      if (order.state === "paid") return refuse(reply, 400, "ORDER_PAID", "订单已支付");
      const behaviour = book.takeBehaviour("wechat");
      book.put({ ...order, state: "closed" });
      return behaviour.next === "close-lost" ? lose(reply) : signed(reply, 204, null);
    }),
  );

  app.post(
    "/v3/pay/transactions/out-trade-no/:no/reverse",
    guarded(async (request, reply) => {
      const order = book.find("wechat", (request.params as { no: string }).no);
      if (!order) return refuse(reply, 404, "ORDER_NOT_EXIST", "订单不存在");
      // Reversing returns what was taken; a payer who is still typing the password can no longer pay.
      book.put({
        ...order,
        state: "closed",
        paysAtMs: null,
        refundedFen: order.state === "paid" ? order.amountFen : 0,
      });
      return signed(reply, 200, { out_trade_no: order.outTradeNo });
    }),
  );

  app.post(
    "/v3/refund/domestic/refunds",
    guarded(async (request, reply) => {
      const body = bodyOf(
        z.object({
          out_trade_no: z.string(),
          out_refund_no: z.string(),
          amount: z.object({ refund: z.number().int(), total: z.number().int() }),
        }),
        request,
      );
      const order = book.find("wechat", body.out_trade_no);
      if (!order || order.paidMs === null) return refuse(reply, 404, "RESOURCE_NOT_EXISTS", "订单不存在");
      if (body.amount.total !== order.amountFen) return refuse(reply, 400, "PARAM_ERROR", "订单金额不一致");
      // The same refund number is the same refund.
      book.put({ ...order, refundedFen: body.amount.refund });
      return signed(reply, 200, {
        refund_id: `50${order.transactionId}`,
        out_refund_no: body.out_refund_no,
        status: "SUCCESS",
        amount: body.amount,
      });
    }),
  );

  const billText = (day: string): string => {
    const orders = book
      .list()
      .filter((order) => order.provider === "wechat" && order.paidMs !== null && localDay(order.paidMs) === day);
    const yuan = (fen: number) => (fen / 100).toFixed(2);
    const row = (order: Order, refund: boolean) =>
      [
        localTime(order.paidMs ?? 0),
        keys.appId,
        keys.merchantId,
        "",
        "",
        order.transactionId,
        order.outTradeNo,
        "openid",
        order.kind === "native" ? "NATIVE" : "MICROPAY",
        refund ? "REFUND" : "SUCCESS",
        "OTHERS",
        "CNY",
        yuan(refund ? 0 : order.amountFen),
        "0.00",
        refund ? `50${order.transactionId}` : "0",
        refund ? `${order.outTradeNo}R1` : "0",
        yuan(refund ? order.refundedFen : 0),
        "0.00",
        refund ? "ORIGINAL" : "",
        refund ? "SUCCESS" : "",
        order.subject,
        "",
        "0.00000",
        "0.60%",
        yuan(order.amountFen),
        yuan(refund ? order.refundedFen : 0),
        "",
      ]
        .map((cell) => `\`${cell}`)
        .join(",");
    const rows = orders.flatMap((order) => [row(order, false), ...(order.refundedFen > 0 ? [row(order, true)] : [])]);
    return [
      "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注",
      ...rows,
      "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额",
      `\`${rows.length},\`${yuan(orders.reduce((sum, order) => sum + order.amountFen, 0))},\`${yuan(orders.reduce((sum, order) => sum + order.refundedFen, 0))},\`0.00,\`0.00000,\`0.00,\`0.00`,
    ].join("\r\n");
  };
  app.get(
    "/v3/bill/tradebill",
    guarded(async (request, reply) => {
      const { bill_date: day } = request.query as { bill_date: string };
      const hash = createHash("sha1").update(billText(day)).digest("hex");
      return signed(reply, 200, {
        hash_type: "SHA1",
        hash_value: hash,
        download_url: `${options.baseUrl()}/v3/billdownload/file?token=${day}`,
      });
    }),
  );
  app.get(
    "/v3/billdownload/file",
    guarded(async (request, reply) =>
      reply.type("text/plain; charset=utf-8").send(billText((request.query as { token: string }).token)),
    ),
  );

  return {
    async notify(order) {
      const nonce = randomBytes(6).toString("hex");
      const cipher = createCipheriv("aes-256-gcm", Buffer.from(keys.apiV3Key), Buffer.from(nonce));
      cipher.setAAD(Buffer.from("transaction"));
      const sealed = Buffer.concat([
        cipher.update(JSON.stringify(transaction(order))),
        cipher.final(),
        cipher.getAuthTag(),
      ]);
      const body = JSON.stringify({
        id: randomBytes(16).toString("hex"),
        create_time: new Date(nowMs()).toISOString(),
        resource_type: "encrypt-resource",
        event_type: "TRANSACTION.SUCCESS",
        summary: "支付成功",
        resource: {
          original_type: "transaction",
          algorithm: "AEAD_AES_256_GCM",
          ciphertext: sealed.toString("base64"),
          associated_data: "transaction",
          nonce,
        },
      });
      const timestamp = Math.floor(nowMs() / 1000).toString();
      const signNonce = randomBytes(16).toString("hex");
      const signature = createSign("RSA-SHA256")
        .update(`${timestamp}\n${signNonce}\n${body}\n`)
        .sign(keys.platformKeyPem, "base64");
      await fetch(order.notifyUrl, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "wechatpay-timestamp": timestamp,
          "wechatpay-nonce": signNonce,
          "wechatpay-signature": signature,
          "wechatpay-serial": keys.platformSerial,
          "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
        },
        body,
        signal: AbortSignal.timeout(5_000),
      });
    },
  };
}

export function localDay(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 10);
}
export function localTime(ms: number): string {
  return new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
}
