import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { KNOWN } from "@gridhall/domain/town/known.ts";
import type { Browser } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Books, openBooks } from "./books.ts";
import { accessibilityFaults, type Kiosk, launchBrowser, openKiosk } from "./browser.ts";
import { startTerminal, startTown, type Terminal, type Town } from "./town.ts";

let town: Town;
let books: Books;
let browser: Browser;
let terminal: Terminal;
let kiosk: Awaited<ReturnType<typeof openKiosk>>;

beforeAll(async () => {
  town = await startTown({ accounts: 40, deviceIds: ["k-h1-1", "k-h2-1", "k-h3-1", "k-h4-1"] });
  books = await openBooks(town);
  browser = await launchBrowser();
  terminal = await startTerminal(town, "k-h1-1");
  kiosk = await openKiosk(browser, terminal.url);
  await vi.waitFor(
    async () => expect(await books.number("select count(*) from device_presence where online")).toBe(1),
    { timeout: 20_000 },
  );
}, 240_000);
afterAll(async () => {
  await browser.close();
  await terminal[Symbol.asyncDispose]();
  await books[Symbol.asyncDispose]();
  await town[Symbol.asyncDispose]();
});

/** Whatever a test left on the screen, the next customer begins at the signage. */
beforeEach(async () => {
  terminal.proxy.setMode("pass");
  for (let attempt = 0; attempt < 30; attempt += 1) {
    if ((await kiosk.page.locator('[data-screen="signage"]').count()) > 0) return;
    for (const action of ["close-overlay", "done", "cash-cancel", "scan-cancel", "home"]) {
      const button = kiosk.page.locator(`[data-action="${action}"]:enabled`).first();
      if ((await button.count()) > 0) {
        await button.click({ timeout: 2_000 }).catch(() => {});
        break;
      }
    }
    await kiosk.page.waitForTimeout(500);
  }
}, 60_000);

const unpaidFen = (accountNo: string) =>
  books.number("select coalesce(sum(total_fen - paid_fen), 0) from bill where account_no = $1", [accountNo]);
const prepaidFen = (accountNo: string) =>
  books.number("select prepaid_fen from account where account_no = $1", [accountNo]);
const settled = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 200 });

async function insertNotes(screen: Kiosk, at: Terminal, notesFen: readonly number[]): Promise<void> {
  for (const denominationFen of notesFen) {
    await vi.waitFor(async () => expect((await at.devices.state("cash"))["acceptorOpen"]).toBe(true), {
      timeout: 15_000,
      interval: 50,
    });
    await screen.screen("cash");
    await at.devices.post("/insert-note", { denominationFen });
    await vi.waitFor(async () => expect((await at.devices.state("cash"))["escrow"]).toBeNull(), {
      timeout: 15_000,
      interval: 50,
    });
  }
}

async function toMethod(screen: Kiosk, accountNo: string): Promise<void> {
  await screen.findAccount(accountNo);
  await screen.tap("go:pay");
  await screen.screen("amount");
  await screen.tap("confirm-amount");
  await screen.screen("method");
}

/** Adds 50 yuan to the prepaid balance; for accounts that owe nothing. */
async function toMethodWithPrepay(screen: Kiosk, accountNo: string): Promise<void> {
  await screen.findAccount(accountNo);
  await screen.tap("go:pay");
  await screen.screen("amount");
  await screen.tap("prepay:50");
  await screen.tap("confirm-amount");
  await screen.screen("method");
}

async function finish(screen: Kiosk): Promise<void> {
  await screen.tap("done");
  await screen.screen("signage");
}

async function receiptText(at: Terminal): Promise<string> {
  const state = (await at.devices.state("receipt")) as {
    slips: { lines: { type: string; text?: string; left?: string; right?: string }[] }[];
  };
  return (state.slips.at(-1)?.lines ?? [])
    .map((line) => line.text ?? `${line.left ?? ""} ${line.right ?? ""}`)
    .join("\n");
}

