import { describe, expect, test } from "vitest";
import { needsSecondFactor, permissionsOf, scopeOf } from "./roles.ts";

describe("roles × units", () => {
  test("[S1] a role grants its permissions at its unit and nothing elsewhere", () => {
    const grants = [
      { role: "finance" as const, unitPath: "p.tj.a" },
      { role: "watch-officer" as const, unitPath: "p.tj" },
    ];
    expect(scopeOf(grants, "money.read")).toEqual(["p.tj.a"]);
    expect(scopeOf(grants, "fleet.read")).toEqual(["p.tj"]);
    expect(scopeOf(grants, "staff.manage")).toEqual([]);
    expect(permissionsOf([])).toEqual([]);
  });

  test("[S1] an administrator needs a second factor, at whatever unit and beside whatever other role; nobody else does", () => {
    expect(
      needsSecondFactor([
        { role: "clerk", unitPath: "p.a" },
        { role: "administrator", unitPath: "p.a.h" },
      ]),
    ).toBe(true);
    for (const role of ["hall-manager", "watch-officer", "finance", "clerk", "auditor"] as const)
      expect(needsSecondFactor([{ role, unitPath: "p" }]), role).toBe(false);
  });

  test("[S1] a unit whose name begins like another's is not below it", () => {
    expect(
      scopeOf(
        [
          { role: "finance", unitPath: "p.a" },
          { role: "finance", unitPath: "p.ab" },
        ],
        "money.read",
      ),
    ).toEqual(["p.a", "p.ab"]);
  });
});
