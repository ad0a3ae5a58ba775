import { CHINA } from "@gridhall/domain/calendar/workingDays.ts";
import { SERVICES } from "@gridhall/domain/catalogue/services.ts";
import { localTimeOf, SHANGHAI } from "@gridhall/domain/routing/calendar.ts";
import type { CallEvent } from "@gridhall/domain/seats/call.ts";
import { agentsNeeded, erlangA, serviceLevel } from "@gridhall/domain/seats/erlang.ts";
import { GROUPINGS, SEAT_FIGURES, type SeatFigure } from "@gridhall/domain/seats/figures.ts";
import { forecastDay, type PastSlot } from "@gridhall/domain/seats/forecast.ts";
import type { SeatEvent } from "@gridhall/domain/seats/state.ts";
import { ForecastReport, StatisticsReport, StatisticsSlice } from "@gridhall/domain/seats/reports.ts";
import { isWithin, UnitPath } from "@gridhall/domain/seats/schema.ts";
import { statisticsOf, type StatisticsQuery, type StatisticsRow } from "@gridhall/domain/seats/statistics.ts";
import { sql } from "kysely";
import { z } from "zod";
import { type Database, inScope, type Tx } from "../../db/database.ts";
import { may, viewerOf } from "../../web/access.ts";
import { HallError } from "../../web/errors.ts";
import { csv, sendList } from "../../web/lists.ts";
import type { App } from "../../web/server.ts";
import { sendSheet } from "../../web/sheets.ts";
import { callEventsIn, seatEventsIn } from "../eventStore.ts";

const SLICES: Record<string, number> = {
  "half-hour": 1_800_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
};
const LONGEST_MS = 400 * 86_400_000;
const DAY_MS = 86_400_000;
/** China's clocks are eight hours ahead, all year. */
const LOCAL_MS = 8 * 3_600_000;
/** The forecast looks back so far. */
const HISTORY_DAYS = 70;

const Query = z.object({
  fromMs: z.coerce.number().int(),
  untilMs: z.coerce.number().int(),
  groupBy: z.enum(GROUPINGS).default("none"),
  slice: StatisticsSlice.default("day"),
  unit: UnitPath.optional(),
  language: z.enum(["zh", "en"]).default("zh"),
  format: z.enum(["json", "csv", "xlsx"]).default("json"),
});

/** Statistics and forecast: computed from the stored events by the written definitions, and by nothing else. */
export const statisticsRoutes =
  (options: { db: Database; nowMs(): number }) =>
  async (app: App): Promise<void> => {
    const { db, nowMs } = options;

    app.get(
      "/api/seats/statistics",
      {
        config: may("calls.read"),
        schema: {
          querystring: Query,
          response: { 200: z.union([StatisticsReport, z.string(), z.instanceof(Buffer)]) },
        },
      },
      async (request, reply) => {
        const { fromMs, untilMs, groupBy, slice, unit, language, format } = request.query;
        if (untilMs <= fromMs) throw new HallError("period.empty", 400, "untilMs: must be later than fromMs");
        if (untilMs - fromMs > LONGEST_MS)
          throw new HallError("period.too-long", 400, "untilMs: at most 400 days; choose a shorter period");
        const report = await inScope(db, viewerOf(request).scope, async (tx) => {
          const calls = (await callEventsIn(tx, fromMs, untilMs)).filter(inUnit(unit));
          const seats = timeInUnit(await seatEventsIn(tx, fromMs, untilMs), unit);
          const query = { fromMs, untilMs, groupBy, nowMs: nowMs() };
          const rows = (
            groupBy === "period" && slice === "month"
              ? byMonth({ calls, seats }, query)
              : statisticsOf({ calls, seats }, { ...query, sliceMs: SLICES[slice] ?? DAY_MS })
          ).filter((row) => groupBy === "none" || Object.values(row.figures).some((value) => (value ?? 0) !== 0));
          const titles = await titlesOf(tx, groupBy, slice);
          return rows.map((row) => ({ key: row.key, title: titles(row.key), figures: { ...row.figures } }));
        });
        if (format === "json") return { rows: report, definitions: definitions() };
        const heading = (figure: string) => SEAT_FIGURES[figure as SeatFigure][language];
        const flat = report.map((row) => ({
          [language === "zh" ? "分组" : "Group"]: row.title[language],
          ...Object.fromEntries(Object.entries(row.figures).map(([figure, value]) => [heading(figure), value])),
        }));
        if (format === "csv") return sendList(reply, "seat-statistics", csv(flat));
        return sendSheet(reply, "seat-statistics", [
          { name: language === "zh" ? "统计" : "Statistics", rows: flat },
          { name: language === "zh" ? "指标定义" : "Definitions", rows: definitions() },
        ]);
      },
    );

    app.get(
      "/api/seats/forecast",
      {
        config: may("calls.read"),
        schema: {
          querystring: z.object({
            day: z.iso.date(),
            share: z.coerce.number().min(0.5).max(0.99).default(0.8),
            withinSeconds: z.coerce.number().int().min(1).max(600).default(20),
            shrinkage: z.coerce.number().min(0).max(0.8).default(0.3),
            patienceSeconds: z.coerce.number().int().min(5).max(3600).default(120),
          }),
          response: { 200: ForecastReport },
        },
      },
      async (request) => {
        const { day, share, withinSeconds, shrinkage, patienceSeconds } = request.query;
        const dayNumber = Math.floor(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
        const untilMs = dayNumber * DAY_MS - 8 * 3_600_000;
        const history = await inScope(db, viewerOf(request).scope, async (tx) =>
          pastSlots(await callEventsIn(tx, untilMs - HISTORY_DAYS * DAY_MS, untilMs)),
        );
        const withinMs = withinSeconds * 1000;
        const patienceMs = patienceSeconds * 1000;
        const forecast = forecastDay(history, dayNumber, CHINA, { share, withinMs, shrinkage });
        return {
          day,
          basis: forecast.basis,
          days: forecast.days.length,
          goal: { share, withinMs, shrinkage, patienceMs },
          slots: forecast.slots.map((slot) => {
            const load = (slot.calls * slot.handleMs) / 1_800_000;
            const present = load > 0 ? agentsNeeded(load, { share, withinMs, handleMs: slot.handleMs }) : 0;
            return {
              ...slot,
              serviceLevel: load > 0 ? serviceLevel(present, load, slot.handleMs, withinMs) : null,
              abandonment: load > 0 ? erlangA(present, load, slot.handleMs, patienceMs).abandons : null,
            };
          }),
        };
      },
    );
  };

/** Whole calls of a unit: the request says where a call came from. */
function inUnit(unit: string | undefined): (event: CallEvent) => boolean {
  const known = new Map<string, boolean>();
  return (event) => {
    if (!unit) return true;
    if (event.type === "requested") known.set(event.callId, isWithin(event.request.unitPath, unit));
    return known.get(event.callId) ?? false;
  };
}

/** Seats of other units lose their time but not their names: calls of this unit may have been offered to them. */
function timeInUnit(events: readonly SeatEvent[], unit: string | undefined): SeatEvent[] {
  return events.map((event) =>
    !unit || isWithin(event.unitPath, unit) ? event : { ...event, state: { name: "offline" } },
  );
}

/** Calendar months of China are of different lengths: each is asked for by itself, the first and last cut to the period. */
function byMonth(events: Parameters<typeof statisticsOf>[0], query: StatisticsQuery): StatisticsRow[] {
  const rows: StatisticsRow[] = [];
  for (let fromMs = query.fromMs; fromMs < query.untilMs;) {
    const local = new Date(fromMs + LOCAL_MS);
    const next = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1) - LOCAL_MS;
    const untilMs = Math.min(next, query.untilMs);
    for (const row of statisticsOf(events, { ...query, fromMs, untilMs, groupBy: "none" }))
      rows.push({ key: String(fromMs), figures: row.figures });
    fromMs = untilMs;
  }
  return rows;
}

