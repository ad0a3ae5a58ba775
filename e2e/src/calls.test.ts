import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KNOWN } from "@gridhall/domain/town/known.ts";
import { startJanusServer } from "@gridhall/media/testing/janusServer.ts";
import type { Browser, Page } from "@playwright/test";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type Books, openBooks } from "./books.ts";
import { launchBrowser, openKiosk } from "./browser.ts";
import { brightness, type Capture, giveEyes, hear, look, makeCapture, type Seen } from "./callMedia.ts";
import { startToxicProxy } from "./toxicProxy.ts";
import { startTerminal, startTown, type Terminal, type Town } from "./town.ts";

/** Pitches and colours by which everybody is known. */
const TONES = { customer: 520, agent: 910, supervisor: 1530 } as const;
/** Louder than this is heard, quieter than that is not there. */
const HEARD_DB = -60;
const SILENT_DB = -72;

interface Scene extends AsyncDisposable {
  town: Town;
  books: Books;
  terminal: Terminal;
  kiosk: Awaited<ReturnType<typeof openKiosk>>;
  agentBrowser: Browser;
  /** For supervisor and expert. */
  otherBrowser: Browser;
}

let captures: { dir: string; customer: Capture; agent: Capture; supervisor: Capture };
beforeAll(() => {
  const dir = mkdtempSync(join(tmpdir(), "gridhall-captures-"));
  captures = {
    dir,
    customer: makeCapture(dir, "customer", "0xB02020", TONES.customer),
    agent: makeCapture(dir, "agent", "0x2030B0", TONES.agent),
    supervisor: makeCapture(dir, "supervisor", "0x20A040", TONES.supervisor),
  };
}, 120_000);
afterAll(() => rmSync(captures.dir, { recursive: true, force: true }));

async function openScene(env: Record<string, string> = {}): Promise<Scene> {
  await using cleanup = new AsyncDisposableStack();
  const town = cleanup.use(await startTown({ accounts: 40, deviceIds: ["k-h1-1"], env }));
  const books = cleanup.use(await openBooks(town));
  const terminal = cleanup.use(await startTerminal(town, "k-h1-1", { idleSeconds: 600 }));
  const [customerBrowser, agentBrowser, otherBrowser] = [
    await launchBrowser(captures.customer.args),
    await launchBrowser(captures.agent.args),
    await launchBrowser(captures.supervisor.args),
  ];
  for (const browser of [customerBrowser, agentBrowser, otherBrowser]) cleanup.defer(() => browser.close());
  const kiosk = await openKiosk(customerBrowser, terminal.url);
  await giveEyes(kiosk.page);
  await kiosk.page.reload();
  await vi.waitFor(
    async () => expect(await books.number("select count(*) from device_presence where online")).toBe(1),
    { timeout: 20_000 },
  );
  const kept = cleanup.move();
  return { town, books, terminal, kiosk, agentBrowser, otherBrowser, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

const byId = (id: string) => `[data-testid="${id}"]`;
const videoOf = (id: string) => `video${byId(id)}, ${byId(id)} video`;

async function openDesk(scene: Scene, browser: Browser, login: string, path = "/seat"): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
  });
  const page = await context.newPage();
  await giveEyes(page);
  await page.goto(scene.town.centre.httpUrl);
  await page.locator('input[name="login"]').fill(login);
  await page.locator('input[name="password"]').fill("gridhall-demo");
  await page.locator('[data-action="sign-in"]').click();
  await page.locator('[data-page]:not([data-page="sign-in"])').first().waitFor({ timeout: 20_000 });
  await page.goto(`${scene.town.centre.httpUrl}${path}`);
  return page;
}

