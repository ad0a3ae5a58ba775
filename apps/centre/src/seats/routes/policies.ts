import { PolicyRow } from "@gridhall/domain/seats/api.ts";
import { CallRequest, CallId, InstantMs, SeatId } from "@gridhall/domain/seats/schema.ts";
import { SHANGHAI } from "@gridhall/domain/routing/calendar.ts";
import { explainRouting } from "@gridhall/domain/routing/explain.ts";
import { PolicyFault } from "@gridhall/domain/routing/fault.ts";
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
import { listPolicies, publishPolicy, routingPolicies, withdrawPolicy } from "../policyStore.ts";
import { replayPast, ReplayReport } from "../replayPast.ts";
import { listSeats, toSeat } from "../seatStore.ts";

const Draft = RoutingPolicy.omit({ version: true });
const Faults = z.object({ faults: z.array(PolicyFault) });
/** A replay looks at a week at most: it runs while somebody waits for it. */
const LONGEST_REPLAY_MS = 8 * 86_400_000;

/** Routing policies: published as versions, tried out on one call or on the calls of the past before they go live. */
export const policyRoutes =
  (options: { db: Database; dispatcher: Dispatcher; nowMs(): number }) =>
  async (app: App): Promise<void> => {
    const { db, dispatcher, nowMs } = options;

    /** The set that would be in force with these drafts in the place of their namesakes. */
    const withDrafts = async (drafts: readonly z.infer<typeof Draft>[]): Promise<RoutingPolicy[]> => {
      const present = await inScope(db, SYSTEM, listPolicies);
      const drafted = new Set<string>(drafts.map((draft) => draft.policyId));
      const next = (policyId: string) =>
        1 + Math.max(0, ...present.filter((one) => one.policy.policyId === policyId).map((one) => one.policy.version));
      return [
        ...present.filter((one) => one.current && !drafted.has(one.policy.policyId)).map((one) => one.policy),
        ...drafts.map((draft) => ({ ...draft, version: next(draft.policyId) })),
      ];
    };
    const faultsOf = async (drafts: readonly z.infer<typeof Draft>[]): Promise<PolicyFault[]> => {
      const policies = await withDrafts(drafts);
      const directory = await inScope(db, SYSTEM, routingDirectory);
      return validatePolicies(policies, directory, nowMs());
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
      { config: may("seats.manage"), schema: { body: z.object({ draft: Draft }), response: { 200: Faults } } },
      async (request) => ({ faults: await faultsOf([request.body.draft]) }),
    );

    app.post(
      "/api/seats/policies",
      { config: may("seats.manage"), schema: { body: Draft, response: { 200: RoutingPolicy } } },
      async (request) => {
        const viewer = viewerOf(request);
        const draft = request.body;
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
          const policy = await publishPolicy(tx, draft, viewer.staff.unit_path, viewer.staff.staff_id);
          await writeAudit(tx, {
            unitPath: viewer.staff.unit_path,
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
        await inScope(db, viewer.scope, async (tx) => {
          if (!(await withdrawPolicy(tx, policyId))) throw notFound("policy", policyId);
          await writeAudit(tx, {
            unitPath: viewer.staff.unit_path,
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
          body: z.object({
            request: CallRequest,
            atMs: InstantMs,
            drafts: z.array(Draft).max(20).default([]),
            /** As if these were ready now; empty: as the seats are. */
            readySeatIds: z.array(SeatId).max(2000).default([]),
          }),
          response: { 200: z.unknown() },
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
        return explainRouting(
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
      },
    );

    app.post(
      "/api/seats/policies/replay",
      {
        config: may("seats.manage"),
        schema: {
          body: z.object({ fromMs: InstantMs, untilMs: InstantMs, drafts: z.array(Draft).max(20).default([]) }),
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
