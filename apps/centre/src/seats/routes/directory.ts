import { AgentSettings, SeatDirectory } from "@gridhall/domain/seats/api.ts";
import { GroupId, UnitPath } from "@gridhall/domain/seats/schema.ts";
import { Text } from "@gridhall/domain/catalogue/schema.ts";
import { sql } from "kysely";
import { z } from "zod";
import { writeAudit } from "../../audit/chain.ts";
import { type Database, inScope, SYSTEM } from "../../db/database.ts";
import type { Bus } from "../../live/bus.ts";
import { may, viewerOf } from "../../web/access.ts";
import { HallError, notFound } from "../../web/errors.ts";
import type { App } from "../../web/server.ts";
import { groupUnit, readDirectory, unknownGroups, writeGroup } from "../directoryStore.ts";
import { changeSeatSettings, ensureSeat, findSeat } from "../seatStore.ts";
import { requireWithin } from "./scope.ts";

const Ok = z.object({ ok: z.literal(true) });

/** Who has a seat, in which groups and with which skills; agents read it to transfer, supervisors change it. */
export const directoryRoutes =
  (options: { db: Database; bus: Bus; nowMs(): number }) =>
  async (app: App): Promise<void> => {
    const { db, bus } = options;

    app.get(
      "/api/seats/directory",
      { config: may("calls.read"), schema: { response: { 200: SeatDirectory } } },
      async () => inScope(db, SYSTEM, readDirectory),
    );

    app.put(
      "/api/seats/agents/:seatId",
      {
        config: may("seats.manage"),
        schema: { params: z.object({ seatId: z.string().max(80) }), body: AgentSettings, response: { 200: Ok } },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { seatId } = request.params;
        requireWithin(viewer, request.body.unitPath, "unitPath");
        await inScope(db, viewer.scope, async (tx) => {
          const seat = await findSeat(tx, seatId);
          if (!seat) throw notFound("agent", seatId);
          requireGroups(await inScope(db, SYSTEM, (all) => unknownGroups(all, request.body.groups)));
          await changeSeatSettings(tx, seatId, request.body);
          await writeAudit(tx, {
            unitPath: seat.unit_path,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "seat.settings-changed",
            subject: seatId,
            detail: { ...request.body },
          });
        });
        bus.emit("seat.changed", { seatId });
        return { ok: true as const };
      },
    );

    app.post(
      "/api/seats/agents",
      {
        config: may("seats.manage"),
        schema: { body: AgentSettings.extend({ login: z.string().min(1).max(60) }), response: { 200: Ok } },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { login, ...settings } = request.body;
        requireWithin(viewer, settings.unitPath, "unitPath");
        const [person] = await inScope(db, viewer.scope, async (tx) => {
          const { rows } = await sql<{ staff_id: string; unit_path: string }>`select staff_id, unit_path::text
            from staff where login = ${login} and disabled_at is null`.execute(tx);
          return rows;
        });
        if (!person) throw notFound("staff", login);
        const seatId = person.staff_id;
        // Numbers are unique among all units, so they are given with all seats in sight.
        await inScope(db, SYSTEM, async (tx) => {
          requireGroups(await unknownGroups(tx, settings.groups));
          if (!(await ensureSeat(tx, { seatId, nowMs: options.nowMs(), ...settings })))
            throw new HallError("agent.exists", 409, `login: ${login} has a seat already; change its settings instead`);
          await writeAudit(tx, {
            unitPath: person.unit_path,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "seat.given",
            subject: seatId,
            detail: { ...settings },
          });
        });
        bus.emit("seat.changed", { seatId });
        return { ok: true as const };
      },
    );

    app.post(
      "/api/seats/groups",
      {
        config: may("seats.manage"),
        schema: { body: z.object({ groupId: GroupId, title: Text, unitPath: UnitPath }), response: { 200: Ok } },
      },
      async (request) => {
        const viewer = viewerOf(request);
        requireWithin(viewer, request.body.unitPath, "unitPath");
        const unitPath = await inScope(db, SYSTEM, (tx) => groupUnit(tx, request.body.groupId));
        if (unitPath !== null) requireWithin(viewer, unitPath, "groupId");
        await inScope(db, viewer.scope, async (tx) => {
          await writeGroup(tx, request.body);
          await writeAudit(tx, {
            unitPath: request.body.unitPath,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "seat.group-written",
            subject: request.body.groupId,
            detail: { title: request.body.title },
          });
        });
        return { ok: true as const };
      },
    );
  };

function requireGroups(unknown: readonly string[]): void {
  if (unknown.length > 0)
    throw new HallError("group.not-found", 400, `groups: there is no group ${unknown.join(", ")}; make it first`, {
      groups: unknown,
    });
}
