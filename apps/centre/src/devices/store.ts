import { createHash, randomInt } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

export interface DeviceRow {
  device_id: string;
  unit_path: string;
  kind: "kiosk" | "hall";
  name_zh: string;
  name_en: string;
  profile: string;
  enrolled_at: Date | null;
  certificate_serial: string | null;
  certificate_expires_at: Date | null;
  revoked_at: Date | null;
  revoked_reason: string | null;
}

const hashOf = (code: string) => createHash("sha256").update(code.replaceAll("-", "").toUpperCase()).digest("hex");

// Without the letters and figures that people confuse when they type a code from a sheet of paper.
const ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

/** A one-time enrolment code of 80 bits, shown once, stored as a hash. Earlier unused codes of the device end with it. */
export async function createEnrolmentCode(tx: Tx, deviceId: string, expiresAt: Date): Promise<string> {
  const code = Array.from({ length: 16 }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");
  await sql`update enrolment_code set expires_at = now() where device_id = ${deviceId} and used_at is null`.execute(tx);
  await sql`insert into enrolment_code (code_hash, device_id, unit_path, expires_at)
    select ${hashOf(code)}, device_id, unit_path, ${expiresAt} from device where device_id = ${deviceId}`.execute(tx);
  return code.replaceAll(/(.{4})(?=.)/g, "$1-");
}

/** Spends the code: at most one caller ever gets the device id for it. */
export async function spendEnrolmentCode(tx: Tx, code: string): Promise<string | null> {
  const { rows } = await sql<{ device_id: string }>`update enrolment_code set used_at = now()
    where code_hash = ${hashOf(code)} and used_at is null and expires_at > now() returning device_id`.execute(tx);
  return rows[0]?.device_id ?? null;
}

export async function writeCertificate(tx: Tx, deviceId: string, serial: string, expiresAt: Date): Promise<void> {
  await sql`update device set certificate_serial = ${serial}, certificate_expires_at = ${expiresAt}, enrolled_at = now(), revoked_at = null, revoked_reason = null
    where device_id = ${deviceId}`.execute(tx);
}

export async function findDevice(tx: Tx, deviceId: string): Promise<DeviceRow | null> {
  const { rows } =
    await sql<DeviceRow>`select device_id, unit_path::text, kind, name_zh, name_en, profile, enrolled_at, certificate_serial, certificate_expires_at, revoked_at, revoked_reason
    from device where device_id = ${deviceId}`.execute(tx);
  return rows[0] ?? null;
}

export async function revokeDevice(tx: Tx, deviceId: string, reason: string): Promise<boolean> {
  const result =
    await sql`update device set revoked_at = now(), revoked_reason = ${reason} where device_id = ${deviceId} and revoked_at is null`.execute(
      tx,
    );
  return (result.numAffectedRows ?? 0n) > 0n;
}

/** Answers false where an older connection's will comes late: the session number fences it. */
export async function writePresence(
  tx: Tx,
  deviceId: string,
  unitPath: string,
  session: number,
  online: boolean,
  at: Date,
): Promise<boolean> {
  const result = await sql`insert into device_presence (device_id, unit_path, session, online, changed_at, last_seen_at)
    values (${deviceId}, ${unitPath}::ltree, ${session}, ${online}, ${at}, ${at})
    on conflict (device_id) do update set session = excluded.session, online = excluded.online, last_seen_at = excluded.last_seen_at,
      changed_at = case when device_presence.online = excluded.online then device_presence.changed_at else excluded.changed_at end
    where excluded.session >= device_presence.session`.execute(tx);
  return (result.numAffectedRows ?? 0n) > 0n;
}
