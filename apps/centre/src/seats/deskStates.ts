import type { Text } from "@gridhall/domain/catalogue/schema.ts";
import { allows } from "@gridhall/domain/seats/assist.ts";
import { isOver, seatOfPhase } from "@gridhall/domain/seats/applyCallEvent.ts";
import type { CallerCard, DeskCall, DeskOffer, DeskState } from "@gridhall/domain/seats/desk.ts";
import { CallId, SeatId } from "@gridhall/domain/seats/schema.ts";
import { sql } from "kysely";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";
import { callsOfSeat, type CallRecord, findCall } from "./callStore.ts";
import type { HostedCalls } from "./hostedCalls.ts";
import { findSeat } from "./seatStore.ts";

/** What a person's desk shows, made from the rows and from what the hosting node keeps of the call. */
export interface DeskStates {
  /** Null: nobody of this id. */
  read(seatId: string): Promise<DeskState | null>;
}

export function createDeskStates(options: { db: Database; calls: HostedCalls; nowMs(): number }): DeskStates {
  const { db, calls, nowMs } = options;

  const callerOf = async (tx: Tx, record: CallRecord): Promise<CallerCard> => {
    const { rows } = await sql<{ body: { type?: string; reason?: unknown } }>`select body from call_decision
      where call_id = ${record.call_id} and body->>'type' = 'offer' order by n desc limit 1`.execute(tx);
    return {
      deviceId: record.device_id,
      kioskZh: record.kiosk_zh,
      kioskEn: record.kiosk_en,
      hallZh: record.hall_zh,
      hallEn: record.hall_en,
      unitPath: record.unit_path,
      service: record.state.request.service,
      journeyId: record.journey_id,
      accountNo: record.account_no,
      customerClass: record.state.request.customerClass,
      language: record.live.language,
      reason: rows[0]?.body.reason ?? null,
    };
  };

  const names = async (tx: Tx, seatIds: readonly string[]): Promise<(seatId: string) => Text> => {
    const { rows } = await sql<{ staff_id: string; name_zh: string; name_en: string }>`select staff_id, name_zh, name_en
      from staff where staff_id = any(${[...seatIds]}::text[])`.execute(tx);
    const known = new Map(rows.map((row) => [row.staff_id, { zh: row.name_zh, en: row.name_en }]));
    return (seatId) => known.get(seatId) ?? { zh: seatId, en: seatId };
  };

  const deskCall = async (tx: Tx, record: CallRecord, seatId: string): Promise<DeskCall> => {
    const hosted = calls.get(record.call_id);
    const owner = seatOfPhase(record.state.phase);
    const party = record.live.parties.find((one) => one.seatId === seatId);
    const { invitation } = record.live;
    const known = await names(tx, [
      ...(owner ? [owner] : []),
      ...record.live.parties.map((one) => one.seatId),
      ...(invitation ? [invitation.seatId] : []),
    ]);
    const parties: DeskCall["parties"] = [
      ...(owner
        ? [
            {
              seatId: owner,
              name: known(owner),
              role: "agent" as const,
              mode: "talking" as const,
              invited: false,
            },
          ]
        : []),
      ...record.live.parties.map((one) => ({
        ...one,
        seatId: SeatId.parse(one.seatId),
        name: known(one.seatId),
        invited: false,
      })),
    ];
    if (invitation && !parties.some((one) => one.seatId === invitation.seatId))
      parties.push({
        seatId: SeatId.parse(invitation.seatId),
        name: known(invitation.seatId),
        role: "agent",
        mode: "talking",
        invited: true,
      });
    const sees = allows(record.live.consent, "view");
    return {
      callId: CallId.parse(record.call_id),
      phase: record.state.phase,
      part: owner === seatId ? "own" : party?.role === "supervisor" ? "supervising" : "invited",
      caller: await callerOf(tx, record),
      consent: record.live.consent,
      recording: (hosted?.recording ?? null) !== null,
      connectedMs: record.state.firstConnectedMs,
      parties,
      customerMedia: hosted?.customerMedia ?? { camera: "ok", microphone: "ok", screen: "ok" },
      // What the customer types is theirs until they let it be seen.
      journey: sees ? (hosted?.journey ?? null) : null,
      proposal: hosted?.proposal ?? null,
      proposalAnswer: hosted?.proposalAnswer ?? null,
      shared: hosted?.shared ?? null,
      note: record.note,
    };
  };

  const offerOf = async (tx: Tx, record: CallRecord, seatId: string): Promise<DeskOffer | null> => {
    const { phase, queuedMs, requestedMs } = record.state;
    const { invitation } = record.live;
    const waitedMs = Math.max(0, nowMs() - (queuedMs ?? requestedMs));
    if (phase.name === "offered" && phase.seatId === seatId)
      return {
        callId: CallId.parse(record.call_id),
        callEpoch: record.state.epoch,
        kind: "call",
        fromName: null,
        expiresMs: phase.expiresMs,
        waitedMs,
        caller: await callerOf(tx, record),
      };
    if (invitation?.seatId === seatId && invitation.expiresMs > 0)
      return {
        callId: CallId.parse(record.call_id),
        callEpoch: invitation.epoch,
        kind: invitation.kind,
        fromName: (await names(tx, [invitation.fromSeatId]))(invitation.fromSeatId),
        expiresMs: invitation.expiresMs,
        waitedMs,
        caller: await callerOf(tx, record),
      };
    return null;
  };

  return {
    read: (seatId) =>
      inScope(db, SYSTEM, async (tx) => {
        const seat = await findSeat(tx, seatId);
        const { rows: people } = await sql<{
          name_zh: string;
          name_en: string;
        }>`select name_zh, name_en from staff where staff_id = ${seatId}`.execute(tx);
        const [person] = people;
        if (!person) return null;
        const records = (await callsOfSeat(tx, seatId)).filter((record) => !isOver(record.state.phase));
        let offer: DeskOffer | null = null;
        let call: DeskCall | null = null;
        for (const record of records) {
          offer ??= await offerOf(tx, record, seatId);
          const involved =
            seatOfPhase(record.state.phase) === seatId || record.live.parties.some((one) => one.seatId === seatId);
          // One's own call comes before one that is only looked at.
          if (involved && (call === null || seatOfPhase(record.state.phase) === seatId))
            call = await deskCall(tx, record, seatId);
        }
        const state = seat?.status.state;
        const wrapping = state?.name === "wrap-up" ? await findCall(tx, state.callId) : null;
        return {
          nowMs: nowMs(),
          seatId: SeatId.parse(seatId),
          name: { zh: person.name_zh, en: person.name_en },
          number: seat?.number ?? "",
          status: seat?.status ?? null,
          isAgent: seat !== null,
          offer,
          call,
          wrap:
            state?.name === "wrap-up" && wrapping
              ? {
                  callId: state.callId,
                  untilMs: state.untilMs,
                  extended: state.extended,
                  caller: await callerOf(tx, wrapping),
                  note: wrapping.note,
                }
              : null,
          waiting: await countWaiting(tx),
          today: await todayOf(tx, seatId, nowMs()),
        };
      }),
  };
}

