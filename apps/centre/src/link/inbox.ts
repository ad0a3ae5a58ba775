import { type Ack, admit, type Lane, LANES, type UpBatch, type UpEvent } from "@gridhall/domain/link/schema.ts";
import { sql } from "kysely";
import type { Logger } from "pino";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";
import type { Bus } from "../live/bus.ts";

/** A device's fact with where it came from, as effects see it. */
export interface InboxEvent extends UpEvent {
  deviceId: string;
  unitPath: string;
  epoch: string;
  lane: Lane;
}

/** Writes what an event means. Runs in the transaction that moves the mark: exactly once, or not yet. */
export type Effect = (tx: Tx, event: InboxEvent) => Promise<void>;

export interface Inbox {
  /** Queues a batch; it is committed with others in one transaction, and then acknowledged. */
  submit(deviceId: string, unitPath: string, batch: UpBatch): void;
  marks(deviceId: string, epoch: string): Promise<Partial<Record<Lane, number>>>;
  /** Resolves when everything submitted so far has been committed or refused. */
  settled(): Promise<void>;
}

interface Submitted {
  deviceId: string;
  unitPath: string;
  batch: UpBatch;
}

/** Later than this after the device wrote it, an event tells of the past: it raises nothing, it is history. */
const HISTORIC_AFTER_MS = 10 * 60_000;
const BATCHES_PER_TRANSACTION = 64;

export function createInbox(options: {
  db: Database;
  logger: Logger;
  bus: Bus;
  effects: ReadonlyMap<string, Effect>;
  acknowledge(deviceId: string, ack: Ack): void;
  nowMs(): number;
}): Inbox {
  const { db, logger, bus, effects } = options;
  let queue: Submitted[] = [];
  let running: Promise<void> | null = null;

  const commit = async (work: Submitted[]): Promise<void> => {
    const outcome = await inScope(db, SYSTEM, (tx) => apply(tx, work));
    for (const ack of outcome.acks)
      options.acknowledge(ack.deviceId, { epoch: ack.epoch, lane: ack.lane, seq: ack.seq });
    for (const touched of outcome.touched.values()) bus.emit("trace.committed", touched);
  };

  const apply = async (tx: Tx, work: Submitted[]) => {
    const marks = await lockMarks(tx, work);
    const fresh: InboxEvent[] = [];
    const touched = new Map<string, { deviceId: string; unitPath: string; journeyIds: string[]; lanes: string[] }>();
    for (const { deviceId, unitPath, batch } of work) {
      const mark = marks.get(markKey(deviceId, batch.epoch, batch.lane));
      if (!mark) throw new Error("a mark was not locked");
      const admitted = admit(mark.seq, batch.lane, batch.events);
      const events = batch.events.slice(admitted.firstFresh, admitted.firstFresh + admitted.fresh);
      for (const event of events) fresh.push({ ...event, deviceId, unitPath, epoch: batch.epoch, lane: batch.lane });
      mark.seq = events.at(-1)?.seq ?? mark.seq;
      if (admitted.gap)
        logger.debug({ deviceId, lane: batch.lane, mark: mark.seq }, "a gap in a lane; the device will send again");
    }
    await insertTraces(
      tx,
      fresh.filter((event) => event.lane !== "status"),
      options.nowMs(),
    );
    for (const event of fresh) {
      const effect = effects.get(event.type);
      if (effect) await runEffect(tx, effect, event);
      const entry = touched.get(event.deviceId) ?? {
        deviceId: event.deviceId,
        unitPath: event.unitPath,
        journeyIds: [],
        lanes: [],
      };
      const journeyId = journeyOf(event.body);
      if (journeyId && !entry.journeyIds.includes(journeyId)) entry.journeyIds.push(journeyId);
      if (!entry.lanes.includes(event.lane)) entry.lanes.push(event.lane);
      touched.set(event.deviceId, entry);
    }
    await writeMarks(tx, [...marks.values()]);
    return { acks: [...marks.values()], touched };
  };

  /** A fact that its effect cannot digest must not stop the lane, nor be lost: it stays as a trace and as an open case. */
  const runEffect = async (tx: Tx, effect: Effect, event: InboxEvent): Promise<void> => {
    await sql`savepoint effect`.execute(tx);
    try {
      await effect(tx, event);
      await sql`release savepoint effect`.execute(tx);
    } catch (cause) {
      if (isTransient(cause)) throw cause;
      await sql`rollback to savepoint effect`.execute(tx);
      logger.error(
        {
          cause: cause instanceof Error ? cause.stack : String(cause),
          event: event.type,
          deviceId: event.deviceId,
          seq: event.seq,
        },
        "an event's effect failed; kept as an open case",
      );
      const caseId = `event-${event.deviceId}-${event.epoch.slice(0, 12)}-${event.lane}-${event.seq}`;
      await sql`insert into open_case (case_id, unit_path, kind, amount_fen, detail)
        values (${caseId}, ${event.unitPath}::ltree, 'event-unprocessed', 0, ${JSON.stringify({ type: event.type, deviceId: event.deviceId, body: event.body, cause: String(cause) })}::jsonb)
        on conflict do nothing`.execute(tx);
    }
  };

  const drain = async (): Promise<void> => {
    while (queue.length > 0) {
      const work = queue.slice(0, BATCHES_PER_TRANSACTION);
      queue = queue.slice(BATCHES_PER_TRANSACTION);
      try {
        await commit(work);
      } catch (cause) {
        // Nothing was acknowledged, so nothing is lost: the devices send again.
        logger.warn({ cause: String(cause), batches: work.length }, "inbox transaction failed");
        await new Promise((done) => setTimeout(done, 200));
      }
    }
  };

  const start = () => {
    running ??= drain().finally(() => {
      running = null;
      if (queue.length > 0) start();
    });
  };

  return {
    submit(deviceId, unitPath, batch) {
      queue.push({ deviceId, unitPath, batch });
      start();
    },
    async marks(deviceId, epoch) {
      const { rows } = await inScope(db, SYSTEM, (tx) =>
        sql<{
          lane: Lane;
          seq: number;
        }>`select lane, seq from inbox_mark where device_id = ${deviceId} and epoch = ${epoch}`.execute(tx),
      );
      return Object.fromEntries(rows.map((row) => [row.lane, row.seq]));
    },
    async settled() {
      while (running) await running;
    },
  };
}

