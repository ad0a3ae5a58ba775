import { DEFAULT_SETTINGS, type KioskView, type Screen } from "@gridhall/domain/kiosk/view.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTestCentre, type TestCentre } from "../testing/centre.ts";
import { connectTestCustomer, type TestCustomer } from "../testing/customer.ts";
import { startTestTerminal, type TestTerminal } from "../testing/terminal.ts";

let centre: TestCentre;
let terminal: TestTerminal;
let customer: TestCustomer;

beforeEach(async () => {
  centre = createTestCentre();
  terminal = await startTestTerminal(centre.ask);
  customer = await connectTestCustomer(terminal.url);
});
afterEach(async () => {
  customer[Symbol.dispose]();
  await terminal[Symbol.asyncDispose]();
});

const on = (kind: Screen["kind"]) =>
  customer.until(kind, (view) => view.screen.kind === kind && view.overlay === null && view.busy === null);
const problemOn = (view: KioskView) => ("problem" in view.screen ? view.screen.problem?.key : undefined);

async function toHome(): Promise<KioskView> {
  await on("signage");
  customer.act({ type: "start" });
  return on("home");
}
async function toFind(): Promise<KioskView> {
  await toHome();
  customer.act({ type: "service", serviceId: "pay-bill" });
  return on("find-account");
}
async function toAccount(): Promise<KioskView> {
  await toFind();
  customer.act({ type: "find", value: "3301000012345" });
  return on("account");
}
async function toAmount(): Promise<KioskView> {
  await toAccount();
  customer.act({ type: "go", to: "pay" });
  return on("amount");
}

describe("a touch on what is no longer there", () => {
  test("[T1] twice 返回 in haste goes back once", async () => {
    const { revision } = await toAmount();
    customer.act({ type: "back" }, revision);
    customer.act({ type: "back" }, revision);
    expect((await customer.settled()).screen.kind).toBe("account");
  });

  test("[T1] twice 首页 in haste goes home and does not end the session", async () => {
    const { revision, session } = await toAmount();
    customer.act({ type: "home" }, revision);
    customer.act({ type: "home" }, revision);
    expect(await customer.settled()).toMatchObject({ session, screen: { kind: "home" }, overlay: null });
  });

  test("[P3] a confirmation of an amount that was left and entered anew confirms nothing", async () => {
    const { revision } = await toAmount();
    customer.act({ type: "confirm-amount" });
    await on("method");
    customer.act({ type: "back" });
    await on("amount");
    customer.act({ type: "confirm-amount" }, revision);
    expect((await customer.settled()).screen.kind).toBe("amount");
    customer.act({ type: "confirm-amount" });
    await on("method");
  });

  test("[T1] what one customer touched last does not begin the next one's session, nor sets their screen", async () => {
    const { revision, session } = await toHome();
    customer.act({ type: "home" });
    await customer.until("the next session", (view) => view.session === session + 1 && view.overlay === null);
    customer.act({ type: "start" }, revision - 1);
    customer.act({ type: "settings", settings: { ...DEFAULT_SETTINGS, textSize: "large" } }, revision);
    customer.act({ type: "service", serviceId: "pay-bill" }, revision);
    expect(await customer.settled()).toMatchObject({
      session: session + 1,
      screen: { kind: "signage" },
      settings: DEFAULT_SETTINGS,
    });
    expect(terminal.session.isBusy()).toBe(false);
  });

  test("[T1] a number typed as an account is not looked up once the tab is another", async () => {
    const { revision } = await toFind();
    customer.act({ type: "find-method", method: "phone" });
    await customer.until("phone", (view) => view.screen.kind === "find-account" && view.screen.method === "phone");
    customer.act({ type: "find", value: "13800000000" }, revision);
    await customer.settled();
    expect(centre.asked).toEqual([]);
  });

  test("[T1] leaves no step in the journal", async () => {
    const { revision } = await toAmount();
    customer.act({ type: "back" });
    await on("account");
    const before = terminal.steps();
    for (const type of ["confirm-amount", "back", "home", "done", "again"] as const) customer.act({ type }, revision);
    await customer.settled();
    expect(terminal.steps()).toEqual(before);
  });
});

