import { Target } from "@gridhall/domain/routing/call.ts";
import { isOver, seatOfPhase } from "@gridhall/domain/seats/applyCallEvent.ts";
import type { ConsentLevel } from "@gridhall/domain/seats/assist.ts";
import type { MessageTopic } from "@gridhall/domain/seats/callView.ts";
import type { OutcomeCode, TransferTarget } from "@gridhall/domain/seats/desk.ts";
import { CallId, GroupId, SeatId } from "@gridhall/domain/seats/schema.ts";
import type { RequestedState } from "@gridhall/domain/seats/state.ts";
import { sql } from "kysely";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";
import type { Bus } from "../live/bus.ts";
import { HallError } from "../web/errors.ts";
import { appendEvents, type CallLive, type CallRecord, lockCall, type NewCallEvent } from "./callStore.ts";
import { findSeat, moveSeat, type SeatRow } from "./seatStore.ts";

/**
 * What people do to a call, each as one transaction: the call's row is locked, the facts must follow from its state, the
 * seat moves with it, and hints go out after the commit. `Refused` is the answer to an order that came too late or does
 * not fit; nothing has changed then.
 */
export class Refused extends Error {
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.name = "Refused";
    this.reason = reason;
  }
}

export interface CallActions {
  accept(seatId: string, callId: string, callEpoch: number): Promise<void>;
  refuse(seatId: string, callId: string, callEpoch: number, reason: string): Promise<void>;
  connected(callId: string): Promise<void>;
  hold(seatId: string, callId: string, on: boolean): Promise<void>;
  hangUp(seatId: string, callId: string): Promise<void>;
  /** The customer hangs up or leaves the queue. */
  leave(callId: string): Promise<void>;
  leaveMessage(
    callId: string,
    what: { kind: "callback"; phone: string } | { kind: "message"; phone: string | null; topic: MessageTopic },
    messageId: string,
  ): Promise<void>;
  rate(callId: string, score: number): Promise<void>;
  consent(callId: string, consent: ConsentLevel, recording: boolean): Promise<void>;
  interrupted(callId: string, side: "customer" | "seat"): Promise<void>;
  rejoined(callId: string): Promise<void>;
  end(
    callId: string,
    by: "customer" | "supervisor" | "system",
    reason: "customer-left" | "failed" | "closed",
  ): Promise<void>;
  /** The desk is gone: what it held is given back, the seat is offline. */
  loseSeat(seatId: string): Promise<void>;
  requestState(seatId: string, to: RequestedState): Promise<{ remembered: boolean }>;
  extendWrap(seatId: string): Promise<void>;
  wrapDue(seatId: string): Promise<void>;
  wrap(seatId: string, callId: string, outcome: OutcomeCode, note: string): Promise<void>;
  note(seatId: string, callId: string, note: string): Promise<void>;
  transferBlind(seatId: string, callId: string, to: TransferTarget): Promise<void>;
  /** Warm transfer or invitation: rings at the target, the customer stays where they are. */
  invite(seatId: string, callId: string, to: TransferTarget, kind: "transfer" | "invitation"): Promise<void>;
  completeTransfer(seatId: string, callId: string): Promise<void>;
  cancelInvitation(seatId: string, callId: string): Promise<void>;
  expireInvitation(callId: string): Promise<void>;
  /** An invited agent leaves, or a supervisor stops. */
  leaveParty(seatId: string, callId: string): Promise<void>;
  supervise(seatId: string, callId: string, mode: "listen" | "whisper" | "joined"): Promise<void>;
  /** A supervisor sends a waiting call to somebody at once. */
  reroute(callId: string, to: TransferTarget): Promise<void>;
}

/** How long an invited agent's desk rings. */
const INVITATION_MS = 25_000;

