import { applyCallEvent, isOver } from "@gridhall/domain/seats/applyCallEvent.ts";
import type { Call, CallEvent } from "@gridhall/domain/seats/call.ts";
import { CallRequest } from "@gridhall/domain/seats/schema.ts";
import { SeatEvent, type SeatStateName } from "@gridhall/domain/seats/state.ts";
import { sql } from "kysely";
import type { Centre } from "../centre.ts";
import { inScope, SYSTEM } from "../db/database.ts";
import type { NewCallEvent } from "../seats/callStore.ts";

/** Calls and seat states of the past, as the centre would have stored them: every event follows from those before it. */

export interface PastCall {
  readonly events: readonly CallEvent[];
  readonly state: Call;
}

/** Random numbers that come out the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One call, told by `tell`: it adds what happened, so many milliseconds after what happened before. */
export function pastCall(
  callId: string,
  request: Partial<CallRequest>,
  atMs: number,
  tell: (add: (afterMs: number, event: NewCallEvent) => Call) => void,
): PastCall {
  const events: CallEvent[] = [];
  let state: Call | null = null;
  let nowMs = atMs;
  const add = (afterMs: number, event: NewCallEvent): Call => {
    nowMs += afterMs;
    const full = { ...event, callId, seq: events.length + 1, atMs: nowMs } as CallEvent;
    const step = applyCallEvent(state, full);
    if (!step.ok) throw new Error(`${full.type} after ${events.at(-1)?.type ?? "nothing"}: ${step.reason}`);
    events.push(full);
    state = step.call;
    return step.call;
  };
  add(0, {
    type: "requested",
    request: CallRequest.parse({
      ...{ deviceId: null, hallId: null, unitPath: "p", service: null, customerClass: "residential", priority: 0 },
      customerKey: callId,
      ...request,
    }),
  });
  tell(add);
  if (!state) throw new Error("a call begins with an event");
  return { events, state };
}

export interface PastSeat {
  readonly seatId: string;
  readonly groups: readonly string[];
  readonly unitPath: string;
}

/** A call as life writes it: offers that ring out or are refused, transfers, lost seats, links that break, ratings. */
export function randomCall(callId: string, atMs: number, seats: readonly PastSeat[], random: () => number): PastCall {
  const upTo = (n: number) => Math.floor(random() * n);
  const chance = (share: number) => random() < share;
  const pick = <T>(list: readonly T[]): T => list[upTo(list.length)] as T;
  const hall = pick([
    { hallId: "ah", unitPath: "p.a.h", deviceId: "kiosk-a" },
    { hallId: "bh", unitPath: "p.b.h", deviceId: "kiosk-b" },
    { hallId: null, unitPath: "p", deviceId: null },
  ]);
  const request = {
    ...hall,
    service: pick(["pay-bill", "query-usage", null]),
    customerKey: `customer-${upTo(400)}`,
  };
  return pastCall(callId, request as Partial<CallRequest>, atMs, (add) => {
    if (chance(0.02)) return void add(upTo(3_000), { type: "abandoned" });
    add(upTo(200), { type: "queued", policy: null, step: 0 });
    let epoch = 0;
    const talk = (first: PastSeat): PastSeat => {
      let seat = first;
      for (let turn = upTo(4); turn > 0; turn -= 1) {
        if (chance(0.3)) {
          add(upTo(40_000), { type: "held" });
          add(upTo(40_000), { type: "resumed" });
        }
        if (chance(0.3)) {
          add(upTo(60_000), { type: "interrupted", side: pick(["customer", "seat"] as const) });
          add(upTo(7_000), { type: "rejoined" });
        }
        if (!chance(0.25)) continue;
        const next = pick(seats.filter((other) => other.seatId !== seat.seatId));
        const to = { kind: "seat", ...next } as Extract<NewCallEvent, { type: "transferred" }>["to"];
        add(upTo(90_000), { type: "transferred", fromSeatId: seat.seatId, to } as NewCallEvent);
        seat = next;
      }
      return seat;
    };
    for (;;) {
      if (chance(0.1)) return void add(upTo(12_000), { type: "abandoned" });
      if (chance(0.03)) return void add(upTo(90_000), { type: "callback-left", phone: null });
      if (chance(0.03)) return void add(upTo(90_000), { type: "message-left", messageId: null });
      // Still in the queue when the story ends.
      if (chance(0.01)) return;
      if (chance(0.1)) add(upTo(30_000), { type: "step-advanced", step: 1, overflow: chance(0.5) });
      const seat = pick(seats);
      epoch += 1;
      const key = { seatId: seat.seatId, callEpoch: epoch, seatEpoch: 1 } as const;
      add(upTo(15_000), { type: "offered", ...key, expiresMs: 0 } as NewCallEvent);
      if (chance(0.15)) {
        add(20_000, { type: "offer-expired", ...key, cause: chance(0.7) ? "rang-out" : "withdrawn" } as NewCallEvent);
        continue;
      }
      if (chance(0.1)) {
        add(upTo(15_000), { type: "refused", ...key, reason: "" } as NewCallEvent);
        continue;
      }
      add(upTo(9_000), { type: "accepted", ...seat, callEpoch: epoch } as NewCallEvent);
      if (chance(0.05)) {
        add(upTo(9_000), { type: "requeued", fromSeatId: seat.seatId, cause: "failed" } as NewCallEvent);
        continue;
      }
      add(upTo(3_000), { type: "connected", seatId: seat.seatId } as NewCallEvent);
      const last = talk(seat);
      if (chance(0.08)) {
        add(upTo(60_000), { type: "interrupted", side: "seat" });
        add(7_000, { type: "requeued", fromSeatId: last.seatId, cause: "seat-lost" } as NewCallEvent);
        continue;
      }
      if (chance(0.1)) {
        add(upTo(60_000), { type: "transferred", fromSeatId: last.seatId, to: { kind: "queue" } } as NewCallEvent);
        continue;
      }
      const call = add(upTo(180_000), { type: "ended", by: "customer", reason: "done" });
      for (const seatId of call.wrapping) add(upTo(30_000), { type: "wrap-ended", seatId });
      if (chance(0.5)) add(upTo(9_000), { type: "rated", score: 1 + upTo(5) });
      return;
    }
  });
}

