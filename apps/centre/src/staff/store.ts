import { createHash, randomBytes } from "node:crypto";
import type { Grant } from "@gridhall/domain/staff/roles.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

export interface StaffRow {
  staff_id: string;
  login: string;
  name_zh: string;
  name_en: string;
  unit_path: string;
  password_hash: string;
  totp_secret: string | null;
  /** Made, but not confirmed yet. */
  totp_pending: string | null;
  disabled_at: Date | null;
  failed_sign_ins: number;
  locked_until: Date | null;
}
export interface Session {
  staff: StaffRow;
  grants: Grant[];
  tokenHash: string;
}

const columns = sql`s.staff_id, s.login, s.name_zh, s.name_en, s.unit_path::text, s.password_hash, s.totp_secret, s.totp_pending, s.disabled_at, s.failed_sign_ins, s.locked_until`;

/** Idle for half an hour, or eight hours old: a shift. */
const IDLE = sql`interval '30 minutes'`;
const LIFETIME = sql`interval '8 hours'`;

export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export async function findStaffByLogin(tx: Tx, login: string): Promise<StaffRow | null> {
  const { rows } = await sql<StaffRow>`select ${columns} from staff s where s.login = ${login}`.execute(tx);
  return rows[0] ?? null;
}

export async function findGrants(tx: Tx, staffId: string): Promise<Grant[]> {
  const { rows } =
    await sql<Grant>`select role, unit_path::text as "unitPath" from staff_role where staff_id = ${staffId} order by role, unit_path`.execute(
      tx,
    );
  return rows;
}

export async function createSession(tx: Tx, staffId: string, address: string, userAgent: string): Promise<string> {
  const token = randomBytes(32).toString("base64url");
  await sql`insert into staff_session (token_hash, staff_id, expires_at, address, user_agent) values (${hashToken(token)}, ${staffId}, now() + ${LIFETIME}, ${address}, ${userAgent.slice(0, 300)})`.execute(
    tx,
  );
  return token;
}

export async function findSession(tx: Tx, token: string): Promise<Session | null> {
  const tokenHash = hashToken(token);
  const { rows } = await sql<StaffRow>`select ${columns} from staff_session t join staff s using (staff_id)
    where t.token_hash = ${tokenHash} and t.expires_at > now() and t.last_used_at > now() - ${IDLE} and s.disabled_at is null`.execute(
    tx,
  );
  const [staff] = rows;
  if (!staff) return null;
  // Written at most once a minute: reading a page must not cost a commit each time.
  await sql`update staff_session set last_used_at = now() where token_hash = ${tokenHash} and last_used_at < now() - interval '1 minute'`.execute(
    tx,
  );
  return { staff, grants: await findGrants(tx, staff.staff_id), tokenHash };
}

export async function endSession(tx: Tx, tokenHash: string): Promise<void> {
  await sql`delete from staff_session where token_hash = ${tokenHash}`.execute(tx);
}

/** Every other session of the person ends: it was opened with less than is asked for now. */
export async function endOtherSessions(tx: Tx, staffId: string, tokenHash: string): Promise<void> {
  await sql`delete from staff_session where staff_id = ${staffId} and token_hash <> ${tokenHash}`.execute(tx);
}

export async function keepPendingTotp(tx: Tx, staffId: string, secret: string): Promise<void> {
  await sql`update staff set totp_pending = ${secret} where staff_id = ${staffId}`.execute(tx);
}

/** The pending secret counts from now on; `step` is the one that confirmed it. False where another was made meanwhile. */
export async function adoptTotp(tx: Tx, staffId: string, pending: string, step: number): Promise<boolean> {
  const { rows } = await sql`update staff set totp_secret = totp_pending, totp_pending = null, totp_step = ${step}
    where staff_id = ${staffId} and totp_pending = ${pending} returning 1`.execute(tx);
  return rows.length > 0;
}

/** True once for each time step: figures that were seen over a shoulder are worth nothing (RFC 6238 §5.2). */
export async function useTotpStep(tx: Tx, staffId: string, step: number): Promise<boolean> {
  const { rows } = await sql`update staff set totp_step = ${step}
    where staff_id = ${staffId} and (totp_step is null or totp_step < ${step}) returning 1`.execute(tx);
  return rows.length > 0;
}

/** Five wrong passwords lock the account for a time that doubles, up to an hour; a right one clears the count. */
export async function recordSignIn(tx: Tx, staffId: string, success: boolean): Promise<void> {
  if (success)
    await sql`update staff set failed_sign_ins = 0, locked_until = null where staff_id = ${staffId}`.execute(tx);
  else
    await sql`update staff set failed_sign_ins = failed_sign_ins + 1,
      locked_until = case when failed_sign_ins + 1 >= 5 then now() + least(interval '1 hour', interval '1 minute' * power(2, failed_sign_ins + 1 - 5)) else locked_until end
      where staff_id = ${staffId}`.execute(tx);
}
