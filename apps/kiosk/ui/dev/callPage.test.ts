import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import AxeBuilder from "@axe-core/playwright";
import { DEFAULT_SETTINGS, type KioskView } from "@gridhall/domain/kiosk/view.ts";
import { ParticipantId } from "@gridhall/domain/media/schema.ts";
import { type Browser, chromium, type Page } from "@playwright/test";
import { build } from "vite";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FakeHost, startFakeHost } from "./fakeHost.ts";
import { fixtures } from "./fixtures.ts";
import { faultsOfLayout } from "./layoutFaults.ts";
import { watchedScreen } from "./watchedScreen.ts";

/** The built page in a real browser, with the flags that the README gives a terminal. */
let dist = "";
let browser: Browser;
let host: FakeHost;
let page: Page;
let session = 100;

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), "kiosk-ui-"));
  await build({
    configFile: fileURLToPath(new URL("../vite.config.ts", import.meta.url)),
    logLevel: "error",
    build: { outDir: dist },
  });
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-renderer-backgrounding",
      "--disable-backgrounding-occluded-windows",
      "--auto-accept-this-tab-capture",
      "--auto-accept-camera-and-microphone-capture",
      "--autoplay-policy=no-user-gesture-required",
      "--use-fake-device-for-media-stream",
      "--allow-loopback-in-peer-connection",
      "--disable-features=WebRtcHideLocalIpsWithMdns",
    ],
  });
});
afterAll(async () => {
  await browser.close();
  await rm(dist, { recursive: true, force: true });
});
afterEach(async () => {
  await page.context().close();
  await host[Symbol.asyncDispose]();
});

async function open(viewport = { width: 1080, height: 1920 }): Promise<void> {
  host = await startFakeHost(0, dist);
  const context = await browser.newContext({ viewport, reducedMotion: "reduce" });
  page = await context.newPage();
  await page.goto(host.url);
}

async function show(name: string, change: Partial<KioskView> = {}): Promise<void> {
  const view = fixtures[name];
  if (!view) throw new Error(`no fixture ${name}`);
  host.show({ ...view, session, ...change });
  await page.locator(`.frame[data-screen="${(change.screen ?? view.screen).kind}"]`).waitFor();
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((done) => setTimeout(done, 20));
}
const told = (type: string) => host.told.filter((message) => message.type === type);
const lastMap = () => {
  const map = host.told.findLast((message) => message.type === "page-map");
  return map?.type === "page-map" ? map.map : null;
};

describe("the panel of a call", () => {
  test.each([
    ["upright", { width: 1080, height: 1920 }],
    ["lying", { width: 1920, height: 1080 }],
  ])(
    "[R2] [S4] has no fault of accessibility and covers no button of the page, in each phase: %s",
    async (_, size) => {
      await open(size);
      const faults: string[] = [];
      for (const name of Object.keys(fixtures).filter((name) => name.startsWith("call-"))) {
        session += 1;
        await show(name);
        await page.getByTestId("call-panel").waitFor();
        for (const what of await page.evaluate(faultsOfLayout, 32)) faults.push(`${name}: ${what}`);
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const { id, impact, nodes } of violations)
          if (impact === "serious" || impact === "critical") faults.push(`${name}: ${id} ${nodes[0]?.html}`);
      }
      expect(faults).toEqual([]);
    },
    240_000,
  );

  test("[R2] nothing is agreed to before the customer says so, and both answers go with the start", async () => {
    await open();
    await show("call-offer");
    await page.getByTestId("call-start").click();
    await page.getByTestId("call-consent-screen").click();
    await page.getByTestId("call-start").click();
    await until(() => host.actions.filter((action) => action.type === "call-start").length === 2);
    expect(host.actions.filter((action) => action.type === "call-start")).toEqual([
      { type: "call-start", screen: false, recording: false },
      { type: "call-start", screen: true, recording: false },
    ]);
  });

  test("[R2] business goes on beside a call: what was typed stays, keys still work", async () => {
    await open();
    session += 1;
    await show("find-account");
    await page.locator('.main [data-action="key:7"]').click();
    await show("call-talking-seen");
    await page.locator('.main [data-action="key:8"]').click();
    expect(await page.locator(".main .digits").getAttribute("data-digits")).toBe("78");
  });
});