describe("a touch on the page that is still there", () => {
  test("[T1] counts, however many views were pushed since", async () => {
    const { revision } = await toAmount();
    for (let yuan = 10; yuan <= 200; yuan += 10) customer.act({ type: "prepay", amountFen: yuan * 100 }, revision);
    customer.act({ type: "confirm-amount" }, revision);
    expect((await on("method")).screen).toMatchObject({ totalFen: 8_640 + 20_000 });
  });

  test("[S4] help and its closing count wherever they were touched", async () => {
    const { revision } = await toFind();
    customer.act({ type: "back" });
    await on("home");
    customer.act({ type: "help" }, revision);
    await customer.until("help", (view) => view.call !== null);
    customer.act({ type: "call-end" }, revision);
    await customer.until("help put away", (view) => view.call === null && view.screen.kind === "home");
  });
});

describe("a question that the centre does not answer", () => {
  test("[T7] choosing an account says why it failed, and asks again when told to", async () => {
    await toFind();
    customer.act({ type: "find-method", method: "phone" });
    await customer.until("phone", (view) => view.screen.kind === "find-account" && view.screen.method === "phone");
    customer.act({ type: "find", value: "13800000000" });
    await on("choose-account");
    centre.failing.add("account.overview");
    customer.act({ type: "choose", accountNo: "3301000012346" });
    const failed = await customer.until("a problem", (view) => problemOn(view) === "problem.offline");
    expect(failed.screen.kind).toBe("choose-account");
    centre.failing.clear();
    customer.act({ type: "retry" });
    await on("account");
  });

  test("[T7] opening a bill says why it failed, and asks again when told to", async () => {
    await toAccount();
    customer.act({ type: "go", to: "bills" });
    await on("bills");
    centre.failing.add("account.bill");
    customer.act({ type: "bill", billId: "b-1" });
    await customer.until("a problem", (view) => problemOn(view) === "problem.offline");
    customer.act({ type: "retry" });
    await customer.until("busy", (view) => view.busy !== null);
    await customer.until("a problem again", (view) => problemOn(view) === "problem.offline" && view.busy === null);
    centre.failing.clear();
    customer.act({ type: "retry" });
    await on("bill");
  });

  test("[T7] asking for the payments says why it failed, and another way on clears it", async () => {
    await toAccount();
    centre.failing.add("account.payments");
    customer.act({ type: "go", to: "payments" });
    await customer.until("a problem", (view) => problemOn(view) === "problem.offline");
    centre.failing.clear();
    customer.act({ type: "go", to: "payments" });
    await on("payments");
    customer.act({ type: "back" });
    expect(problemOn(await on("account"))).toBeUndefined();
  });

  test("[P3] [T7] after a payment, the figures from before it are said to be old and cannot be paid again", async () => {
    await toAmount();
    customer.act({ type: "confirm-amount" });
    await on("method");
    customer.act({ type: "method", method: "wechat-native" });
    await on("result");
    centre.failing.add("account.overview");
    customer.act({ type: "again" });
    await customer.until("a problem", (view) => problemOn(view) === "problem.before-payment");
    const asked = centre.asked.length;
    customer.act({ type: "go", to: "pay" });
    await customer.until("asked again", (view) => centre.asked.length > asked && view.busy === null);
    expect((await customer.settled()).screen.kind).toBe("account");
    centre.failing.clear();
    customer.act({ type: "retry" });
    await customer.until("fresh figures", (view) => view.screen.kind === "account" && problemOn(view) === undefined);
    customer.act({ type: "go", to: "pay" });
    await on("amount");
  });
});
