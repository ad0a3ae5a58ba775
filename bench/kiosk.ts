import { KNOWN } from "@gridhall/domain/town/known.ts";
import { chromium } from "@playwright/test";
import { startTerminal, startTown } from "../e2e/src/town.ts";
import { type Figure, figure, quantile } from "./figure.ts";

const ROUNDS = 12;
/** What a person feels as at once (Nielsen, Response Times: 0.1 s). */
const LIMIT_MS = 100;

/**
 * From the tap on a button to the first painted frame that shows the next screen, in Chromium, through the WebSocket, the
 * host's journal (a durable commit) and React. Screens that ask the centre are measured apart.
 */
export async function run(): Promise<Figure[]> {
  await using town = await startTown({ accounts: 40, deviceIds: ["k-h1-1"] });
  await using terminal = await startTerminal(town, "k-h1-1");
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
  });
  const local: number[] = [];
  const asking: number[] = [];
  try {
    const page = await browser.newPage({ viewport: { width: 1080, height: 1920 } });
    await page.goto(terminal.url);
    await page.waitForSelector('[data-screen="signage"]');
    const tap = async (target: string, next: string): Promise<number> => {
      await page.waitForSelector(target);
      // As text: this runs in the browser, whose types do not belong to this program.
      return page.evaluate<number>(`new Promise((done) => {
        const startedMs = performance.now();
        const observer = new MutationObserver(look);
        function look() {
          if (!document.querySelector(${JSON.stringify(next)})) return;
          observer.disconnect();
          // Two frames: the first is being made, the second begins when it has been painted.
          requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - startedMs)));
        }
        observer.observe(document.body, { childList: true, subtree: true, attributes: true });
        document.querySelector(${JSON.stringify(target)}).click();
        look();
      })`);
    };
    for (let round = 0; round < ROUNDS; round += 1) {
      await page.locator('[data-screen="signage"]').click({ position: { x: 300, y: 600 } });
      await page.waitForSelector('[data-screen="home"]');
      local.push(await tap('[data-action="service:pay-bill"]', '[data-screen="find-account"]'));
      for (const digit of KNOWN.oneUnpaid.accountNo) await page.locator(`[data-action="key:${digit}"]`).click();
      asking.push(await tap('[data-action="find"]', '[data-screen="account"]'));
      local.push(await tap('[data-action="go:pay"]', '[data-screen="amount"]'));
      local.push(await tap('[data-action="confirm-amount"]', '[data-screen="method"]'));
      local.push(await tap('[data-action="back"]', '[data-screen="amount"]'));
      local.push(await tap('[data-action="back"]', '[data-screen="account"]'));
      local.push(await tap('[data-action="go:bills"]', '[data-screen="bills"]'));
      local.push(await tap('[data-action="home"]', '[data-screen="home"]'));
      await tap('[data-action="home"]', '[data-screen="signage"]').catch(() => 0);
      await page.waitForSelector('[data-screen="signage"]');
      await page.waitForTimeout(300);
    }
  } finally {
    await browser.close();
  }
  return [
    figure("kiosk", "tap to next screen p50", quantile(local, 0.5), "ms", "limit of what feels instant", LIMIT_MS),
    figure("kiosk", "tap to next screen p95", quantile(local, 0.95), "ms", "limit of what feels instant", LIMIT_MS),
    figure(
      "kiosk",
      "tap to next screen asking the centre p95",
      quantile(asking, 0.95),
      "ms",
      "limit of what feels instant",
      LIMIT_MS,
    ),
  ];
}
