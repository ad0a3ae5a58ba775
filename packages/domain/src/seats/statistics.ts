import type { CallEvent } from "./call.ts";
import { callFacts, type CallFacts, type Handler } from "./callFacts.ts";
import type { Grouping, SeatFigure } from "./figures.ts";
import type { SeatId } from "./schema.ts";
import type { SeatEvent, SeatStateName } from "./state.ts";

export interface StatisticsQuery {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly groupBy: Grouping;
  /** For `groupBy: "period"`. */
  readonly sliceMs?: number;
  readonly shortAbandonMs?: number;
  /** The instant of asking: assists that go on and seats that stay in a state count up to it. */
  readonly nowMs: number;
}

export interface StatisticsRow {
  /** Null: calls without hall or service. With `groupBy: "none"` there is one row with the key `all`. */
  readonly key: string | null;
  readonly figures: Readonly<Record<SeatFigure, number | null>>;
}

/** Sums from which the figures of a row follow. */
interface Sums {
  offered: number;
  answered: number;
  abandoned: number;
  shortAbandoned: number;
  callbacks: number;
  messages: number;
  customers: Set<string>;
  waitMs: number;
  longestWaitMs: number | null;
  within20: number;
  within12: number;
  transfers: number;
  requeues: number;
  assists: number;
  assistMs: number;
  score: number;
  ratings: number;
  offersMade: number;
  offersRangOut: number;
  offersRefused: number;
  signedInMs: number;
  busyMs: number;
  wrapUpMs: number;
  breakMs: number;
  countedMs: number;
}

const newSums = (): Sums => ({
  ...{ offered: 0, answered: 0, abandoned: 0, shortAbandoned: 0, callbacks: 0, messages: 0, customers: new Set() },
  ...{ waitMs: 0, longestWaitMs: null, within20: 0, within12: 0, transfers: 0, requeues: 0, assists: 0, assistMs: 0 },
  ...{ score: 0, ratings: 0, offersMade: 0, offersRangOut: 0, offersRefused: 0, signedInMs: 0, busyMs: 0 },
  ...{ wrapUpMs: 0, breakMs: 0, countedMs: 0 },
});

/** The figures of a period from the stored events, in any order. See `SEAT_FIGURES` and `GROUPINGS` for what each is. */
export function statisticsOf(
  events: { readonly calls: readonly CallEvent[]; readonly seats: readonly SeatEvent[] },
  query: StatisticsQuery,
): StatisticsRow[] {
  const rows = new Map<string | null, Sums>();
  const into = (keys: readonly (string | null)[], add: (sums: Sums) => void): void => {
    for (const key of new Set(keys)) {
      const sums = rows.get(key) ?? newSums();
      rows.set(key, sums);
      add(sums);
    }
  };
  if (query.groupBy === "none") rows.set("all", newSums());
  const seatEvents = bySeat(events.seats);
  for (const facts of callFacts(events.calls, query.nowMs)) {
    addCall(facts, query, into);
    addOffers(facts, query, seatEvents, into);
  }
  for (const own of seatEvents.values()) addSeatTime(own, query, into);
  return [...rows]
    .map(([key, sums]) => ({ key, figures: figuresOf(sums, query.groupBy) }))
    .toSorted((a, b) => (a.key === null ? -1 : b.key === null ? 1 : a.key < b.key ? -1 : 1));
}

type Into = (keys: readonly (string | null)[], add: (sums: Sums) => void) => void;

const isIn = (atMs: number, query: StatisticsQuery): boolean => atMs >= query.fromMs && atMs < query.untilMs;

/** Keys of an item of a call; `handler` null: nobody's, so in no row by seat. */
function keysOf(
  { request }: CallFacts,
  handler: Handler | null,
  atMs: number,
  query: StatisticsQuery,
): readonly (string | null)[] {
  switch (query.groupBy) {
    case "none":
      return ["all"];
    case "hall":
      return [request.hallId];
    case "unit":
      return [request.unitPath];
    case "service":
      return [request.service];
    case "period":
      return [sliceOf(atMs, query)];
    case "agent":
      return handler ? [handler.seatId] : [];
    case "group":
      return handler ? handler.groups : [];
    case "seat-unit":
      return handler && handler.unitPath !== null ? [handler.unitPath] : [];
    default:
      return query.groupBy satisfies never;
  }
}

function sliceOf(atMs: number, { fromMs, untilMs, sliceMs = untilMs - fromMs }: StatisticsQuery): string {
  return String(fromMs + Math.floor((atMs - fromMs) / sliceMs) * sliceMs);
}

function addCall(facts: CallFacts, query: StatisticsQuery, into: Into): void {
  for (const assist of facts.assists) {
    if (!isIn(assist.startMs, query)) continue;
    into(keysOf(facts, assist.handler, assist.startMs, query), (sums) => {
      sums.assists += 1;
      sums.assistMs += assist.talkMs;
      if (facts.score === null || facts.lastSeatId !== assist.handler.seatId) return;
      sums.score += facts.score;
      sums.ratings += 1;
    });
  }
  const { queuedMs } = facts;
  if (queuedMs === null || !isIn(queuedMs, query)) return;
  for (const { kind, handler } of facts.handOvers)
    into(keysOf(facts, handler, queuedMs, query), (sums) => {
      sums[kind] += 1;
    });
  const shortMs = query.shortAbandonMs ?? 5_000;
  into(keysOf(facts, facts.answeredBy, queuedMs, query), (sums) => {
    sums.offered += 1;
    sums.customers.add(facts.request.customerKey);
    if (facts.left === "callback-left") sums.callbacks += 1;
    if (facts.left === "message-left") sums.messages += 1;
    if (facts.waitEndMs !== null) sums.longestWaitMs = Math.max(sums.longestWaitMs ?? 0, facts.waitEndMs - queuedMs);
    if (facts.connectedMs !== null) {
      const waitMs = Math.max(0, facts.connectedMs - queuedMs);
      sums.answered += 1;
      sums.waitMs += waitMs;
      if (waitMs <= 20_000) sums.within20 += 1;
      if (waitMs <= 12_000) sums.within12 += 1;
    } else if (facts.abandonedMs !== null) {
      if (facts.abandonedMs - queuedMs < shortMs) sums.shortAbandoned += 1;
      else sums.abandoned += 1;
    }
  });
}

