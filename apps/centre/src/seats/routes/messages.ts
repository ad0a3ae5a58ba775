import { randomUUID } from "node:crypto";
import { AccountOverview } from "@gridhall/domain/backoffice/api.ts";
import { LeftMessage, NewWorkOrder, WorkOrderRow } from "@gridhall/domain/seats/api.ts";
import { JourneyRow } from "@gridhall/domain/trace/api.ts";
import { sql } from "kysely";
import { z } from "zod";
import { writeAudit } from "../../audit/chain.ts";
import type { BackOffice } from "../../backoffice/backOffice.ts";
import { type Database, inScope, type Tx } from "../../db/database.ts";
import { listJourneys } from "../../journeys/store.ts";
import { may, viewerOf } from "../../web/access.ts";
import { HallError, notFound } from "../../web/errors.ts";
import { csv, sendList } from "../../web/lists.ts";
import type { App } from "../../web/server.ts";
import { findCall } from "../callStore.ts";

/** What is to be done after a call, or instead of one: callbacks, messages, work orders; and what an agent reads up on. */
export const messageRoutes =
  (options: { db: Database; backOffice: BackOffice; today(): string; nowMs(): number }) =>
  async (app: App): Promise<void> => {
    const { db } = options;

    app.get(
      "/api/seats/messages",
      {
        config: may("calls.read"),
        schema: {
          querystring: z.object({
            state: z.enum(["open", "done", "all"]).default("open"),
            limit: z.coerce.number().int().min(1).max(1000).default(200),
            format: z.enum(["json", "csv"]).default("json"),
          }),
          response: { 200: z.union([z.array(LeftMessage), z.string()]) },
        },
      },
      async (request, reply) => {
        const { state, limit, format } = request.query;
        const rows = await inScope(db, viewerOf(request).scope, (tx) => listMessages(tx, state, limit));
        if (format === "json") return rows;
        return sendList(
          reply,
          "messages",
          csv(rows.map((row) => ({ ...row, leftAt: new Date(row.leftMs).toISOString() }))),
        );
      },
    );

    app.post(
      "/api/seats/messages/:messageId/done",
      {
        config: may("seats.serve"),
        schema: {
          params: z.object({ messageId: z.string().max(80) }),
          body: z.object({ result: z.string().trim().min(1, "result: say what came of it").max(1000) }),
          response: { 200: z.object({ ok: z.literal(true) }) },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { messageId } = request.params;
        await inScope(db, viewer.scope, async (tx) => {
          const { rows } = await sql<{ unit_path: string; done_at: Date | null }>`select unit_path::text, done_at
            from left_message where message_id = ${messageId} for update`.execute(tx);
          const [row] = rows;
          if (!row) throw notFound("message", messageId);
          if (row.done_at) throw new HallError("message.done", 409, "somebody has dealt with this message already");
          await sql`update left_message set done_at = now(), done_by = ${viewer.staff.staff_id}, result = ${request.body.result}
            where message_id = ${messageId}`.execute(tx);
          await writeAudit(tx, {
            unitPath: row.unit_path,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "message.done",
            subject: messageId,
            detail: {},
          });
        });
        return { ok: true as const };
      },
    );

    app.post(
      "/api/seats/work-orders",
      { config: may("seats.serve"), schema: { body: NewWorkOrder, response: { 200: WorkOrderRow } } },
      async (request) => {
        const viewer = viewerOf(request);
        const order = request.body;
        if (order.dueMs <= options.nowMs())
          throw new HallError("work-order.due-past", 400, "dueMs: the due time is past; choose a later one");
        const orderId = randomUUID();
        await inScope(db, viewer.scope, async (tx) => {
          const call = await findCall(tx, order.callId);
          if (!call) throw notFound("call", order.callId);
          await sql`insert into work_order (order_id, unit_path, call_id, type, urgency, place, contact_phone, detail, due_at, opened_by)
            values (${orderId}, ${call.unit_path}::ltree, ${order.callId}, ${order.type}, ${order.urgency}, ${order.place},
              ${order.contactPhone}, ${order.detail}, ${new Date(order.dueMs)}, ${viewer.staff.staff_id})`.execute(tx);
          await writeAudit(tx, {
            unitPath: call.unit_path,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "work-order.opened",
            subject: orderId,
            detail: { callId: order.callId, type: order.type, urgency: order.urgency },
          });
        });
        const [row] = await inScope(db, viewer.scope, (tx) => listWorkOrders(tx, { orderId, limit: 1 }));
        if (!row) throw notFound("work order", orderId);
        return row;
      },
    );

    app.get(
      "/api/seats/work-orders",
      {
        config: may("calls.read"),
        schema: {
          querystring: z.object({
            callId: z.string().max(80).optional(),
            limit: z.coerce.number().int().min(1).max(1000).default(200),
            format: z.enum(["json", "csv"]).default("json"),
          }),
          response: { 200: z.union([z.array(WorkOrderRow), z.string()]) },
        },
      },
      async (request, reply) => {
        const rows = await inScope(db, viewerOf(request).scope, (tx) => listWorkOrders(tx, request.query));
        if (request.query.format === "json") return rows;
        return sendList(
          reply,
          "work-orders",
          csv(rows.map((row) => ({ ...row, dueAt: new Date(row.dueMs).toISOString() }))),
        );
      },
    );

    app.get(
      "/api/seats/accounts/:accountNo",
      {
        config: may("accounts.read"),
        schema: {
          params: z.object({ accountNo: z.string().regex(/^\d{13}$/, "an account number has 13 digits") }),
          response: { 200: z.object({ overview: AccountOverview, journeys: z.array(JourneyRow) }) },
        },
      },
      async (request) => {
        const { accountNo } = request.params;
        return inScope(db, viewerOf(request).scope, async (tx) => {
          const overview = await options.backOffice.overview(tx, accountNo, options.today());
          if (!overview) throw notFound("account", accountNo);
          return { overview, journeys: await listJourneys(tx, { accountNo, limit: 20 }) };
        });
      },
    );
  };

async function listMessages(tx: Tx, state: "open" | "done" | "all", limit: number): Promise<LeftMessage[]> {
  const { rows } = await sql<{
    message_id: string;
    call_id: string;
    kind: LeftMessage["kind"];
    phone: string | null;
    topic: string | null;
    hall_zh: string | null;
    hall_en: string | null;
    unit_path: string;
    left_at: Date;
    done_at: Date | null;
    done_by: string | null;
    result: string | null;
  }>`select m.message_id, m.call_id, m.kind, m.phone, m.topic, h.name_zh as hall_zh, h.name_en as hall_en,
      m.unit_path::text, m.left_at, m.done_at, f.name_zh as done_by, m.result
    from left_message m left join unit h on h.path = m.unit_path left join staff f on f.staff_id = m.done_by
    where ${state === "open" ? sql`m.done_at is null` : state === "done" ? sql`m.done_at is not null` : sql`true`}
    order by m.done_at is not null, m.left_at limit ${limit}`.execute(tx);
  return rows.map((row) => ({
    messageId: row.message_id,
    callId: row.call_id,
    kind: row.kind,
    phone: row.phone,
    topic: row.topic,
    hallZh: row.hall_zh ?? "",
    hallEn: row.hall_en ?? "",
    unitPath: row.unit_path,
    leftMs: row.left_at.getTime(),
    doneMs: row.done_at?.getTime() ?? null,
    doneBy: row.done_by,
    result: row.result,
  }));
}

async function listWorkOrders(
  tx: Tx,
  filter: { orderId?: string; callId?: string | undefined; limit: number },
): Promise<WorkOrderRow[]> {
  const { rows } = await sql<{
    order_id: string;
    call_id: string;
    unit_path: string;
    type: WorkOrderRow["type"];
    urgency: WorkOrderRow["urgency"];
    place: string;
    contact_phone: string | null;
    detail: string;
    due_at: Date;
    state: WorkOrderRow["state"];
    opened_at: Date;
    opened_by: string;
  }>`select o.order_id, o.call_id, o.unit_path::text, o.type, o.urgency, o.place, o.contact_phone, o.detail, o.due_at,
      o.state, o.opened_at, coalesce(f.name_zh, o.opened_by) as opened_by
    from work_order o left join staff f on f.staff_id = o.opened_by
    where (${filter.orderId ?? null}::text is null or o.order_id = ${filter.orderId ?? null})
      and (${filter.callId ?? null}::text is null or o.call_id = ${filter.callId ?? null})
    order by o.opened_at desc limit ${filter.limit}`.execute(tx);
  return rows.map((row) => ({
    orderId: row.order_id,
    callId: row.call_id,
    unitPath: row.unit_path,
    type: row.type,
    urgency: row.urgency,
    place: row.place,
    contactPhone: row.contact_phone,
    detail: row.detail,
    dueMs: row.due_at.getTime(),
    state: row.state,
    openedMs: row.opened_at.getTime(),
    openedBy: row.opened_by,
  }));
}
