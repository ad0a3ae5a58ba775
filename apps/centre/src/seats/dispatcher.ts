import type { OfferKey, RouterInput, RoutingDecision } from "@gridhall/domain/routing/decision.ts";
import { SHANGHAI } from "@gridhall/domain/routing/calendar.ts";
import type { RoutedCall } from "@gridhall/domain/routing/call.ts";
import { NO_HANDLE_TIME } from "@gridhall/domain/routing/handleTime.ts";
import { type Router, restoreRouter } from "@gridhall/domain/routing/router.ts";
import { isOver } from "@gridhall/domain/seats/applyCallEvent.ts";
import { CallId } from "@gridhall/domain/seats/schema.ts";
import type { Logger } from "pino";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";
import type { Bus } from "../live/bus.ts";
import {
  appendEvents,
  type CallRecord,
  eventsOf,
  findCall,
  lockCall,
  type NewCallEvent,
  openCalls,
  writeDecision,
} from "./callStore.ts";
import { holdLease } from "./nodes.ts";
import { heldPolicies, routingPolicies } from "./policyStore.ts";
import { queuedOf, routedOf } from "./routedRows.ts";
import { findSeat, listSeats, moveSeat, toSeat } from "./seatStore.ts";

/** The node that holds this lease routes; another takes over when it dies. */
const LEASE = "routing";
const LEASE_TTL_MS = 5_000;
const LEASE_EVERY_MS = 1_500;
const TICK_MS = 1_000;
const REPAIR_MS = 5_000;

export interface Dispatcher extends AsyncDisposable {
  /** Whether this node routes at present. */
  isLeading(): boolean;
  /** After a change of policies. */
  policiesChanged(): void;
  position(callId: string): { position: number | null; expectedWaitMs: number | null };
  /** Resolves when everything heard of so far has been worked through. */
  settled(): Promise<void>;
}

/** What the router believes of a call; the database may know better. */
type Belief = { place: "waiting" } | { place: "offered"; key: OfferKey } | { place: "taken" };
const WAITING: Belief = { place: "waiting" };

/**
 * Lets the pure router decide and the database have the last word. Offers are written by compare-and-set on the call's
 * `seq` and the seat's `epoch` in one transaction; where that fails somebody was faster, and the router is told. So two
 * nodes that both believe to be leading still never offer one call twice. What other hands did (an agent accepted, a
 * customer left) comes as a hint, is read from the rows, and is told to the router as an input.
 */
