import { KNOWN } from "@gridhall/domain/town/known.ts";
import type { Browser, Page } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Books, openBooks } from "./books.ts";
import { accessibilityFaults, launchBrowser } from "./browser.ts";
import { connectCustomer } from "./customer.ts";
import { startTerminal, startTown, type Terminal, type Town } from "./town.ts";

let town: Town;
let books: Books;
let browser: Browser;
let terminal: Terminal;

beforeAll(async () => {
  town = await startTown({ accounts: 40, deviceIds: ["k-h1-1"], adminTotp: "required" });
  books = await openBooks(town);
  browser = await launchBrowser();
  terminal = await startTerminal(town, "k-h1-1");
}, 240_000);
afterAll(async () => {
  await browser.close();
  await terminal[Symbol.asyncDispose]();
  await books[Symbol.asyncDispose]();
  await town[Symbol.asyncDispose]();
});

async function signIn(login: string): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
  });
  const page = await context.newPage();
  await page.goto(town.centre.httpUrl);
  await page.locator('input[name="login"]').fill(login);
  await page.locator('input[name="password"]').fill("gridhall-demo");
  await page.locator('[data-action="sign-in"]').click();
  await page.locator('[data-page]:not([data-page="sign-in"])').first().waitFor({ timeout: 20_000 });
  return page;
}

const open = async (page: Page, path: string, name: string) => {
  await page.goto(`${town.centre.httpUrl}${path}`);
  await page.locator(`[data-page="${name}"]`).waitFor({ timeout: 20_000 });
  await page.waitForLoadState("networkidle");
};

/** 86.40 with a hundred: the journey that the console is to show. */
async function payAtKiosk(): Promise<void> {
  await using customer = await connectCustomer(terminal.url);
  await customer.until("online", (view) => view.terminal.online && view.screen.kind === "signage");
  customer.act({ type: "start" });
  await customer.until("home", (view) => view.screen.kind === "home");
  customer.act({ type: "service", serviceId: "pay-bill" });
  await customer.until("find", (view) => view.screen.kind === "find-account");
  customer.act({ type: "find", value: KNOWN.oneUnpaid.accountNo });
  await customer.until("account", (view) => view.screen.kind === "account");
  customer.act({ type: "go", to: "pay" });
  await customer.until("amount", (view) => view.screen.kind === "amount");
  customer.act({ type: "confirm-amount" });
  await customer.until("method", (view) => view.screen.kind === "method");
  customer.act({ type: "method", method: "cash" });
  await customer.until("insert", (view) => view.screen.kind === "cash" && view.screen.doing === "insert");
  await terminal.devices.post("/insert-note", { denominationFen: 10_000 });
  await customer.until("result", (view) => view.screen.kind === "result", 40_000);
  customer.act({ type: "done" });
  await customer.until("signage", (view) => view.screen.kind === "signage" && view.overlay === null);
}

