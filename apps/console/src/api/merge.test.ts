import type { PaymentRow } from "@gridhall/domain/payment/api.ts";
import type { JourneyRow } from "@gridhall/domain/trace/api.ts";
import { describe, expect, test } from "vitest";
import { matching, mergeRows } from "./merge.ts";

interface Row {
  id: string;
  state: string;
}
const idOf = (row: Row) => row.id;
const any = () => true;

describe("live rows over a list", () => {
  test("[L4] a changed row takes the place of the old one, a new one comes first", () => {
    const rows = [
      { id: "b", state: "open" },
      { id: "a", state: "open" },
    ];
    const changed = [
      { id: "a", state: "closed" },
      { id: "c", state: "open" },
    ];
    expect(mergeRows(rows, changed, idOf, any)).toEqual([
      { id: "c", state: "open" },
      { id: "b", state: "open" },
      { id: "a", state: "closed" },
    ]);
  });

  test("a row that no longer matches the list's filter leaves it, one that never did does not come in", () => {
    const open = (row: Row) => row.state === "open";
    const changed = [
      { id: "a", state: "closed" },
      { id: "c", state: "closed" },
    ];
    expect(mergeRows([{ id: "a", state: "open" }], changed, idOf, open)).toEqual([]);
  });

  test("a list never grows beyond what was asked for", () => {
    expect(mergeRows([{ id: "a", state: "open" }], [{ id: "b", state: "open" }], idOf, any, 1)).toEqual([
      { id: "b", state: "open" },
    ]);
  });
});

const journey: JourneyRow = {
  journeyId: "j1",
  deviceId: "k-h1-1",
  kioskZh: "",
  kioskEn: "",
  hallZh: "",
  hallEn: "",
  unitPath: "p.tj.jz.s1.h1",
  serviceId: "pay-bill",
  startedAt: "2026-11-23T16:30:00.000Z",
  lastEventAt: "2026-11-23T16:30:00.000Z",
  endedAt: null,
  outcome: null,
  page: "find",
  accountNo: null,
  language: "zh-CN",
  events: 1,
};
const payment: PaymentRow = {
  intentId: "i1",
  createdAt: "2026-11-23T16:30:00.000Z",
  settledAt: null,
  deviceId: "k-h1-1",
  unitPath: "p.tj.jz.s1.h1",
  hallZh: "",
  hallEn: "",
  accountNo: "4010000000013",
  channel: "kiosk",
  tender: "cash",
  state: "accepting",
  dueFen: 8643,
  receivedFen: 0,
  dispensedFen: 0,
  caseFen: 0,
  receiptNo: null,
  journeyId: "j1",
};

describe("the filters of a list, for live rows", () => {
  test("a unit holds what lies below it, and not its neighbour of a similar name", () => {
    expect(matching.journeys({ unit: "p.tj.jz" })(journey)).toBe(true);
    expect(matching.journeys({ unit: "p.tj.jz.s1.h1" })(journey)).toBe(true);
    expect(matching.journeys({ unit: "p.tj.j" })(journey)).toBe(false);
  });

  test("running means not ended", () => {
    expect(matching.journeys({ running: true })(journey)).toBe(true);
    expect(matching.journeys({ running: true })({ ...journey, endedAt: journey.startedAt })).toBe(false);
  });

  test("a day is China's: half past midnight there is still the day before in UTC", () => {
    expect(matching.payments({ day: "2026-11-24" })(payment)).toBe(true);
    expect(matching.payments({ day: "2026-11-23" })(payment)).toBe(false);
  });

  test("the search knows account, payment and receipt numbers", () => {
    expect(matching.payments({ q: "4010000000013" })(payment)).toBe(true);
    expect(matching.payments({ q: "i1" })(payment)).toBe(true);
    expect(matching.payments({ q: "i2" })(payment)).toBe(false);
  });
});
