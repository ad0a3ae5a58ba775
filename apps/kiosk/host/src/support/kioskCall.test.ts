import { helpOf } from "@gridhall/domain/kiosk/help.ts";
import type { CustomerAction, Screen } from "@gridhall/domain/kiosk/view.ts";
import type { CallDown, CallProgress, CallUp } from "@gridhall/domain/seats/callLink.ts";
import { CallId } from "@gridhall/domain/seats/schema.ts";
import { afterEach, describe, expect, test, vi } from "vitest";
import { createKioskCall } from "./kioskCall.ts";

const HOME: Screen = {
  kind: "home",
  services: [
    {
      serviceId: "pay-bill",
      title: { zh: "交电费", en: "Pay" },
      hint: { zh: "x", en: "x" },
      icon: "bill",
      available: true,
      unavailableReason: null,
    },
  ],
};
const FIND: Screen = { kind: "find-account", method: "account", reader: "off", problem: null };
const METHOD: Screen = { kind: "method", totalFen: 8_640, options: [], problem: null };
const agent = { name: "何", number: "8001", count: 1 };

const open: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.dispose();
});

function set(options: { online?: boolean; answers?: (method: string) => unknown } = {}) {
  const asked: { method: string; params: Record<string, unknown> }[] = [];
  const sent: CallUp[] = [];
  const performed: CustomerAction[] = [];
  let screen: Screen = HOME;
  const call = createKioskCall({
    ask: async (method, params) => {
      asked.push({ method, params: params as Record<string, unknown> });
      return options.answers?.(method) ?? { ok: true };
    },
    send: (message) => sent.push(message),
    isOnline: () => options.online ?? true,
    nowMs: () => 1_000,
    newId: () => "0123456789abcdef",
    changed: () => {},
    journey: () => ({
      ...{ revision: 1, journeyId: null, serviceId: null, title: null, screen: screen.kind, step: null },
      ...{ language: "zh-CN", accountNo: null, busy: false },
      ...helpOf(screen, { canGoBack: false, canGoHome: false }),
    }),
    screen: () => screen,
    ways: () => ({ canGoBack: false, canGoHome: false }),
    perform: (action) => performed.push(action),
    about: () => ({
      service: null,
      journeyId: null,
      customerKey: "visit:1",
      accountNo: null,
      elderly: false,
      language: "zh-CN",
    }),
    trace: () => {},
    onError: () => {},
  });
  open.push(call);
  const callId = CallId.parse("c-0123456789abcdef");
  const hear = (message: Omit<CallDown, "callId">) => call.fromCentre({ ...message, callId } as CallDown);
  return {
    call,
    asked,
    sent,
    performed,
    show: (next: Screen) => (screen = next),
    hear,
    progress: (progress: CallProgress, recording = false) => hear({ type: "progress", progress, recording } as never),
    phase: () => call.view()?.phase.name ?? null,
  };
}

/** In a call, with this much allowed. */
function talking(consent: "view" | "point" | "fill" | "control") {
  const one = set();
  one.call.open();
  one.call.act({ type: "call-start", screen: true, recording: false });
  one.progress({ name: "talking", agent });
  if (consent !== "view") one.call.act({ type: "call-consent", consent });
  return one;
}
const proposal = (value: string) => ({
  proposalId: "p-1234",
  by: "agent",
  kind: "field" as const,
  field: "value",
  label: { zh: "户号", en: "Account number" },
  value,
  shown: value,
});

