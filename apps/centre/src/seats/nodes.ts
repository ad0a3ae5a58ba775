import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

/** Which centre nodes live, and which of them holds a lease: rows with a time, so that a dead node's share is free by itself. */

const NODE_SILENT = sql`interval '6 seconds'`;

export async function beat(tx: Tx, nodeId: string): Promise<void> {
  await sql`insert into centre_node (node_id, seen_at) values (${nodeId}, clock_timestamp())
    on conflict (node_id) do update set seen_at = clock_timestamp()`.execute(tx);
}

export async function liveNodes(tx: Tx): Promise<Set<string>> {
  const { rows } = await sql<{ node_id: string }>`select node_id from centre_node
    where seen_at > clock_timestamp() - ${NODE_SILENT}`.execute(tx);
  return new Set(rows.map((row) => row.node_id));
}

export async function forgetNode(tx: Tx, nodeId: string): Promise<void> {
  await sql`delete from centre_node where node_id = ${nodeId}`.execute(tx);
  await sql`update lease set expires_at = clock_timestamp() where node_id = ${nodeId}`.execute(tx);
}

/** Takes or renews the lease. Null: another node has it. A new holder gets a new epoch. */
export async function holdLease(tx: Tx, name: string, nodeId: string, ttlMs: number): Promise<number | null> {
  const ttl = sql`make_interval(secs => ${ttlMs / 1000})`;
  const { rows } = await sql<{ epoch: number }>`insert into lease (name, node_id, epoch, expires_at)
    values (${name}, ${nodeId}, 1, clock_timestamp() + ${ttl})
    on conflict (name) do update set node_id = ${nodeId},
      epoch = lease.epoch + case when lease.node_id = ${nodeId} then 0 else 1 end,
      expires_at = clock_timestamp() + ${ttl}
    where lease.node_id = ${nodeId} or lease.expires_at < clock_timestamp()
    returning epoch`.execute(tx);
  return rows[0]?.epoch ?? null;
}