function addOffers(
  facts: CallFacts,
  query: StatisticsQuery,
  seatEvents: ReadonlyMap<SeatId, readonly SeatEvent[]>,
  into: Into,
): void {
  for (const offer of facts.offers) {
    if (!isIn(offer.atMs, query)) continue;
    const row = seatEvents.get(offer.seatId)?.findLast((event) => event.atMs <= offer.atMs);
    const handler = { seatId: offer.seatId, groups: row?.groups ?? [], unitPath: row?.unitPath ?? null };
    into(keysOf(facts, handler, offer.atMs, query), (sums) => {
      sums.offersMade += 1;
      if (offer.came === "rang-out") sums.offersRangOut += 1;
      if (offer.came === "refused") sums.offersRefused += 1;
    });
  }
}

function bySeat(events: readonly SeatEvent[]): Map<SeatId, SeatEvent[]> {
  const seats = new Map<SeatId, SeatEvent[]>();
  for (const event of events) {
    const own = seats.get(event.seatId);
    if (own) own.push(event);
    else seats.set(event.seatId, [event]);
  }
  for (const own of seats.values()) own.sort((a, b) => a.seq - b.seq);
  return seats;
}

function addSeatTime(own: readonly SeatEvent[], query: StatisticsQuery, into: Into): void {
  const endMs = Math.min(query.untilMs, query.nowMs);
  own.forEach((event, index) => {
    const fromMs = Math.max(event.atMs, query.fromMs);
    const untilMs = Math.min(own[index + 1]?.atMs ?? endMs, endMs);
    const { name } = event.state;
    switch (query.groupBy) {
      case "none":
        return into(["all"], (sums) => addTime(sums, name, untilMs - fromMs));
      case "agent":
        return into([event.seatId], (sums) => addTime(sums, name, untilMs - fromMs));
      case "group":
        return into(event.groups, (sums) => addTime(sums, name, untilMs - fromMs));
      case "seat-unit":
        return into([event.unitPath], (sums) => addTime(sums, name, untilMs - fromMs));
      case "period": {
        const sliceMs = query.sliceMs ?? query.untilMs - query.fromMs;
        for (let atMs = fromMs; atMs < untilMs;) {
          const key = sliceOf(atMs, query);
          const nextMs = Math.min(untilMs, Number(key) + sliceMs);
          const spentMs = nextMs - atMs;
          into([key], (sums) => addTime(sums, name, spentMs));
          atMs = nextMs;
        }
        return;
      }
      case "unit":
      case "hall":
      case "service":
        return;
      default:
        return query.groupBy satisfies never;
    }
  });
}

function addTime(sums: Sums, name: SeatStateName, ms: number): void {
  if (ms <= 0) return;
  if (name !== "offline") sums.signedInMs += ms;
  if (name === "wrap-up") sums.wrapUpMs += ms;
  if (name === "break") sums.breakMs += ms;
  const isBusy = name === "connecting" || name === "in-call" || name === "wrap-up";
  if (isBusy) sums.busyMs += ms;
  if (isBusy || name === "ready" || name === "reserved") sums.countedMs += ms;
}

function figuresOf(sums: Sums, groupBy: Grouping): Record<SeatFigure, number | null> {
  const per = (value: number, count: number) => (count === 0 ? null : value / count);
  const counted = sums.offered - sums.shortAbandoned;
  const hasSeats = groupBy !== "unit" && groupBy !== "hall" && groupBy !== "service";
  const time = (ms: number) => (hasSeats ? ms : null);
  return {
    ...{ offered: sums.offered, answered: sums.answered, abandoned: sums.abandoned },
    ...{ shortAbandoned: sums.shortAbandoned, abandonment: per(sums.abandoned, counted) },
    ...{ callbacks: sums.callbacks, messages: sums.messages, applicants: sums.customers.size },
    ...{ meanWaitMs: per(sums.waitMs, sums.answered), longestWaitMs: sums.longestWaitMs },
    ...{ serviceLevel20: per(sums.within20, counted), serviceLevel12: per(sums.within12, counted) },
    ...{ transfers: sums.transfers, requeues: sums.requeues, assists: sums.assists, assistMs: sums.assistMs },
    ...{ meanAssistMs: per(sums.assistMs, sums.assists), rating: per(sums.score, sums.ratings), ratings: sums.ratings },
    ...{ offersMade: sums.offersMade, offersRangOut: sums.offersRangOut, offersRefused: sums.offersRefused },
    ...{ signedInMs: time(sums.signedInMs), busyMs: time(sums.busyMs), wrapUpMs: time(sums.wrapUpMs) },
    ...{ breakMs: time(sums.breakMs), occupancy: per(sums.busyMs, sums.countedMs) },
  };
}
