import { randomUUID } from "node:crypto";
import { KioskCommand, KioskDetail, KioskRow, UnitRow } from "@gridhall/domain/fleet/api.ts";
import { z } from "zod";
import { writeAudit } from "../audit/chain.ts";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import { createEnrolmentCode, revokeDevice } from "../devices/store.ts";
import type { LinkService } from "../link/service.ts";
import { may, viewerOf } from "../web/access.ts";
import { notFound } from "../web/errors.ts";
import type { App } from "../web/server.ts";
import { csv, sendList } from "../web/lists.ts";
import { findKiosk, listKiosks, listUnits } from "./store.ts";

const DeviceParams = z.object({ deviceId: z.string().max(80) });
const ENROLMENT_TTL_MS = 24 * 3_600_000;

export const fleetRoutes =
  (options: { db: Database; link: LinkService; changed(deviceId: string, unitPath: string): void }) =>
  async (app: App) => {
    const { db, link } = options;

    app.get(
      "/api/units",
      { config: may("fleet.read"), schema: { response: { 200: z.array(UnitRow) } } },
      async (request) => inScope(db, viewerOf(request).scope, listUnits),
    );

    app.get(
      "/api/kiosks",
      {
        config: may("fleet.read"),
        schema: {
          querystring: z.object({ unit: z.string().optional(), format: z.enum(["json", "csv"]).default("json") }),
          response: { 200: z.union([z.array(KioskRow), z.string()]) },
        },
      },
      async (request, reply) => {
        const rows = await inScope(db, viewerOf(request).scope, (tx) => listKiosks(tx, { unit: request.query.unit }));
        return request.query.format === "csv" ? sendList(reply, "kiosks", csv(rows)) : rows;
      },
    );

    app.get(
      "/api/kiosks/:deviceId",
      { config: may("fleet.read"), schema: { params: DeviceParams, response: { 200: KioskDetail } } },
      async (request) => {
        const kiosk = await inScope(db, viewerOf(request).scope, (tx) => findKiosk(tx, request.params.deviceId));
        if (!kiosk) throw notFound("kiosk", request.params.deviceId);
        return kiosk;
      },
    );

    app.post(
      "/api/kiosks/:deviceId/enrolment-code",
      {
        config: may("fleet.manage"),
        schema: { params: DeviceParams, response: { 200: z.object({ code: z.string(), expiresAt: z.string() }) } },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { deviceId } = request.params;
        const kiosk = await inScope(db, viewer.scope, (tx) => findKiosk(tx, deviceId));
        if (!kiosk) throw notFound("kiosk", deviceId);
        const expiresAt = new Date(Date.now() + ENROLMENT_TTL_MS);
        const code = await inScope(db, SYSTEM, async (tx) => {
          await writeAudit(tx, {
            unitPath: kiosk.unitPath,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "device.enrolment-code-issued",
            subject: deviceId,
            detail: { expiresAt: expiresAt.toISOString() },
          });
          return createEnrolmentCode(tx, deviceId, expiresAt);
        });
        return { code, expiresAt: expiresAt.toISOString() };
      },
    );

    app.post(
      "/api/kiosks/:deviceId/revoke",
      {
        config: may("fleet.manage"),
        schema: {
          params: DeviceParams,
          body: z.object({ reason: z.string().trim().min(2, "say why").max(200) }),
          response: { 200: z.object({ revoked: z.boolean() }) },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { deviceId } = request.params;
        const { revoked, unitPath } = await inScope(db, viewer.scope, async (tx) => {
          const kiosk = await findKiosk(tx, deviceId);
          if (!kiosk) throw notFound("kiosk", deviceId);
          const done = await revokeDevice(tx, deviceId, request.body.reason);
          if (done)
            await writeAudit(tx, {
              unitPath: kiosk.unitPath,
              actor: `staff:${viewer.staff.staff_id}`,
              action: "device.revoked",
              subject: deviceId,
              detail: { reason: request.body.reason },
            });
          return { revoked: done, unitPath: kiosk.unitPath };
        });
        link.drop(deviceId);
        options.changed(deviceId, unitPath);
        return { revoked };
      },
    );

    app.post(
      "/api/kiosks/:deviceId/commands",
      {
        config: may("fleet.manage"),
        schema: { params: DeviceParams, body: KioskCommand, response: { 200: z.object({ commandId: z.string() }) } },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { deviceId } = request.params;
        const kiosk = await inScope(db, viewer.scope, (tx) => findKiosk(tx, deviceId));
        if (!kiosk) throw notFound("kiosk", deviceId);
        const commandId = randomUUID();
        await link.createCommand({
          deviceId,
          type: request.body.type,
          body: request.body.body,
          ttlMs: 10 * 60_000,
          by: viewer.staff.login,
          commandId,
        });
        await inScope(db, viewer.scope, (tx) =>
          writeAudit(tx, {
            unitPath: kiosk.unitPath,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "device.commanded",
            subject: deviceId,
            detail: { type: request.body.type, commandId },
          }),
        );
        return { commandId };
      },
    );
  };
