import { createHash, randomUUID } from "node:crypto";
import type { Account, Bill, Meter, PaymentRecord, Reading } from "@gridhall/domain/backoffice/schema.ts";
import { generateTown } from "@gridhall/domain/town/generate.ts";
import type { AccountHistory } from "@gridhall/domain/town/schema.ts";
import { sql } from "kysely";
import type { Logger } from "pino";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";
import { createEnrolmentCode } from "../devices/store.ts";
import { hashPassword } from "../staff/password.ts";
import { seedSeats } from "./seats.ts";

export interface DemoLogin {
  login: string;
  password: string;
  roleZh: string;
  roleEn: string;
}

/** People of the demo: one a role, and one whose view ends at a county. Their passwords are printed at start-up. */
const STAFF = [
  { login: "admin", zh: "系统管理员 郑凯", en: "Zheng Kai, administrator", unit: "", roles: ["administrator"] },
  { login: "manager", zh: "营业厅经理 何静", en: "He Jing, hall manager", unit: "hall", roles: ["hall-manager"] },
  { login: "finance", zh: "财务对账员 宋敏", en: "Song Min, finance officer", unit: "", roles: ["finance"] },
  { login: "watch", zh: "监控值班员 马骏", en: "Ma Jun, watch officer", unit: "county", roles: ["watch-officer"] },
  { login: "clerk", zh: "柜台营业员 高雪", en: "Gao Xue, counter clerk", unit: "hall", roles: ["clerk"] },
  { login: "auditor", zh: "审计员 罗伟", en: "Luo Wei, auditor", unit: "", roles: ["auditor"] },
  { login: "agent", zh: "远程坐席 陈晓", en: "Chen Xiao, remote agent", unit: "", roles: ["agent"] },
  { login: "agent2", zh: "远程坐席 林芳", en: "Lin Fang, remote agent", unit: "", roles: ["agent"] },
  { login: "expert", zh: "远程坐席 韩磊", en: "Han Lei, expert agent", unit: "", roles: ["agent"] },
  { login: "supervisor", zh: "坐席班长 周敏", en: "Zhou Min, seat supervisor", unit: "", roles: ["supervisor"] },
] as const;
export const DEMO_PASSWORD = "gridhall-demo";
/** Bearer token of the demo's online channel. */
export const DEMO_CHANNEL_TOKEN = "demo-online-channel";

const ACCOUNTS_PER_TRANSACTION = 250;

/**
 * Fills an empty database with the small town. Begun again after an interruption: accounts that are there stay, the
 * setting `town` is written last.
 */
export async function seedTown(
  db: Database,
  options: { seed: string; asOf: string; accounts: number; logger: Logger },
): Promise<void> {
  const done = await inScope(db, SYSTEM, (tx) => sql`select 1 from setting where key = 'town'`.execute(tx));
  if (done.rows.length > 0) return;
  const startedMs = performance.now();
  const town = generateTown({ seed: options.seed, asOf: options.asOf, accounts: options.accounts });
  await inScope(db, SYSTEM, async (tx) => {
    for (const unit of town.units)
      await sql`insert into unit (unit_id, path, kind, name_zh, name_en, latitude, longitude, address_zh)
        values (${unit.unitId}, ${unit.path}::ltree, ${unit.kind}, ${unit.zh}, ${unit.en}, ${unit.latitude}, ${unit.longitude}, ${unit.addressZh}) on conflict do nothing`.execute(
        tx,
      );
    for (const kiosk of town.kiosks)
      await sql`insert into device (device_id, unit_path, kind, name_zh, name_en, profile)
        values (${kiosk.kioskId}, ${kiosk.unitPath}::ltree, 'kiosk', ${kiosk.zh}, ${kiosk.en}, ${kiosk.profile}) on conflict do nothing`.execute(
        tx,
      );
  });
  await seedStaff(db, town.units);
  await seedSeats(db, town.units[0]?.path ?? "p");
  let batch: AccountHistory[] = [];
  const flush = async () => {
    const histories = batch;
    batch = [];
    if (histories.length > 0) await inScope(db, SYSTEM, (tx) => insertHistories(tx, histories));
  };
  for (const history of town.histories()) {
    batch.push(history);
    if (batch.length >= ACCOUNTS_PER_TRANSACTION) await flush();
  }
  await flush();
  await inScope(db, SYSTEM, (tx) =>
    sql`insert into setting (key, value) values ('town', ${JSON.stringify({ seed: options.seed, asOf: options.asOf })}::jsonb)`.execute(
      tx,
    ),
  );
  options.logger.info(
    { ms: Math.round(performance.now() - startedMs), accounts: options.accounts },
    "the demo town is in the books",
  );
}

