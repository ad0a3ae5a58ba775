import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import AxeBuilder from "@axe-core/playwright";
import { RoomId } from "@gridhall/domain/media/schema.ts";
import { startSfu } from "@gridhall/media/sfu/engine.ts";
import { openPeers } from "@gridhall/media/testing/peers.ts";
import { chromium, type Page } from "@playwright/test";
import { build } from "vite";
import { startFakeCentre, type Shown } from "./fakeCentre.ts";
import { CALL_ID, DESKS } from "./seatFixtures.ts";

/**
 * Pictures of every state of desk and wallboard at 1920×1080, with real pictures of a real room in them, and what is
 * wrong: axe (serious, critical), errors of the page, things cut off.
 *
 *   node dev/shots.ts FOLDER [--only NAME] [--languages zh,en] [--axe]
 */
interface Shot {
  readonly name: string;
  readonly path: "/seat" | "/board";
  readonly shown: Shown;
  readonly act?: (page: Page) => Promise<unknown>;
}

const args = process.argv.slice(2);
const option = (name: string) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const folder = args[0] ?? "shots";
const only = option("--only");
const languages = (option("--languages") ?? "zh,en").split(",");

const agent = (desk: string): Shown => ({ role: "agent", desk, board: "busy" });
const supervisor = (desk: string): Shown => ({ role: "supervisor", desk, board: "busy" });
const tab = (n: number) => (page: Page) => page.locator(".call-tabs .ant-tabs-tab").nth(n).click();
const SHOTS: readonly Shot[] = [
  ...DESKS.map((desk) => ({
    name: desk,
    path: "/seat" as const,
    shown: desk === "call-listen" || desk === "call-joined" ? supervisor(desk) : agent(desk),
  })),
  { name: "call+highlight", path: "/seat", shown: agent("call"), act: highlight },
  {
    name: "call+problem",
    path: "/seat",
    shown: agent("call"),
    act: (page) => page.getByTestId("propose-send").click(),
  },
  { name: "call+account", path: "/seat", shown: agent("call"), act: tab(1) },
  { name: "call+share", path: "/seat", shown: agent("call"), act: tab(2) },
  { name: "call+order", path: "/seat", shown: agent("call"), act: brokenOrder },
  { name: "call+why", path: "/seat", shown: agent("call"), act: tab(4) },
  {
    name: "call+transfer",
    path: "/seat",
    shown: agent("call"),
    act: (page) => page.getByTestId("transfer-open").click(),
  },
  { name: "call+invite", path: "/seat", shown: agent("call"), act: (page) => page.getByTestId("invite-open").click() },
  {
    name: "call+devices",
    path: "/seat",
    shown: agent("call"),
    act: (page) => page.getByTestId("call-devices").click(),
  },
  { name: "call+cut", path: "/seat", shown: agent("call"), act: async () => centre.cut(1001, true) },
  {
    name: "call+refused",
    path: "/seat",
    shown: agent("call"),
    act: async () => centre.refuse("point", "no-consent-to-point"),
  },
  { name: "ready+elsewhere", path: "/seat", shown: agent("ready"), act: async () => centre.cut(4409, false) },
  { name: "ready+signed-out", path: "/seat", shown: agent("ready"), act: async () => centre.cut(4401, false) },
  { name: "ready+help", path: "/seat", shown: agent("ready"), act: (page) => page.keyboard.press("?") },
  { name: "ready+break", path: "/seat", shown: agent("ready"), act: (page) => page.keyboard.press("F3") },
  { name: "ready+ring", path: "/seat", shown: agent("ready"), act: (page) => page.getByLabel(/铃声|Ring and/).click() },
  {
    name: "ready+devices",
    path: "/seat",
    shown: agent("ready"),
    act: (page) => page.getByTestId("device-check").click(),
  },
  { name: "no-permission", path: "/seat", shown: { role: "finance", desk: "ready", board: "quiet" } },
  { name: "board-busy", path: "/board", shown: supervisor("ready") },
  { name: "board-quiet", path: "/board", shown: { ...supervisor("ready"), board: "quiet" } },
  {
    name: "board+reroute",
    path: "/board",
    shown: supervisor("ready"),
    act: (page) => page.getByTestId("board-reroute-waiting-1").click(),
  },
  {
    name: "board+force",
    path: "/board",
    shown: supervisor("ready"),
    act: (page) => page.getByTestId("board-force-s2").click(),
  },
];