describe("a call at the kiosk", () => {
  test("[R1] is asked for under one id, however often it has to be asked", async () => {
    let times = 0;
    const one = set({
      answers: (method) => {
        if (method === "call.request" && (times += 1) === 1) throw new Error("the answer was lost");
        return { callId: "x" };
      },
    });
    one.call.open();
    expect(one.phase()).toBe("offer");
    one.call.act({ type: "call-start", screen: true, recording: true });
    await vi.waitFor(() => expect(one.asked).toHaveLength(2));
    expect(one.asked[1]).toEqual(one.asked[0]);
    expect(one.asked[0]?.params).toMatchObject({ consent: "view", recording: true });
    expect(one.phase()).toBe("waiting");
  });

  test("[R1] without the link nothing is asked, and the customer is told", () => {
    const one = set({ online: false });
    one.call.open();
    one.call.act({ type: "call-start", screen: true, recording: false });
    expect(one.call.view()?.phase).toEqual({ name: "offer", online: false });
    expect(one.asked).toEqual([]);
  });

  test("[R2] a proposed field is filled in when the customer says yes, and only then", () => {
    const one = talking("fill");
    one.show(FIND);
    const watched = talking("view");
    watched.hear({ type: "propose", proposal: proposal("4010000000013") } as never);
    expect(watched.call.view()?.proposal).toBeNull();
    one.hear({ type: "propose", proposal: proposal("4010000000013") } as never);
    expect(one.performed).toEqual([]);
    one.call.act({ type: "call-answer", proposalId: "p-other", accept: true });
    expect(one.performed).toEqual([]);
    one.call.act({ type: "call-answer", proposalId: "p-1234", accept: true });
    expect(one.performed).toEqual([{ type: "find", value: "4010000000013" }]);
    expect(one.sent).toContainEqual(expect.objectContaining({ type: "proposal-answered", answer: "accepted" }));
    // Twice yes is once yes.
    one.call.act({ type: "call-answer", proposalId: "p-1234", accept: true });
    expect(one.performed).toHaveLength(1);
  });

  test("[R2] no is no, a value that the page does not take is refused, a page that is gone makes it stale", () => {
    const one = talking("fill");
    one.show(FIND);
    one.hear({ type: "propose", proposal: proposal("4010000000013") } as never);
    one.call.act({ type: "call-answer", proposalId: "p-1234", accept: false });
    one.hear({ type: "propose", proposal: proposal("12") } as never);
    one.call.act({ type: "call-answer", proposalId: "p-1234", accept: true });
    one.show(METHOD);
    const move = {
      proposalId: "p-1234",
      by: "agent",
      kind: "move",
      move: "service:pay-bill",
      label: { zh: "x", en: "x" },
    };
    one.hear({ type: "propose", proposal: move } as never);
    one.call.act({ type: "call-answer", proposalId: "p-1234", accept: true });
    expect(one.performed).toEqual([]);
    expect(one.sent.flatMap((message) => (message.type === "proposal-answered" ? [message.answer] : []))).toEqual([
      ...["declined", "refused-by-page", "stale"],
    ]);
  });

  test("[R2] pointing needs its consent; control needs its own, and never works on a payment page", () => {
    const pointer = { x: 0.5, y: 0.5, elementId: null };
    const control = { type: "control", act: { kind: "move", move: "service:pay-bill" } } as never;
    const viewed = talking("view");
    viewed.hear({ type: "point", pointer } as never);
    viewed.hear(control);
    expect(viewed.call.view()?.pointer).toBeNull();
    expect(viewed.performed).toEqual([]);
    const controlled = talking("control");
    controlled.hear({ type: "point", pointer } as never);
    expect(controlled.call.view()?.pointer).toEqual(pointer);
    controlled.hear(control);
    expect(controlled.performed).toEqual([{ type: "service", serviceId: "pay-bill" }]);
    controlled.show(METHOD);
    controlled.hear({ type: "control", act: { kind: "field", field: "method", value: "cash" } } as never);
    expect(controlled.performed).toHaveLength(1);
  });

  test("[R2] taking consent back takes the pointer away and tells the centre", () => {
    const one = talking("point");
    one.hear({ type: "point", pointer: { x: 0, y: 0, elementId: null } } as never);
    one.call.act({ type: "call-consent", consent: "none" });
    expect(one.call.view()).toMatchObject({ consent: "none", pointer: null });
    expect(one.asked.at(-1)).toMatchObject({ method: "call.consent", params: { consent: "none" } });
  });

  test("[R1] who has spoken with somebody is asked how it was; who only waited is not", () => {
    const spoke = talking("view");
    spoke.call.act({ type: "call-end" });
    expect(spoke.phase()).toBe("rating");
    spoke.call.act({ type: "call-rate", score: 5 });
    expect(spoke.asked.at(-1)).toMatchObject({ method: "call.rate", params: { score: 5 } });
    expect(spoke.phase()).toBe("thanks");
    const waited = set();
    waited.call.open();
    waited.call.act({ type: "call-start", screen: false, recording: false });
    waited.call.act({ type: "call-end" });
    expect(waited.phase()).toBeNull();
    expect(waited.asked.at(-1)?.method).toBe("call.leave");
  });

  test("[R4] a number with a mistake is named before it is sent; a form is not taken away by news of the queue", async () => {
    const one = set();
    one.call.open();
    one.call.act({ type: "call-start", screen: false, recording: false });
    one.progress({ name: "nobody", choices: ["callback"] });
    one.call.act({ type: "call-choose", what: "callback" });
    one.progress({ name: "nobody", choices: ["callback"] });
    expect(one.phase()).toBe("callback-form");
    one.call.act({ type: "call-callback", phone: "139" });
    expect(one.call.view()?.phase).toEqual({ name: "callback-form", problem: "problem.callback-phone" });
    one.call.act({ type: "call-callback", phone: "13900000001" });
    await vi.waitFor(() => expect(one.phase()).toBe("left"));
  });

  test("[R1] when the session ends, the line is let go and nothing of it is left", () => {
    const one = talking("control");
    one.call.drop();
    expect(one.call.view()).toBeNull();
    expect(one.asked.at(-1)?.method).toBe("call.leave");
    one.hear({ type: "control", act: { kind: "move", move: "service:pay-bill" } } as never);
    expect(one.performed).toEqual([]);
  });
});