describe("a customer at the kiosk", () => {
  test("[P1] [L3] [T1] cash: 100 yuan for a bill of 86.40, change 13.60, receipt, and the centre sees it all", async () => {
    const account = KNOWN.oneUnpaid.accountNo;
    await toMethod(kiosk, account);
    await kiosk.tap("method:cash");
    await insertNotes(kiosk, terminal, [5_000, 5_000]);
    await kiosk.screen("result");
    expect(await kiosk.text()).toContain("13.60");
    await vi.waitFor(
      async () => {
        const receipt = await receiptText(terminal);
        for (const part of [account, "86.40", "100.00", "13.60", "捌拾陆元肆角整", "现金"])
          expect(receipt).toContain(part);
      },
      { timeout: 20_000 },
    );
    await finish(kiosk);
    await settled(async () => expect(await unpaidFen(account)).toBe(0));
    const [payment] = await books.query<{
      intent_id: string;
      state: string;
      received_fen: string;
      dispensed_fen: string;
      journey_id: string;
    }>("select * from payment where account_no = $1 order by created_at desc limit 1", [account]);
    expect(payment).toMatchObject({ state: "credited", received_fen: 10000, dispensed_fen: 1360 });
    await settled(async () =>
      expect(await books.query("select outcome from journey where journey_id = $1", [payment?.journey_id])).toEqual([
        { outcome: "completed" },
      ]),
    );
    expect(
      await books.number("select count(*) from trace where journey_id = $1", [payment?.journey_id]),
    ).toBeGreaterThan(8);
  });

  test("[P3] cash: a jam in mid-payment credits what is inside and says so", async () => {
    const account = KNOWN.twoOverdue.accountNo;
    const before = await unpaidFen(account);
    await toMethod(kiosk, account);
    await kiosk.tap("method:cash");
    await insertNotes(kiosk, terminal, [2_000]);
    await vi.waitFor(async () => expect((await terminal.devices.state("cash"))["acceptorOpen"]).toBe(true), {
      timeout: 15_000,
    });
    await terminal.devices.post("/jam", { device: "cash", where: "entry" });
    await kiosk.screen("result", 60_000);
    await finish(kiosk);
    await terminal.devices.post("/clear-jam", { device: "cash" });
    await settled(async () => {
      const paid = await books.number(
        "select coalesce(sum(paid_fen + late_paid_fen), 0) from bill where account_no = $1 and total_fen - paid_fen + late_paid_fen > 0 and month >= '2026-01'",
        [account],
      );
      expect(await unpaidFen(account)).toBeLessThan(before);
      expect(paid).toBeGreaterThan(0);
    });
    const [payment] = await books.query<{ received_fen: number; dispensed_fen: number; state: string }>(
      "select received_fen, dispensed_fen, state from payment where account_no = $1 order by created_at desc limit 1",
      [account],
    );
    expect(payment).toMatchObject({ received_fen: 2000, dispensed_fen: 0, state: "credited" });
    await vi.waitFor(async () => expect((await terminal.devices.state("cash"))["jam"]).toBeNull());
  });

  test("[P1] cash: with an empty hopper the customer is asked before a note goes in, and the rest becomes prepaid balance", async () => {
    const account = KNOWN.timeOfUse.accountNo;
    const due = await unpaidFen(account);
    const units = (
      (await terminal.devices.state("cash"))["units"] as { unitId: string; role: string; count: number }[]
    ).filter((unit) => unit.role === "cashOut");
    for (const unit of units) await terminal.devices.post("/refill", { unitId: unit.unitId, count: 0 });
    await vi.waitFor(
      async () =>
        expect(
          JSON.stringify(
            await books.query("select body->'cash' as cash from device_status where device_id = 'k-h1-1'"),
          ),
        ).toContain('"count":0'),
      { timeout: 20_000 },
    );
    await toMethod(kiosk, account);
    await kiosk.tap("method:cash");
    await kiosk.screen("change-notice");
    await kiosk.tap("accept-no-change");
    const notes = Array.from({ length: Math.ceil(due / 10_000) }, () => 10_000);
    await insertNotes(kiosk, terminal, notes);
    await kiosk.screen("result");
    await finish(kiosk);
    await settled(async () => expect(await unpaidFen(account)).toBe(0));
    const [payment] = await books.query<{ dispensed_fen: number; allocation: { prepayFen: number } }>(
      "select dispensed_fen, allocation from payment where account_no = $1 order by created_at desc limit 1",
      [account],
    );
    expect(payment?.dispensed_fen).toBe(0);
    expect(await prepaidFen(account)).toBe(payment?.allocation.prepayFen);
    for (const unit of units) await terminal.devices.post("/refill", { unitId: unit.unitId, count: unit.count });
  });

  test("[P1] WeChat native: the code on the screen is paid by phone, and the bill is paid", async () => {
    const account = KNOWN.largeHousehold.accountNo;
    await toMethod(kiosk, account);
    await kiosk.tap("method:wechat-native");
    await kiosk.screen("scan");
    const order = await vi.waitFor(async () => {
      const orders = (await (await fetch(`${town.acquirersUrl}/control/orders`)).json()) as {
        outTradeNo: string;
        state: string;
        subject: string;
      }[];
      const mine = orders.find((candidate) => candidate.subject.includes(account) && candidate.state === "open");
      expect(mine).toBeDefined();
      return mine;
    });
    await town.control("pay", { outTradeNo: order?.outTradeNo });
    await kiosk.screen("result");
    await finish(kiosk);
    expect(await unpaidFen(account)).toBe(0);
  });

  test("[P1] payment code: the phone asks for the password first, then it is paid", async () => {
    const account = KNOWN.prepaid.accountNo;
    const before = await prepaidFen(account);
    await town.control("behaviour", { provider: "wechat", next: "user-paying", ms: 2_500 });
    await toMethodWithPrepay(kiosk, account);
    await kiosk.tap("method:wechat-code");
    await kiosk.screen("scan");
    await vi.waitFor(
      async () => {
        await terminal.devices.post("/scan", { data: "134567890123456789", symbology: "code128" });
        expect(
          await books.number("select count(*) from payment where account_no = $1 and tender = 'wechat-code'", [
            account,
          ]),
        ).toBe(1);
      },
      { timeout: 20_000, interval: 1_000 },
    );
    await kiosk.screen("result", 30_000);
    await finish(kiosk);
    expect(await prepaidFen(account)).toBe(before + 5_000);
  });

  test("[P3] payment code: time-out, cancelled, then late success: the money goes back", async () => {
    const account = KNOWN.prepaid.accountNo;
    const before = await prepaidFen(account);
    await town.control("behaviour", { provider: "alipay", next: "user-paying", ms: 600_000 });
    await toMethodWithPrepay(kiosk, account);
    await kiosk.tap("method:alipay-code");
    await kiosk.screen("scan");
    await vi.waitFor(
      async () => {
        await terminal.devices.post("/scan", { data: "281234567890123456", symbology: "code128" });
        expect(
          await books.number("select count(*) from payment where account_no = $1 and tender = 'alipay-code'", [
            account,
          ]),
        ).toBe(1);
      },
      { timeout: 20_000, interval: 1_000 },
    );
    await kiosk.tap("scan-cancel");
    await kiosk.screen("method", 40_000);
    const [payment] = await books.query<{ intent_id: string; state: string }>(
      "select intent_id, state from payment where account_no = $1 and tender = 'alipay-code'",
      [account],
    );
    expect(payment?.state).toBe("closed");
    await town.control("pay", { outTradeNo: payment?.intent_id, late: true });
    await settled(async () =>
      expect(
        (
          await books.query<{ state: string }>("select state from payment where intent_id = $1", [payment?.intent_id])
        )[0]?.state,
      ).toBe("refunded"),
    );
    expect(await prepaidFen(account)).toBe(before);
    await kiosk.tap("home");
    await kiosk.tap("home");
    await kiosk.screen("signage");
  });

  test("[T7] the link is cut before, during and after a cash payment: it ends on the terminal, and is credited once when the link is back", async () => {
    const account = KNOWN.sharedIdHome.accountNo;
    await toMethod(kiosk, account);
    const due = await unpaidFen(account);
    terminal.proxy.setMode("cut");
    await kiosk.tap("method:cash");
    await insertNotes(
      kiosk,
      terminal,
      Array.from({ length: Math.ceil(due / 10_000) }, () => 10_000),
    );
    await kiosk.screen("result", 40_000);
    await finish(kiosk);
    expect(await unpaidFen(account)).toBe(due);
    // Before: without the link, what needs the centre says so instead of failing later.
    await kiosk.start();
    expect(await kiosk.page.locator('[data-action="service:pay-bill"]').isDisabled()).toBe(true);
    await kiosk.tap("home");
    await kiosk.screen("signage");
    terminal.proxy.setMode("pass");
    await settled(async () => expect(await unpaidFen(account)).toBe(0));
    expect(await books.number("select count(*) from payment where account_no = $1", [account])).toBe(1);
    // During a scan payment: cut while the code is shown, paid meanwhile, found paid when the link is back.
    const second = KNOWN.business.accountNo;
    await toMethod(kiosk, second);
    await kiosk.tap("method:wechat-native");
    const intent = await vi.waitFor(
      async () => {
        const [row] = await books.query<{ intent_id: string; state: string }>(
          "select intent_id, state from payment where account_no = $1",
          [second],
        );
        expect(row?.state).toBe("waiting");
        return row?.intent_id;
      },
      { timeout: 15_000 },
    );
    terminal.proxy.setMode("cut");
    await town.control("pay", { outTradeNo: intent });
    await settled(async () => expect(await unpaidFen(second)).toBe(0));
    terminal.proxy.setMode("pass");
    await kiosk.screen("result", 60_000);
    await finish(kiosk);
  }, 240_000);

  test("[L1] [L3] a bill is looked up and printed: text and embedded fonts of what the printer got", async () => {
    await kiosk.screen("signage");
    await kiosk.start();
    await kiosk.tap("service:query-bill");
    await kiosk.screen("find-account");
    await kiosk.typeDigits(KNOWN.industrial.accountNo);
    await kiosk.tap("find");
    await kiosk.screen("account");
    await kiosk.tap("go:bills");
    await kiosk.screen("bills");
    await kiosk.page.locator('[data-action^="bill:"]').first().click();
    await kiosk.screen("bill");
    await kiosk.tap("print-bill");
    const printed = await vi.waitFor(
      async () => {
        const pages = (await terminal.devices.get("/printed")) as { id: string }[];
        expect(pages.length).toBeGreaterThan(0);
        return pages.at(-1);
      },
      { timeout: 30_000 },
    );
    const pdf = new Uint8Array(
      await (await fetch(`${terminal.devices.controlUrl}/printed/${printed?.id}`)).arrayBuffer(),
    );
    const file = join(town.dir, "printed.pdf");
    writeFileSync(file, pdf);
    const text = execFileSync("pdftotext", ["-layout", file, "-"], { encoding: "utf8" });
    for (const part of ["电费账单", "抄表信息", "费用明细", "基本电费", "功率因数", "峰"]) expect(text).toContain(part);
    const fonts = execFileSync("pdffonts", [file], { encoding: "utf8" }).split("\n").slice(2).filter(Boolean);
    expect(fonts.length).toBeGreaterThan(0);
    for (const font of fonts) expect(font).toMatch(/yes\s+yes\s+yes/);
    await kiosk.tap("home");
    await kiosk.tap("home");
    await kiosk.screen("signage");
  });

  test("[T1] [S4] the session times out with a warning and is wiped; nothing of the customer is left on the screen", async () => {
    await using quick = await startTerminal(town, "k-h2-1", { idleSeconds: 3, warningSeconds: 3 });
    const screen = await openKiosk(browser, quick.url);
    await vi.waitFor(
      async () =>
        expect(await books.number("select count(*) from device_presence where online and device_id = 'k-h2-1'")).toBe(
          1,
        ),
      { timeout: 20_000 },
    );
    await screen.findAccount(KNOWN.twoOverdue.accountNo);
    expect(await screen.text()).toContain("李");
    await screen.page.locator('[data-action="still-here"]').waitFor({ timeout: 15_000 });
    await screen.tap("still-here");
    await screen.screen("account");
    await screen.screen("signage", 20_000);
    const html = await screen.page.content();
    for (const trace of [KNOWN.twoOverdue.accountNo, "李**", "和平里"]) expect(html).not.toContain(trace);
    await settled(async () =>
      expect(await books.query("select outcome from journey where device_id = 'k-h2-1'")).toEqual([
        { outcome: "timed-out" },
      ]),
    );
    await screen.context.close();
  });

  test("[S4] no serious accessibility fault on the main path, in normal, large and high-contrast, Chinese and English, portrait and landscape", async () => {
    await using own = await startTerminal(town, "k-h3-1");
    await vi.waitFor(
      async () =>
        expect(await books.number("select count(*) from device_presence where online and device_id = 'k-h3-1'")).toBe(
          1,
        ),
      { timeout: 20_000 },
    );
    for (const size of [
      { width: 1080, height: 1920 },
      { width: 1920, height: 1080 },
    ]) {
      const screen = await openKiosk(browser, own.url, size);
      const faults: string[] = [];
      const look = async (name: string) =>
        faults.push(...(await accessibilityFaults(screen.page)).map((fault) => `${name}: ${fault}`));
      await screen.screen("signage");
      await look("signage");
      await screen.start();
      await look("home");
      for (const setting of ["settings:large", "settings:contrast", "settings:language"]) {
        await screen.tap(setting);
        await look(`home after ${setting}`);
      }
      await screen.tap("settings:language");
      await screen.tap("service:pay-bill");
      await screen.screen("find-account");
      await look("find-account");
      await screen.typeDigits(KNOWN.sharedIdGarage.accountNo);
      await screen.tap("find");
      await screen.screen("account");
      await look("account");
      await screen.tap("go:bills");
      await screen.screen("bills");
      await look("bills");
      await screen.page.locator('[data-action^="bill:"]').first().click();
      await screen.screen("bill");
      await look("bill");
      await screen.tap("back");
      await screen.screen("bills");
      await screen.tap("back");
      await screen.screen("account");
      await screen.tap("go:payments");
      await screen.screen("payments");
      await look("payments");
      await screen.tap("back");
      await screen.screen("account");
      await screen.tap("go:pay");
      await screen.screen("amount");
      await look("amount");
      await screen.tap("confirm-amount");
      await screen.screen("method");
      await look("method");
      await screen.tap("method:cash");
      await screen.screen("cash");
      await look("cash");
      await screen.tap("cash-cancel");
      await screen.screen("method");
      await screen.tap("help");
      await look("help");
      await screen.tap("call-not-now");
      await screen.tap("home");
      await screen.screen("home");
      await screen.tap("home");
      await screen.screen("signage");
      expect(faults).toEqual([]);
      await screen.context.close();
    }
  }, 240_000);
});