export function startDispatcher(options: {
  db: Database;
  bus: Bus;
  logger: Logger;
  nodeId: string;
  nowMs(): number;
  /** For the test of two leaders: route without holding the lease. */
  alwaysLeads?: boolean;
  repairMs?: number;
  /** Told whenever waiting customers' places may have changed. */
  onMoved(): void;
}): Dispatcher {
  const { db, bus, logger, nodeId } = options;
  let router: Router | null = null;
  const beliefs = new Map<string, Belief>();
  /** Whom each call that the router knows is meant for, as it was told. */
  const targets = new Map<string, string>();
  /** Of the seats' rows that the router was told of last. */
  const epochs = new Map<string, number>();
  /** Which versions of which policies it routes by. */
  let signature = "";
  let chain: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let stopped = false;

  const serial = (work: () => Promise<void>): void => {
    chain = chain.then(async () => {
      if (stopped) return;
      try {
        await work();
      } catch (cause) {
        logger.warn(
          { cause: cause instanceof Error ? cause.stack : String(cause) },
          "routing starts over from the rows",
        );
        router = null;
        beliefs.clear();
      }
    });
  };
  const inSystem = <T>(work: (tx: Tx) => Promise<T>) => inScope(db, SYSTEM, work);

  const rebuild = async (): Promise<void> => {
    const { calls, fresh, ...known } = await inSystem(async (tx) => {
      const rows: RoutedCall[] = [];
      const requested: string[] = [];
      for (const record of await openCalls(tx)) {
        const row = await routedOf(tx, record);
        if (row) rows.push(row);
        else if (record.state.phase.name === "requested") requested.push(record.call_id);
      }
      const rest = {
        policies: await routingPolicies(tx),
        heldPolicies: await heldPolicies(tx),
        seats: (await listSeats(tx)).map(toSeat),
      };
      return { ...rest, calls: rows, fresh: requested };
    });
    beliefs.clear();
    targets.clear();
    signature = signatureOf(known.policies);
    for (const call of calls) {
      beliefs.set(call.callId, beliefOf(call));
      targets.set(call.callId, JSON.stringify(call.target));
    }
    const restored = restoreRouter(
      { calendar: SHANGHAI },
      { nowMs: options.nowMs(), ...known, calls, handleTime: NO_HANDLE_TIME },
    );
    router = restored.router;
    await carryOut(restored.decisions);
    for (const callId of fresh) await syncCall(callId);
  };

  const tell = async (input: RouterInput): Promise<void> => {
    if (!router) return;
    await carryOut(router.handle(input));
  };

  const carryOut = async (decisions: readonly RoutingDecision[]): Promise<void> => {
    for (const decision of decisions) await carryOutOne(decision);
    if (decisions.length > 0) options.onMoved();
    schedule();
  };

  const carryOutOne = async (decision: RoutingDecision): Promise<void> => {
    switch (decision.type) {
      case "pinned":
        return pin(decision);
      case "offer":
        return offer(decision);
      case "offer-over":
        beliefs.set(decision.callId, WAITING);
        // Refusals, withdrawals and lost seats were written by whoever brought them; ringing out is the router's own clock.
        if (decision.cause === "rang-out") await ringOut(decision);
        return;
      case "accepted":
        beliefs.set(decision.callId, { place: "taken" });
        return;
      case "step-advanced":
      case "overflow":
        await write(decision.callId, decision, [
          { type: "step-advanced", step: decision.step, overflow: decision.type === "overflow" },
        ]);
        return;
      case "end-with":
        beliefs.delete(decision.callId);
        await nobody(decision);
        return;
      case "requeued":
        beliefs.set(decision.callId, WAITING);
        return;
      case "refused":
        // The router and the rows have parted ways.
        if (decision.reason !== "known-call" && decision.input !== "seat-changed")
          throw new Error(`the router refused ${decision.input}: ${decision.reason}`);
        return;
      default:
        return decision satisfies never;
    }
  };

  const pin = async (decision: Extract<RoutingDecision, { type: "pinned" }>): Promise<void> => {
    const { callId, policy } = decision;
    beliefs.set(callId, WAITING);
    await inSystem(async (tx) => {
      const record = await lockCall(tx, callId);
      if (!record) return;
      if (record.state.phase.name === "requested")
        await appendEvents(tx, record, [{ type: "queued", policy, step: 0 }], options.nowMs());
      await writeDecision(tx, record, decision, options.nowMs());
    });
    bus.emit("call.changed", { callId, unitPath: "" });
  };

  const offer = async (decision: Extract<RoutingDecision, { type: "offer" }>): Promise<void> => {
    const { callId, seatId, callEpoch, seatEpoch, expiresMs } = decision;
    const made = await inSystem(async (tx) => {
      const record = await lockCall(tx, callId);
      if (!record || record.state.phase.name !== "queued" || record.state.epoch !== callEpoch - 1) return false;
      const moved = await moveSeat(tx, seatId, { type: "reserve", callId, expiresMs }, options.nowMs(), seatEpoch - 1);
      if (!moved.ok) return false;
      const appended = await appendEvents(
        tx,
        record,
        [{ type: "offered", seatId, callEpoch, seatEpoch, expiresMs }],
        options.nowMs(),
      );
      if (!appended.ok) throw new Error(`an offer that the call does not take: ${appended.reason}`);
      await writeDecision(tx, record, decision, options.nowMs());
      return true;
    });
    if (made) {
      beliefs.set(callId, { place: "offered", key: { callId, seatId, callEpoch, seatEpoch } });
      changed(callId, seatId);
      return;
    }
    await tell({ type: "offer-failed", atMs: options.nowMs(), callId, seatId, callEpoch, seatEpoch });
    await syncSeat(seatId);
    await syncCall(callId);
  };

  const ringOut = async (decision: OfferKey): Promise<void> => {
    const { callId, seatId, callEpoch, seatEpoch } = decision;
    await inSystem(async (tx) => {
      const record = await lockCall(tx, callId);
      const phase = record?.state.phase;
      if (!record || phase?.name !== "offered" || record.state.epoch !== callEpoch) return;
      await moveSeat(tx, seatId, { type: "miss", callId: CallId.parse(callId) }, options.nowMs(), seatEpoch);
      await appendEvents(
        tx,
        record,
        [{ type: "offer-expired", seatId, callEpoch, seatEpoch, cause: "rang-out" }],
        options.nowMs(),
      );
    });
    changed(callId, seatId);
  };

  const write = async (callId: string, decision: RoutingDecision, events: readonly NewCallEvent[]): Promise<void> => {
    await inSystem(async (tx) => {
      const record = await lockCall(tx, callId);
      if (!record || isOver(record.state.phase)) return;
      const appended = await appendEvents(tx, record, events, options.nowMs());
      if (appended.ok) await writeDecision(tx, record, decision, options.nowMs());
    });
    bus.emit("call.changed", { callId, unitPath: "" });
  };

  /** Nobody will answer: the customer is told and may leave a number or a message; the call waits for that, not for a seat. */
  const nobody = async (decision: Extract<RoutingDecision, { type: "end-with" }>): Promise<void> => {
    const { callId } = decision;
    await inSystem(async (tx) => {
      const record = await lockCall(tx, callId);
      if (!record || isOver(record.state.phase)) return;
      if (record.state.phase.name === "requested")
        await appendEvents(tx, record, [{ type: "queued", policy: null, step: 0 }], options.nowMs(), {
          nobody: decision.ending,
        });
      else await appendEvents(tx, record, [], options.nowMs(), { nobody: decision.ending });
      await writeDecision(tx, record, decision, options.nowMs());
    });
    bus.emit("call.changed", { callId, unitPath: "" });
  };

  const changed = (callId: string, seatId: string): void => {
    bus.emit("call.changed", { callId, unitPath: "" });
    bus.emit("seat.changed", { seatId });
  };

  // What other hands did -----------------------------------------------------------------------------------------------

  const syncSeat = async (seatId: string): Promise<void> => {
    const row = await inSystem((tx) => findSeat(tx, seatId));
    if (row) epochs.set(seatId, row.epoch);
    if (row) await tell({ type: "seat-changed", atMs: options.nowMs(), seat: toSeat(row) });
  };

  const syncPolicies = async (): Promise<void> => {
    if (!router) return;
    const policies = await inSystem(routingPolicies);
    const now = signatureOf(policies);
    if (now === signature) return;
    signature = now;
    await tell({ type: "policies-changed", atMs: options.nowMs(), policies });
  };

  const enqueue = async (record: CallRecord): Promise<void> => {
    const call = await inSystem((tx) => queuedOf(tx, record));
    beliefs.set(call.callId, WAITING);
    targets.set(call.callId, JSON.stringify(call.target));
    return tell({ type: "call-queued", atMs: options.nowMs(), call });
  };

  const syncCall = async (callId: string): Promise<void> => {
    const record = await inSystem((tx) => findCall(tx, callId));
    if (!record) return;
    const belief = beliefs.get(callId);
    const { phase } = record.state;
    const atMs = options.nowMs();
    const id = CallId.parse(callId);
    if (isOver(phase) || record.live.nobody) {
      if (!belief) return;
      beliefs.delete(callId);
      return tell({ type: belief.place === "taken" ? "call-ended" : "call-abandoned", atMs, callId: id });
    }
    switch (phase.name) {
      case "requested":
      case "queued":
        if (belief && targets.get(callId) !== JSON.stringify(record.live.target)) {
          // Meant for somebody else from now on: it joins the queue anew, with the waiting time that it has.
          beliefs.delete(callId);
          await tell({ type: belief.place === "taken" ? "call-ended" : "call-abandoned", atMs, callId: id });
          return enqueue(record);
        }
        if (!belief) return enqueue(record);
        if (belief.place === "offered") {
          const last = (await inSystem((tx) => eventsOf(tx, callId))).at(-1);
          return tell({ type: last?.type === "refused" ? "offer-refused" : "offer-expired", atMs, ...belief.key });
        }
        if (belief.place === "taken") return tell({ type: "call-requeued", atMs, callId: id });
        return;
      case "offered":
        // An offer that was not the router's: a transfer or a supervisor's order. It is out of the router's hands.
        if (belief && !(belief.place === "offered" && belief.key.callEpoch === record.state.epoch)) {
          beliefs.delete(callId);
          return tell({ type: "call-ended", atMs, callId: id });
        }
        return;
      case "connecting":
      case "connected":
      case "held":
      case "interrupted":
        if (belief?.place === "offered") {
          if (belief.key.seatId === phase.seatId) return tell({ type: "offer-accepted", atMs, ...belief.key });
          beliefs.delete(callId);
          return tell({ type: "call-ended", atMs, callId: id });
        }
        if (belief?.place === "waiting") {
          beliefs.delete(callId);
          return tell({ type: "call-ended", atMs, callId: id });
        }
        return;
      case "callback-left":
      case "message-left":
      case "abandoned":
      case "ended":
        return;
      default:
        return phase satisfies never;
    }
  };

  // Time and leadership ------------------------------------------------------------------------------------------------

  const schedule = (): void => {
    if (stopped || !router) return;
    if (timer) clearTimeout(timer);
    const dueMs = router.nextDueMs();
    const inMs = dueMs === null ? TICK_MS : Math.min(TICK_MS, Math.max(5, dueMs - options.nowMs()));
    timer = setTimeout(() => serial(() => tell({ type: "tick", atMs: options.nowMs() })), inMs);
  };

  const lead = async (): Promise<void> => {
    const leads = options.alwaysLeads || (await inSystem((tx) => holdLease(tx, LEASE, nodeId, LEASE_TTL_MS))) !== null;
    if (leads && !router) await rebuild();
    if (!leads && router) {
      router = null;
      beliefs.clear();
    }
  };
  /** Hints may be lost: now and then everything that is open is looked at, whether somebody called for it or not. */
  const repair = async (): Promise<void> => {
    if (!router) return;
    const { records, seats } = await inSystem(async (tx) => ({
      records: await openCalls(tx),
      seats: await listSeats(tx),
    }));
    for (const seat of seats) {
      if (epochs.get(seat.seat_id) !== seat.epoch) await syncSeat(seat.seat_id);
    }
    await syncPolicies();
    for (const record of records) await syncCall(record.call_id);
    const open = new Set(records.map((record) => record.call_id));
    for (const callId of [...beliefs.keys()]) if (!open.has(callId)) await syncCall(callId);
  };

  serial(lead);
  const leading = setInterval(() => serial(lead), LEASE_EVERY_MS);
  const repairing = setInterval(() => serial(repair), options.repairMs ?? REPAIR_MS);
  const stops = [
    bus.on("call.changed", ({ callId }) => {
      if (router) serial(() => syncCall(callId));
    }),
    bus.on("seat.changed", ({ seatId }) => {
      if (router) serial(() => syncSeat(seatId));
    }),
    bus.on("policies.changed", () => serial(syncPolicies)),
  ];

  return {
    isLeading: () => router !== null,
    policiesChanged() {
      bus.emit("policies.changed", {});
    },
    position(callId) {
      const id = CallId.parse(callId);
      return { position: router?.position(id) ?? null, expectedWaitMs: router?.expectedWaitMs(id) ?? null };
    },
    settled: () => chain,
    async [Symbol.asyncDispose]() {
      for (const stop of stops) stop();
      clearInterval(leading);
      clearInterval(repairing);
      if (timer) clearTimeout(timer);
      await chain;
      stopped = true;
    },
  };
}

function beliefOf(call: RoutedCall): Belief {
  const { place, callId, epoch } = call;
  if (place.name === "waiting") return WAITING;
  if (place.name === "taken") return { place: "taken" };
  return { place: "offered", key: { callId, seatId: place.seatId, callEpoch: epoch, seatEpoch: place.seatEpoch } };
}

function signatureOf(policies: readonly { policyId: string; version: number }[]): string {
  return policies
    .map(({ policyId, version }) => `${policyId}@${version}`)
    .sort()
    .join(" ");
}
