import {
  CaseDetail,
  CaseRow,
  CloseCase,
  MoneySummary,
  PaymentDetail,
  PaymentRow,
  ReconciliationDetail,
  ReconciliationRun,
} from "@gridhall/domain/payment/api.ts";
import { sql } from "kysely";
import { z } from "zod";
import { writeAudit } from "../audit/chain.ts";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import type { Bus } from "../live/bus.ts";
import { may, type Viewer, viewerOf } from "../web/access.ts";
import { HallError, notFound } from "../web/errors.ts";
import { csv, sendList } from "../web/lists.ts";
import type { App } from "../web/server.ts";
import { ledgerAccount, post } from "./ledger.ts";
import type { Reconciliation } from "./reconciliation.ts";
import { addCaseNote, findCase, findPayment, listCases, listPayments, summary, writeCaseState } from "./store.ts";

const Day = z.iso.date();
const ListQuery = z.object({
  unit: z.string().optional(),
  deviceId: z.string().optional(),
  state: z.string().optional(),
  tender: z.string().optional(),
  /** Account, receipt or intent number. */
  q: z.string().max(40).optional(),
  day: Day.optional(),
  before: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  format: z.enum(["json", "csv"]).default("json"),
});
const CaseParams = z.object({ caseId: z.string().max(120) });