async function countWaiting(tx: Tx): Promise<number> {
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from call where ended_at is null
    and phase in ('requested', 'queued', 'offered') and live->>'nobody' is null`.execute(tx);
  return rows[0]?.n ?? 0;
}

/** The agent's own day: connected calls, time in them, offers that rang out. Local midnight is 16:00Z. */
async function todayOf(tx: Tx, seatId: string, nowMs: number): Promise<DeskState["today"]> {
  const dayMs = Math.floor((nowMs + 8 * 3_600_000) / 86_400_000) * 86_400_000 - 8 * 3_600_000;
  const { rows } = await sql<{ answered: number; missed: number; assist: number }>`select
    (select count(*)::int from call_event where at_ms >= ${dayMs} and type = 'connected' and body->>'seatId' = ${seatId}) as answered,
    (select count(*)::int from call_event where at_ms >= ${dayMs} and type = 'offer-expired'
      and body->>'seatId' = ${seatId} and body->>'cause' = 'rang-out') as missed,
    coalesce((select sum(t.next_ms - t.at_ms) from (
      select at_ms, body->'state'->>'name' as name, lead(at_ms, 1, ${nowMs}::bigint) over (order by seq) as next_ms
      from seat_event where seat_id = ${seatId} and at_ms >= ${dayMs}) t where t.name = 'in-call'), 0)::bigint as assist`.execute(
    tx,
  );
  const [row] = rows;
  return { answered: row?.answered ?? 0, missed: row?.missed ?? 0, assistMs: row?.assist ?? 0 };
}
