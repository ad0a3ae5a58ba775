import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BeginScan, isScanFinal, type ScanStatus } from "@gridhall/domain/payment/scanApi.ts";
import { SCAN_TIMES } from "@gridhall/domain/payment/scanSaga.ts";
import { IntentId } from "@gridhall/domain/payment/schema.ts";
import { type AcquirerSimulator, startAcquirers } from "@gridhall/simulators/acquirers/server.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { inScope, SYSTEM } from "../db/database.ts";
import { freePort, seedAccount, seedSmall, startTestCentre, type TestCentre } from "../testing/testCentre.ts";
import { balance } from "./ledger.ts";

let dir: string;
let acquirers: AcquirerSimulator;
let town: TestCentre;
let accounts = 0;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "gridhall-acquirers-"));
  acquirers = await startAcquirers({ dir, host: "127.0.0.1", port: 0, nowMs: () => Date.now() });
  const httpPort = await freePort();
  const file = join(dir, "centre.json");
  await writeFile(file, JSON.stringify(acquirers.centreConfig(`http://127.0.0.1:${httpPort}`)));
  town = await startTestCentre(
    { GRIDHALL_ACQUIRERS: file },
    { httpPort, scanTimes: { ...SCAN_TIMES, payMs: 4_000, confirmMs: 4_000, queryEveryMs: 400, retryMs: 300 } },
  );
  await seedSmall(town.centre);
});
afterAll(async () => {
  await town[Symbol.asyncDispose]();
  await acquirers[Symbol.asyncDispose]();
  await rm(dir, { recursive: true });
});

const control = (path: string, body: unknown) =>
  fetch(`${acquirers.url}/control/${path}`, { method: "POST", body: JSON.stringify(body) });
const kiosk = { deviceId: "kiosk-a", unitPath: "p.a.h", channel: "kiosk" as const };
const CODES = { wechat: "134567890123456789", alipay: "281234567890123456" };

async function request(provider: "wechat" | "alipay", mode: "native" | "code"): Promise<BeginScan> {
  accounts += 1;
  const accountNo = String(1_200_000_000_000 + accounts);
  await seedAccount(town.centre, accountNo);
  return {
    intentId: IntentId.parse(randomBytes(12).toString("hex")),
    journeyId: null,
    due: {
      accountNo,
      bills: [{ billId: `${accountNo}-1`, month: "2026-09", principalFen: 8640, lateFeeFen: 0 }],
      prepayFen: 0,
    },
    provider,
    mode,
    authCode: mode === "code" ? CODES[provider] : null,
  };
}

const untilFinal = (intentId: string) =>
  vi.waitFor(
    async () => {
      const status = await town.centre.scan.status(intentId);
      expect(isScanFinal(status.phase), status.phase).toBe(true);
      return status;
    },
    { timeout: 20_000, interval: 100 },
  );

/** Acquirer's truth, ledger and bill must agree, whatever happened on the way. */
async function expectMoney(order: BeginScan, status: ScanStatus): Promise<void> {
  const orders = (await (await fetch(`${acquirers.url}/control/orders`)).json()) as {
    outTradeNo: string;
    state: string;
    amountFen: number;
    refundedFen: number;
    paidMs: number | null;
  }[];
  const theirs = orders.find((candidate) => candidate.outTradeNo === order.intentId);
  const heldFen = theirs && theirs.paidMs !== null ? theirs.amountFen - theirs.refundedFen : 0;
  const { paid, clearing } = await inScope(town.centre.db, SYSTEM, async (tx) => ({
    paid: (
      await sql<{ paid_fen: number }>`select paid_fen from bill where bill_id = ${`${order.due.accountNo}-1`}`.execute(
        tx,
      )
    ).rows[0]?.paid_fen,
    clearing: await balance(tx, `clearing:${order.intentId}`),
  }));
  expect(paid).toBe(heldFen);
  expect(clearing).toBe(0n);
  expect(status.phase).toBe(heldFen > 0 ? "paid" : status.phase);
}

