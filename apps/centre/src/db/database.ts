import { Kysely, PostgresDialect, sql, type Transaction } from "kysely";
import pg from "pg";

/** Every statement is written in SQL in its feature's `store.ts`; Kysely binds parameters and carries transactions. */
export type Database = Kysely<Record<string, never>>;
export type Tx = Transaction<Record<string, never>>;

/** Which part of the organisation a transaction may see and touch; row-level security enforces it (design §8). */
export type Scope = { kind: "system" } | { kind: "units"; paths: readonly string[] };
export const SYSTEM: Scope = { kind: "system" };

// Fen sums come back as int8: numbers are exact below 2^53, and the ledger asks for text where it needs more.
pg.types.setTypeParser(20, (text) => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 value ${text} does not fit a JavaScript number`);
  return value;
});
pg.types.setTypeParser(1082, (text) => text); // date stays "YYYY-MM-DD"

export function openDatabase(url: string, options: { max?: number } = {}): Database {
  const pool = new pg.Pool({ connectionString: url, max: options.max ?? 16, application_name: "gridhall" });
  // An idle connection that the server closed must not end the process; the next query opens a new one.
  pool.on("error", () => {});
  return new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool }) });
}

/** Runs `work` in one transaction under the given scope. Without a scope the application's role sees no row at all. */
export async function inScope<T>(db: Database, scope: Scope, work: (tx: Tx) => Promise<T>): Promise<T> {
  const setting = scope.kind === "system" ? "*" : scope.paths.join(",");
  return db.transaction().execute(async (tx) => {
    await sql`select set_config('gridhall.scope', ${setting}, true)`.execute(tx);
    return work(tx);
  });
}