const click = (page: Page, id: string) => page.locator(byId(id)).first().click({ timeout: 20_000 });
const shown = async (page: Page, id: string, timeout = 20_000) => {
  try {
    await page.locator(byId(id)).first().waitFor({ timeout });
  } catch (cause) {
    throw new Error(`never shown: ${id}; the page says: ${(await page.locator("body").innerText()).slice(0, 600)}`, {
      cause,
    });
  }
};
const ready = async (page: Page) => {
  await page
    .locator(`${byId("seat-state")}:visible`)
    .first()
    .waitFor({ timeout: 20_000 });
  // Who was ready a moment ago, on a page that is closed now, still is.
  const button = page.locator(`${byId("seat-ready")}:enabled`).first();
  const isReady = page.locator(`${byId("seat-state")}:has-text("就绪")`).first();
  await button.or(isReady).first().waitFor({ timeout: 20_000 });
  if ((await isReady.count()) === 0) await button.click({ timeout: 20_000 });
  await page
    .locator(`${byId("seat-state")}:has-text("就绪")`)
    .first()
    .waitFor({ timeout: 20_000 });
};

/** The customer asks for help and allows the screen to be seen. */
async function callForHelp({ kiosk }: Scene, recording: boolean): Promise<void> {
  await kiosk.tap("help");
  await shown(kiosk.page, "call-start");
  await click(kiosk.page, "call-consent-screen");
  if (recording) await click(kiosk.page, "call-consent-recording");
  await click(kiosk.page, "call-start");
  await shown(kiosk.page, "call-end");
}

async function talk(scene: Scene, agent: Page, recording = false): Promise<void> {
  await callForHelp(scene, recording);
  await shown(agent, "offer-card", 30_000);
  await click(agent, "offer-accept");
  await shown(agent, "call-window", 30_000);
  await seen(scene.kiosk.page, "agent-video", "blue");
  await seen(agent, "customer-video", "red");
}

/** A picture of the colour that belongs to somebody, moving. */
async function seen(page: Page, id: string, colour: "red" | "green" | "blue", timeoutMs = 30_000): Promise<void> {
  await vi.waitFor(
    async () => {
      const picture = await look(page, videoOf(id));
      expect(picture, `${id} shows a picture`).not.toBeNull();
      const { red, green, blue, moves } = picture as Seen;
      expect(moves, `${id} moves`).toBe(true);
      expect(strongest({ red, green, blue }), `${id} is ${colour}`).toBe(colour);
    },
    { timeout: timeoutMs, interval: 300 },
  );
}
const strongest = ({ red, green, blue }: { red: number; green: number; blue: number }) =>
  Object.entries({ red, green, blue }).sort((a, b) => b[1] - a[1])[0]?.[0];

async function hangUp(scene: Scene, agent: Page): Promise<void> {
  await click(agent, "call-hangup");
  await shown(agent, "wrap-form");
  await click(agent, "wrap-outcome-solved");
  await click(agent, "wrap-done");
  await shown(scene.kiosk.page, "call-rate-5");
  await click(scene.kiosk.page, "call-rate-5");
}

/** The child of the centre that forwards pictures; 0 where there is none. */
function mediaProcessOf(centrePid: number): number {
  const children = readFileSync(`/proc/${centrePid}/task/${centrePid}/children`, "utf8").trim().split(/\s+/);
  return Number(children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("media/src/sfu")) ?? 0);
}

/** Where the kiosk has sensitive things on its screen, as fractions of the picture. */
const sensitiveParts = (page: Page) =>
  page.evaluate<{ x: number; y: number; width: number; height: number }[]>(
    `[...document.querySelectorAll("[data-sensitive]")].map((element) => {
      const box = element.getBoundingClientRect();
      return { x: box.x / innerWidth, y: box.y / innerHeight, width: box.width / innerWidth, height: box.height / innerHeight };
    }).filter((part) => part.width > 0.02 && part.height > 0.005 && part.x >= 0 && part.y >= 0 && part.x + part.width <= 1 && part.y + part.height <= 1)`,
  );