/** What a seat did from `fromMs` to `untilMs`, in states that last up to twenty minutes. */
export function randomSeatTime(seat: PastSeat, fromMs: number, untilMs: number, random: () => number): SeatEvent[] {
  const names = ["offline", "ready", "reserved", "in-call", "wrap-up", "break", "training", "missed"] as const;
  const states: Record<(typeof names)[number], object> = {
    ...{ offline: {}, ready: {}, training: {}, break: { reason: "meal" }, missed: { callId: "x" } },
    ...{ reserved: { callId: "x", expiresMs: 0 }, "in-call": { callId: "x" } },
    "wrap-up": { callId: "x", untilMs: 0, extended: false },
  };
  const events: SeatEvent[] = [];
  for (let atMs = fromMs; atMs < untilMs; atMs += Math.floor(random() * 1_200_000)) {
    const name: SeatStateName & keyof typeof states = names[Math.floor(random() * names.length)] ?? "ready";
    events.push(SeatEvent.parse({ ...seat, seq: events.length + 1, atMs, state: { name, ...states[name] } }));
  }
  return events;
}

/** Writes them as rows. Calls that are not over are closed as rows only, so that routing leaves them alone. */
export async function storePast(
  centre: Centre,
  calls: readonly PastCall[],
  seatEvents: readonly SeatEvent[] = [],
): Promise<void> {
  await inScope(centre.db, SYSTEM, async (tx) => {
    for (const some of chunks(calls, 500)) {
      const rows = some.map(({ events, state }) => ({
        call_id: state.callId,
        unit_path: state.request.unitPath,
        device_id: state.request.deviceId,
        customer_key: state.request.customerKey,
        state,
        phase: state.phase.name,
        requested_at: new Date(state.requestedMs).toISOString(),
        ended_at: new Date(state.endedMs ?? state.atMs).toISOString(),
        seq: events.length,
      }));
      await sql`insert into call (call_id, unit_path, device_id, customer_key, seq, state, phase, requested_at, ended_at, live)
        select call_id, unit_path::ltree, device_id, customer_key, seq, state, phase, requested_at, ended_at, '{}'
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as t(call_id text, unit_path text, device_id text,
          customer_key text, seq int, state jsonb, phase text, requested_at timestamptz, ended_at timestamptz)`.execute(
        tx,
      );
      const told = some.flatMap(({ events, state }) =>
        events.map((body) => ({ body, unit_path: state.request.unitPath })),
      );
      await sql`insert into call_event (call_id, seq, unit_path, at_ms, type, body)
        select body->>'callId', (body->>'seq')::int, unit_path::ltree, (body->>'atMs')::bigint, body->>'type', body
        from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as t(body jsonb, unit_path text)`.execute(tx);
    }
    for (const some of chunks(seatEvents, 2_000))
      await sql`insert into seat_event (seat_id, seq, unit_path, at_ms, body)
        select body->>'seatId', (body->>'seq')::int, (body->>'unitPath')::ltree, (body->>'atMs')::bigint, body
        from jsonb_array_elements(${JSON.stringify(some)}::jsonb) as t(body)`.execute(tx);
  });
  if (
    calls.some(({ state }) => !isOver(state.phase) && state.firstConnectedMs !== null && state.phase.name !== "queued")
  )
    throw new Error("a call that goes on would be counted up to the instant of asking");
}

function chunks<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size));
}