async function highlight(page: Page): Promise<void> {
  await page.locator(".stage-tools .ant-segmented-item").nth(1).click();
  await page.locator('[data-element="field:value"]').click();
}
async function brokenOrder(page: Page): Promise<void> {
  await tab(3)(page);
  await page.getByTestId("work-order-send").click();
}

await mkdir(folder, { recursive: true });
const dist = await mkdtemp(join(tmpdir(), "gridhall-console-"));
await build({ configFile: join(import.meta.dirname, "../vite.config.ts"), build: { outDir: dist }, logLevel: "warn" });
const sfu = await startSfu({ children: 1, firstPort: 0, bindAddress: "127.0.0.1" });
const peers = await openPeers();
const room = await sfu.openRoom({ roomId: RoomId.parse(CALL_ID) });
await peers.join(room, { name: "customer.k", role: "customer", kinds: ["microphone", "camera"] });
const screen = await peers.join(room, {
  name: "customer.screen",
  role: "customer",
  kinds: ["screen"],
  size: { width: 540, height: 960 },
});
const centre = await startFakeCentre({ dist, room });
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
  ],
});
let faults = 0;
const fault = (where: string, what: string) => {
  faults += 1;
  console.log(`${where}: ${what}`);
};
try {
  for (const language of languages)
    for (const shot of SHOTS) {
      if (only !== undefined && !shot.name.includes(only)) continue;
      const where = `${shot.name}.${language}`;
      const pictured = shot.name.startsWith("call") && !/held|drawn/.test(shot.name);
      await screen.publish("screen", pictured);
      centre.show(shot.shown);
      const context = await browser.newContext({ viewport: { width: 1920, height: 1080 }, reducedMotion: "reduce" });
      await context.grantPermissions(["camera", "microphone"], { origin: centre.url });
      const page = await context.newPage();
      await page.addInitScript((stored) => localStorage.setItem("gridhall.language", stored), language);
      page.on("pageerror", (error) => fault(where, error.message));
      page.on("console", (message) => {
        if (message.type() === "error" && !/WebSocket|404/.test(message.text())) fault(where, message.text());
      });
      await page.goto(centre.url + shot.path);
      await page.locator("[data-page], .ant-result, [data-testid=board]").first().waitFor();
      if (pictured)
        await page.waitForFunction(
          () => (document.querySelector<HTMLVideoElement>("[data-testid=customer-screen]")?.videoWidth ?? 0) > 0,
        );
      await page.waitForTimeout(shot.name === "call" ? 3_500 : 400);
      await shot.act?.(page);
      await page.waitForTimeout(600);
      await page.screenshot({ path: join(folder, `${where}.png`) });
      for (const what of await page.evaluate(faultsOfLayout)) fault(where, what);
      if (args.includes("--axe")) {
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const { impact, id, nodes } of violations)
          if (impact === "serious" || impact === "critical")
            fault(where, `axe ${id}: ${nodes.map((node) => node.html.slice(0, 140)).join(" | ")}`);
      }
      await context.close();
    }
} finally {
  await browser.close();
  await centre[Symbol.asyncDispose]();
  await peers[Symbol.asyncDispose]();
  await sfu[Symbol.asyncDispose]();
  await rm(dist, { recursive: true });
}
console.log(faults === 0 ? "no faults" : `${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

/** Runs in the page: the page wider or higher than the window, text cut off where it cannot be scrolled. */
function faultsOfLayout(): string[] {
  const found: string[] = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth + 1) found.push(`page wider than the window: ${root.scrollWidth}`);
  for (const element of document.querySelectorAll<HTMLElement>(".call *, .seat-bar *, .board *, .offer *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && (node.textContent ?? "").trim() !== "");
    if (!own || getComputedStyle(element).visibility === "hidden") continue;
    const box = element.getBoundingClientRect();
    if (box.width > 0 && box.right > innerWidth + 1) found.push(`off the screen: ${element.textContent?.slice(0, 40)}`);
    if (element.tagName === "BUTTON" && element.scrollWidth > element.clientWidth + 2)
      found.push(`too wide: ${element.textContent?.slice(0, 40)}`);
  }
  return found;
}
