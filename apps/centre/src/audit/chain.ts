import { createHash, generateKeyPairSync, sign, verify, createPublicKey, createPrivateKey } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";

/** One thing that somebody did. `actor` is `staff:<id>`, `device:<id>` or `system`. */
export interface AuditEntry {
  unitPath: string;
  actor: string;
  action: string;
  subject: string;
  detail: Record<string, unknown>;
}

interface Row {
  unit_path: string;
  seq: number;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  detail: unknown;
  previous_hash: string;
  hash: string;
}

const GENESIS = "0".repeat(64);

/** Keys in a fixed order, so that the same content always has the same hash. jsonb does not keep the order it was given. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && value !== null)
    return `{${Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`)
      .join(",")}}`;
  return JSON.stringify(value);
}

function hashOf(row: Omit<Row, "hash">): string {
  return createHash("sha256")
    .update(
      canonical([
        row.unit_path,
        row.seq,
        row.at.toISOString(),
        row.actor,
        row.action,
        row.subject,
        row.detail,
        row.previous_hash,
      ]),
    )
    .digest("hex");
}

/** Appends to the unit's hash chain in the caller's transaction: no deed without its entry, no entry without its deed. */
export async function writeAudit(tx: Tx, entry: AuditEntry): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`audit:${entry.unitPath}`}, 0))`.execute(tx);
  const { rows } = await sql<{
    seq: number;
    hash: string;
  }>`select seq, hash from audit where unit_path = ${entry.unitPath}::ltree order by seq desc limit 1`.execute(tx);
  const previous = rows[0] ?? { seq: 0, hash: GENESIS };
  const detail = JSON.parse(JSON.stringify(entry.detail)) as unknown;
  const row = {
    unit_path: entry.unitPath,
    seq: previous.seq + 1,
    at: new Date(),
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    detail,
    previous_hash: previous.hash,
  };
  await sql`insert into audit (unit_path, seq, at, actor, action, subject, detail, previous_hash, hash)
    values (${row.unit_path}::ltree, ${row.seq}, ${row.at}, ${row.actor}, ${row.action}, ${row.subject}, ${JSON.stringify(detail)}::jsonb, ${row.previous_hash}, ${hashOf(row)})`.execute(
    tx,
  );
}

export interface AuditVerdict {
  entries: number;
  units: number;
  heads: number;
  /** Empty when every chain is whole and every signed head still stands in it. */
  faults: { unitPath: string; seq: number; what: string }[];
}

/** Recomputes every chain and compares the signed heads: a changed, removed or inserted entry is named. */
export async function verifyAudit(db: Database, publicKeyPem: string): Promise<AuditVerdict> {
  return inScope(db, SYSTEM, async (tx) => {
    const { rows } =
      await sql<Row>`select unit_path::text, seq, at, actor, action, subject, detail, previous_hash, hash from audit order by unit_path, seq`.execute(
        tx,
      );
    const faults: AuditVerdict["faults"] = [];
    const hashes = new Map<string, string>();
    let unit = "";
    let expected = { seq: 1, hash: GENESIS };
    let units = 0;
    for (const row of rows) {
      if (row.unit_path !== unit) {
        unit = row.unit_path;
        units += 1;
        expected = { seq: 1, hash: GENESIS };
      }
      if (row.seq !== expected.seq)
        faults.push({ unitPath: unit, seq: expected.seq, what: "entries are missing before this one" });
      if (row.previous_hash !== expected.hash)
        faults.push({ unitPath: unit, seq: row.seq, what: "does not follow from the entry before it" });
      if (hashOf(row) !== row.hash) faults.push({ unitPath: unit, seq: row.seq, what: "its content was changed" });
      hashes.set(`${unit}#${row.seq}`, row.hash);
      expected = { seq: row.seq + 1, hash: row.hash };
    }
    const heads = await sql<{
      unit_path: string;
      seq: number;
      hash: string;
      signed_at: Date;
      signature: string;
    }>`select unit_path::text, seq, hash, signed_at, signature from audit_head`.execute(tx);
    const key = createPublicKey(publicKeyPem);
    for (const head of heads.rows) {
      const signed = Buffer.from(`${head.unit_path}#${head.seq}#${head.hash}`);
      if (!verify(null, signed, key, Buffer.from(head.signature, "base64")))
        faults.push({ unitPath: head.unit_path, seq: head.seq, what: "the signature of this head is wrong" });
      // A whole chain that was cut off at its end and grown again is caught here.
      if (hashes.get(`${head.unit_path}#${head.seq}`) !== head.hash)
        faults.push({ unitPath: head.unit_path, seq: head.seq, what: "a signed head is no longer in the chain" });
    }
    return { entries: rows.length, units, heads: heads.rows.length, faults };
  });
}

export interface AuditKey {
  privateKeyPem: string;
  publicKeyPem: string;
}

export async function openAuditKey(dir: string): Promise<AuditKey> {
  const file = join(dir, "audit-key.json");
  if (existsSync(file)) return JSON.parse(await readFile(file, "utf8")) as AuditKey;
  const pair = generateKeyPairSync("ed25519");
  const key = {
    privateKeyPem: pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKeyPem: pair.publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
  await writeFile(file, JSON.stringify(key), { mode: 0o600 });
  return key;
}

/** Signs the newest entry of every unit's chain; run hourly. */
export async function signHeads(db: Database, key: AuditKey): Promise<number> {
  return inScope(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{
      unit_path: string;
      seq: number;
      hash: string;
    }>`select distinct on (a.unit_path) a.unit_path::text, a.seq, a.hash from audit a
      where not exists (select 1 from audit_head h where h.unit_path = a.unit_path and h.seq >= a.seq) order by a.unit_path, a.seq desc`.execute(
      tx,
    );
    for (const row of rows) {
      const signature = sign(
        null,
        Buffer.from(`${row.unit_path}#${row.seq}#${row.hash}`),
        createPrivateKey(key.privateKeyPem),
      ).toString("base64");
      await sql`insert into audit_head (unit_path, seq, hash, signed_at, signature) values (${row.unit_path}::ltree, ${row.seq}, ${row.hash}, now(), ${signature}) on conflict do nothing`.execute(
        tx,
      );
    }
    return rows.length;
  });
}
