import { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import { sql } from "kysely";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import { publishPolicy } from "../seats/policyStore.ts";
import { ensureSeat } from "../seats/seatStore.ts";

/** Groups, agents and policies that the small town begins with; everything of it can be changed in the console. */

const GROUPS = [
  { id: "general", zh: "综合业务组", en: "General services" },
  { id: "expert", zh: "专家组", en: "Experts" },
] as const;

const AGENTS: Record<string, { groups: string[]; skills: Record<string, number> }> = {
  agent: { groups: ["general"], skills: { mandarin: 8, billing: 6, payment: 6 } },
  agent2: { groups: ["general"], skills: { mandarin: 9, billing: 5, payment: 7, english: 6 } },
  expert: { groups: ["expert"], skills: { mandarin: 7, billing: 9, payment: 8, "new-supply": 9, english: 7 } },
  supervisor: { groups: ["expert"], skills: { mandarin: 9, billing: 9, payment: 9, "new-supply": 9 } },
};

/** 2026-01-01 00:00 in Shanghai. */
const FROM_MS = Date.UTC(2025, 11, 31, 16);

const POLICIES = [
  {
    policyId: "elderly",
    title: { zh: "老年客户优先", en: "Elderly customers first" },
    priority: 80,
    match: { customerClasses: ["elderly"] },
    steps: [
      {
        groups: ["general"],
        strategy: { kind: "sticky", withinMs: 7 * 86_400_000, otherwise: "longest-idle" },
        ringMs: 20_000,
        expiryMs: 40_000,
      },
      { entry: "widen", groups: ["expert"], ringMs: 20_000, expiryMs: 120_000 },
    ],
    ending: "choice",
  },
  {
    policyId: "everyday",
    title: { zh: "日常受理", en: "Everyday calls" },
    priority: 10,
    match: {},
    steps: [
      { groups: ["general"], strategy: { kind: "longest-idle" }, ringMs: 20_000, expiryMs: 60_000 },
      { entry: "widen", groups: ["expert"], strategy: { kind: "least-occupied" }, ringMs: 20_000, expiryMs: 180_000 },
    ],
    ending: "choice",
  },
];

export async function seedSeats(db: Database, rootPath: string): Promise<void> {
  await inScope(db, SYSTEM, async (tx) => {
    for (const group of GROUPS)
      await sql`insert into agent_group (group_id, unit_path, title) values (${group.id}, ${rootPath}::ltree,
        ${JSON.stringify({ zh: group.zh, en: group.en })}::jsonb) on conflict do nothing`.execute(tx);
    const { rows } = await sql<{
      staff_id: string;
      login: string;
      unit_path: string;
    }>`select staff_id, login, unit_path::text
      from staff where login = any(${Object.keys(AGENTS)}::text[]) order by login`.execute(tx);
    for (const person of rows) {
      const agent = AGENTS[person.login];
      if (agent)
        await ensureSeat(tx, { seatId: person.staff_id, unitPath: person.unit_path, nowMs: Date.now(), ...agent });
    }
    for (const policy of POLICIES) {
      const { version: _, ...body } = RoutingPolicy.parse({
        ...policy,
        version: 1,
        validFromMs: FROM_MS,
        validUntilMs: null,
      });
      const known = await sql`select 1 from routing_policy where policy_id = ${policy.policyId}`.execute(tx);
      if (known.rows.length === 0) await publishPolicy(tx, body, rootPath, "system");
    }
  });
}
