import type { RoutingDirectory } from "@gridhall/domain/routing/validate.ts";
import { SERVICES } from "@gridhall/domain/catalogue/services.ts";
import type { GroupRow, SeatDirectory } from "@gridhall/domain/seats/api.ts";
import { GroupId } from "@gridhall/domain/seats/schema.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import { listSeats, toSeat } from "./seatStore.ts";

/** Skills that have a name; others are shown by their id. */
const SKILL_TITLES: Record<string, { zh: string; en: string }> = {
  mandarin: { zh: "普通话", en: "Mandarin" },
  english: { zh: "英语", en: "English" },
  billing: { zh: "电费核算", en: "Billing" },
  payment: { zh: "收费", en: "Payment" },
  "new-supply": { zh: "业扩报装", en: "New supply" },
};

/** Classes that calls can carry: kinds of account, and two that the kiosk sees for itself. */
export const CUSTOMER_CLASSES = ["residential", "business", "industrial", "agricultural", "elderly", "visitor"];

export async function listGroups(tx: Tx): Promise<GroupRow[]> {
  const { rows } = await sql<{ group_id: string; title: GroupRow["title"]; unit_path: string; agents: number }>`select
    g.group_id, g.title, g.unit_path::text, (select count(*)::int from seat where g.group_id = any(groups)) as agents
    from agent_group g order by g.group_id`.execute(tx);
  return rows.map((row) => ({
    groupId: GroupId.parse(row.group_id),
    title: row.title,
    unitPath: row.unit_path,
    agents: row.agents,
  }));
}

export async function readDirectory(tx: Tx): Promise<SeatDirectory> {
  const seats = await listSeats(tx);
  const skills = new Set(seats.flatMap((seat) => Object.keys(seat.skills)));
  for (const skill of Object.keys(SKILL_TITLES)) skills.add(skill);
  return {
    agents: seats.map((seat) => ({
      seatId: seat.seat_id,
      login: seat.login,
      nameZh: seat.name_zh,
      nameEn: seat.name_en,
      number: seat.number,
      unitPath: seat.unit_path,
      groups: seat.groups.map((group) => GroupId.parse(group)),
      skills: seat.skills,
      status: seat.status,
    })),
    groups: await listGroups(tx),
    skills: [...skills].sort().map((skill) => ({ skill, title: SKILL_TITLES[skill] ?? { zh: skill, en: skill } })),
  };
}

/** What policies may speak of, for their validation. */
export async function routingDirectory(tx: Tx): Promise<RoutingDirectory> {
  const seats = (await listSeats(tx)).map(toSeat);
  const { rows: units } = await sql<{ unit_id: string; path: string; kind: string }>`select unit_id, path::text, kind
    from unit`.execute(tx);
  const { rows: devices } = await sql<{ device_id: string }>`select device_id from device where kind = 'kiosk'`.execute(
    tx,
  );
  const groups = await listGroups(tx);
  const highest = new Map<string, number>();
  for (const seat of seats)
    for (const [skill, level] of Object.entries(seat.skills))
      highest.set(skill, Math.max(level, highest.get(skill) ?? 0));
  return {
    units: units.map((unit) => unit.path),
    halls: units.filter((unit) => unit.kind === "hall").map((unit) => ({ hallId: unit.unit_id, unitPath: unit.path })),
    devices: devices.map((device) => device.device_id),
    services: SERVICES.map((service) => service.id),
    customerClasses: CUSTOMER_CLASSES,
    groups: groups.map((group) => group.groupId),
    skills: [...highest].map(([skill, highestLevel]) => ({ skill, highestLevel })),
    seats,
  };
}

export async function unknownGroups(tx: Tx, groups: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ group_id: string }>`select group_id from agent_group
    where group_id = any(${[...groups]}::text[])`.execute(tx);
  const known = new Set(rows.map((row) => row.group_id));
  return groups.filter((group) => !known.has(group));
}

/** The unit of a group; null: there is no such group. */
export async function groupUnit(tx: Tx, groupId: string): Promise<string | null> {
  const { rows } = await sql<{
    unit_path: string;
  }>`select unit_path::text from agent_group where group_id = ${groupId}`.execute(tx);
  return rows[0]?.unit_path ?? null;
}

export async function writeGroup(
  tx: Tx,
  group: { groupId: string; title: { zh: string; en: string }; unitPath: string },
): Promise<void> {
  await sql`insert into agent_group (group_id, unit_path, title)
    values (${group.groupId}, ${group.unitPath}::ltree, ${JSON.stringify(group.title)}::jsonb)
    on conflict (group_id) do update set title = excluded.title, unit_path = excluded.unit_path`.execute(tx);
}
