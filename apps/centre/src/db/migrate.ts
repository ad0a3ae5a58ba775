import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";

const FOLDER = join(import.meta.dirname, "..", "migrations");

/**
 * Applies the numbered SQL files that have not run yet, each in one transaction, under an advisory lock so that several
 * centre nodes may start at once. A file that was changed after it ran is refused: history is not edited.
 */
export async function migrate(ownerUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(7240001)");
    await client.query(
      "create table if not exists migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())",
    );
    const done = new Map(
      (await client.query<{ name: string; sha256: string }>("select name, sha256 from migration")).rows.map((row) => [
        row.name,
        row.sha256,
      ]),
    );
    const applied: string[] = [];
    for (const name of (await readdir(FOLDER)).filter((file) => file.endsWith(".sql")).sort()) {
      const text = await readFile(join(FOLDER, name), "utf8");
      const sha256 = createHash("sha256").update(text).digest("hex");
      const before = done.get(name);
      if (before === sha256) continue;
      if (before) throw new Error(`migration ${name} was changed after it had been applied; write a new one instead`);
      await client.query("begin");
      try {
        await client.query(text);
        await client.query("insert into migration (name, sha256) values ($1, $2)", [name, sha256]);
        await client.query("commit");
      } catch (cause) {
        await client.query("rollback");
        throw new Error(`migration ${name} failed: ${cause instanceof Error ? cause.message : String(cause)}`, {
          cause,
        });
      }
      applied.push(name);
    }
    return applied;
  } finally {
    await client.end();
  }
}
