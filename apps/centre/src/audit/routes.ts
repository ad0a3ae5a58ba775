import { AuditRow, AuditVerdict } from "@gridhall/domain/audit/api.ts";
import { sql } from "kysely";
import { z } from "zod";
import { type Database, inScope } from "../db/database.ts";
import { may, viewerOf } from "../web/access.ts";
import { csv, sendList } from "../web/lists.ts";
import type { App } from "../web/server.ts";
import { verifyAudit } from "./chain.ts";

const ListQuery = z.object({
  actor: z.string().max(80).optional(),
  action: z.string().max(80).optional(),
  subject: z.string().max(120).optional(),
  before: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
  format: z.enum(["json", "csv"]).default("json"),
});

export const auditRoutes = (db: Database, publicKeyPem: string) => async (app: App) => {
  app.get(
    "/api/audit",
    {
      config: may("audit.read"),
      schema: { querystring: ListQuery, response: { 200: z.union([z.array(AuditRow), z.string()]) } },
    },
    async (request, reply) => {
      const { query } = request;
      const { rows } = await inScope(db, viewerOf(request).scope, (tx) =>
        sql<{
          unit_path: string;
          unit_zh: string | null;
          unit_en: string | null;
          seq: number;
          at: Date;
          actor: string;
          actor_zh: string | null;
          actor_en: string | null;
          action: string;
          subject: string;
          detail: Record<string, unknown>;
          hash: string;
        }>`
        select a.unit_path::text, u.name_zh as unit_zh, u.name_en as unit_en, a.seq, a.at, a.actor,
          s.name_zh as actor_zh, s.name_en as actor_en, a.action, a.subject, a.detail, a.hash from audit a
        left join staff s on a.actor = 'staff:' || s.staff_id
        left join unit u on u.path = a.unit_path where true
        ${query.actor ? sql`and (a.actor = ${query.actor} or s.login = ${query.actor})` : sql``}
        ${query.action ? sql`and a.action like ${`${query.action}%`}` : sql``}
        ${query.subject ? sql`and a.subject = ${query.subject}` : sql``}
        ${query.before ? sql`and a.at < ${new Date(query.before)}` : sql``}
        order by a.at desc, a.seq desc limit ${query.limit}`.execute(tx),
      );
      const list = rows.map((row) => ({
        unitPath: row.unit_path,
        unitNameZh: row.unit_zh ?? row.unit_path,
        unitNameEn: row.unit_en ?? row.unit_path,
        seq: row.seq,
        at: row.at.toISOString(),
        actor: row.actor,
        actorNameZh: row.actor_zh,
        actorNameEn: row.actor_en,
        action: row.action,
        subject: row.subject,
        detail: row.detail,
        hash: row.hash,
      }));
      return query.format === "csv" ? sendList(reply, "audit", csv(list)) : list;
    },
  );

  app.get(
    "/api/audit/verify",
    {
      config: { ...may("audit.read"), rateLimit: { max: 10, timeWindow: "1 minute" } },
      schema: { response: { 200: AuditVerdict } },
    },
    async () => verifyAudit(db, publicKeyPem),
  );
};
