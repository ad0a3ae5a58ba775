import { issueDeviceCertificate } from "@gridhall/link/identity.ts";
import { z } from "zod";
import { writeAudit } from "../audit/chain.ts";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import { open } from "../web/access.ts";
import { HallError } from "../web/errors.ts";
import type { App } from "../web/server.ts";
import { type Authority, newSerial } from "./authority.ts";
import { findDevice, spendEnrolmentCode, writeCertificate } from "./store.ts";

export const Enrol = z.object({
  code: z.string().min(16).max(24),
  requestPem: z.string().min(100).max(4000),
});
export const Enrolled = z.object({
  deviceId: z.string(),
  certificatePem: z.string(),
  authorityPem: z.string(),
  linkUrl: z.string(),
  expiresAt: z.string(),
});

/** A new terminal spends its one-time code for a certificate of its own (requirement S2). */
export const enrolRoutes =
  (options: {
    db: Database;
    authority: Authority;
    linkUrl(): string;
    onEnrolled(deviceId: string): void;
    nowMs(): number;
  }) =>
  async (app: App) => {
    app.post(
      "/api/enrol",
      {
        config: { ...open, rateLimit: { max: 20, timeWindow: "1 minute", keyGenerator: (request) => request.ip } },
        schema: { body: Enrol, response: { 200: Enrolled } },
      },
      async (request) => {
        const serial = newSerial();
        const enrolled = await inScope(options.db, SYSTEM, async (tx) => {
          const deviceId = await spendEnrolmentCode(tx, request.body.code);
          if (deviceId === null)
            throw new HallError(
              "enrol.code-invalid",
              403,
              "code: unknown, used or expired; ask for a new one at the centre",
            );
          const device = await findDevice(tx, deviceId);
          if (!device) throw new HallError("enrol.code-invalid", 403, "code: its device no longer exists");
          const issued = await issueDeviceCertificate(
            options.authority,
            request.body.requestPem,
            deviceId,
            serial,
            options.nowMs(),
          ).catch((cause: unknown) => {
            throw new HallError(
              "enrol.request-invalid",
              400,
              "requestPem: not a PKCS#10 request that proves its key",
              {},
              { cause },
            );
          });
          await writeCertificate(tx, deviceId, serial.replace(/^0+/, ""), issued.expiresAt);
          await writeAudit(tx, {
            unitPath: device.unit_path,
            actor: `device:${deviceId}`,
            action: "device.enrolled",
            subject: deviceId,
            detail: { serial, address: request.ip },
          });
          return { deviceId, ...issued };
        });
        options.onEnrolled(enrolled.deviceId);
        return {
          deviceId: enrolled.deviceId,
          certificatePem: enrolled.certificatePem,
          authorityPem: options.authority.certificatePem,
          linkUrl: options.linkUrl(),
          expiresAt: enrolled.expiresAt.toISOString(),
        };
      },
    );
  };
