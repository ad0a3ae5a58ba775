import type { CallEvent } from "@gridhall/domain/seats/call.ts";
import type { SeatEvent } from "@gridhall/domain/seats/state.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";

/** The stored facts that statistics are computed from, as far as a scope may see them. */

/** Events of every call that has any event in the period; a call is told whole. */
export async function callEventsIn(tx: Tx, fromMs: number, untilMs: number): Promise<CallEvent[]> {
  const { rows } = await sql<{ body: CallEvent }>`select e.body from call_event e where e.call_id in (
      select call_id from call_event where at_ms >= ${fromMs} and at_ms < ${untilMs})
    order by e.call_id, e.seq`.execute(tx);
  return rows.map((row) => row.body);
}

/** Events of the period, and the last one before it of each seat: the state in which the period began. */
export async function seatEventsIn(tx: Tx, fromMs: number, untilMs: number): Promise<SeatEvent[]> {
  const { rows } = await sql<{ body: SeatEvent }>`select body from (
      select seat_id, seq, body from seat_event where at_ms >= ${fromMs} and at_ms < ${untilMs}
      union all
      select * from (select distinct on (seat_id) seat_id, seq, body from seat_event where at_ms < ${fromMs}
        order by seat_id, seq desc) before
    ) t order by seat_id, seq`.execute(tx);
  return rows.map((row) => row.body);
}
