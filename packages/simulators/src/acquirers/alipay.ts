import { createSign, createVerify } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Book, Order } from "./book.ts";
import type { AcquirerKeys } from "./keys.ts";
import { localDay, localTime } from "./wechat.ts";

/** Alipay's OpenAPI 2.0 gateway: RSA2 over the sorted parameters both ways; all methods at /gateway.do. */
export function alipayRoutes(
  app: FastifyInstance,
  options: { book: Book; keys: AcquirerKeys["alipay"]; nowMs(): number; baseUrl(): string; settle(order: Order): void },
): { notify(order: Order): Promise<void> } {
  const { book, keys, nowMs } = options;
  const joined = (fields: Record<string, string>, without: readonly string[]) =>
    Object.keys(fields)
      .filter((key) => !without.includes(key))
      .sort()
      .map((key) => `${key}=${fields[key] ?? ""}`)
      .join("&");

  const answer = (reply: FastifyReply, method: string, content: Record<string, unknown>) => {
    const text = JSON.stringify(content);
    const sign = createSign("RSA-SHA256").update(text).sign(keys.alipayKeyPem, "base64");
    // The signature covers these very characters: the document is put together by hand.
    return reply
      .type("application/json; charset=utf-8")
      .send(`{"${method.replaceAll(".", "_")}_response":${text},"sign":"${sign}"}`);
  };
  const ok = { code: "10000", msg: "Success" };
  const fail = (subCode: string, subMsg: string) => ({
    code: "40004",
    msg: "Business Failed",
    sub_code: subCode,
    sub_msg: subMsg,
  });
  const lose = (reply: FastifyReply) => {
    reply.hijack();
    reply.raw.destroy();
  };
  const yuan = (fen: number) => (fen / 100).toFixed(2);

  const statusOf = (order: Order) =>
    order.state === "paid" ? "TRADE_SUCCESS" : order.state === "closed" ? "TRADE_CLOSED" : "WAIT_BUYER_PAY";
  const trade = (order: Order) => ({
    ...ok,
    out_trade_no: order.outTradeNo,
    trade_no: order.transactionId,
    total_amount: yuan(order.amountFen),
    trade_status: statusOf(order),
  });

  app.post("/gateway.do", async (request: FastifyRequest, reply) => {
    const fields: Record<string, string> = Object.fromEntries([
      ...new URLSearchParams(request.url.split("?")[1] ?? ""),
      ...new URLSearchParams(typeof request.body === "string" ? request.body : ""),
    ]);
    const { method = "" } = fields;
    if (
      fields["app_id"] !== keys.appId ||
      !createVerify("RSA-SHA256")
        .update(joined(fields, ["sign"]))
        .verify(keys.appPublicPem, fields["sign"] ?? "", "base64")
    )
      return answer(reply, method, {
        code: "40002",
        msg: "Invalid Arguments",
        sub_code: "isv.invalid-signature",
        sub_msg: "验签出错",
      });
    const content = z
      .object({
        out_trade_no: z.string().optional(),
        total_amount: z.string().optional(),
        subject: z.string().optional(),
        auth_code: z.string().optional(),
        refund_amount: z.string().optional(),
        bill_date: z.string().optional(),
      })
      .parse(JSON.parse(fields["biz_content"] ?? "{}"));
    const outTradeNo = content.out_trade_no ?? "";
    const order = book.find("alipay", outTradeNo);
    const newOrder = (kind: Order["kind"]): Order => ({
      provider: "alipay",
      outTradeNo,
      amountFen: Math.round(Number(content.total_amount) * 100),
      subject: content.subject ?? "",
      kind,
      state: "open",
      refundedFen: 0,
      qrText: kind === "native" ? `https://qr.alipay.com/bax${outTradeNo}` : null,
      transactionId: book.newTransactionId(),
      notifyUrl: fields["notify_url"] ?? "",
      createdMs: nowMs(),
      paidMs: null,
      paysAtMs: null,
    });
    switch (method) {
      case "alipay.trade.precreate": {
        const behaviour = book.takeBehaviour("alipay");
        if (behaviour.next === "refuse") return answer(reply, method, fail("ACQ.ACCESS_FORBIDDEN", "无权限使用接口"));
        if (order && order.state !== "open") return answer(reply, method, fail("ACQ.TRADE_HAS_CLOSE", "交易已经关闭"));
        const next = order ?? newOrder("native");
        book.put(next);
        if (behaviour.next === "timeout" || behaviour.next === "timeout-then-late") return lose(reply);
        return answer(reply, method, { ...ok, out_trade_no: outTradeNo, qr_code: next.qrText });
      }
      case "alipay.trade.pay": {
        const behaviour = book.takeBehaviour("alipay");
        if (!/^(2[5-9]|30)\d{14,22}$/.test(content.auth_code ?? ""))
          return answer(reply, method, fail("ACQ.PAYMENT_AUTH_CODE_INVALID", "支付授权码无效"));
        if (order)
          return answer(
            reply,
            method,
            order.state === "paid"
              ? fail("ACQ.TRADE_HAS_SUCCESS", "交易已被支付")
              : fail("ACQ.CONTEXT_INCONSISTENT", "交易信息被篡改"),
          );
        if (behaviour.next === "refuse")
          return answer(reply, method, fail("ACQ.BUYER_BALANCE_NOT_ENOUGH", "买家余额不足"));
        const next = newOrder("code");
        switch (behaviour.next) {
          case "user-paying":
          case "timeout-then-late":
            book.put({ ...next, state: "user-paying", paysAtMs: nowMs() + behaviour.ms });
            return behaviour.next === "user-paying"
              ? answer(reply, method, {
                  code: "10003",
                  msg: " order success pay inprocess",
                  out_trade_no: outTradeNo,
                  trade_no: next.transactionId,
                })
              : lose(reply);
          case "timeout":
            options.settle(next);
            return lose(reply);
          case "normal":
          case "close-lost":
            options.settle(next);
            return answer(reply, method, trade(next));
          default:
            return behaviour.next satisfies never;
        }
      }
      case "alipay.trade.query":
        // A pre-created order does not exist for Alipay until somebody has scanned it.
        if (!order || (order.kind === "native" && order.state === "open"))
          return answer(reply, method, fail("ACQ.TRADE_NOT_EXIST", "交易不存在"));
        return answer(reply, method, trade(order));
      case "alipay.trade.cancel": {
        const paid = order?.state === "paid";
        if (order) book.put({ ...order, state: "closed", paysAtMs: null, refundedFen: paid ? order.amountFen : 0 });
        return answer(reply, method, {
          ...ok,
          out_trade_no: outTradeNo,
          retry_flag: "N",
          action: paid ? "refund" : "close",
        });
      }
      case "alipay.trade.refund":
        if (!order || order.paidMs === null) return answer(reply, method, fail("ACQ.TRADE_NOT_EXIST", "交易不存在"));
        book.put({ ...order, refundedFen: Math.round(Number(content.refund_amount) * 100) });
        return answer(reply, method, {
          ...trade(order),
          fund_change: order.refundedFen > 0 ? "N" : "Y",
          refund_fee: content.refund_amount,
        });
      case "alipay.data.dataservice.bill.downloadurl.query":
        return answer(reply, method, {
          ...ok,
          bill_download_url: `${options.baseUrl()}/alipay/bill?day=${content.bill_date ?? ""}`,
        });
      default:
        return answer(reply, method, {
          code: "40004",
          msg: "Business Failed",
          sub_code: "isv.invalid-method",
          sub_msg: "不存在的方法名",
        });
    }
  });

  app.get("/alipay/bill", async (request, reply) => {
    const { day } = request.query as { day: string };
    const orders = book
      .list()
      .filter((order) => order.provider === "alipay" && order.paidMs !== null && localDay(order.paidMs) === day);
    const rows = orders.flatMap((order) => [
      [
        order.transactionId,
        order.outTradeNo,
        "交易",
        order.subject,
        localTime(order.createdMs),
        localTime(order.paidMs ?? 0),
        yuan(order.amountFen),
        yuan(order.amountFen),
        "",
        "0.00",
      ].join(","),
      ...(order.refundedFen > 0
        ? [
            [
              order.transactionId,
              order.outTradeNo,
              "退款",
              order.subject,
              localTime(order.createdMs),
              localTime(order.paidMs ?? 0),
              `-${yuan(order.refundedFen)}`,
              `-${yuan(order.refundedFen)}`,
              `${order.outTradeNo}R1`,
              "0.00",
            ].join(","),
          ]
        : []),
    ]);
    return reply
      .type("text/csv; charset=utf-8")
      .send(
        [
          "#支付宝业务明细查询",
          `#账期：[${day}]`,
          "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,订单金额（元）,商家实收（元）,退款批次号/请求号,服务费（元）",
          ...rows,
          `#业务明细合计：${rows.length}笔`,
        ].join("\r\n"),
      );
  });

  return {
    async notify(order) {
      const fields: Record<string, string> = {
        app_id: keys.appId,
        notify_time: localTime(nowMs()),
        notify_type: "trade_status_sync",
        notify_id: `${order.transactionId}n`,
        charset: "utf-8",
        version: "1.0",
        out_trade_no: order.outTradeNo,
        trade_no: order.transactionId,
        trade_status: statusOf(order),
        total_amount: yuan(order.amountFen),
      };
      const sign = createSign("RSA-SHA256").update(joined(fields, [])).sign(keys.alipayKeyPem, "base64");
      await fetch(order.notifyUrl, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
        body: new URLSearchParams({ ...fields, sign, sign_type: "RSA2" }).toString(),
        signal: AbortSignal.timeout(5_000),
      });
    },
  };
}