async function seedStaff(db: Database, units: readonly { path: string; kind: string }[]): Promise<void> {
  const password = await hashPassword(DEMO_PASSWORD);
  const at = (kind: string) => units.find((unit) => unit.kind === kind)?.path ?? units[0]?.path ?? "p";
  await inScope(db, SYSTEM, async (tx) => {
    for (const person of STAFF) {
      const path = person.unit === "" ? (units[0]?.path ?? "p") : at(person.unit);
      const inserted = await sql<{
        staff_id: string;
      }>`insert into staff (staff_id, login, name_zh, name_en, unit_path, password_hash)
        values (${randomUUID()}, ${person.login}, ${person.zh}, ${person.en}, ${path}::ltree, ${password}) on conflict (login) do nothing returning staff_id`.execute(
        tx,
      );
      const id = inserted.rows[0]?.staff_id;
      if (id)
        for (const role of person.roles)
          await sql`insert into staff_role (staff_id, role, unit_path) values (${id}, ${role}, ${path}::ltree)`.execute(
            tx,
          );
    }
    await sql`insert into channel_client (token_hash, name) values (${createHash("sha256").update(DEMO_CHANNEL_TOKEN).digest("hex")}, 'online-demo') on conflict do nothing`.execute(
      tx,
    );
  });
}

/** Columns as arrays: one statement a table, a few milliseconds a thousand rows. */
async function insertHistories(tx: Tx, histories: readonly AccountHistory[]): Promise<void> {
  const accounts = histories.map((history) => history.account);
  const paths = new Map(accounts.map((account) => [account.accountNo as string, account.unitPath]));
  const pathOf = (accountNo: string) => paths.get(accountNo) ?? "";
  await insertAccounts(tx, accounts);
  await insertMeters(
    tx,
    histories.flatMap((history) => history.meters),
    pathOf,
  );
  await insertReadings(
    tx,
    histories.flatMap((history) => history.readings),
    pathOf,
  );
  await insertBills(
    tx,
    histories.flatMap((history) => history.bills),
    pathOf,
  );
  await insertPayments(
    tx,
    histories.flatMap((history) => history.payments),
    pathOf,
  );
}

async function insertAccounts(tx: Tx, rows: readonly Account[]): Promise<void> {
  await sql`insert into account (account_no, unit_path, kind, holder, id_no, phone, address, opened_on, state, plan, prepaid_fen)
    select a, u::ltree, k, h::jsonb, i, p, d, o::date, s, n::jsonb, f from unnest(
      ${rows.map((row) => row.accountNo)}::text[], ${rows.map((row) => row.unitPath)}::text[], ${rows.map((row) => row.kind)}::text[], ${rows.map((row) => JSON.stringify(row.holder))}::text[],
      ${rows.map((row) => row.holder.idNo)}::text[], ${rows.map((row) => row.holder.phone)}::text[], ${rows.map((row) => row.address)}::text[], ${rows.map((row) => row.openedOn)}::text[],
      ${rows.map((row) => row.state)}::text[], ${rows.map((row) => JSON.stringify(row.plan))}::text[], ${rows.map((row) => row.prepaidFen)}::bigint[]
    ) as t(a, u, k, h, i, p, d, o, s, n, f) on conflict do nothing`.execute(tx);
}

