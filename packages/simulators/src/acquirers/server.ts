import { join } from "node:path";
import Fastify from "fastify";
import { z } from "zod";
import { alipayRoutes } from "./alipay.ts";
import { Behaviour, openBook, type Order } from "./book.ts";
import { openKeys } from "./keys.ts";
import { wechatRoutes } from "./wechat.ts";

export interface AcquirerSimulator extends AsyncDisposable {
  readonly url: string;
  /** What a centre needs to talk to it: the content of the file that GRIDHALL_ACQUIRERS names. */
  centreConfig(notifyBaseUrl: string): unknown;
}

/**
 * WeChat Pay and Alipay as a merchant sees them on the wire, plus a control API for whoever plays the payer:
 * POST /control/pay {outTradeNo} or {qrText}, POST /control/behaviour, GET /control/orders, GET / (a page with a phone).
 */
export async function startAcquirers(options: {
  dir: string;
  host: string;
  port: number;
  nowMs(): number;
}): Promise<AcquirerSimulator> {
  const keys = openKeys(options.dir);
  const book = openBook(join(options.dir, "orders.json"), options.nowMs);
  const app = Fastify({ logger: false, forceCloseConnections: true });
  // Signatures are over the raw text.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
  let url = "";
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };

  const sendNotifications = (order: Order) => {
    const { notifications, ms } = book.behaviour(order.provider);
    if (notifications === "lost" || order.notifyUrl === "") return;
    const send = () => void routes[order.provider].notify(order).catch(() => {});
    later(notifications === "delayed" ? ms : 50, send);
    if (notifications === "doubled") later(400, send);
  };
  const settle = (order: Order) => {
    const paid: Order = { ...order, state: "paid", paidMs: options.nowMs(), paysAtMs: null };
    Object.assign(order, paid);
    book.put(paid);
    sendNotifications(paid);
  };
  const shared = { book, nowMs: options.nowMs, baseUrl: () => url, settle };
  const routes = {
    wechat: wechatRoutes(app, { ...shared, keys: keys.wechat }),
    alipay: alipayRoutes(app, { ...shared, keys: keys.alipay }),
  };

  // Payers who hesitate.
  const clock = setInterval(() => {
    for (const order of book.list())
      if (order.state === "user-paying" && order.paysAtMs !== null && order.paysAtMs <= options.nowMs())
        settle({ ...order });
  }, 200);

  app.get("/control/orders", async () => book.list());
  app.post("/control/pay", async (request, reply) => {
    const wanted = z
      .object({ outTradeNo: z.string().optional(), qrText: z.string().optional(), late: z.boolean().optional() })
      .parse(JSON.parse(String(request.body)));
    const order = book
      .list()
      .find(
        (candidate) =>
          candidate.outTradeNo === wanted.outTradeNo ||
          (wanted.qrText !== undefined && candidate.qrText === wanted.qrText),
      );
    if (!order) return reply.status(404).send({ error: "no such order" });
    // `late`: the bank confirms after the order was closed, as it happens with card-funded wallets.
    if (order.state === "paid" || (order.state === "closed" && !wanted.late))
      return reply.status(409).send({ error: `the order is ${order.state}` });
    settle({ ...order });
    return { ok: true };
  });
  app.post("/control/behaviour", async (request) => {
    book.setBehaviour(Behaviour.parse(JSON.parse(String(request.body))));
    return { ok: true };
  });
  app.get("/", async (_request, reply) => reply.type("text/html; charset=utf-8").send(PHONE));

  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  url = `http://${options.host}:${typeof address === "object" && address ? address.port : options.port}`;
  return {
    url,
    centreConfig: (notifyBaseUrl) => ({
      wechat: {
        baseUrl: url,
        appId: keys.wechat.appId,
        merchantId: keys.wechat.merchantId,
        merchantSerial: keys.wechat.merchantSerial,
        merchantKeyPem: keys.wechat.merchantKeyPem,
        apiV3Key: keys.wechat.apiV3Key,
        platformSerial: keys.wechat.platformSerial,
        platformPublicKeyPem: keys.wechat.platformPublicPem,
        notifyUrl: `${notifyBaseUrl}/api/notify/wechat`,
      },
      alipay: {
        gateway: `${url}/gateway.do`,
        appId: keys.alipay.appId,
        appPrivateKeyPem: keys.alipay.appKeyPem,
        alipayPublicKeyPem: keys.alipay.alipayPublicPem,
        notifyUrl: `${notifyBaseUrl}/api/notify/alipay`,
      },
    }),
    async [Symbol.asyncDispose]() {
      clearInterval(clock);
      for (const timer of timers) clearTimeout(timer);
      await app.close();
    },
  };
}

/** A payer's phone, for a person who plays the customer. */
const PHONE = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>模拟手机 · 扫码支付</title>
<style>body{font:16px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;background:#eef2f0;margin:0;color:#123}main{max-width:420px;margin:24px auto;padding:0 16px}h1{font-size:20px}article{background:#fff;border-radius:14px;padding:16px;margin:12px 0;box-shadow:0 1px 4px #0002}b{font-size:28px}button{font:inherit;padding:12px 18px;border:0;border-radius:10px;background:#07865a;color:#fff;width:100%;margin-top:10px}small{color:#567}select{font:inherit;padding:8px}code{user-select:all}</style>
<main><h1>模拟手机 <small>payer's phone</small></h1>
<article><b style="font-size:18px">付款码 Payment codes</b><p>微信 <code>134567890123456789</code><br>支付宝 <code>281234567890123456</code><br><small>在终端的开发面板里“扫码”粘贴 · paste into the kiosk panel's scanner</small></p>
<p>下一笔 next: <select id="provider"><option>wechat<option>alipay</select> <select id="next"><option>normal<option>user-paying<option>timeout<option>timeout-then-late<option>refuse<option>close-lost</select></p></article>
<div id="list"></div></main>
<script>
const yuan=f=>(f/100).toFixed(2);
for(const id of ["provider","next"])document.getElementById(id).onchange=()=>fetch("/control/behaviour",{method:"POST",body:JSON.stringify({provider:provider.value,next:next.value,ms:6000})});
async function load(){const all=await (await fetch("/control/orders")).json();
document.getElementById("list").replaceChildren(...all.sort((a,b)=>b.createdMs-a.createdMs).slice(0,12).map(o=>{const a=document.createElement("article");
const t=document.createElement("div");t.textContent=(o.provider==="wechat"?"微信支付":"支付宝")+" · "+o.subject;
const b=document.createElement("b");b.textContent="¥"+yuan(o.amountFen);const s=document.createElement("small");s.textContent=" "+o.state+(o.refundedFen?" · 已退款":"")+" · "+o.outTradeNo;
a.append(t,b,s);if(o.state==="open"||o.state==="user-paying"){const p=document.createElement("button");p.textContent="确认支付 Pay";p.onclick=async()=>{await fetch("/control/pay",{method:"POST",body:JSON.stringify({outTradeNo:o.outTradeNo})});load()};a.append(p)}return a}))}
load();setInterval(load,1500);
</script></html>`;
