import { z } from "zod";

/** What a person may do. Each API route names one; a role grants a set of them at a unit and everything below it. */
export const Permission = z.enum([
  "fleet.read",
  "fleet.manage",
  "journeys.read",
  "accounts.read",
  "money.read",
  "cases.work",
  "reconciliation.run",
  "audit.read",
  "staff.manage",
  /** Has a seat and answers calls. */
  "seats.serve",
  /** Wallboard, listening in, whispering, taking over, forcing states. */
  "seats.supervise",
  /** Policies, groups and skills. */
  "seats.manage",
  "calls.read",
  "recordings.play",
]);
export type Permission = z.infer<typeof Permission>;

export const Role = z.enum([
  "administrator",
  "hall-manager",
  "watch-officer",
  "finance",
  "clerk",
  "auditor",
  "agent",
  "supervisor",
]);
export type Role = z.infer<typeof Role>;

export const ROLES: Record<Role, { zh: string; en: string; permissions: readonly Permission[] }> = {
  administrator: {
    zh: "系统管理员",
    en: "Administrator",
    permissions: ["fleet.read", "fleet.manage", "journeys.read", "staff.manage", "audit.read"],
  },
  "hall-manager": {
    zh: "营业厅经理",
    en: "Hall manager",
    permissions: ["fleet.read", "fleet.manage", "journeys.read", "accounts.read", "money.read", "cases.work"],
  },
  "watch-officer": { zh: "监控值班员", en: "Watch officer", permissions: ["fleet.read", "journeys.read"] },
  finance: {
    zh: "财务对账员",
    en: "Finance officer",
    permissions: ["fleet.read", "journeys.read", "accounts.read", "money.read", "cases.work", "reconciliation.run"],
  },
  clerk: { zh: "柜台营业员", en: "Counter clerk", permissions: ["journeys.read", "accounts.read", "money.read"] },
  auditor: { zh: "审计员", en: "Auditor", permissions: ["audit.read", "money.read", "journeys.read", "calls.read"] },
  agent: {
    zh: "远程坐席",
    en: "Remote agent",
    permissions: ["seats.serve", "journeys.read", "accounts.read", "calls.read"],
  },
  supervisor: {
    zh: "坐席班长",
    en: "Seat supervisor",
    permissions: [
      "seats.serve",
      "seats.supervise",
      "seats.manage",
      "calls.read",
      "recordings.play",
      "journeys.read",
      "accounts.read",
      "fleet.read",
    ],
  },
};

export const Grant = z.object({ role: Role, unitPath: z.string() });
export type Grant = z.infer<typeof Grant>;

/** The unit paths at which the grants give the permission, without those that lie below another of them. */
export function scopeOf(grants: readonly Grant[], permission: Permission): string[] {
  const paths = [
    ...new Set(
      grants.filter((grant) => ROLES[grant.role].permissions.includes(permission)).map((grant) => grant.unitPath),
    ),
  ];
  return paths.filter((path) => !paths.some((other) => other !== path && path.startsWith(`${other}.`)));
}

/** Whoever manages staff can give any permission to anyone: a password alone is not enough for that (design §8). */
export function needsSecondFactor(grants: readonly Grant[]): boolean {
  return scopeOf(grants, "staff.manage").length > 0;
}

export function permissionsOf(grants: readonly Grant[]): Permission[] {
  return Permission.options.filter((permission) => scopeOf(grants, permission).length > 0);
}