async function wholeCall(scene: Scene): Promise<void> {
  const { kiosk, books } = scene;
  const agent = await openDesk(scene, scene.agentBrowser, "agent");
  await ready(agent);
  const expert = await openDesk(scene, scene.otherBrowser, "expert");
  await ready(expert);

  // In the middle of a journey, both ways, pictures and sound.
  await kiosk.start();
  await kiosk.tap("service:pay-bill");
  await kiosk.screen("find-account");
  await talk(scene, agent, true);
  expect((await hear(kiosk.page, [TONES.agent])).get(TONES.agent)).toBeGreaterThan(HEARD_DB);
  expect((await hear(agent, [TONES.customer])).get(TONES.customer)).toBeGreaterThan(HEARD_DB);

  // A field is proposed, with the customer's leave, the customer says yes, and the journey goes on with it.
  await click(agent, "ask-consent-fill");
  await shown(kiosk.page, "call-proposal");
  await click(kiosk.page, "call-accept");
  await agent.locator(byId("propose-field-value")).first().fill(KNOWN.oneUnpaid.accountNo);
  await click(agent, "propose-send");
  await shown(kiosk.page, "call-proposal");
  await click(kiosk.page, "call-accept");
  await kiosk.screen("account");
  expect(await kiosk.text()).toContain("86.40");

  // The agent sees the screen; what is sensitive is black in the pictures that arrive.
  await vi.waitFor(
    async () => {
      const picture = await look(agent, videoOf("customer-screen"));
      expect(picture?.width ?? 0).toBeGreaterThan(100);
      const parts = await sensitiveParts(kiosk.page);
      expect(parts.length, "there is something sensitive on the page").toBeGreaterThan(0);
      for (const part of parts) expect(await brightness(agent, videoOf("customer-screen"), part)).toBeLessThan(30);
      const whole = await brightness(agent, videoOf("customer-screen"), { x: 0, y: 0, width: 1, height: 1 });
      expect(whole).toBeGreaterThan(90);
    },
    { timeout: 30_000, interval: 500 },
  );

  // The supervisor listens, whispers (only the agent hears it), and takes over.
  const supervisor = await openDesk(scene, scene.otherBrowser, "supervisor", "/board");
  const callId = (await books.query<{ call_id: string }>("select call_id from call where ended_at is null"))[0]
    ?.call_id;
  await click(supervisor, `board-listen-${callId}`);
  await vi.waitFor(
    async () => {
      const heard = await hear(supervisor, [TONES.customer, TONES.agent]);
      expect(heard.get(TONES.customer)).toBeGreaterThan(HEARD_DB);
      expect(heard.get(TONES.agent)).toBeGreaterThan(HEARD_DB);
    },
    { timeout: 30_000, interval: 300 },
  );
  await supervisor.goto(`${scene.town.centre.httpUrl}/board`);
  await click(supervisor, `board-whisper-${callId}`);
  await vi.waitFor(
    async () => expect((await hear(agent, [TONES.supervisor])).get(TONES.supervisor)).toBeGreaterThan(HEARD_DB),
    { timeout: 30_000, interval: 300 },
  );
  expect((await hear(kiosk.page, [TONES.supervisor])).get(TONES.supervisor)).toBeLessThan(SILENT_DB);
  await supervisor.close();

  // Handed over warm: the expert is asked, comes in, and the first agent is done.
  await click(agent, "transfer-open");
  await click(agent, "transfer-to-expert");
  await shown(expert, "offer-card", 30_000);
  await click(expert, "offer-accept");
  await click(agent, "transfer-complete");
  await shown(agent, "wrap-form");
  await click(agent, "wrap-outcome-handed-on");
  await click(agent, "wrap-done");
  await seen(kiosk.page, "agent-video", "green");
  await seen(expert, "customer-video", "red");
  await hangUp(scene, expert);

  // What was recorded is whole, and every frame of it can be decoded.
  await vi.waitFor(
    async () =>
      expect(
        await books.number("select count(*) from call_recording where call_id = $1 and state = 'complete'", [callId]),
      ).toBe(1),
    { timeout: 30_000 },
  );
  const [recording] = await books.query<{ directory: string }>(
    "select directory from call_recording where call_id = $1",
    [callId],
  );
  const folder = join(scene.town.dir, "centre", "recordings", recording?.directory ?? "");
  const files = readdirSync(folder).filter((name) => name.endsWith(".webm"));
  expect(files.length).toBeGreaterThanOrEqual(2);
  for (const file of files) {
    const probed = execFileSync("ffprobe", [
      ...["-v", "error", "-count_frames", "-show_entries", "stream=codec_type,nb_read_frames", "-of", "json"],
      join(folder, file),
    ]).toString();
    const { streams } = JSON.parse(probed) as { streams: { codec_type: string; nb_read_frames: string }[] };
    const frames = streams.filter((stream) => Number(stream.nb_read_frames) > 0);
    expect(frames.length, `${file} has frames: ${probed}`).toBeGreaterThan(0);
  }
  // Found from the call, it plays in the console: the customer in red, and the time goes on.
  const listener = await openDesk(scene, scene.otherBrowser, "supervisor", `/calls/${callId}`);
  await shown(listener, "player");
  await click(listener, "play");
  await vi.waitFor(
    async () => {
      const colours: (string | undefined)[] = [];
      for (let n = 0; n < (await listener.locator(`${byId("player")} video`).count()); n += 1) {
        const picture = await look(listener, `${byId("player")} figure:nth-of-type(${n + 1}) video`);
        if (picture?.moves) colours.push(strongest(picture));
      }
      expect(colours).toContain("red");
    },
    { timeout: 20_000, interval: 200 },
  );
  await listener.close();
  await agent.close();
  await expert.close();
}