export const moneyRoutes =
  (options: { db: Database; bus: Bus; reconciliation: Reconciliation; today(): string }) => async (app: App) => {
    const { db, bus } = options;

    app.get(
      "/api/money/summary",
      {
        config: may("money.read"),
        schema: { querystring: z.object({ day: Day.optional() }), response: { 200: MoneySummary } },
      },
      async (request) =>
        inScope(db, viewerOf(request).scope, (tx) => summary(tx, request.query.day ?? options.today())),
    );

    app.get(
      "/api/payments",
      {
        config: may("money.read"),
        schema: { querystring: ListQuery, response: { 200: z.union([z.array(PaymentRow), z.string()]) } },
      },
      async (request, reply) => {
        const rows = await inScope(db, viewerOf(request).scope, (tx) => listPayments(tx, request.query));
        return request.query.format === "csv" ? sendList(reply, "payments", csv(rows)) : rows;
      },
    );

    app.get(
      "/api/payments/:intentId",
      {
        config: may("money.read"),
        schema: { params: z.object({ intentId: z.string().max(80) }), response: { 200: PaymentDetail } },
      },
      async (request) => {
        const payment = await inScope(db, viewerOf(request).scope, (tx) => findPayment(tx, request.params.intentId));
        if (!payment) throw notFound("payment", request.params.intentId);
        return payment;
      },
    );

    app.get(
      "/api/cases",
      {
        config: may("money.read"),
        schema: {
          querystring: z.object({
            state: z.string().optional(),
            limit: z.coerce.number().int().min(1).max(500).default(200),
            format: z.enum(["json", "csv"]).default("json"),
          }),
          response: { 200: z.union([z.array(CaseRow), z.string()]) },
        },
      },
      async (request, reply) => {
        const rows = await inScope(db, viewerOf(request).scope, (tx) => listCases(tx, request.query));
        return request.query.format === "csv" ? sendList(reply, "cases", csv(rows)) : rows;
      },
    );

    app.get(
      "/api/cases/:caseId",
      { config: may("money.read"), schema: { params: CaseParams, response: { 200: CaseDetail } } },
      async (request) => {
        const found = await inScope(db, viewerOf(request).scope, (tx) => findCase(tx, request.params.caseId));
        if (!found) throw notFound("case", request.params.caseId);
        return found;
      },
    );

    /** One change of a case: found within the viewer's scope, audited in the same transaction, shown to all who watch. */
    const workOn = async (
      viewer: Viewer,
      caseId: string,
      action: string,
      detail: Record<string, unknown>,
      work: (tx: Parameters<typeof writeAudit>[0], found: CaseDetail) => Promise<void>,
    ): Promise<CaseDetail> => {
      const result = await inScope(db, viewer.scope, async (tx) => {
        await sql`select 1 from open_case where case_id = ${caseId} for update`.execute(tx);
        const found = await findCase(tx, caseId);
        if (!found) throw notFound("case", caseId);
        if (found.state === "closed") throw new HallError("case.closed", 409, "this case is closed already");
        await work(tx, found);
        await writeAudit(tx, {
          unitPath: found.unitPath,
          actor: `staff:${viewer.staff.staff_id}`,
          action,
          subject: caseId,
          detail,
        });
        const after = await findCase(tx, caseId);
        if (!after) throw notFound("case", caseId);
        return after;
      });
      bus.emit("case.changed", { caseId, unitPath: result.unitPath });
      return result;
    };

    app.post(
      "/api/cases/:caseId/take",
      { config: may("cases.work"), schema: { params: CaseParams, response: { 200: CaseDetail } } },
      async (request) => {
        const viewer = viewerOf(request);
        return workOn(viewer, request.params.caseId, "case.taken", {}, (tx) =>
          writeCaseState(tx, request.params.caseId, { state: "in-progress", assignee: viewer.staff.name_zh }),
        );
      },
    );

    app.post(
      "/api/cases/:caseId/notes",
      {
        config: may("cases.work"),
        schema: {
          params: CaseParams,
          body: z.object({ text: z.string().trim().min(1, "write something").max(1000) }),
          response: { 200: CaseDetail },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        return workOn(viewer, request.params.caseId, "case.noted", {}, (tx, found) =>
          addCaseNote(tx, found.caseId, found.unitPath, viewer.staff.name_zh, request.body.text),
        );
      },
    );

    app.post(
      "/api/cases/:caseId/close",
      { config: may("cases.work"), schema: { params: CaseParams, body: CloseCase, response: { 200: CaseDetail } } },
      async (request) => {
        const viewer = viewerOf(request);
        const { outcome, text } = request.body;
        return workOn(viewer, request.params.caseId, "case.closed", { outcome }, async (tx, found) => {
          const payment = found.intentId ? await findPayment(tx, found.intentId) : null;
          if (outcome === "credited-to-account" && (!payment || found.amountFen <= 0))
            throw new HallError(
              "case.nothing-to-credit",
              400,
              "outcome: this case holds no money of a known account; choose another",
            );
          // The amount leaves suspense for where the person found it to belong. Corrections are new transfers.
          const owed =
            payment?.transfers.some((transfer) => transfer.transferId === `${found.intentId ?? ""}:case`) ?? false;
          if (payment && owed && outcome !== "explained") {
            const target =
              outcome === "credited-to-account"
                ? ledgerAccount.prepaid(payment.accountNo)
                : outcome === "returned-to-customer"
                  ? ledgerAccount.cashBox(payment.deviceId ?? "counter")
                  : "income:cash-differences";
            await post(tx, {
              transferId: `${found.caseId}:resolved`,
              intentId: payment.intentId,
              unitPath: found.unitPath,
              debit: found.amountFen > 0 ? ledgerAccount.suspense : target,
              credit: found.amountFen > 0 ? target : ledgerAccount.suspense,
              amountFen: Math.abs(found.amountFen),
              kind: `case-${outcome}`,
            });
            if (outcome === "credited-to-account")
              await sql`update account set prepaid_fen = prepaid_fen + ${found.amountFen} where account_no = ${payment.accountNo}`.execute(
                tx,
              );
          }
          await addCaseNote(tx, found.caseId, found.unitPath, viewer.staff.name_zh, text);
          await writeCaseState(tx, found.caseId, { state: "closed", outcome });
        });
      },
    );

    app.get(
      "/api/reconciliation",
      {
        config: may("money.read"),
        schema: {
          querystring: z.object({ limit: z.coerce.number().int().min(1).max(200).default(60) }),
          response: { 200: z.array(ReconciliationRun) },
        },
      },
      async (request) => options.reconciliation.list(viewerOf(request).scope, request.query.limit),
    );

    app.get(
      "/api/reconciliation/:runId",
      {
        config: may("money.read"),
        schema: { params: z.object({ runId: z.string().max(80) }), response: { 200: ReconciliationDetail } },
      },
      async (request) => {
        const run = await options.reconciliation.find(viewerOf(request).scope, request.params.runId);
        if (!run) throw notFound("reconciliation", request.params.runId);
        return run;
      },
    );

    app.post(
      "/api/reconciliation/run",
      {
        config: may("reconciliation.run"),
        schema: { body: z.object({ day: Day }), response: { 200: z.array(ReconciliationRun) } },
      },
      async (request) => {
        const viewer = viewerOf(request);
        if (request.body.day > options.today())
          throw new HallError("reconciliation.day", 400, "day: lies in the future");
        const runs = await options.reconciliation.run(request.body.day);
        await inScope(db, SYSTEM, (tx) =>
          writeAudit(tx, {
            unitPath: viewer.staff.unit_path,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "reconciliation.run",
            subject: request.body.day,
            detail: { runs: runs.map((run) => run.runId) },
          }),
        );
        return runs;
      },
    );
  };
