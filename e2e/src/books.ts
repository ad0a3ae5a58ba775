import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { Town } from "./town.ts";

// Sums of fen as numbers: they are small here.
pg.types.setTypeParser(20, Number);

/** The centre's books, read beside it with the owner's rights: an independent witness. */
export interface Books extends AsyncDisposable {
  query<T>(text: string, values?: unknown[]): Promise<T[]>;
  /** One number. */
  number(text: string, values?: unknown[]): Promise<number>;
}

export async function openBooks(town: Town): Promise<Books> {
  const { owner } = JSON.parse(readFileSync(join(town.dir, "centre", "postgres", "passwords.json"), "utf8")) as {
    owner: string;
  };
  const client = new pg.Client({
    connectionString: `postgresql://gridhall_owner:${owner}@${town.centre.databaseUrl}/gridhall`,
  });
  client.on("error", () => {}); // the server is killed on purpose
  await client.connect();
  const query = async <T>(text: string, values: unknown[] = []) => (await client.query(text, values)).rows as T[];
  return {
    query,
    async number(text, values) {
      const [row] = await query<Record<string, unknown>>(text, values);
      return Number(Object.values(row ?? {})[0] ?? 0);
    },
    async [Symbol.asyncDispose]() {
      await client.end();
    },
  };
}
