import { PolicyRow } from "@gridhall/domain/seats/api.ts";
import { DryRun, DryRunReport, PolicyDraft, PolicyFaults, ReplayReport } from "@gridhall/domain/seats/reports.ts";
import { CallId, InstantMs, SeatId } from "@gridhall/domain/seats/schema.ts";
import { SHANGHAI } from "@gridhall/domain/routing/calendar.ts";
import { explainRouting } from "@gridhall/domain/routing/explain.ts";
import type { PolicyFault } from "@gridhall/domain/routing/fault.ts";
import { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import { validatePolicies } from "@gridhall/domain/routing/validate.ts";
import { z } from "zod";
import { writeAudit } from "../../audit/chain.ts";
import { type Database, inScope, SYSTEM } from "../../db/database.ts";
import { may, viewerOf } from "../../web/access.ts";
import { HallError, notFound } from "../../web/errors.ts";
import type { App } from "../../web/server.ts";
import { lastAgentOf } from "../callStore.ts";
import { routingDirectory } from "../directoryStore.ts";
import type { Dispatcher } from "../dispatcher.ts";
import { listPolicies, policyUnit, publishPolicy, rootUnit, routingPolicies, withdrawPolicy } from "../policyStore.ts";
import { replayPast } from "../replayPast.ts";
import { listSeats, toSeat } from "../seatStore.ts";
import { requireOwnCalls, requireWithin, unitOf } from "./scope.ts";

/** A replay looks at a week at most: it runs while somebody waits for it. */
const LONGEST_REPLAY_MS = 8 * 86_400_000;

/** Routing policies: published as versions, tried out on one call or on the calls of the past before they go live. */
export const policyRoutes =
  (options: { db: Database; dispatcher: Dispatcher; nowMs(): number }) =>
  async (app: App): Promise<void> => {
    const { db, dispatcher, nowMs } = options;

    /** The set that would be in force with these drafts in the place of their namesakes. */
    const withDrafts = async (drafts: readonly PolicyDraft[]): Promise<RoutingPolicy[]> => {
      const present = await inScope(db, SYSTEM, listPolicies);
      const drafted = new Set<string>(drafts.map((draft) => draft.policyId));
      const next = (policyId: string) =>
        1 + Math.max(0, ...present.filter((one) => one.policy.policyId === policyId).map((one) => one.policy.version));
      return [
        ...present.filter((one) => one.current && !drafted.has(one.policy.policyId)).map((one) => one.policy),
        ...drafts.map((draft) => ({ ...draft, version: next(draft.policyId) })),
      ];
    };
    const faultsOf = async (drafts: readonly PolicyDraft[]): Promise<PolicyFault[]> => {
      const policies = await withDrafts(drafts);
      const directory = await inScope(db, SYSTEM, routingDirectory);
      return validatePolicies(policies, directory, nowMs());
    };

    /** The time without any policy that withdrawing this one would open; null where there is none, or one already. */
    const gapWithout = async (policyId: string): Promise<PolicyFault | null> => {
      const { policies, directory } = await inScope(db, SYSTEM, async (tx) => ({
        policies: await routingPolicies(tx),
        directory: await routingDirectory(tx),
      }));
      const gapOf = (set: readonly RoutingPolicy[]) =>
        validatePolicies(set, directory, nowMs()).find((fault) => fault.code === "no-catch-all") ?? null;
      return gapOf(policies) ? null : gapOf(policies.filter((policy) => policy.policyId !== policyId));
    };

    app.get(
      "/api/seats/policies",
      { config: may("seats.manage"), schema: { response: { 200: z.array(PolicyRow) } } },
      async (request) =>
        (await inScope(db, viewerOf(request).scope, listPolicies)).map((record) => ({
          policy: record.policy,
          publishedMs: record.publishedAt.getTime(),
          publishedBy: record.publishedBy,
          current: record.current,
          withdrawnMs: record.withdrawnAt?.getTime() ?? null,
        })),
    );

    app.post(
      "/api/seats/policies/validate",
      {
        config: may("seats.manage"),
        schema: { body: z.object({ draft: PolicyDraft }), response: { 200: PolicyFaults } },
      },
      async (request) => ({ faults: await faultsOf([request.body.draft]) }),
    );

    app.post(
      "/api/seats/policies",
      { config: may("seats.manage"), schema: { body: PolicyDraft, response: { 200: RoutingPolicy } } },
      async (request) => {
        const viewer = viewerOf(request);
        const draft = request.body;
        const before = await inScope(db, SYSTEM, async (tx) => ({
          root: await rootUnit(tx),
          unitPath: await policyUnit(tx, draft.policyId),
        }));
        requireOwnCalls(viewer, draft, before.root);
        // An id stays with the unit that used it first: its versions are one line.
        const unitPath = before.unitPath ?? unitOf(viewer);
        requireWithin(viewer, unitPath, "policyId");
        const own = (await faultsOf([draft])).filter(
          (fault) => (fault.policy === null || fault.policy.policyId === draft.policyId) && fault.severity === "error",
        );
        if (own.length > 0)
          throw new HallError(
            "policy.faulty",
            422,
            own.map((fault) => `${fault.path.join(".") || "policies"}: ${fault.remedy.en}`).join("; "),
            { faults: own },
          );
        const published = await inScope(db, viewer.scope, async (tx) => {
          const policy = await publishPolicy(tx, draft, unitPath, viewer.staff.staff_id);
          await writeAudit(tx, {
            unitPath,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "policy.published",
            subject: policy.policyId,
            detail: { version: policy.version },
          });
          return policy;
        });
        dispatcher.policiesChanged();
        return published;
      },
    );

    app.post(
      "/api/seats/policies/:policyId/withdraw",
      {
        config: may("seats.manage"),
        schema: {
          params: z.object({ policyId: z.string().max(60) }),
          response: { 200: z.object({ ok: z.literal(true) }) },
        },
      },
      async (request) => {
        const viewer = viewerOf(request);
        const { policyId } = request.params;
        const gap = await gapWithout(policyId);
        if (gap)
          throw new HallError(
            "policy.needed",
            409,
            `without it calls may match no policy (${gap.detail}); publish one without conditions first`,
          );
        await inScope(db, viewer.scope, async (tx) => {
          const unitPath = await policyUnit(tx, policyId);
          if (unitPath === null || !(await withdrawPolicy(tx, policyId))) throw notFound("policy", policyId);
          await writeAudit(tx, {
            unitPath,
            actor: `staff:${viewer.staff.staff_id}`,
            action: "policy.withdrawn",
            subject: policyId,
            detail: {},
          });
        });
        dispatcher.policiesChanged();
        return { ok: true as const };
      },
    );

    app.post(
      "/api/seats/policies/dry-run",
      {
        config: may("seats.manage"),
        schema: {
          body: DryRun,
          response: { 200: DryRunReport },
        },
      },
      async (request) => {
        const { atMs, drafts, readySeatIds } = request.body;
        const policies = drafts.length > 0 ? await withDrafts(drafts) : await inScope(db, SYSTEM, routingPolicies);
        const { seats, last } = await inScope(db, SYSTEM, async (tx) => ({
          seats: (await listSeats(tx)).map(toSeat),
          last: await lastAgentOf(tx, request.body.request.customerKey),
        }));
        const supposed = seats.map((seat) =>
          readySeatIds.includes(seat.seatId)
            ? {
                ...seat,
                status: {
                  ...seat.status,
                  state: { name: "ready" as const },
                  idleSinceMs: seat.status.idleSinceMs ?? atMs,
                },
                signedInMs: seat.signedInMs ?? atMs,
              }
            : seat,
        );
        const explanation = explainRouting(
          {
            callId: CallId.parse("dry-run"),
            request: request.body.request,
            epoch: 0,
            waitingSinceMs: atMs,
            lastAgent: last ? { seatId: SeatId.parse(last.seatId), atMs: last.atMs } : null,
            requeued: false,
            target: null,
          },
          policies,
          supposed,
          atMs,
          SHANGHAI,
        );
        return DryRunReport.parse(explanation);
      },
    );

    app.post(
      "/api/seats/policies/replay",
      {
        config: may("seats.manage"),
        schema: {
          body: z.object({ fromMs: InstantMs, untilMs: InstantMs, drafts: z.array(PolicyDraft).max(20).default([]) }),
          response: { 200: ReplayReport },
        },
      },
      async (request) => {
        const { fromMs, untilMs, drafts } = request.body;
        if (untilMs <= fromMs) throw new HallError("period.empty", 400, "untilMs: must be later than fromMs");
        if (untilMs - fromMs > LONGEST_REPLAY_MS)
          throw new HallError(
            "period.too-long",
            400,
            "untilMs: a replay covers at most eight days; choose a shorter period",
          );
        const policies = await withDrafts(drafts);
        return inScope(db, viewerOf(request).scope, (tx) => replayPast(tx, { fromMs, untilMs, policies }));
      },
    );
  };