function markKey(deviceId: string, epoch: string, lane: string): string {
  return `${deviceId}\n${epoch}\n${lane}`;
}

interface Mark {
  deviceId: string;
  epoch: string;
  lane: Lane;
  seq: number;
}

/** Locks in one order for every node, so that two transactions never wait for each other in a ring. */
async function lockMarks(tx: Tx, work: Submitted[]): Promise<Map<string, Mark>> {
  const wanted = new Map<string, Mark>();
  for (const { deviceId, batch } of work)
    wanted.set(markKey(deviceId, batch.epoch, batch.lane), { deviceId, epoch: batch.epoch, lane: batch.lane, seq: 0 });
  const list = [...wanted.values()].sort((a, b) =>
    markKey(a.deviceId, a.epoch, a.lane) < markKey(b.deviceId, b.epoch, b.lane) ? -1 : 1,
  );
  const columns = [
    list.map((mark) => mark.deviceId),
    list.map((mark) => mark.epoch),
    list.map((mark) => mark.lane),
  ] as const;
  await sql`insert into inbox_mark (device_id, epoch, lane, seq)
    select d, e, l, 0 from unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::text[]) as t(d, e, l)
    on conflict do nothing`.execute(tx);
  const { rows } = await sql<{ device_id: string; epoch: string; lane: Lane; seq: number }>`
    select m.device_id, m.epoch, m.lane, m.seq from inbox_mark m
    join unnest(${columns[0]}::text[], ${columns[1]}::text[], ${columns[2]}::text[]) as t(d, e, l) on m.device_id = d and m.epoch = e and m.lane = l
    order by m.device_id, m.epoch, m.lane for update of m`.execute(tx);
  for (const row of rows)
    wanted.set(markKey(row.device_id, row.epoch, row.lane), {
      deviceId: row.device_id,
      epoch: row.epoch,
      lane: row.lane,
      seq: row.seq,
    });
  return wanted;
}

async function writeMarks(tx: Tx, marks: Mark[]): Promise<void> {
  await sql`update inbox_mark m set seq = t.s
    from unnest(${marks.map((m) => m.deviceId)}::text[], ${marks.map((m) => m.epoch)}::text[], ${marks.map((m) => m.lane)}::text[], ${marks.map((m) => m.seq)}::bigint[]) as t(d, e, l, s)
    where m.device_id = t.d and m.epoch = t.e and m.lane = t.l`.execute(tx);
}

/** One statement for all events of the transaction: arrays cost a fraction of a row-by-row insert. */
async function insertTraces(tx: Tx, events: InboxEvent[], nowMs: number): Promise<void> {
  if (events.length === 0) return;
  await sql`insert into trace (device_id, epoch, lane, seq, unit_path, type, journey_id, wall_at, boot_id, mono_ms, received_at, historic, body)
    select d, e, l, s, u::ltree, t, j, to_timestamp(w / 1000.0), b, m, to_timestamp(${nowMs} / 1000.0), h, y::jsonb
    from unnest(
      ${events.map((e) => e.deviceId)}::text[], ${events.map((e) => e.epoch)}::text[], ${events.map((e) => e.lane)}::text[], ${events.map((e) => e.seq)}::bigint[],
      ${events.map((e) => e.unitPath)}::text[], ${events.map((e) => e.type)}::text[], ${events.map((e) => journeyOf(e.body))}::text[],
      ${events.map((e) => e.wallMs)}::bigint[], ${events.map((e) => e.bootId)}::text[], ${events.map((e) => e.monoMs)}::bigint[],
      ${events.map((e) => nowMs - e.wallMs > HISTORIC_AFTER_MS)}::boolean[], ${events.map((e) => JSON.stringify(e.body ?? null))}::text[]
    ) as x(d, e, l, s, u, t, j, w, b, m, h, y)`.execute(tx);
}

function journeyOf(body: unknown): string | null {
  return typeof body === "object" && body !== null && "journeyId" in body && typeof body.journeyId === "string"
    ? body.journeyId
    : null;
}

/** Worth trying again as a whole: the connection, a deadlock, a serialization failure, a server that is going down. */
function isTransient(cause: unknown): boolean {
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  return code === ""
    ? !(cause instanceof Error && cause.name === "ZodError") && isConnectionLoss(cause)
    : code.startsWith("08") ||
        code.startsWith("57") ||
        code === "40001" ||
        code === "40P01" ||
        code === "ECONNRESET" ||
        code === "EPIPE";
}

function isConnectionLoss(cause: unknown): boolean {
  return cause instanceof Error && /connection|terminat/i.test(cause.message);
}

export const LANE_ORDER: readonly Lane[] = LANES;
