import { describe, expect, test } from "vitest";
import { holds } from "./condition.ts";
import { checkDefinition, END, nextPage, type ServiceDefinition } from "./schema.ts";
import { payBill, SERVICES } from "./services.ts";

describe("service definitions", () => {
  test.each(SERVICES.map((service) => [service.id, service] as const))(
    "[T2] every page of %s is reachable and reaches the end",
    (_id, service) => {
      expect(checkDefinition(service)).toEqual([]);
    },
  );

  test("a dangling target, an unreachable page and a dead end are each named", () => {
    const broken: ServiceDefinition = {
      ...payBill,
      pages: payBill.pages.map((page) =>
        page.id === "result" ? { ...page, transitions: [{ on: "done", to: "nowhere" }] } : page,
      ),
    };
    const faults = checkDefinition(broken);
    expect(faults).toContain("pay-bill/result: leads to nowhere, which does not exist");
    expect(faults).toContain("pay-bill/result: no path leads from there to the end");
  });

  test("[T2] every condition path of every definition: each transition can be taken under some facts, and cash with a short hopper asks first", () => {
    const values = {
      "accounts.count": [0, 1, 3],
      "cash.changeShort": [true, false],
      "cash.ready": [true, false],
      "link.online": [true, false],
      "due.totalFen": [0, 8640],
      "bill.unpaid": [true, false],
    };
    const combinations = Object.entries(values).reduce<Record<string, number | boolean>[]>(
      (all, [fact, options]) => all.flatMap((facts) => options.map((option) => ({ ...facts, [fact]: option }))),
      [{}],
    );
    for (const service of SERVICES)
      for (const page of service.pages)
        for (const transition of page.transitions) {
          const taken = combinations.some(
            (facts) =>
              (!transition.when || holds(transition.when, facts)) &&
              nextPage(service, page.id, transition.on, facts) === transition.to,
          );
          expect(taken, `${service.id}/${page.id} on ${transition.on} → ${transition.to}`).toBe(true);
        }
    expect(nextPage(payBill, "method", "cash", { "cash.changeShort": true, "cash.ready": true })).toBe("change-notice");
    expect(nextPage(payBill, "method", "cash", { "cash.changeShort": false, "cash.ready": false })).toBeNull();
    expect(nextPage(payBill, "result", "done", {})).toBe(END);
  });

  test("conditions on absent facts are false rather than errors", () => {
    expect(holds({ op: "gt", fact: "x", value: 1 }, {})).toBe(false);
    expect(holds({ op: "exists", fact: "x" }, {})).toBe(false);
    expect(holds({ op: "not", of: { op: "any", of: [{ op: "in", fact: "x", values: [1, "a"] }] } }, { x: "a" })).toBe(
      false,
    );
    expect(
      holds(
        {
          op: "all",
          of: [
            { op: "ne", fact: "x", value: 2 },
            { op: "lte", fact: "y", value: 3 },
            { op: "gte", fact: "y", value: 3 },
            { op: "lt", fact: "y", value: 4 },
          ],
        },
        { y: 3 },
      ),
    ).toBe(true);
  });
});