async function insertMeters(tx: Tx, rows: readonly Meter[], pathOf: (accountNo: string) => string): Promise<void> {
  await sql`insert into meter (meter_no, account_no, unit_path, body)
    select m, a, u::ltree, b::jsonb from unnest(${rows.map((row) => row.meterNo)}::text[], ${rows.map((row) => row.accountNo)}::text[], ${rows.map((row) => pathOf(row.accountNo))}::text[],
      ${rows.map((row) => JSON.stringify(row))}::text[]) as t(m, a, u, b) on conflict do nothing`.execute(tx);
}

async function insertReadings(tx: Tx, rows: readonly Reading[], pathOf: (accountNo: string) => string): Promise<void> {
  await sql`insert into reading (account_no, meter_no, unit_path, read_on, body)
    select a, m, u::ltree, r::date, b::jsonb from unnest(${rows.map((row) => row.accountNo)}::text[], ${rows.map((row) => row.meterNo)}::text[], ${rows.map((row) => pathOf(row.accountNo))}::text[],
      ${rows.map((row) => row.readOn)}::text[], ${rows.map((row) => JSON.stringify(row))}::text[]) as t(a, m, u, r, b) on conflict do nothing`.execute(
    tx,
  );
}

async function insertBills(tx: Tx, rows: readonly Bill[], pathOf: (accountNo: string) => string): Promise<void> {
  await sql`insert into bill (bill_id, account_no, unit_path, month, issued_on, due_on, total_fen, paid_fen, body)
    select i, a, u::ltree, m, s::date, d::date, t, p, b::jsonb from unnest(${rows.map((row) => row.id)}::text[], ${rows.map((row) => row.accountNo)}::text[], ${rows.map((row) => pathOf(row.accountNo))}::text[],
      ${rows.map((row) => row.month)}::text[], ${rows.map((row) => row.issuedOn)}::text[], ${rows.map((row) => row.dueOn)}::text[], ${rows.map((row) => row.totalFen)}::bigint[],
      ${rows.map((row) => row.paidFen)}::bigint[], ${rows.map((row) => JSON.stringify(row))}::text[]) as t(i, a, u, m, s, d, t, p, b) on conflict do nothing`.execute(
    tx,
  );
}

async function insertPayments(
  tx: Tx,
  rows: readonly PaymentRecord[],
  pathOf: (accountNo: string) => string,
): Promise<void> {
  await sql`insert into payment_record (receipt_no, account_no, unit_path, paid_at, channel, amount_fen, applied, prepay_fen)
    select r, a, u::ltree, p::timestamptz, c, f, b::jsonb, y from unnest(${rows.map((row) => row.receiptNo)}::text[], ${rows.map((row) => row.accountNo)}::text[], ${rows.map((row) => pathOf(row.accountNo))}::text[],
      ${rows.map((row) => row.paidAt)}::text[], ${rows.map((row) => row.channel)}::text[], ${rows.map((row) => row.amountFen)}::bigint[], ${rows.map((row) => JSON.stringify(row.applied))}::text[],
      ${rows.map((row) => row.prepayFen)}::bigint[]) as t(r, a, u, p, c, f, b, y) on conflict do nothing`.execute(tx);
}

/** Enrolment codes for demo terminals that are not enrolled yet: what a person would carry to the hall on paper. */
export async function issueDemoCodes(db: Database, deviceIds: readonly string[]): Promise<Record<string, string>> {
  return inScope(db, SYSTEM, async (tx) => {
    const codes: Record<string, string> = {};
    for (const deviceId of deviceIds)
      codes[deviceId] = await createEnrolmentCode(tx, deviceId, new Date(Date.now() + 24 * 3_600_000));
    return codes;
  });
}

export function demoLogins(): DemoLogin[] {
  return STAFF.map((person) => ({
    login: person.login,
    password: DEMO_PASSWORD,
    roleZh: person.zh,
    roleEn: person.en,
  }));
}