describe("what an agent is told of the page", () => {
  test("[R2] every element stands in the map where it is painted, with its words and without anybody's name", async () => {
    await open();
    session += 1;
    await show("call-shared");
    await until(() => lastMap() !== null);
    const pay = lastMap()?.elements.find((element) => element.elementId === "go:pay");
    const box = await page.locator('[data-help-id="go:pay"]').boundingBox();
    expect(pay?.label).toBe("交费");
    expect((pay?.x ?? 0) * 1080).toBeCloseTo(box?.x ?? -1, 0);
    expect((pay?.y ?? 0) * 1920).toBeCloseTo(box?.y ?? -1, 0);
    expect((pay?.width ?? 0) * 1080).toBeCloseTo(box?.width ?? -1, 0);
    expect(
      lastMap()
        ?.elements.map((element) => element.label)
        .join(" "),
    ).not.toMatch(/王|春晓路\*/);
    expect(lastMap()?.elements.some((element) => element.elementId.startsWith("call-"))).toBe(false);
  });

  test("[R2] the map follows the page, and ends with one touch on stop", async () => {
    await open();
    session += 1;
    await show("call-talking-seen");
    await until(() => lastMap() !== null);
    await show("call-controlled");
    await until(() => lastMap()?.elements.some((element) => element.elementId.startsWith("service:")) === true);
    await page.getByTestId("call-stop-sharing").click();
    await page.locator('[data-testid="call-sharing"][data-consent="none"]').waitFor();
    expect(host.actions).toContainEqual({ type: "call-consent", consent: "none" });
    expect(await page.locator(".frame").getAttribute("data-shared")).toBeNull();
    const before = told("page-map").length;
    await page.locator('[data-action="settings:large"]').click();
    await page.locator('html[data-text="large"]').waitFor();
    await page.waitForTimeout(400);
    expect(told("page-map").length).toBe(before);
  });

  test("[R2] the pointer hangs on its element, the ring lies around it", async () => {
    await open();
    session += 1;
    await show("call-pointing");
    const pay = await page.locator('[data-help-id="go:pay"]').boundingBox();
    const pointer = await page.getByTestId("call-pointer").evaluate((element) => {
      const { left, top } = (element as HTMLElement).style;
      return { x: Number.parseFloat(left), y: Number.parseFloat(top) };
    });
    expect(pointer.x).toBeCloseTo((pay?.x ?? 0) + (pay?.width ?? 0) / 2, 0);
    expect(pointer.y).toBeCloseTo((pay?.y ?? 0) + (pay?.height ?? 0) / 2, 0);
    const ring = await page.getByTestId("call-highlight").boundingBox();
    const bills = await page.locator('[data-help-id="go:bills"]').boundingBox();
    expect(ring?.x).toBeLessThan(bills?.x ?? 0);
    expect((ring?.x ?? 0) + (ring?.width ?? 0)).toBeGreaterThan((bills?.x ?? 0) + (bills?.width ?? 0));
  });
});

describe("media of a call", () => {
  test("[R1] [R2] joins the room; the screen arrives with names and pictures black, and nothing of it after stop", async () => {
    await open();
    session += 1;
    await show("call-shared");
    await until(() => told("media-join").length > 0);
    await page.getByTestId("own-video").waitFor();
    const watched = await watchedScreen(browser, host, ParticipantId.parse("customer"));
    const holder = await page.locator(".account-holder").boundingBox();
    const pay = await page.locator('[data-help-id="go:pay"]').boundingBox();
    const faces = await page.locator(".call-faces").boundingBox();
    if (!holder || !pay || !faces) throw new Error("the page is not there");
    const middle = (box: { x: number; y: number; width: number; height: number }) => ({
      x: (box.x + box.width / 2) / 1080,
      y: (box.y + box.height / 2) / 1920,
    });
    // Deep green beside the word of the button.
    const [, green] = await watched.brightness({ x: (pay.x + 20) / 1080, y: (pay.y + pay.height / 2) / 1920 });
    expect(green).toBeGreaterThan(60);
    for (let part = 1; part < 10; part += 1) {
      const at = { x: (holder.x + (holder.width * part) / 10) / 1080, y: middle(holder).y };
      expect(Math.max(...(await watched.brightness(at)))).toBeLessThan(30);
    }
    expect(Math.max(...(await watched.brightness(middle(faces))))).toBeLessThan(30);

    await page.getByTestId("call-stop-sharing").click();
    await until(() => watched.sending().at(-1)?.includes("screen") === false);
    const frames = await watched.frames();
    await page.waitForTimeout(600);
    expect(await watched.frames()).toBe(frames);
    await watched.close();
  });

  test("[R1] the end of a call lets camera, microphone and screen go; the next customer finds nothing of it", async () => {
    await open();
    await page.evaluate(() => {
      const tracks: MediaStreamTrack[] = [];
      Object.assign(window, { tracks });
      for (const name of ["getUserMedia", "getDisplayMedia"] as const) {
        const ask = navigator.mediaDevices[name].bind(navigator.mediaDevices);
        navigator.mediaDevices[name] = async (constraints?: MediaStreamConstraints) => {
          const stream = await ask(constraints);
          tracks.push(...stream.getTracks());
          return stream;
        };
      }
    });
    const states = () =>
      page.evaluate(() =>
        (window as unknown as { tracks: MediaStreamTrack[] }).tracks.map((track) => track.readyState).sort(),
      );
    session += 1;
    await show("call-shared");
    await expect.poll(states).toEqual(["live", "live", "live"]);
    session += 1;
    await show("home");
    await expect.poll(states).toEqual(["ended", "ended", "ended"]);
    expect(await page.locator("video, .call-panel").count()).toBe(0);
  });

  test("[R1] a terminal without camera and microphone says so to the agent, and the call goes on", async () => {
    await open();
    await page.evaluate(() => {
      navigator.mediaDevices.getUserMedia = (asked) =>
        Promise.reject(new DOMException("", asked?.video ? "NotFoundError" : "NotAllowedError"));
    });
    session += 1;
    await show("call-talking");
    await until(() => {
      const said = told("devices").at(-1);
      return said?.type === "devices" && said.camera === "absent" && said.microphone === "denied";
    });
    await show("call-troubles", { settings: DEFAULT_SETTINGS });
    expect(await page.getByTestId("call-troubles").innerText()).toContain("坐席听不到您：麦克风未授权");
    expect(told("media-join").length).toBeGreaterThan(0);
  });
});
