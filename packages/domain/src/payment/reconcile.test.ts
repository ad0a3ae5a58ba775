import { describe, expect, test } from "vitest";
import { compareBooks } from "./reconcile.ts";

const pay = (key: string, amountFen: number, day = "2026-11-23") => ({ key, kind: "payment" as const, amountFen, day });

describe("daily reconciliation", () => {
  test("[P3] equal books have no difference, also across midnight", () => {
    expect(
      compareBooks([pay("a", 100), pay("b", 200, "2026-11-24")], [pay("a", 100), pay("b", 200)], "2026-11-23"),
    ).toEqual([]);
  });

  test("[P3] money that one side alone knows, other amounts and missing refunds are each named", () => {
    const refund = { key: "d", kind: "refund" as const, amountFen: 50, day: "2026-11-23" };
    const found = compareBooks([pay("a", 100), pay("c", 300)], [pay("b", 200), pay("c", 301), refund], "2026-11-23");
    expect(
      found.map((difference) => [difference.kind, difference.key, difference.oursFen, difference.theirsFen]),
    ).toEqual([
      ["only-theirs", "b", null, 200],
      ["amount-differs", "c", 300, 301],
      ["refund-missing", "d", null, 50],
      ["only-ours", "a", 100, null],
    ]);
  });
});
