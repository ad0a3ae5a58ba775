import { SharedItem } from "@gridhall/domain/seats/assist.ts";
import { NewWorkOrder } from "@gridhall/domain/seats/api.ts";
import { expect, test } from "vitest";
import { zh } from "../../i18n/zh.ts";
import { helps, nextConsent, proposalState } from "./consent.ts";
import { hasGaps, LIBRARY } from "./library.ts";
import { DUE_AFTER_MS, problemsOf, URGENCIES, WORK_ORDER_TYPES, workOrderOf } from "./workOrder.ts";

test("[R2] consent is asked for one step after the other", () => {
  expect(["none", "view", "point", "fill", "control"].map((level) => nextConsent(level as "none"))).toEqual([
    ...["view", "point", "fill", "control"],
    null,
  ]);
});

test("[R2] a proposal waits for the customer, then says what they decided", () => {
  const proposal = { proposalId: "p-12", by: "agent", kind: "recording" } as const;
  expect(proposalState({ proposal, proposalAnswer: "declined" }).name).toBe("waiting");
  expect(proposalState({ proposal: null, proposalAnswer: "refused-by-page" }).name).toBe("refused-by-page");
  expect(proposalState({ proposal: null, proposalAnswer: null }).name).toBe("none");
});

test("[R6] a supervisor helps at the screen after joining, not while listening or whispering", () => {
  const call = (mode: string, part = "supervising") =>
    ({ part, parties: [{ seatId: "s9", name: "", role: "supervisor", mode, invited: false }] }) as never;
  expect(["listen", "whisper", "joined"].map((mode) => helps(call(mode), "s9"))).toEqual([false, false, true]);
  expect(helps(call("listen", "own"), "s1")).toBe(true);
});

test("[R2] the library can be sent as it is, cites the prices that bills are made with, and marks what is to be filled in", () => {
  expect(LIBRARY.map((item) => SharedItem.parse(item).itemId)).toEqual([
    ...["outage", "tiers", "time-of-use", "real-name", "safety"],
  ]);
  const tiers = LIBRARY.find((item) => item.itemId === "tiers")?.body;
  expect(tiers?.zh).toContain("全年 0–2640 千瓦时，每千瓦时 0.49 元");
  expect(tiers?.zh).toContain("全年 超过 4800 千瓦时，每千瓦时 0.79 元");
  expect(tiers?.en).toContain("2641–4800 kWh a year, 0.54 yuan per kWh");
  expect(LIBRARY.filter((item) => hasGaps(item.body.zh)).map((item) => item.itemId)).toEqual(["outage"]);
  expect(LIBRARY.map((item) => hasGaps(item.body.zh) === hasGaps(item.body.en))).not.toContain(false);
  const english = LIBRARY.map((item) => `${item.title.en} ${item.body.en}`).join(" ");
  expect(/\p{Script=Han}/u.test(english)).toBe(false);
});

test("[D1] a work order names what is missing, each in words, and is whole once nothing is", () => {
  const now = 1_000_000;
  const empty = { type: null, urgency: "normal", place: " ", contactPhone: "12", detail: "", dueMs: now } as const;
  const problems = problemsOf(empty, now);
  expect(Object.keys(problems).toSorted()).toEqual(["contactPhone", "detail", "dueMs", "place", "type"]);
  for (const code of Object.values(problems)) expect(Object.hasOwn(zh, `order-problem.${code}`), code).toBe(true);
  expect(workOrderOf(empty, "call-1", now)).toBeNull();
  const whole = {
    ...empty,
    type: "safety",
    place: " 3 号楼 ",
    contactPhone: "138 0000 1234",
    detail: "电线垂落",
  } as const;
  const order = workOrderOf({ ...whole, dueMs: now + DUE_AFTER_MS.emergency }, "call-1", now);
  expect(NewWorkOrder.parse(order)).toMatchObject({ place: "3 号楼", contactPhone: "13800001234", type: "safety" });
});

test("every type and urgency of a work order has words", () => {
  const keys = [...WORK_ORDER_TYPES.map((type) => `order-type.${type}`), ...URGENCIES.map((one) => `urgency.${one}`)];
  expect(keys.filter((key) => !Object.hasOwn(zh, key))).toEqual([]);
});