describe("the console", () => {
  test("[L4] [P3] kiosk, journey and money appear live, the ledger balances, the day reconciles without a difference", async () => {
    const page = await signIn("finance");
    await open(page, "/payments", "payments");
    await open(page, "/journeys", "journeys");
    await payAtKiosk();
    // Without a reload: pushed.
    const [journey] = await vi.waitFor(
      async () => {
        const rows = await books.query<{ journey_id: string }>(
          "select journey_id from journey where device_id = 'k-h1-1'",
        );
        expect(rows).toHaveLength(1);
        return rows;
      },
      { timeout: 20_000 },
    );
    await page.locator(`[data-row="${journey?.journey_id}"]`).waitFor({ timeout: 20_000 });
    await open(page, `/journeys/${journey?.journey_id}`, "journey");
    const [payment] = await books.query<{ intent_id: string }>("select intent_id from payment");
    await open(page, "/payments", "payments");
    await page.locator(`[data-row="${payment?.intent_id}"]`).waitFor({ timeout: 20_000 });
    await open(page, `/payments/${payment?.intent_id}`, "payment");
    const text = await page.locator('[data-page="payment"]').innerText();
    for (const part of ["86.40", "13.60", "100.00"]) expect(text).toContain(part);
    await vi.waitFor(async () => expect(await books.number("select count(*) from cash_count")).toBeGreaterThan(1), {
      timeout: 20_000,
    });
    await open(page, "/reconciliation", "reconciliation");
    await page.locator('[data-action="reconcile"]').first().click();
    await vi.waitFor(
      async () =>
        expect(
          // The centre has reconciled yesterday by itself where it was late enough in the day.
          await books.query(
            "select kind, differences, ours_fen::int as ours from reconciliation_run where day = (now() at time zone 'Asia/Shanghai')::date order by kind",
          ),
        ).toMatchObject([
          { kind: "alipay", differences: 0 },
          { kind: "cash", differences: 0, ours: 8640 },
          { kind: "wechat", differences: 0 },
        ]),
      { timeout: 30_000 },
    );
    await page.context().close();
  });

  test("[P3] a person works through an open case: takes it, notes it, closes it, and all of it is in the audit", async () => {
    await books.query(
      "insert into open_case (case_id, unit_path, kind, amount_fen, detail) values ('case-of-test', (select unit_path from device where device_id = 'k-h1-1'), 'note-unaccounted', 5000, '{}')",
    );
    const page = await signIn("finance");
    await open(page, "/cases/case-of-test", "case");
    await page.locator('[data-action="take-case"]').click();
    await vi.waitFor(
      async () =>
        expect(await books.query("select state from open_case where case_id = 'case-of-test'")).toEqual([
          { state: "in-progress" },
        ]),
      { timeout: 15_000 },
    );
    const actions = await books.query<{ action: string }>("select action from audit where subject = 'case-of-test'");
    expect(actions).toEqual([{ action: "case.taken" }]);
    await page.context().close();
    const auditor = await signIn("auditor");
    await open(auditor, "/audit", "audit");
    await auditor.locator('[data-action="verify-audit"]').click();
    await auditor.context().close();
  });

  test("[S1] a watch officer sees the county's kiosks and no money; a deep link to it says why not", async () => {
    const page = await signIn("watch");
    const menu = await page.locator("body").innerText();
    expect(menu).not.toContain("对账");
    await page.goto(`${town.centre.httpUrl}/payments`);
    await page.waitForLoadState("networkidle");
    expect(await page.locator('[data-page="payments"]').count()).toBe(0);
    await page.context().close();
  });

  test("[S1] an administrator without an authenticator is led to setting it up, and only then sees the console", async () => {
    const page = await signIn("admin");
    await page.locator('[data-page="totp"]').waitFor();
    for (const path of ["/kiosks", "/audit"]) {
      await page.goto(`${town.centre.httpUrl}${path}`);
      await page.locator('[data-page="totp"]').waitFor();
    }
    expect(await accessibilityFaults(page)).toEqual([]);
    await page.locator('input[name="totp-password"]').fill("gridhall-demo");
    await page.locator('[data-action="totp-begin"]').click();
    const secret = await page.locator('[data-value="totp-secret"]').innerText();
    expect(await accessibilityFaults(page)).toEqual([]);
    const totp = new TOTP({ secret: Secret.fromBase32(secret.trim()) });
    await page.locator('input[name="totp-figures"]').fill(totp.generate());
    await page.locator('[data-action="totp-confirm"]').click();
    await page.locator('[data-page="audit"]').waitFor({ timeout: 20_000 });
    await page.context().close();
  });

  test("[S4] no serious accessibility fault on any page, Chinese and English", async () => {
    const faults: string[] = [];
    const fresh = await (await browser.newContext({ viewport: { width: 1920, height: 1080 } })).newPage();
    await fresh.goto(town.centre.httpUrl);
    await fresh.locator('[data-page="sign-in"]').waitFor();
    faults.push(...(await accessibilityFaults(fresh)).map((fault) => `sign-in: ${fault}`));
    await fresh.context().close();
    const [journey] = await books.query<{ journey_id: string }>("select journey_id from journey limit 1");
    const [payment] = await books.query<{ intent_id: string }>("select intent_id from payment limit 1");
    const fleet = await signIn("finance");
    await fleet.locator('[data-row="k-h1-1"]').waitFor({ timeout: 20_000 });
    await fleet.context().close();
    const [run] = await books.query<{ run_id: string }>("select run_id from reconciliation_run limit 1");
    const visits: [string, [string, string][]][] = [
      [
        "finance",
        [
          ["/kiosks", "fleet"],
          ["/kiosks/k-h1-1", "kiosk"],
          ["/journeys", "journeys"],
          [`/journeys/${journey?.journey_id}`, "journey"],
          ["/payments", "payments"],
          [`/payments/${payment?.intent_id}`, "payment"],
          ["/cases", "cases"],
          ["/cases/case-of-test", "case"],
          ["/reconciliation", "reconciliation"],
          [`/reconciliation/${run?.run_id}`, "reconciliation-run"],
        ],
      ],
      ["auditor", [["/audit", "audit"]]],
    ];
    for (const [login, pages] of visits) {
      const page = await signIn(login);
      for (const language of ["zh", "en"]) {
        if (language === "en") {
          await page.locator('[data-action="language"]').click();
          await page.waitForTimeout(300);
        }
        for (const [path, name] of pages) {
          await page.goto(`${town.centre.httpUrl}${path}`);
          await page.locator("[data-page]").first().waitFor({ timeout: 20_000 });
          await page.waitForLoadState("networkidle");
          faults.push(...(await accessibilityFaults(page)).map((fault) => `${name} ${language}: ${fault}`));
        }
      }
      await page.context().close();
    }
    expect(faults).toEqual([]);
  }, 240_000);
});
