import type { ReconciliationDetail, ReconciliationRun } from "@gridhall/domain/payment/api.ts";
import { compareBooks, type Difference, type Entry } from "@gridhall/domain/payment/reconcile.ts";
import { sql } from "kysely";
import type { Logger } from "pino";
import { type Database, inScope, type Scope, SYSTEM, type Tx } from "../db/database.ts";
import type { Acquirer } from "./acquirers/acquirer.ts";
import type { OpenCase } from "./cashEffects.ts";

/** Daily reconciliation: acquirer's bill × ledger, and cash device's counters × ledger (requirement P3). */
export interface Reconciliation {
  run(day: string): Promise<ReconciliationRun[]>;
  list(scope: Scope, limit: number): Promise<ReconciliationRun[]>;
  find(scope: Scope, runId: string): Promise<ReconciliationDetail | null>;
}

interface Result {
  kind: "wechat" | "alipay" | "cash";
  oursFen: number;
  theirsFen: number;
  oursCount: number;
  theirsCount: number;
  differences: (Difference & { deviceId: string | null })[];
  problem: string | null;
}

export function createReconciliation(options: {
  db: Database;
  logger: Logger;
  acquirers: ReadonlyMap<string, Acquirer>;
  openCase: OpenCase;
  rootPath(tx: Tx): Promise<string>;
}): Reconciliation {
  const { db } = options;

  const ledgerEntries = async (tx: Tx, provider: string, day: string): Promise<Entry[]> => {
    const account = `acquirer:${provider}`;
    const { rows } = await sql<{ intent_id: string; debit: string; amount_fen: number; day: string }>`
      select intent_id, debit, amount_fen, (posted_at at time zone 'Asia/Shanghai')::date as day from ledger_transfer
      where (debit = ${account} or credit = ${account}) and posted_at >= ${day}::date - 1 and posted_at < ${day}::date + 2`.execute(
      tx,
    );
    return rows.map((row) => ({
      key: row.intent_id,
      kind: row.debit === account ? "payment" : "refund",
      amountFen: row.amount_fen,
      day: row.day,
    }));
  };

  const acquirer = async (provider: "wechat" | "alipay", source: Acquirer, day: string): Promise<Result> => {
    try {
      const rows = await source.downloadBill(day);
      const theirs = rows.map((row): Entry => ({ key: row.outTradeNo, kind: row.kind, amountFen: row.amountFen, day }));
      const ours = await inScope(db, SYSTEM, (tx) => ledgerEntries(tx, provider, day));
      const today = ours.filter((entry) => entry.day === day);
      return {
        kind: provider,
        ...totals(today, theirs),
        differences: compareBooks(ours, theirs, day).map((difference) => ({ ...difference, deviceId: null })),
        problem: null,
      };
    } catch (cause) {
      options.logger.warn({ provider, day, cause: String(cause) }, "no bill to reconcile with");
      return {
        kind: provider,
        oursFen: 0,
        theirsFen: 0,
        oursCount: 0,
        theirsCount: 0,
        differences: [],
        problem: cause instanceof Error ? cause.message : String(cause),
      };
    }
  };

  /** Counters of the device against the ledger at the same point of its report stream, between the first count ever and the last of the day. */
  const cash = async (day: string): Promise<Result> => {
    const { rows } = await inScope(db, SYSTEM, (tx) =>
      sql<{ device_id: string; device_fen: number; ledger_fen: number; n: number }>`
        with counts as (
          select device_id, at, stacked_total_fen - dispensed_total_fen as net, (body->>'ledgerFen')::bigint as ledger,
            first_value(stacked_total_fen - dispensed_total_fen) over w as net0, first_value((body->>'ledgerFen')::bigint) over w as ledger0,
            row_number() over (partition by device_id order by at desc) as last, count(*) over (partition by device_id) as n
          from cash_count where source = 'device' and at < ${day}::date + 1
          window w as (partition by device_id order by at)
        )
        select device_id, (net - net0)::bigint as device_fen, (ledger - ledger0)::bigint as ledger_fen, n::int from counts where last = 1 order by device_id`.execute(
        tx,
      ),
    );
    const differences = rows.flatMap((row, index) =>
      row.device_fen === row.ledger_fen
        ? []
        : [
            {
              n: index + 1,
              kind: "cash-differs" as const,
              key: null,
              deviceId: row.device_id,
              oursFen: row.ledger_fen,
              theirsFen: row.device_fen,
              explanation: `the box of ${row.device_id} holds ${((row.device_fen - row.ledger_fen) / 100).toFixed(2)} yuan more than the ledger says`,
            },
          ],
    );
    return {
      kind: "cash",
      oursFen: sum(rows.map((row) => row.ledger_fen)),
      theirsFen: sum(rows.map((row) => row.device_fen)),
      oursCount: rows.length,
      theirsCount: rows.length,
      differences,
      problem: null,
    };
  };

  const store = async (day: string, result: Result): Promise<ReconciliationRun> =>
    inScope(db, SYSTEM, async (tx) => {
      const root = await options.rootPath(tx);
      const { rows } = await sql<{
        n: number;
      }>`select count(*)::int as n from reconciliation_run where day = ${day}::date and kind = ${result.kind}`.execute(
        tx,
      );
      const runId = `${day}-${result.kind}-${(rows[0]?.n ?? 0) + 1}`;
      await sql`insert into reconciliation_run (run_id, day, kind, unit_path, ours_fen, theirs_fen, ours_count, theirs_count, differences, body)
        values (${runId}, ${day}::date, ${result.kind}, ${root}::ltree, ${result.oursFen}, ${result.theirsFen}, ${result.oursCount}, ${result.theirsCount}, ${result.differences.length}, ${JSON.stringify({ problem: result.problem })}::jsonb)`.execute(
        tx,
      );
      for (const [index, difference] of result.differences.entries()) {
        // The same difference found again tomorrow is the same case.
        const caseId = `recon-${result.kind}-${difference.key ?? difference.deviceId ?? "all"}-${difference.kind}`;
        const path = difference.deviceId
          ? ((
              await sql<{
                path: string;
              }>`select unit_path::text as path from device where device_id = ${difference.deviceId}`.execute(tx)
            ).rows[0]?.path ?? root)
          : root;
        await options.openCase(tx, {
          caseId,
          intentId: null,
          unitPath: path,
          kind: "reconciliation-difference",
          amountFen: (difference.theirsFen ?? 0) - (difference.oursFen ?? 0),
          detail: { ...difference, day, runId },
        });
        await sql`insert into reconciliation_difference (run_id, n, unit_path, kind, intent_id, device_id, ours_fen, theirs_fen, explanation, case_id)
          values (${runId}, ${index + 1}, ${path}::ltree, ${difference.kind}, ${difference.key}, ${difference.deviceId}, ${difference.oursFen}, ${difference.theirsFen}, ${difference.explanation}, ${caseId})`.execute(
          tx,
        );
      }
      return {
        runId,
        day,
        kind: result.kind,
        ranAt: new Date().toISOString(),
        oursFen: result.oursFen,
        theirsFen: result.theirsFen,
        oursCount: result.oursCount,
        theirsCount: result.theirsCount,
        differences: result.differences.length,
        problem: result.problem,
      };
    });

  const runs = (where: ReturnType<typeof sql>, limit: number) => sql<{
    run_id: string;
    day: string;
    kind: Result["kind"];
    ran_at: Date;
    ours_fen: number;
    theirs_fen: number;
    ours_count: number;
    theirs_count: number;
    differences: number;
    body: { problem: string | null };
  }>`
    select run_id, day, kind, ran_at, ours_fen, theirs_fen, ours_count, theirs_count, differences, body from reconciliation_run where ${where} order by ran_at desc limit ${limit}`;
  const toRun = (row: Awaited<ReturnType<ReturnType<typeof runs>["execute"]>>["rows"][number]): ReconciliationRun => ({
    runId: row.run_id,
    day: row.day,
    kind: row.kind,
    ranAt: row.ran_at.toISOString(),
    oursFen: row.ours_fen,
    theirsFen: row.theirs_fen,
    oursCount: row.ours_count,
    theirsCount: row.theirs_count,
    differences: row.differences,
    problem: row.body.problem,
  });

  return {
    async run(day) {
      const results = [await cash(day)];
      for (const provider of ["wechat", "alipay"] as const) {
        const source = options.acquirers.get(provider);
        if (source) results.push(await acquirer(provider, source, day));
      }
      const stored: ReconciliationRun[] = [];
      for (const result of results) stored.push(await store(day, result));
      return stored;
    },
    list: (scope, limit) =>
      inScope(db, scope, async (tx) => (await runs(sql`true`, limit).execute(tx)).rows.map(toRun)),
    find: (scope, runId) =>
      inScope(db, scope, async (tx) => {
        const [row] = (await runs(sql`run_id = ${runId}`, 1).execute(tx)).rows;
        if (!row) return null;
        const differences = await sql<{
          n: number;
          kind: string;
          intent_id: string | null;
          device_id: string | null;
          ours_fen: number | null;
          theirs_fen: number | null;
          explanation: string;
          case_id: string | null;
        }>`
          select n, kind, intent_id, device_id, ours_fen, theirs_fen, explanation, case_id from reconciliation_difference where run_id = ${runId} order by n`.execute(
          tx,
        );
        return {
          ...toRun(row),
          rows: differences.rows.map((entry) => ({
            n: entry.n,
            kind: entry.kind,
            intentId: entry.intent_id,
            deviceId: entry.device_id,
            oursFen: entry.ours_fen,
            theirsFen: entry.theirs_fen,
            explanation: entry.explanation,
            caseId: entry.case_id,
          })),
        };
      }),
  };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}

/** Refunds count against payments on both sides. */
function totals(ours: readonly Entry[], theirs: readonly Entry[]) {
  const net = (entries: readonly Entry[]) =>
    sum(entries.map((entry) => (entry.kind === "payment" ? entry.amountFen : -entry.amountFen)));
  return { oursFen: net(ours), theirsFen: net(theirs), oursCount: ours.length, theirsCount: theirs.length };
}