export function createCallActions(options: { db: Database; bus: Bus; nowMs(): number }): CallActions {
  const { db, bus, nowMs } = options;
  const hints = (callId: string | null, seatIds: readonly (string | null)[]): void => {
    // The call first: routing takes up an answer before it looks at the seat that gave it.
    if (callId) bus.emit("call.changed", { callId, unitPath: "" });
    for (const seatId of seatIds) if (seatId) bus.emit("seat.changed", { seatId });
  };

  /** Locks the call, lets `decide` name events and seat moves, applies all or nothing. */
  const change = async (
    callId: string,
    work: (
      tx: Tx,
      record: CallRecord,
    ) => Promise<{ events?: NewCallEvent[]; live?: Partial<CallLive>; seats?: (string | null)[] }>,
  ): Promise<CallRecord> => {
    const { record, seats } = await inScope(db, SYSTEM, async (tx) => {
      const locked = await lockCall(tx, callId);
      if (!locked) throw new HallError("call.not-found", 404, `no call ${callId}`);
      const { events = [], live = {}, seats: touched = [] } = await work(tx, locked);
      const appended = await appendEvents(tx, locked, events, nowMs(), live);
      if (!appended.ok) throw new Refused(appended.reason);
      return { record: appended.record, seats: touched };
    });
    hints(callId, seats);
    return record;
  };
  const move = async (tx: Tx, ...[seatId, input, epoch]: [string, Parameters<typeof moveSeat>[2], number?]) => {
    const moved = await moveSeat(tx, seatId, input, nowMs(), epoch ?? null);
    if (!moved.ok) throw new Refused(moved.reason);
    return moved.row;
  };
  const own = (record: CallRecord, seatId: string): CallRecord => {
    if (seatOfPhase(record.state.phase) !== seatId) throw new Refused("not-your-call");
    return record;
  };
  const id = (callId: string) => CallId.parse(callId);
  const withoutParty = (record: CallRecord, seatId: string) =>
    record.live.parties.filter((party) => party.seatId !== seatId);

  /** Everybody beside the seat of the phase is done with the call: invited agents wrap up, supervisors just go. */
  const releaseParties = async (tx: Tx, record: CallRecord, keep: string | null = null): Promise<string[]> => {
    const released: string[] = [];
    for (const party of record.live.parties) {
      if (party.seatId === keep) continue;
      if (party.role === "agent")
        await moveSeat(tx, party.seatId, { type: "end", callId: id(record.call_id) }, nowMs());
      released.push(party.seatId);
    }
    const { invitation } = record.live;
    if (invitation) {
      await moveSeat(tx, invitation.seatId, { type: "release", callId: id(record.call_id) }, nowMs());
      released.push(invitation.seatId);
    }
    return released;
  };

  const finish = async (
    callId: string,
    event: Extract<NewCallEvent, { type: "ended" | "abandoned" | "callback-left" | "message-left" }> | null,
    by: { by: "customer" | "seat" | "supervisor" | "system"; reason: "done" | "customer-left" | "failed" | "closed" },
    also: (tx: Tx, record: CallRecord) => Promise<void> = async () => {},
  ): Promise<void> => {
    await change(callId, async (tx, record) => {
      const { phase } = record.state;
      if (isOver(phase)) return {};
      const seatId = seatOfPhase(phase);
      const talking =
        phase.name === "connected" ||
        phase.name === "held" ||
        (phase.name === "interrupted" && phase.before !== "connecting");
      const seats: string[] = await releaseParties(tx, record);
      const events: NewCallEvent[] = [];
      if (phase.name === "offered") {
        await moveSeat(tx, phase.seatId, { type: "release", callId: id(callId) }, nowMs());
        seats.push(phase.seatId);
      }
      if (seatId) {
        await moveSeat(tx, seatId, { type: "end", callId: id(callId) }, nowMs());
        seats.push(seatId);
      }
      await also(tx, record);
      if (event) events.push(event);
      else if (talking || by.by !== "customer") events.push({ type: "ended", ...by });
      else events.push({ type: "abandoned" });
      return { events, seats, live: { parties: [], invitation: null, interruptedMs: null } };
    });
  };

  /** The seat that a target means: itself, or the longest idle ready seat of the group. */
  const seatFor = async (tx: Tx, to: TransferTarget, not: string | null): Promise<SeatRow> => {
    const seatId = to.kind === "seat" ? to.seatId : await longestIdle(tx, to.groupId, not);
    if (!seatId) throw new Refused("nobody-ready-in-group");
    const row = await findSeat(tx, seatId);
    if (!row) throw new Refused("unknown-seat");
    if (row.seat_id === not) throw new Refused("that-is-you");
    if (row.status.state.name !== "ready") throw new Refused("seat-not-ready");
    return row;
  };

  /** A target that can answer some day: a call must not be sent where nobody is signed in. */
  const requireTarget = async (tx: Tx, to: TransferTarget, not: string | null): Promise<void> => {
    if (to.kind === "seat" && to.seatId === not) throw new Refused("that-is-you");
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from seat
      where ${to.kind === "seat" ? sql`seat_id = ${to.seatId}` : sql`${to.groupId} = any(groups)`}
        and status->'state'->>'name' not in ('offline', 'fault')`.execute(tx);
    if ((rows[0]?.n ?? 0) === 0) throw new Refused("nobody-signed-in");
  };
  const handlerOf = (row: SeatRow) => ({
    seatId: SeatId.parse(row.seat_id),
    groups: row.groups.map((group) => GroupId.parse(group)),
    unitPath: row.unit_path,
  });

  return {
    async accept(seatId, callId, callEpoch) {
      await change(callId, async (tx, record) => {
        const { invitation } = record.live;
        if (invitation?.seatId === seatId && invitation.epoch === callEpoch) {
          await move(tx, seatId, { type: "accept", callId: id(callId) });
          await move(tx, seatId, { type: "connect", callId: id(callId) });
          const parties = [
            ...withoutParty(record, seatId),
            { seatId, role: "agent" as const, mode: "talking" as const },
          ];
          return {
            live: { parties, invitation: { ...invitation, expiresMs: 0 } },
            seats: [seatId, invitation.fromSeatId],
          };
        }
        const { phase } = record.state;
        if (phase.name !== "offered" || phase.seatId !== seatId || record.state.epoch !== callEpoch)
          throw new Refused("offer-over");
        const row = await move(tx, seatId, { type: "accept", callId: id(callId) }, phase.seatEpoch);
        return { events: [{ type: "accepted", ...handlerOf(row), callEpoch }], seats: [seatId] };
      });
    },
    async refuse(seatId, callId, callEpoch, reason) {
      await change(callId, async (tx, record) => {
        const { invitation } = record.live;
        if (invitation?.seatId === seatId && invitation.epoch === callEpoch) {
          await move(tx, seatId, { type: "release", callId: id(callId) });
          return { live: { invitation: null }, seats: [seatId, invitation.fromSeatId] };
        }
        const { phase } = record.state;
        if (phase.name !== "offered" || phase.seatId !== seatId || record.state.epoch !== callEpoch)
          throw new Refused("offer-over");
        await move(tx, seatId, { type: "release", callId: id(callId) }, phase.seatEpoch);
        const key = { seatId: phase.seatId, callEpoch, seatEpoch: phase.seatEpoch };
        return { events: [{ type: "refused", ...key, reason }], seats: [seatId] };
      });
    },
    async connected(callId) {
      await change(callId, async (tx, record) => {
        const { phase } = record.state;
        if (phase.name !== "connecting") return {};
        await move(tx, phase.seatId, { type: "connect", callId: id(callId) });
        return { events: [{ type: "connected", seatId: phase.seatId }], seats: [phase.seatId] };
      });
    },
    async hold(seatId, callId, on) {
      await change(callId, async (_tx, record) => {
        own(record, seatId);
        return { events: [{ type: on ? "held" : "resumed" }], seats: [seatId] };
      });
    },
    async hangUp(seatId, callId) {
      await finish(callId, null, { by: "seat", reason: "done" }, async (_tx, record) => void own(record, seatId));
    },
    async leave(callId) {
      await finish(callId, null, { by: "customer", reason: "done" });
    },
    async leaveMessage(callId, what, messageId) {
      const phone = what.phone;
      const event: Extract<NewCallEvent, { type: "callback-left" | "message-left" }> =
        what.kind === "callback" ? { type: "callback-left", phone } : { type: "message-left", messageId };
      await finish(callId, event, { by: "customer", reason: "done" }, async (tx, record) => {
        await sql`insert into left_message (message_id, call_id, unit_path, kind, phone, topic)
          values (${messageId}, ${callId}, ${record.unit_path}::ltree, ${what.kind}, ${phone},
            ${what.kind === "message" ? what.topic : null})`.execute(tx);
      });
    },
    async rate(callId, score) {
      await change(callId, async (_tx, record) =>
        record.state.rating === null ? { events: [{ type: "rated", score }] } : {},
      );
    },
    async consent(callId, consent, recording) {
      await change(callId, async (_tx, record) => ({
        live: { consent, recording },
        seats: [seatOfPhase(record.state.phase)],
      }));
    },
    async interrupted(callId, side) {
      await change(callId, async (_tx, record) => {
        const { name } = record.state.phase;
        if (name !== "connecting" && name !== "connected" && name !== "held") return {};
        return {
          events: [{ type: "interrupted", side }],
          live: { interruptedMs: nowMs() },
          seats: [seatOfPhase(record.state.phase)],
        };
      });
    },
    async rejoined(callId) {
      await change(callId, async (_tx, record) => {
        if (record.state.phase.name !== "interrupted") return {};
        return {
          events: [{ type: "rejoined" }],
          live: { interruptedMs: null },
          seats: [seatOfPhase(record.state.phase)],
        };
      });
    },
    async end(callId, by, reason) {
      await finish(callId, null, { by, reason });
    },
    async loseSeat(seatId) {
      const row = await inScope(db, SYSTEM, (tx) => findSeat(tx, seatId));
      if (!row || row.status.state.name === "offline") return;
      const { state } = row.status;
      const callId = "callId" in state && state.name !== "missed" && state.name !== "wrap-up" ? state.callId : null;
      const lose = (tx: Tx) => moveSeat(tx, seatId, { type: "lose" }, nowMs());
      if (!callId) {
        await inScope(db, SYSTEM, async (tx) => {
          await lose(tx);
          if (state.name === "wrap-up") await endWrap(tx, state.callId, seatId, nowMs());
        });
        return hints(null, [seatId]);
      }
      await change(callId, async (tx, record) => {
        await lose(tx);
        const { phase } = record.state;
        const { invitation } = record.live;
        if (invitation?.seatId === seatId && invitation.expiresMs > 0)
          return { live: { invitation: null }, seats: [seatId, invitation.fromSeatId] };
        if (phase.name === "offered" && phase.seatId === seatId)
          return {
            events: [
              {
                type: "offer-expired",
                seatId: phase.seatId,
                callEpoch: record.state.epoch,
                seatEpoch: phase.seatEpoch,
                cause: "seat-lost",
              },
            ],
            seats: [seatId],
          };
        const seat = seatOfPhase(phase);
        if (seat !== seatId) {
          const dropped = invitation?.seatId === seatId ? null : invitation;
          return { live: { parties: withoutParty(record, seatId), invitation: dropped }, seats: [seatId, seat] };
        }
        const seats: (string | null)[] = await releaseParties(tx, record);
        return {
          events: [{ type: "requeued", fromSeatId: SeatId.parse(seatId), cause: "seat-lost" }],
          live: { parties: [], invitation: null, interruptedMs: null },
          seats: [...seats, seatId],
        };
      });
    },
    async requestState(seatId, to) {
      const moved = await inScope(db, SYSTEM, (tx) => moveSeat(tx, seatId, { type: "request", to }, nowMs()));
      hints(null, [seatId]);
      if (!moved.ok && !moved.remembered) throw new Refused(moved.reason);
      return { remembered: !moved.ok };
    },
    async extendWrap(seatId) {
      const moved = await inScope(db, SYSTEM, (tx) => moveSeat(tx, seatId, { type: "extend-wrap" }, nowMs()));
      hints(null, [seatId]);
      if (!moved.ok) throw new Refused(moved.reason);
    },
    async wrapDue(seatId) {
      await inScope(db, SYSTEM, async (tx) => {
        const row = await findSeat(tx, seatId);
        if (row?.status.state.name !== "wrap-up") return;
        const moved = await moveSeat(tx, seatId, { type: "due" }, nowMs());
        if (moved.ok) await endWrap(tx, row.status.state.callId, seatId, nowMs());
      });
      hints(null, [seatId]);
    },
    async wrap(seatId, callId, outcome, note) {
      await inScope(db, SYSTEM, async (tx) => {
        const row = await findSeat(tx, seatId);
        if (row?.status.state.name !== "wrap-up" || row.status.state.callId !== callId)
          throw new Refused("wrap-up-is-over");
        await sql`update call set outcome = ${outcome}, note = ${note} where call_id = ${callId}`.execute(tx);
        const moved = await moveSeat(tx, seatId, { type: "wrap-done" }, nowMs());
        if (!moved.ok) throw new Refused(moved.reason);
        await endWrap(tx, callId, seatId, nowMs());
      });
      hints(callId, [seatId]);
    },
    async note(seatId, callId, note) {
      await inScope(db, SYSTEM, async (tx) => {
        const record = await lockCall(tx, callId);
        const involved =
          record &&
          (seatOfPhase(record.state.phase) === seatId ||
            record.state.wrapping.some((one) => one === seatId) ||
            record.live.parties.some((party) => party.seatId === seatId));
        if (!involved) throw new Refused("not-your-call");
        await sql`update call set note = ${note} where call_id = ${callId}`.execute(tx);
      });
    },
    async transferBlind(seatId, callId, to) {
      await change(callId, async (tx, record) => {
        own(record, seatId);
        await requireTarget(tx, to, seatId);
        const seats: (string | null)[] = await releaseParties(tx, record);
        await move(tx, seatId, { type: "end", callId: id(callId) });
        return {
          events: [{ type: "transferred", fromSeatId: SeatId.parse(seatId), to: { kind: "queue" } }],
          live: { parties: [], invitation: null, interruptedMs: null, target: Target.parse(to) },
          seats: [...seats, seatId],
        };
      });
    },
    async invite(seatId, callId, to, kind) {
      await change(callId, async (tx, record) => {
        own(record, seatId);
        if (record.live.invitation) throw new Refused("somebody-is-invited");
        const target = await seatFor(tx, to, seatId);
        const expiresMs = nowMs() + INVITATION_MS;
        const reserved = await move(
          tx,
          target.seat_id,
          { type: "reserve", callId: id(callId), expiresMs },
          target.epoch,
        );
        const invitation = { seatId: target.seat_id, kind, fromSeatId: seatId, epoch: reserved.epoch, expiresMs };
        return { live: { invitation }, seats: [seatId, target.seat_id] };
      });
    },
    async completeTransfer(seatId, callId) {
      await change(callId, async (tx, record) => {
        own(record, seatId);
        const { invitation } = record.live;
        const target = record.live.parties.find(
          (party) => party.role === "agent" && party.seatId === invitation?.seatId,
        );
        if (!target) throw new Refused("nobody-to-hand-over-to");
        const row = await findSeat(tx, target.seatId);
        if (!row) throw new Refused("unknown-seat");
        await move(tx, seatId, { type: "end", callId: id(callId) });
        return {
          events: [{ type: "transferred", fromSeatId: SeatId.parse(seatId), to: { kind: "seat", ...handlerOf(row) } }],
          live: { parties: withoutParty(record, target.seatId), invitation: null, interruptedMs: null },
          seats: [seatId, target.seatId],
        };
      });
    },
    async cancelInvitation(seatId, callId) {
      await change(callId, async (tx, record) => {
        own(record, seatId);
        const { invitation } = record.live;
        if (!invitation) return {};
        const joined = record.live.parties.some((party) => party.seatId === invitation.seatId);
        await moveSeat(tx, invitation.seatId, { type: joined ? "end" : "release", callId: id(callId) }, nowMs());
        return {
          live: { invitation: null, parties: withoutParty(record, invitation.seatId) },
          seats: [seatId, invitation.seatId],
        };
      });
    },
    async expireInvitation(callId) {
      await change(callId, async (tx, record) => {
        const { invitation } = record.live;
        if (!invitation || invitation.expiresMs === 0 || invitation.expiresMs > nowMs()) return {};
        await moveSeat(tx, invitation.seatId, { type: "miss", callId: id(callId) }, nowMs());
        return { live: { invitation: null }, seats: [invitation.seatId, invitation.fromSeatId] };
      });
    },
    async leaveParty(seatId, callId) {
      await change(callId, async (tx, record) => {
        const party = record.live.parties.find((one) => one.seatId === seatId);
        if (!party) return {};
        if (party.role === "agent") await moveSeat(tx, seatId, { type: "end", callId: id(callId) }, nowMs());
        const { invitation } = record.live;
        return {
          live: {
            parties: withoutParty(record, seatId),
            invitation: invitation?.seatId === seatId ? null : invitation,
          },
          seats: [seatId, seatOfPhase(record.state.phase)],
        };
      });
    },
    async supervise(seatId, callId, mode) {
      await change(callId, async (_tx, record) => {
        const seat = seatOfPhase(record.state.phase);
        if (!seat) throw new Refused("nobody-talks");
        if (seat === seatId) throw new Refused("that-is-you");
        const parties = [...withoutParty(record, seatId), { seatId, role: "supervisor" as const, mode }];
        return { live: { parties }, seats: [seatId, seat] };
      });
    },
    async reroute(callId, to) {
      await change(callId, async (tx, record) => {
        if (record.state.phase.name !== "queued") throw new Refused("not-waiting");
        await requireTarget(tx, to, null);
        return { live: { nobody: null, target: Target.parse(to) } };
      });
    },
  };

  async function endWrap(tx: Tx, callId: string, seatId: string, atMs: number): Promise<void> {
    const record = await lockCall(tx, callId);
    if (record?.state.wrapping.some((one) => one === seatId))
      await appendEvents(tx, record, [{ type: "wrap-ended", seatId: SeatId.parse(seatId) }], atMs);
  }
}

async function longestIdle(tx: Tx, groupId: string, not: string | null): Promise<string | null> {
  const { rows } = await sql<{ seat_id: string }>`select seat_id from seat where ${groupId} = any(groups)
    and status->'state'->>'name' = 'ready' and seat_id is distinct from ${not}
    order by (status->>'idleSinceMs')::bigint, seat_id limit 1`.execute(tx);
  return rows[0]?.seat_id ?? null;
}
