import { sql } from "kysely";
import type { Logger } from "pino";
import { type AuditKey, signHeads } from "./audit/chain.ts";
import { type Database, inScope, SYSTEM } from "./db/database.ts";
import type { Reconciliation } from "./money/reconciliation.ts";
import { liveNodes } from "./seats/nodes.ts";
import type { Recordings } from "./seats/recordings.ts";

const EVERY_MS = 10 * 60_000;
const FIRST_MS = 5_000;
/** Acquirers have the bill of the day before from about ten in the morning. */
const RECONCILE_FROM_HOUR = 10;

/**
 * What has to happen by itself: heads of the audit chains signed each hour, partitions made ahead of time, yesterday
 * reconciled once, recordings deleted when their day has come. Each job claims its turn with a row, so that several
 * centre nodes do it once among them, and a restart does not do it again.
 */
export function startJobs(options: {
  db: Database;
  logger: Logger;
  auditKey: AuditKey;
  reconciliation: Reconciliation;
  recordings: Pick<Recordings, "expire" | "recover">;
  nowMs(): number;
}): Disposable {
  const { db, logger } = options;

  const claim = async (key: string): Promise<boolean> => {
    const { numAffectedRows } = await inScope(db, SYSTEM, (tx) =>
      sql`insert into setting (key, value) values (${key}, ${JSON.stringify({ at: new Date(options.nowMs()).toISOString() })}::jsonb) on conflict do nothing`.execute(
        tx,
      ),
    );
    return (numAffectedRows ?? 0n) > 0n;
  };

  const tick = async () => {
    const local = new Date(options.nowMs() + 8 * 3_600_000);
    const hour = local.toISOString().slice(0, 13);
    await inScope(db, SYSTEM, (tx) => sql`select ensure_trace_partitions()`.execute(tx));
    if (await claim(`job:audit-heads:${hour}`)) await signHeads(db, options.auditKey);
    if (await claim(`job:recordings:${hour}`)) {
      const recovered = await options.recordings.recover(await inScope(db, SYSTEM, liveNodes));
      const deleted = await options.recordings.expire();
      if (recovered + deleted > 0) logger.info({ recovered, deleted }, "recordings closed and deleted");
    }
    const yesterday = new Date(local.getTime() - 86_400_000).toISOString().slice(0, 10);
    if (local.getUTCHours() >= RECONCILE_FROM_HOUR && (await claim(`job:reconciliation:${yesterday}`))) {
      const runs = await options.reconciliation.run(yesterday);
      logger.info(
        { day: yesterday, differences: runs.reduce((sum, run) => sum + run.differences, 0) },
        "yesterday is reconciled",
      );
    }
  };
  const run = () =>
    void tick().catch((cause: unknown) => logger.warn({ cause: String(cause) }, "a job failed; it is tried again"));
  const first = setTimeout(run, FIRST_MS);
  const timer = setInterval(run, EVERY_MS);
  return {
    [Symbol.dispose]() {
      clearTimeout(first);
      clearInterval(timer);
    },
  };
}
