import { Wallboard } from "@gridhall/domain/seats/api.ts";
import { seatOfPhase } from "@gridhall/domain/seats/applyCallEvent.ts";
import { statisticsOf } from "@gridhall/domain/seats/statistics.ts";
import { callOfSeat } from "@gridhall/domain/seats/state.ts";
import { type Database, inScope } from "../../db/database.ts";
import { may, viewerOf } from "../../web/access.ts";
import type { App } from "../../web/server.ts";
import { openCalls } from "../callStore.ts";
import type { Dispatcher } from "../dispatcher.ts";
import { callEventsIn } from "../eventStore.ts";
import { listSeats } from "../seatStore.ts";

const HALF_HOUR_MS = 1_800_000;

/** The supervisor's wallboard, read about once a second. Figures are those of `SEAT_FIGURES`, nothing of its own. */
export const boardRoutes =
  (options: { db: Database; dispatcher: Dispatcher; nowMs(): number }) =>
  async (app: App): Promise<void> => {
    app.get(
      "/api/seats/board",
      { config: may("seats.supervise"), schema: { response: { 200: Wallboard } } },
      async (request): Promise<Wallboard> => {
        const nowMs = options.nowMs();
        const dayMs = Math.floor((nowMs + 8 * 3_600_000) / 86_400_000) * 86_400_000 - 8 * 3_600_000;
        return inScope(options.db, viewerOf(request).scope, async (tx) => {
          const [records, seats, events] = [
            await openCalls(tx),
            await listSeats(tx),
            await callEventsIn(tx, dayMs, nowMs + 1),
          ];
          const names = new Map(seats.map((seat) => [seat.seat_id as string, { zh: seat.name_zh, en: seat.name_en }]));
          const level = (fromMs: number): Wallboard["today"] => {
            const [row] = statisticsOf(
              { calls: events, seats: [] },
              { fromMs, untilMs: nowMs + 1, groupBy: "none", nowMs },
            );
            const figure = (name: "offered" | "answered" | "abandoned") => row?.figures[name] ?? 0;
            return {
              offered: figure("offered"),
              answered: figure("answered"),
              abandoned: figure("abandoned"),
              serviceLevel20: row?.figures.serviceLevel20 ?? null,
              serviceLevel12: row?.figures.serviceLevel12 ?? null,
            };
          };
          const waiting = records
            .filter(
              (record) => ["requested", "queued", "offered"].includes(record.state.phase.name) && !record.live.nobody,
            )
            .map((record) => ({
              callId: record.call_id,
              hallZh: record.hall_zh,
              hallEn: record.hall_en,
              unitPath: record.unit_path,
              service: record.state.request.service,
              queuedMs: record.state.queuedMs ?? record.state.requestedMs,
              position: options.dispatcher.position(record.call_id).position,
              policyId: record.state.policy?.policyId ?? null,
              step: record.state.step,
            }));
          const byState: Record<string, number> = {};
          for (const seat of seats) byState[seat.status.state.name] = (byState[seat.status.state.name] ?? 0) + 1;
          return {
            nowMs,
            waiting,
            calls: records.flatMap((record) => {
              const seatId = seatOfPhase(record.state.phase);
              if (!seatId) return [];
              return [
                {
                  callId: record.call_id,
                  seatId,
                  agent: names.get(seatId) ?? { zh: "", en: "" },
                  hallZh: record.hall_zh,
                  hallEn: record.hall_en,
                  phase: record.state.phase,
                  sinceMs: record.state.firstConnectedMs ?? record.state.atMs,
                },
              ];
            }),
            agents: seats.map((seat) => ({
              seatId: seat.seat_id,
              nameZh: seat.name_zh,
              nameEn: seat.name_en,
              number: seat.number,
              groups: seat.groups,
              status: seat.status,
              callId: callOfSeat(seat.status.state),
            })),
            byState,
            longestWaitMs: waiting.reduce((longest, call) => Math.max(longest, nowMs - call.queuedMs), 0),
            today: level(dayMs),
            last30: level(nowMs - HALF_HOUR_MS),
          };
        });
      },
    );
  };