describe("scan-code payments against the acquirers' public protocols", () => {
  test.each(["wechat", "alipay"] as const)(
    "[P1] %s native: the code is shown, the payer pays, the bill is paid",
    async (provider) => {
      const order = await request(provider, "native");
      const begun = await town.centre.scan.begin(order, kiosk);
      expect(begun.phase).toBe("waiting");
      expect(begun.qrText).toMatch(provider === "wechat" ? /^weixin:\/\// : /^https:\/\/qr\.alipay\.com/);
      await control("pay", { qrText: begun.qrText });
      const status = await untilFinal(order.intentId);
      expect(status).toMatchObject({ phase: "paid", paidFen: 8640 });
      await expectMoney(order, status);
    },
  );

  test.each(["wechat", "alipay"] as const)(
    "[P1] %s payment code: charged at once, and USERPAYING followed by success",
    async (provider) => {
      const quick = await request(provider, "code");
      expect((await town.centre.scan.begin(quick, kiosk)).phase).toBe("paid");
      await expectMoney(quick, await untilFinal(quick.intentId));
      await control("behaviour", { provider, next: "user-paying", ms: 1_200 });
      const slow = await request(provider, "code");
      expect((await town.centre.scan.begin(slow, kiosk)).phase).toBe("confirm-on-phone");
      const status = await untilFinal(slow.intentId);
      expect(status.phase).toBe("paid");
      await expectMoney(slow, status);
    },
  );

  test.each(["wechat", "alipay"] as const)(
    "[P3] %s: the charge's answer is lost but money was taken: it is found and credited",
    async (provider) => {
      await control("behaviour", { provider, next: "timeout", notifications: "lost" });
      const order = await request(provider, "code");
      await town.centre.scan.begin(order, kiosk);
      const status = await untilFinal(order.intentId);
      expect(status.phase).toBe("paid");
      await expectMoney(order, status);
      await control("behaviour", { provider, next: "normal" });
    },
  );

  test.each(["wechat", "alipay"] as const)(
    "[P3] %s: time-out, reversed, and the late success is refunded",
    async (provider) => {
      await control("behaviour", { provider, next: "user-paying", ms: 600_000 });
      const order = await request(provider, "code");
      await town.centre.scan.begin(order, kiosk);
      const closed = await untilFinal(order.intentId);
      expect(closed.phase).toBe("closed");
      await control("behaviour", { provider, next: "normal", notifications: "doubled" });
      await control("pay", { outTradeNo: order.intentId, late: true });
      const status = await vi.waitFor(
        async () => {
          const now = await town.centre.scan.status(order.intentId);
          expect(now.phase).toBe("refunded");
          return now;
        },
        { timeout: 15_000, interval: 100 },
      );
      await expectMoney(order, status);
      await control("behaviour", { provider, next: "normal" });
    },
  );

  test("[P3] the customer cancels, the close's answer is lost, and the order still ends closed", async () => {
    const order = await request("wechat", "native");
    await town.centre.scan.begin(order, kiosk);
    await control("behaviour", { provider: "wechat", next: "close-lost" });
    await town.centre.scan.cancel(order.intentId, "kiosk-a");
    const status = await untilFinal(order.intentId);
    expect(status).toMatchObject({ phase: "closed", reason: "cancelled" });
    await expectMoney(order, status);
  });

  test("[P3] a code nobody pays expires by itself; a payer who is faster than the cancel keeps the bill paid", async () => {
    const expired = await request("alipay", "native");
    await town.centre.scan.begin(expired, kiosk);
    expect(await untilFinal(expired.intentId)).toMatchObject({ phase: "closed", reason: "expired" });
    const raced = await request("wechat", "native");
    await control("behaviour", { provider: "wechat", next: "normal", notifications: "lost" });
    await town.centre.scan.begin(raced, kiosk);
    await control("pay", { outTradeNo: raced.intentId });
    await town.centre.scan.cancel(raced.intentId, "kiosk-a");
    const status = await untilFinal(raced.intentId);
    expect(status.phase).toBe("paid");
    await expectMoney(raced, status);
    await control("behaviour", { provider: "wechat", next: "normal" });
  });

  test("[P3] the same intent twice is one payment, with other parameters an error, and cancelled before it arrives it never begins", async () => {
    const order = await request("wechat", "native");
    await town.centre.scan.begin(order, kiosk);
    expect((await town.centre.scan.begin(order, kiosk)).phase).toBe("waiting");
    await expect(
      town.centre.scan.begin({ ...order, due: { ...order.due, prepayFen: 100 } }, kiosk),
    ).rejects.toMatchObject({ code: "payment.intent-conflict" });
    await town.centre.scan.cancel(order.intentId, "kiosk-a");
    const never = await request("wechat", "native");
    expect(await town.centre.scan.cancel(never.intentId, "kiosk-a")).toMatchObject({
      phase: "closed",
      reason: "never-begun",
    });
    await expect(town.centre.scan.begin(never, kiosk)).rejects.toMatchObject({ code: "payment.cancelled-before" });
  });

  test("[P3] a restart of the centre in mid-payment loses nothing: the payment is found by the sweep", async () => {
    const order = await request("wechat", "native");
    await control("behaviour", { provider: "wechat", next: "normal", notifications: "lost" });
    await town.centre.scan.begin(order, kiosk);
    await control("pay", { outTradeNo: order.intentId });
    await town.restart();
    const status = await untilFinal(order.intentId);
    expect(status.phase).toBe("paid");
    await expectMoney(order, status);
    await control("behaviour", { provider: "wechat", next: "normal" });
  });

  test("[P3] a forged notification changes nothing", async () => {
    const order = await request("alipay", "native");
    await town.centre.scan.begin(order, kiosk);
    const forged = await fetch(`${town.centre.httpUrl}/api/notify/alipay`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({
        app_id: "2021000000000000",
        out_trade_no: order.intentId,
        trade_no: "x",
        trade_status: "TRADE_SUCCESS",
        total_amount: "86.40",
        sign: Buffer.alloc(256).toString("base64"),
        sign_type: "RSA2",
      }).toString(),
    });
    expect(await forged.text()).toBe("failure");
    const wechat = await fetch(`${town.centre.httpUrl}/api/notify/wechat`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
    expect(wechat.status).toBe(401);
    expect((await town.centre.scan.status(order.intentId)).phase).toBe("waiting");
    await town.centre.scan.cancel(order.intentId, "kiosk-a");
  });
});
