import { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

/** Published versions of routing policies: rows that are added and withdrawn, never edited. */

export interface PolicyRecord {
  policy: RoutingPolicy;
  publishedAt: Date;
  publishedBy: string;
  withdrawnAt: Date | null;
  current: boolean;
}

export async function listPolicies(tx: Tx): Promise<PolicyRecord[]> {
  const { rows } = await sql<{
    body: unknown;
    published_at: Date;
    published_by: string;
    withdrawn_at: Date | null;
    current: boolean;
  }>`select p.body, p.published_at, coalesce(f.name_zh, p.published_by) as published_by, p.withdrawn_at,
      p.withdrawn_at is null and p.version = max(p.version) over (partition by p.policy_id) as current
    from routing_policy p left join staff f on f.staff_id = p.published_by
    order by (p.body->>'priority')::int desc, p.policy_id, p.version desc`.execute(tx);
  return rows.map((row) => ({
    policy: RoutingPolicy.parse(row.body),
    publishedAt: row.published_at,
    publishedBy: row.published_by,
    withdrawnAt: row.withdrawn_at,
    current: row.current,
  }));
}

/** The newest version of each policy that has not been withdrawn: what new calls are matched with. */
export async function routingPolicies(tx: Tx): Promise<RoutingPolicy[]> {
  return (await listPolicies(tx)).filter((record) => record.current).map((record) => record.policy);
}

/** Older versions that calls are still pinned to. */
export async function heldPolicies(tx: Tx): Promise<RoutingPolicy[]> {
  const { rows } = await sql<{ body: unknown }>`select p.body from routing_policy p
    where exists (select 1 from call c where c.ended_at is null
      and c.state->'policy'->>'policyId' = p.policy_id and (c.state->'policy'->>'version')::int = p.version)`.execute(
    tx,
  );
  return rows.map((row) => RoutingPolicy.parse(row.body));
}

/** The unit that a policy's versions belong to; null: there is no such policy. */
export async function policyUnit(tx: Tx, policyId: string): Promise<string | null> {
  const { rows } = await sql<{ unit_path: string }>`select unit_path::text from routing_policy
    where policy_id = ${policyId} order by version limit 1`.execute(tx);
  return rows[0]?.unit_path ?? null;
}

export async function rootUnit(tx: Tx): Promise<string> {
  const { rows } = await sql<{ path: string }>`select path::text from unit order by nlevel(path), path limit 1`.execute(
    tx,
  );
  return rows[0]?.path ?? "p";
}

/** Writes the next version of a policy. The caller has validated it. Two at the same time get one number after the other. */
export async function publishPolicy(
  tx: Tx,
  policy: Omit<RoutingPolicy, "version">,
  unitPath: string,
  by: string,
): Promise<RoutingPolicy> {
  await sql`select pg_advisory_xact_lock(hashtext('routing_policy'), hashtext(${policy.policyId}))`.execute(tx);
  const { rows } = await sql<{ next: number }>`select coalesce(max(version), 0) + 1 as next from routing_policy
    where policy_id = ${policy.policyId}`.execute(tx);
  const version = rows[0]?.next ?? 1;
  const body: RoutingPolicy = { ...policy, version };
  await sql`insert into routing_policy (policy_id, version, unit_path, body, published_by)
    values (${policy.policyId}, ${version}, ${unitPath}::ltree, ${JSON.stringify(body)}::jsonb, ${by})`.execute(tx);
  return body;
}

/** Takes all versions of a policy out of force. Calls that wait under it keep it. */
export async function withdrawPolicy(tx: Tx, policyId: string): Promise<boolean> {
  const { numAffectedRows } = await sql`update routing_policy set withdrawn_at = now()
    where policy_id = ${policyId} and withdrawn_at is null`.execute(tx);
  return (numAffectedRows ?? 0n) > 0n;
}
