import type { Database } from "better-sqlite3";
import { LANES, type Lane, type UpEvent } from "@gridhall/domain/link/schema.ts";

/**
 * The device's side of exactly-once delivery: events wait in the device's own store until the centre says that they are
 * durable. `put` must run inside the transaction that writes the business row, so that both survive a power cut or
 * neither does (design §4).
 */
export interface Outbox {
  /** Identity of this store: a new store (new disk, wiped terminal) begins a new series of `seq`. */
  readonly epoch: string;
  /** Call inside the caller's transaction. Returns the event's place in its lane. */
  put(lane: Lane, type: string, body: unknown): number;
  /** Unacknowledged events after `afterSeq`, oldest first. */
  pending(lane: Lane, afterSeq: number, limit: number): UpEvent[];
  /** The centre's high-water mark: everything up to it is deleted. */
  acknowledge(lane: Lane, seq: number): void;
  counts(): Record<Lane, number>;
  /** Fires after the transaction that put something has been committed, when the caller says so. */
  readonly changed: { notify(): void; listen(listener: () => void): () => void };
  /** Rises at each call, durably: the number of a connection, which fences late wills. */
  nextSession(): number;
  /** True once for each fencing token above all before; durable before the command runs, so that none is ever replayed. */
  acceptCommand(fencingToken: number, commandId: string): boolean;
  /** Commands that were accepted and whose result was never written: the power failed while they ran. */
  unfinishedCommands(): string[];
  finishCommand(
    commandId: string,
    result: { outcome: "done" | "failed" | "expired" | "refused"; detail: string },
  ): void;
}

export interface OutboxClock {
  bootId: string;
  wallMs(): number;
  monoMs(): number;
}

/** Logs are the only lane that may lose its oldest entries: 20,000 of them are kept while the link is down. */
const LOGS_KEPT = 20_000;

export function openOutbox(db: Database, clock: OutboxClock, newEpoch: () => string): Outbox {
  db.exec(`
    create table if not exists outbox (
      lane text not null, seq integer not null, type text not null,
      wall_ms integer not null, boot_id text not null, mono_ms integer not null, body text not null,
      primary key (lane, seq)
    ) without rowid;
    create table if not exists outbox_meta (key text primary key, value text not null) without rowid;
    create table if not exists down_command (id text primary key, token integer not null, done integer not null default 0) without rowid;
  `);
  const readMeta = db.prepare<[string], { value: string }>("select value from outbox_meta where key = ?");
  const writeMeta = db.prepare<[string, string]>(
    "insert into outbox_meta (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
  );
  const insert = db.prepare(
    "insert into outbox (lane, seq, type, wall_ms, boot_id, mono_ms, body) values (?, ?, ?, ?, ?, ?, ?)",
  );
  const select = db.prepare<
    [string, number, number],
    { seq: number; type: string; wall_ms: number; boot_id: string; mono_ms: number; body: string }
  >("select seq, type, wall_ms, boot_id, mono_ms, body from outbox where lane = ? and seq > ? order by seq limit ?");
  const remove = db.prepare("delete from outbox where lane = ? and seq <= ?");
  const removeOlderStatus = db.prepare("delete from outbox where lane = 'status' and type = ? and seq < ?");
  const count = db.prepare<[string], { n: number }>("select count(*) as n from outbox where lane = ?");
  const listeners = new Set<() => void>();
  const next = (key: string) => {
    const value = Number(readMeta.get(key)?.value ?? 0) + 1;
    writeMeta.run(key, String(value));
    return value;
  };
  if (!readMeta.get("epoch")) writeMeta.run("epoch", newEpoch());
  const epoch = readMeta.get("epoch")?.value ?? "";

  const outbox: Outbox = {
    epoch,
    put(lane, type, body) {
      const seq = next(`seq.${lane}`);
      insert.run(
        lane,
        seq,
        type,
        clock.wallMs(),
        clock.bootId,
        Math.round(clock.monoMs()),
        JSON.stringify(body ?? null),
      );
      // Latest only: a newer report of the same type makes the older worthless.
      if (lane === "status") removeOlderStatus.run(type, seq);
      if (lane === "logs" && seq % 500 === 0) remove.run(lane, seq - LOGS_KEPT);
      return seq;
    },
    pending(lane, afterSeq, limit) {
      return select.all(lane, afterSeq, limit).map((row) => ({
        seq: row.seq,
        type: row.type,
        wallMs: row.wall_ms,
        bootId: row.boot_id,
        monoMs: row.mono_ms,
        body: JSON.parse(row.body) as unknown,
      }));
    },
    acknowledge(lane, seq) {
      remove.run(lane, seq);
    },
    counts() {
      return Object.fromEntries(LANES.map((lane) => [lane, count.get(lane)?.n ?? 0])) as Record<Lane, number>;
    },
    changed: {
      notify() {
        for (const listener of listeners) listener();
      },
      listen(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    // Not below the wall clock: a terminal with a new disk must not seem older than its own former connections.
    nextSession: db.transaction(() => {
      const value = Math.max(next("session"), clock.wallMs());
      writeMeta.run("session", String(value));
      return value;
    }),
    acceptCommand: db.transaction((token: number, id: string) => {
      if (token <= Number(readMeta.get("token")?.value ?? 0)) return false;
      writeMeta.run("token", String(token));
      db.prepare("insert or ignore into down_command (id, token) values (?, ?)").run(id, token);
      return true;
    }),
    unfinishedCommands() {
      return db
        .prepare<[], { id: string }>("select id from down_command where done = 0 order by token")
        .all()
        .map((row) => row.id);
    },
    finishCommand: db.transaction((commandId: string, result: { outcome: string; detail: string }) => {
      db.prepare("update down_command set done = 1 where id = ?").run(commandId);
      db.prepare(
        "delete from down_command where done = 1 and token < (select max(token) - 200 from down_command)",
      ).run();
      outbox.put("traces", "command.result", { commandId, ...result });
    }),
  };
  return outbox;
}
