import type { KioskView } from "@gridhall/domain/kiosk/view.ts";
import type { CallPhaseView, CallView } from "@gridhall/domain/seats/callView.ts";

/** A call in one of its phases, nothing allowed and nothing broken. */
export function callOf(phase: CallPhaseView, change: Partial<CallView> = {}): CallView {
  return {
    callId: phase.name === "offer" ? null : "c-0001",
    phase,
    consent: "none",
    recording: false,
    proposal: null,
    shared: null,
    pointer: null,
    highlight: null,
    media: { camera: "ok", microphone: "ok", screen: "ok" },
    ...change,
  };
}

const agent = { name: "何", number: "8012", count: 1 };
const talking: CallPhaseView = { name: "talking", agent };
const by = "8012";

/** Each phase of a call, with what an agent may ask and show, beside one page of the terminal or another. */
export function callFixtures(pages: {
  home: KioskView;
  find: KioskView;
  account: KioskView;
  amount: KioskView;
  cash: KioskView;
  scan: KioskView;
}): Record<string, KioskView> {
  const { home, find, account, amount, cash, scan } = pages;
  const nowMs = Date.parse(home.terminal.now);
  const on = (page: KioskView, phase: CallPhaseView, change: Partial<CallView> = {}): KioskView => ({
    ...page,
    call: callOf(phase, change),
  });
  return {
    "call-offer": on(find, { name: "offer", online: true }),
    "call-offline": {
      ...on(home, { name: "offer", online: false }),
      terminal: { ...home.terminal, online: false },
    },
    "call-waiting": on(find, {
      name: "waiting",
      position: 3,
      expectedWaitMs: 170_000,
      sinceMs: nowMs - 75_000,
      ringing: false,
    }),
    "call-ringing": on(
      home,
      { name: "waiting", position: 1, expectedWaitMs: 20_000, sinceMs: nowMs - 9_000, ringing: true },
      { consent: "view" },
    ),
    "call-connecting": on(find, { name: "connecting", agent }),
    "call-talking": on(account, talking),
    "call-talking-seen": on(find, talking, { consent: "view", recording: true }),
    "call-troubles": on(cash, talking, {
      consent: "view",
      recording: true,
      media: { camera: "absent", microphone: "denied", screen: "broken" },
    }),
    "call-pointing": on(
      account,
      { name: "talking", agent: { ...agent, count: 2 } },
      {
        consent: "point",
        pointer: { x: 0.2, y: 0.2, elementId: "go:pay" },
        highlight: "go:bills",
      },
    ),
    "call-controlled": on(home, talking, { consent: "control", recording: true }),
    "call-propose-field": on(find, talking, {
      consent: "fill",
      recording: true,
      proposal: {
        proposalId: "p-0001",
        by,
        kind: "field",
        field: "value",
        label: { zh: "户号", en: "Account number" },
        value: "4010000012345",
        shown: "4010 0000 12345",
      },
    }),
    "call-propose-move": on(amount, talking, {
      consent: "view",
      proposal: {
        proposalId: "p-0002",
        by,
        kind: "move",
        move: "confirm-amount",
        label: { zh: "确认金额", en: "Confirm the amount" },
      },
    }),
    "call-propose-view": on(home, talking, {
      proposal: { proposalId: "p-0003", by, kind: "consent", level: "view" },
    }),
    "call-propose-control": on(home, talking, {
      consent: "fill",
      recording: true,
      proposal: { proposalId: "p-0004", by, kind: "consent", level: "control" },
    }),
    "call-propose-recording": on(scan, talking, {
      proposal: { proposalId: "p-0005", by, kind: "recording" },
    }),
    "call-shared": on(account, talking, {
      consent: "view",
      shared: {
        itemId: "i-0001",
        kind: "announcement",
        title: { zh: "春晓路计划停电通知", en: "Planned outage in Chunxiao Road" },
        body: {
          zh: "10 月 12 日 8:00 至 12:00，春晓路 1 至 60 号因更换变压器停电。\n请提前为手机和医疗设备充电，电梯停运。\n提前完工会提前送电，请不要擅自触碰线路。",
          en: "12 October, 8:00 to 12:00: numbers 1 to 60 are without power while a transformer is replaced.\nPlease charge phones and medical devices beforehand; lifts will stop.\nPower may return earlier: never touch the lines.",
        },
      },
    }),
    "call-held": on(find, { name: "held", agent }, { consent: "view", recording: true }),
    "call-interrupted": on(amount, { name: "interrupted", agent }, { consent: "view" }),
    "call-nobody": on(find, { name: "nobody", choices: ["callback", "message"] }),
    "call-callback-form": on(find, { name: "callback-form", problem: null }),
    "call-callback-problem": on(home, { name: "callback-form", problem: "problem.callback-phone" }),
    "call-message-form": on(home, { name: "message-form", problem: null }),
    "call-message-problem": on(home, { name: "message-form", problem: "problem.call-link" }),
    "call-left": on(find, { name: "left", what: "callback" }),
    "call-rating": on(find, { name: "rating" }),
    "call-thanks": on(home, { name: "thanks" }),
    "call-failed": on(find, { name: "failed", reason: "too-many" }),
  };
}
