import type { CashPayment } from "@gridhall/domain/payment/cashSaga.ts";
import type { Lane } from "@gridhall/domain/link/schema.ts";
import type { Outbox } from "@gridhall/link/outbox.ts";
import type { Database } from "better-sqlite3";

/** A journey is a plain row plus the append-only journal; UI and remote agent are two views of it (design §5). */
export interface JourneyRow {
  journeyId: string;
  serviceId: string;
  serviceVersion: number;
  page: string;
  answers: Record<string, unknown>;
}

export interface Report {
  lane: Lane;
  type: string;
  body: unknown;
}

/** Everything that one step changes, committed together or not at all. */
export interface Step {
  journeyId: string | null;
  type: string;
  detail: unknown;
  journey?: { row: JourneyRow; ended: boolean };
  cash?: { payment: CashPayment; final: boolean };
  scan?: { intentId: string; state: unknown; final: boolean };
  reports: Report[];
}

export interface Journal {
  /** Durable when it returns (WAL, synchronous=FULL). */
  write(step: Step): void;
  openJourney(): JourneyRow | null;
  openCash(): { payment: CashPayment; journeyId: string | null } | null;
  openScan(): { intentId: string; state: unknown; journeyId: string | null } | null;
  readFact(key: string): string | null;
  writeFact(key: string, value: string): void;
  /** How many steps were ever written. */
  count(): number;
}

/**
 * Where a test ends this process with -9: at the n-th journal write from now, `before` its commit or right `after` it.
 * So the kill loop reaches each point of a payment and not a sample of them. Armed through the supervisor's channel, and
 * only where GRIDHALL_TEST_HOOKS is set.
 */
export interface KillPoint {
  remaining: number;
  when: "before" | "after";
}

export function openJournal(
  db: Database,
  outbox: Outbox,
  options: { nowMs(): number; killPoint: KillPoint | null; onKill(): void },
): Journal {
  db.exec(`
    create table if not exists journey (
      journey_id text primary key, service_id text not null, service_version integer not null, page text not null,
      answers text not null, started_ms integer not null, ended_ms integer
    ) without rowid;
    create table if not exists journal (
      n integer primary key autoincrement, at_ms integer not null, journey_id text, type text not null, detail text not null
    );
    create table if not exists cash_payment (
      intent_id text primary key, journey_id text, state text not null, final integer not null, updated_ms integer not null
    ) without rowid;
    create table if not exists scan_payment (
      intent_id text primary key, journey_id text, state text not null, final integer not null, updated_ms integer not null
    ) without rowid;
    create table if not exists fact (key text primary key, value text not null) without rowid;
  `);
  const insert = db.prepare("insert into journal (at_ms, journey_id, type, detail) values (?, ?, ?, ?)");
  const upsertJourney = db.prepare(
    "insert into journey (journey_id, service_id, service_version, page, answers, started_ms, ended_ms) values (?, ?, ?, ?, ?, ?, ?) on conflict (journey_id) do update set page = excluded.page, answers = excluded.answers, ended_ms = excluded.ended_ms",
  );
  const upsertCash = db.prepare(
    "insert into cash_payment (intent_id, journey_id, state, final, updated_ms) values (?, ?, ?, ?, ?) on conflict (intent_id) do update set state = excluded.state, final = excluded.final, updated_ms = excluded.updated_ms",
  );
  const upsertScan = db.prepare(
    "insert into scan_payment (intent_id, journey_id, state, final, updated_ms) values (?, ?, ?, ?, ?) on conflict (intent_id) do update set state = excluded.state, final = excluded.final, updated_ms = excluded.updated_ms",
  );
  let killNow = false;

  const commit = db.transaction((step: Step) => {
    const nowMs = options.nowMs();
    insert.run(nowMs, step.journeyId, step.type, JSON.stringify(step.detail ?? null));
    if (step.journey) {
      const { row, ended } = step.journey;
      // An ended journey keeps no answers: nothing of the customer stays on the terminal.
      upsertJourney.run(
        row.journeyId,
        row.serviceId,
        row.serviceVersion,
        row.page,
        ended ? "{}" : JSON.stringify(row.answers),
        nowMs,
        ended ? nowMs : null,
      );
    }
    if (step.cash)
      upsertCash.run(
        step.cash.payment.intentId,
        step.journeyId,
        JSON.stringify(step.cash.payment),
        step.cash.final ? 1 : 0,
        nowMs,
      );
    if (step.scan)
      upsertScan.run(
        step.scan.intentId,
        step.journeyId,
        JSON.stringify(step.scan.state),
        step.scan.final ? 1 : 0,
        nowMs,
      );
    for (const report of step.reports) outbox.put(report.lane, report.type, report.body);
    if (killNow && options.killPoint?.when === "before") options.onKill();
  });

  return {
    write(step) {
      if (options.killPoint && options.killPoint.remaining > 0) {
        options.killPoint.remaining -= 1;
        killNow = options.killPoint.remaining === 0;
      }
      commit.immediate(step);
      if (killNow) options.onKill();
      if (step.reports.length > 0) outbox.changed.notify();
    },
    openJourney() {
      const row = db
        .prepare<
          [],
          { journey_id: string; service_id: string; service_version: number; page: string; answers: string }
        >(
          "select journey_id, service_id, service_version, page, answers from journey where ended_ms is null order by started_ms desc limit 1",
        )
        .get();
      return row
        ? {
            journeyId: row.journey_id,
            serviceId: row.service_id,
            serviceVersion: row.service_version,
            page: row.page,
            answers: JSON.parse(row.answers) as Record<string, unknown>,
          }
        : null;
    },
    openCash() {
      const row = db
        .prepare<[], { state: string; journey_id: string | null }>(
          "select state, journey_id from cash_payment where final = 0 order by updated_ms limit 1",
        )
        .get();
      return row ? { payment: JSON.parse(row.state) as CashPayment, journeyId: row.journey_id } : null;
    },
    openScan() {
      const row = db
        .prepare<[], { intent_id: string; state: string; journey_id: string | null }>(
          "select intent_id, state, journey_id from scan_payment where final = 0 order by updated_ms limit 1",
        )
        .get();
      return row
        ? { intentId: row.intent_id, state: JSON.parse(row.state) as unknown, journeyId: row.journey_id }
        : null;
    },
    readFact(key) {
      return db.prepare<[string], { value: string }>("select value from fact where key = ?").get(key)?.value ?? null;
    },
    writeFact(key, value) {
      db.prepare(
        "insert into fact (key, value) values (?, ?) on conflict (key) do update set value = excluded.value",
      ).run(key, value);
    },
    count() {
      return db.prepare<[], { n: number }>("select coalesce(max(n), 0) as n from journal").get()?.n ?? 0;
    },
  };
}
