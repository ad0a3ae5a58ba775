import type { KioskDetail, KioskRow, UnitRow } from "@gridhall/domain/fleet/api.ts";
import { KioskStatus } from "@gridhall/domain/fleet/schema.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

interface Raw {
  device_id: string;
  unit_path: string;
  name_zh: string;
  name_en: string;
  profile: string;
  enrolled_at: Date | null;
  certificate_expires_at: Date | null;
  revoked_at: Date | null;
  revoked_reason: string | null;
  hall_zh: string | null;
  hall_en: string | null;
  online: boolean | null;
  changed_at: Date | null;
  last_seen_at: Date | null;
  reported_at: Date | null;
  body: unknown;
  journeys: number;
  received_fen: number;
  box_fen: number;
}

/** Today's figures count from local midnight (the database speaks Asia/Shanghai). */
const kiosks = (where: ReturnType<typeof sql>) => sql<Raw>`
  select d.device_id, d.unit_path::text, d.name_zh, d.name_en, d.profile, d.enrolled_at, d.certificate_expires_at, d.revoked_at, d.revoked_reason,
    u.name_zh as hall_zh, u.name_en as hall_en, p.online, p.changed_at, p.last_seen_at, s.reported_at, s.body,
    (select count(*)::int from journey j where j.device_id = d.device_id and j.started_at >= date_trunc('day', now())) as journeys,
    (select coalesce(sum(y.received_fen - y.dispensed_fen), 0)::bigint from payment y where y.device_id = d.device_id and y.created_at >= date_trunc('day', now())) as received_fen,
    (select coalesce(sum(case when l.debit = 'cash:' || d.device_id then l.amount_fen else -l.amount_fen end), 0) from ledger_transfer l
      where l.debit = 'cash:' || d.device_id or l.credit = 'cash:' || d.device_id)::bigint as box_fen
  from device d
  left join unit u on u.path = d.unit_path
  left join device_presence p using (device_id)
  left join device_status s using (device_id)
  where d.kind = 'kiosk' and ${where}
  order by d.unit_path, d.device_id`;

export async function listKiosks(
  tx: Tx,
  filter: { unit?: string | undefined; deviceIds?: readonly string[] } = {},
): Promise<KioskRow[]> {
  const where = filter.deviceIds
    ? sql`d.device_id = any(${filter.deviceIds}::text[])`
    : filter.unit
      ? sql`d.unit_path <@ ${filter.unit}::ltree`
      : sql`true`;
  const { rows } = await kiosks(where).execute(tx);
  return rows.map(toRow);
}

export async function findKiosk(tx: Tx, deviceId: string): Promise<KioskDetail | null> {
  const { rows } = await kiosks(sql`d.device_id = ${deviceId}`).execute(tx);
  const [raw] = rows;
  if (!raw) return null;
  const commands = await sql<{
    command_id: string;
    type: string;
    state: string;
    created_at: Date;
    created_by: string;
    finished_at: Date | null;
    result: string | null;
  }>`
    select command_id, type, state, created_at, created_by, finished_at, result from command where device_id = ${deviceId} order by fencing_token desc limit 20`.execute(
    tx,
  );
  const status = KioskStatus.safeParse(raw.body);
  return {
    ...toRow(raw),
    status: status.success ? status.data : null,
    reportedAt: raw.reported_at?.toISOString() ?? null,
    enrolledAt: raw.enrolled_at?.toISOString() ?? null,
    certificateExpiresAt: raw.certificate_expires_at?.toISOString() ?? null,
    revokedReason: raw.revoked_reason,
    commands: commands.rows.map((row) => ({
      commandId: row.command_id,
      type: row.type,
      state: row.state,
      createdAt: row.created_at.toISOString(),
      createdBy: row.created_by,
      finishedAt: row.finished_at?.toISOString() ?? null,
      result: row.result,
    })),
  };
}

function toRow(raw: Raw): KioskRow {
  const parsed = KioskStatus.safeParse(raw.body);
  const status = parsed.success ? parsed.data : null;
  const online = raw.online === true;
  const conditions = status ? conditionsOf(status) : [];
  return {
    deviceId: raw.device_id,
    nameZh: raw.name_zh,
    nameEn: raw.name_en,
    unitPath: raw.unit_path,
    hallZh: raw.hall_zh ?? "",
    hallEn: raw.hall_en ?? "",
    profile: raw.profile,
    state: raw.revoked_at
      ? "revoked"
      : !raw.enrolled_at
        ? "never-enrolled"
        : !online
          ? "offline"
          : status?.mode === "out-of-service"
            ? "out-of-service"
            : conditions.length > 0
              ? "attention"
              : "in-service",
    online,
    lastSeenAt: raw.last_seen_at?.toISOString() ?? null,
    changedAt: raw.changed_at?.toISOString() ?? null,
    appVersion: status?.appVersion ?? null,
    configVersion: status?.configVersion ?? null,
    inSession: online && (status?.inSession ?? false),
    conditions,
    cashInFen: status && status.cash.length > 0 ? raw.box_fen : null,
    todayJourneys: raw.journeys,
    todayReceivedFen: raw.received_fen,
  };
}

function conditionsOf(status: KioskStatus): string[] {
  const found = status.devices.flatMap((device) => [
    ...(device.state === "online" || device.state === "deviceBusy" ? [] : [`${device.kind}:${device.state}`]),
    ...device.conditions.map((condition) => `${device.kind}:${condition}`),
  ]);
  if (status.doors?.safe) found.push("door:safe");
  if (status.doors?.cabinet) found.push("door:cabinet");
  if (status.disk.freeBytes < status.disk.totalBytes * 0.05) found.push("disk:low");
  if (status.clockOffsetMs !== null && Math.abs(status.clockOffsetMs) > 60_000) found.push("clock:off");
  return found;
}

export async function listUnits(tx: Tx): Promise<UnitRow[]> {
  const { rows } = await sql<{
    unit_id: string;
    path: string;
    kind: string;
    name_zh: string;
    name_en: string;
    latitude: number | null;
    longitude: number | null;
  }>`
    select unit_id, path::text, kind, name_zh, name_en, latitude, longitude from unit where in_scope(path) order by path`.execute(
    tx,
  );
  return rows.map((row) => ({
    unitId: row.unit_id,
    path: row.path,
    kind: row.kind,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    latitude: row.latitude,
    longitude: row.longitude,
  }));
}
