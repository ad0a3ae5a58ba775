import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { DEFAULT_SETTINGS, type Settings } from "@gridhall/domain/kiosk/view.ts";
import { chromium } from "@playwright/test";
import { startFakeHost } from "./fakeHost.ts";
import { fixtures } from "./fixtures.ts";
import { faultsOfLayout } from "./layoutFaults.ts";

/**
 * Pictures of every fixture at both sizes, and what is wrong with it: accessibility faults (axe: serious, critical),
 * text and targets below the minimum, things cut off, CSP violations. Needs the built UI.
 *
 *   node dev/shots.ts FOLDER [--only NAME] [--modes zh,en,large,contrast,en-large,large-contrast,all] [--axe]
 */
const MODES: Readonly<Record<string, Partial<Settings>>> = {
  zh: {},
  en: { language: "en" },
  large: { textSize: "large" },
  contrast: { contrast: "high" },
  "en-large": { language: "en", textSize: "large" },
  "large-contrast": { textSize: "large", contrast: "high" },
};
/** What is only seen after a button of the UI's own: one more picture each. */
const PRESSED: Readonly<Record<string, readonly string[]>> = {
  bill: ["bill-part:use", "bill-part:lines", "bill-part:meters"],
  amount: ["prepay:other"],
  "find-account": ["key:7"],
};
const SIZES = { portrait: { width: 1080, height: 1920 }, landscape: { width: 1920, height: 1080 } } as const;

const args = process.argv.slice(2);
const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const folder = args[0] ?? "shots";
const only = option("--only");
const sizes = Object.entries(SIZES).filter(([name]) => (option("--size") ?? name) === name);
const wanted = (option("--modes") ?? "zh").split(",");
const modes = Object.entries(MODES).filter(([name]) => wanted.includes("all") || wanted.includes(name));

await mkdir(folder, { recursive: true });
await using host = await startFakeHost(0);
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
});
let faults = 0;
const fault = (where: string, what: string) => {
  faults += 1;
  console.log(`${where}: ${what}`);
};
try {
  for (const [size, viewport] of sizes) {
    const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
    const page = await context.newPage();
    let where = size;
    page.on("console", (message) => message.type() === "error" && fault(where, message.text()));
    page.on("pageerror", (error) => fault(where, error.message));
    page.on("request", (request) => !request.url().startsWith(host.url) && fault(where, `asked ${request.url()}`));
    await page.goto(host.url);
    let session = 1;
    for (const [mode, settings] of modes)
      for (const [name, view] of Object.entries(fixtures)) {
        if (only !== undefined && !name.includes(only)) continue;
        where = `${name} ${size} ${mode}`;
        session += 1;
        host.show({ ...view, session, settings: { ...DEFAULT_SETTINGS, ...settings } });
        await page.locator(`[data-screen="${view.screen.kind}"]`).first().waitFor();
        for (const press of [null, ...(PRESSED[name] ?? [])]) {
          if (press !== null) await page.locator(`[data-action="${press}"]`).click();
          await page.waitForTimeout(120);
          const shot = press === null ? name : `${name}+${press.replace(/.*:/, "")}`;
          where = `${shot} ${size} ${mode}`;
          await page.screenshot({ path: join(folder, `${shot}.${size}.${mode}.png`) });
          for (const what of await page.evaluate(faultsOfLayout, mode.includes("large") ? 44 : 32)) fault(where, what);
        }
        if (args.includes("--axe")) {
          const { violations } = await new AxeBuilder({ page }).analyze();
          for (const violation of violations)
            if (violation.impact === "serious" || violation.impact === "critical")
              fault(
                where,
                `axe ${violation.id}: ${violation.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`,
              );
        }
      }
    await context.close();
  }
} finally {
  await browser.close();
}
console.log(faults === 0 ? "no faults" : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;
