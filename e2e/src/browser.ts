import AxeBuilder from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "@playwright/test";
import { findProgram } from "../../apps/demo/src/systemPackages.ts";

/** Debian's Chromium, quiet on a closed network. */
export function launchBrowser(extraArgs: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findProgram("chromium") ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...extraArgs,
    ],
  });
}

/** One customer's screen: taps by the name of what is tapped, reads by screen. */
export interface Kiosk {
  readonly page: Page;
  tap(action: string): Promise<void>;
  screen(kind: string, timeoutMs?: number): Promise<void>;
  typeDigits(digits: string): Promise<void>;
  /** From the signage to home; a touch while the machine still cleans up after the last customer is not lost on us. */
  start(): Promise<void>;
  /** From the signage to the account's overview. */
  findAccount(accountNo: string): Promise<void>;
  text(): Promise<string>;
}

export async function openKiosk(
  browser: Browser,
  url: string,
  size: { width: number; height: number } = { width: 1080, height: 1920 },
): Promise<Kiosk & { context: BrowserContext }> {
  const context = await browser.newContext({ viewport: size, locale: "zh-CN", timezoneId: "Asia/Shanghai" });
  const page = await context.newPage();
  await page.goto(url);
  const tap = (action: string) => page.locator(`[data-action="${action}"]`).first().click({ timeout: 15_000 });
  const screen = async (kind: string, timeoutMs = 20_000) => {
    await page
      .locator(`[data-screen="${kind}"]`)
      .first()
      .waitFor({ timeout: timeoutMs })
      .catch(async (cause: unknown) => {
        throw new Error(
          `never came to ${kind}; the screen says: ${(await page.locator("body").innerText()).slice(0, 400)}`,
          { cause },
        );
      });
  };
  const typeDigits = async (digits: string) => {
    for (const digit of digits) await tap(`key:${digit}`);
  };
  const start = async () => {
    await screen("signage");
    for (let attempt = 0; attempt < 20; attempt += 1) {
      await page.mouse.click(200, 500);
      if (
        await page
          .locator('[data-screen="home"]')
          .first()
          .waitFor({ timeout: 1_000 })
          .then(
            () => true,
            () => false,
          )
      )
        return;
    }
    await screen("home");
  };
  return {
    context,
    page,
    tap,
    screen,
    typeDigits,
    start,
    async findAccount(accountNo) {
      await start();
      await tap("service:pay-bill");
      await screen("find-account");
      await typeDigits(accountNo);
      await tap("find");
      await screen("account");
    },
    text: () => page.locator("body").innerText(),
  };
}

/** Serious and critical faults of the page as it stands, in words. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter((violation) => violation.impact === "serious" || violation.impact === "critical")
    .map(
      (violation) =>
        `${violation.id}: ${violation.help} (${violation.nodes
          .map((node) => node.target.join(" "))
          .slice(0, 3)
          .join(", ")})`,
    );
}