function definitions(): StatisticsReport["definitions"] {
  return Object.entries(SEAT_FIGURES).map(([figure, { basis, unit, zh, en, definition }]) => ({
    figure,
    basis,
    unit,
    zh,
    en,
    definition,
  }));
}

async function titlesOf(
  tx: Tx,
  groupBy: (typeof GROUPINGS)[number],
  slice: string,
): Promise<(key: string | null) => { zh: string; en: string }> {
  const none = { zh: "（无）", en: "(none)" };
  const same = (key: string) => ({ zh: key, en: key });
  const from = async (query: ReturnType<typeof sql<{ key: string; zh: string; en: string }>>) => {
    const { rows } = await query.execute(tx);
    const known = new Map(rows.map((row) => [row.key, { zh: row.zh, en: row.en }]));
    return (key: string | null) => (key === null ? none : (known.get(key) ?? same(key)));
  };
  switch (groupBy) {
    case "none":
      return () => ({ zh: "合计", en: "All" });
    case "agent":
      return from(sql`select staff_id as key, name_zh as zh, name_en as en from staff`);
    case "group":
      return from(sql`select group_id as key, title->>'zh' as zh, title->>'en' as en from agent_group`);
    case "seat-unit":
    case "unit":
      return from(sql`select path::text as key, name_zh as zh, name_en as en from unit`);
    case "hall":
      return from(sql`select unit_id as key, name_zh as zh, name_en as en from unit`);
    case "service": {
      const known = new Map<string, { zh: string; en: string }>(SERVICES.map((service) => [service.id, service.title]));
      return (key) => (key === null ? none : (known.get(key) ?? same(key)));
    }
    case "period":
      return (key) => same(key === null ? "" : localLabel(Number(key), slice));
    default:
      return groupBy satisfies never;
  }
}

function localLabel(atMs: number, slice: string): string {
  const text = new Date(atMs + LOCAL_MS).toISOString();
  if (slice === "month") return text.slice(0, 7);
  return slice === "day" || slice === "week" ? text.slice(0, 10) : `${text.slice(0, 10)} ${text.slice(11, 16)}`;
}

/** Calls and their mean time with an agent, by half hour of the local day in which they were queued. */
function pastSlots(events: readonly CallEvent[]): PastSlot[] {
  const slots = new Map<string, { day: number; slot: number; calls: number; handleMs: number; handled: number }>();
  for (const own of Map.groupBy(events, (event) => event.callId).values()) {
    const queued = own.find((event) => event.type === "queued");
    if (!queued) continue;
    const { day, minute } = localTimeOf(SHANGHAI, queued.atMs);
    const slot = Math.floor(minute / 30);
    const key = `${day}:${slot}`;
    const sums = slots.get(key) ?? { day, slot, calls: 0, handleMs: 0, handled: 0 };
    slots.set(key, sums);
    sums.calls += 1;
    const connected = own.find((event) => event.type === "connected");
    const last = own.findLast((event) => event.type === "wrap-ended" || event.type === "ended");
    if (!connected || !last) continue;
    sums.handleMs += last.atMs - connected.atMs;
    sums.handled += 1;
  }
  return [...slots.values()].map(({ day, slot, calls, handleMs, handled }) => ({
    day,
    slot,
    calls,
    handleMs: handled > 0 ? handleMs / handled : 0,
  }));
}