describe("a call from a kiosk in mid-journey", () => {
  test("[R1] [R2] [R6] with the embedded media server: pictures, sound, help, supervision, transfer, recording", async () => {
    await using scene = await openScene();
    await wholeCall(scene);
  }, 400_000);

  test("[R1] [R2] [R6] with Janus: pictures, sound, help, supervision, transfer, recording", async () => {
    await using janus = await startJanusServer();
    await using scene = await openScene({ GRIDHALL_JANUS_URLS: janus.url });
    await wholeCall(scene);
  }, 400_000);
});

describe("a call that something happens to", () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene();
  }, 240_000);
  afterAll(async () => scene[Symbol.asyncDispose]());

  /** Whatever a test left: nobody on the line, the kiosk at its signage. */
  beforeEach(async () => {
    const { kiosk } = scene;
    for (let attempt = 0; attempt < 40; attempt += 1) {
      if ((await kiosk.page.locator('[data-screen="signage"]').count()) > 0) return;
      for (const selector of [byId("call-end"), byId("call-close"), '[data-action="home"]:enabled']) {
        const button = kiosk.page.locator(selector).first();
        if ((await button.count()) > 0) await button.click({ timeout: 1_500 }).catch(() => {});
      }
      await kiosk.page.waitForTimeout(400);
    }
  }, 60_000);

  test("[R1] the agent's browser is killed: the customer is told within ten seconds and is the first to be answered", async () => {
    const browser = await launchBrowser(captures.agent.args);
    const agent = await openDesk(scene, browser, "agent");
    await ready(agent);
    await scene.kiosk.start();
    await talk(scene, agent);
    const other = await openDesk(scene, scene.otherBrowser, "agent2");
    await browser.close();
    await scene.kiosk.page
      .locator(`${byId("call-panel")}[data-phase="interrupted"], ${byId("call-panel")}[data-phase="waiting"]`)
      .first()
      .waitFor({ timeout: 10_000 });
    await ready(other).catch(() => {});
    await shown(other, "offer-card", 30_000);
    await click(other, "offer-accept");
    await seen(scene.kiosk.page, "agent-video", "green");
    await hangUp(scene, other);
    await other.close();
  }, 180_000);

  test("[R1] the agent reloads the page: same call, same pictures, nobody is asked again", async () => {
    const agent = await openDesk(scene, scene.agentBrowser, "agent");
    await ready(agent);
    await scene.kiosk.start();
    await talk(scene, agent);
    const callId = (await scene.books.query<{ call_id: string }>("select call_id from call where ended_at is null"))[0]
      ?.call_id;
    await agent.reload();
    await shown(agent, "call-window", 30_000);
    await seen(agent, "customer-video", "red");
    await seen(scene.kiosk.page, "agent-video", "blue");
    const types = await scene.books.query<{ type: string }>("select type from call_event where call_id = $1", [callId]);
    expect(types.map((row) => row.type)).not.toContain("requeued");
    await hangUp(scene, agent);
    await agent.close();
  }, 180_000);

  test("[R1] [R2] the agent's link is cut for three seconds: same call, and camera and screen are not mistaken for each other", async () => {
    await using proxy = await startToxicProxy("127.0.0.1", Number(new URL(scene.town.centre.httpUrl).port));
    const through = {
      ...scene,
      town: { ...scene.town, centre: { ...scene.town.centre, httpUrl: `http://127.0.0.1:${proxy.port}` } },
    };
    const agent = await openDesk(through, scene.agentBrowser, "agent");
    await ready(agent);
    await scene.kiosk.start();
    await talk(scene, agent);
    const callId = (await scene.books.query<{ call_id: string }>("select call_id from call where ended_at is null"))[0]
      ?.call_id;
    proxy.setMode("cut");
    await shown(scene.kiosk.page, "call-panel");
    await agent.waitForTimeout(3_000);
    proxy.setMode("pass");
    await seen(agent, "customer-video", "red", 10_000);
    const screen = await look(agent, videoOf("customer-screen"));
    expect(strongest(screen ?? { red: 255, green: 0, blue: 0 }), "the screen is not the camera").not.toBe("red");
    await seen(scene.kiosk.page, "agent-video", "blue", 10_000);
    const types = await scene.books.query<{ type: string }>("select type from call_event where call_id = $1", [callId]);
    expect(types.map((row) => row.type)).not.toContain("requeued");
    await hangUp(scene, agent);
    await agent.close();
  }, 180_000);

  test("[R1] the media process is killed: the pictures come back by themselves", async () => {
    const agent = await openDesk(scene, scene.agentBrowser, "agent");
    await ready(agent);
    await scene.kiosk.start();
    await talk(scene, agent);
    const pid = mediaProcessOf(scene.town.centre.running.child.pid ?? 0);
    expect(pid, "the centre has a media process").toBeGreaterThan(0);
    process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), { timeout: 5_000 });
    await seen(agent, "customer-video", "red");
    await seen(scene.kiosk.page, "agent-video", "blue");
    await hangUp(scene, agent);
    await agent.close();
  }, 180_000);

  test("[R1] the centre is killed in mid-call: the call goes on after its restart, with its pictures", async () => {
    const agent = await openDesk(scene, scene.agentBrowser, "agent");
    await ready(agent);
    await scene.kiosk.start();
    await talk(scene, agent);
    await scene.town.restartCentre("SIGKILL");
    await seen(agent, "customer-video", "red", 60_000);
    await seen(scene.kiosk.page, "agent-video", "blue", 60_000);
    await hangUp(scene, agent);
    await agent.close();
  }, 240_000);

  test("[R1] microphone and camera are refused: the call comes about, and both sides are told", async () => {
    const refusing = await launchBrowser(
      captures.customer.args
        .filter((arg) => !arg.includes("camera-and-microphone"))
        .concat("--deny-permission-prompts"),
    );
    const kiosk = await openKiosk(refusing, scene.terminal.url);
    await giveEyes(kiosk.page);
    await kiosk.page.reload();
    const agent = await openDesk(scene, scene.agentBrowser, "agent");
    await ready(agent);
    await kiosk.start();
    await callForHelp({ ...scene, kiosk }, false);
    await shown(agent, "offer-card", 30_000);
    await click(agent, "offer-accept");
    await shown(agent, "customer-trouble", 40_000);
    await seen(kiosk.page, "agent-video", "blue");
    await shown(kiosk.page, "call-troubles");
    await click(agent, "call-hangup");
    await shown(agent, "wrap-form");
    await click(agent, "wrap-outcome-no-contact");
    await click(agent, "wrap-done");
    await refusing.close();
    await agent.close();
  }, 180_000);
});
