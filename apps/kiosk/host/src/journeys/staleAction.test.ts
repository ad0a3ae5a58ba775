import type { CustomerAction, Screen } from "@gridhall/domain/kiosk/view.ts";
import { describe, expect, test } from "vitest";
import { createPlaces, type Place, placeOf, stillMeant } from "./staleAction.ts";

const find = (method: "account" | "phone"): Screen => ({ kind: "find-account", method, reader: "off", problem: null });
const place = (over: Partial<Place> = {}): Place => ({ session: 3, visit: 7, kind: "amount", face: "", ...over });
const confirm: CustomerAction = { type: "confirm-amount" };

describe("an action made on an older view", () => {
  test("[T1] stands as long as the page is the same, however many views were pushed meanwhile", () => {
    expect(stillMeant(confirm, place(), place())).toBe(true);
  });

  test.each([
    ["another page", { kind: "method" as const, visit: 8 }],
    ["the same page entered anew", { visit: 9 }],
    ["the next customer", { session: 4 }],
  ])("[T1] is dropped on %s", (_what, over) => {
    for (const action of [
      confirm,
      { type: "back" },
      { type: "home" },
      { type: "start" },
      { type: "done" },
      { type: "cash-finish" },
      { type: "method", method: "cash" },
    ] satisfies CustomerAction[])
      expect(stillMeant(action, place(), place(over)), action.type).toBe(false);
  });

  test("[T1] is dropped where nobody knows any more what was shown", () => {
    expect(stillMeant(confirm, null, place())).toBe(false);
    expect(stillMeant({ type: "settings", settings: defaults }, null, place())).toBe(false);
  });

  test("[T1] passes where it means the same everywhere", () => {
    for (const type of ["touch", "help", "close-overlay"] as const) {
      expect(stillMeant({ type }, null, place())).toBe(true);
      expect(stillMeant({ type }, place({ session: 1 }), place())).toBe(true);
    }
  });

  test("[S4] large print asked for on the page before is still wanted, but not by the next customer", () => {
    const large: CustomerAction = { type: "settings", settings: { ...defaults, textSize: "large" } };
    expect(stillMeant(large, place({ visit: 1, kind: "home" }), place())).toBe(true);
    expect(stillMeant(large, place({ session: 2 }), place())).toBe(false);
  });

  test("[T1] a number typed as an account is not looked up as a phone; the tabs themselves may be touched in haste", () => {
    const made = placeOf(3, 7, find("account"));
    const now = placeOf(3, 7, find("phone"));
    expect(stillMeant({ type: "find", value: "0200000000001" }, made, now)).toBe(false);
    expect(stillMeant({ type: "find-method", method: "id-card" }, made, now)).toBe(true);
  });

  test("[P3] a notice of money that is still being settled is not acknowledged before it says the outcome", () => {
    const recovery = (state: "working" | "settled"): Screen => ({
      kind: "recovery",
      state,
      receivedFen: 5_000,
      creditedFen: 0,
      accountNo: "1",
    });
    expect(stillMeant({ type: "done" }, placeOf(0, 0, recovery("working")), placeOf(0, 0, recovery("settled")))).toBe(
      false,
    );
  });
});

describe("the places that were shown", () => {
  test("[T1] each revision belongs to the place shown with it", () => {
    const places = createPlaces();
    places.shown(0, place({ kind: "signage", visit: 0 }));
    places.shown(4, place({ kind: "home", visit: 1 }));
    places.shown(5, place({ kind: "home", visit: 1 }));
    places.shown(9, place());
    expect([0, 3, 4, 8, 9].map((revision) => places.at(revision)?.kind)).toEqual([
      "signage",
      "signage",
      "home",
      "home",
      "amount",
    ]);
    expect(places.at(10)).toBeNull();
    expect(places.at(-1)).toBeNull();
  });

  test("[T1] forgets old ones instead of growing for ever", () => {
    const places = createPlaces();
    for (let revision = 0; revision < 500; revision += 1) places.shown(revision, place({ visit: revision }));
    expect(places.at(499)?.visit).toBe(499);
    expect(places.at(480)?.visit).toBe(480);
    expect(places.at(10)).toBeNull();
  });
});

const defaults = { language: "zh-CN", textSize: "normal", contrast: "normal", voice: false } as const;
