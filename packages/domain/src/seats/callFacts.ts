import type { CallEvent } from "./call.ts";
import type { CallRequest, GroupId, SeatId } from "./schema.ts";

/** A seat with what it belonged to at that moment; `unitPath` null: not known. */
export interface Handler {
  readonly seatId: SeatId;
  readonly groups: readonly GroupId[];
  readonly unitPath: string | null;
}

/** What statistics need of one call; see `SEAT_FIGURES` for the words. */
export interface CallFacts {
  readonly request: CallRequest;
  readonly queuedMs: number | null;
  /** First connected. */
  readonly connectedMs: number | null;
  readonly answeredBy: Handler | null;
  readonly abandonedMs: number | null;
  readonly left: "callback-left" | "message-left" | null;
  /** First of connected, abandoned, callback-left, message-left, ended. */
  readonly waitEndMs: number | null;
  readonly assists: readonly { readonly handler: Handler; readonly startMs: number; readonly talkMs: number }[];
  /** The seat that finished it. */
  readonly lastSeatId: SeatId | null;
  readonly score: number | null;
  readonly handOvers: readonly { readonly kind: "transfers" | "requeues"; readonly handler: Handler }[];
  readonly offers: readonly Offer[];
}

interface Offer {
  readonly seatId: SeatId;
  readonly atMs: number;
  readonly callEpoch: number;
  came: "rang-out" | "refused" | "other";
}

/** The facts of every call of which there is a `requested`, from events in any order. */
export function callFacts(events: readonly CallEvent[], nowMs: number): CallFacts[] {
  const calls = new Map<string, CallEvent[]>();
  for (const event of events) {
    const own = calls.get(event.callId);
    if (own) own.push(event);
    else calls.set(event.callId, [event]);
  }
  const facts: CallFacts[] = [];
  for (const own of calls.values()) {
    own.sort((a, b) => a.seq - b.seq);
    const [first] = own;
    if (first?.type === "requested") facts.push(factsOf(first.request, own, nowMs));
  }
  return facts;
}

function factsOf(request: CallRequest, events: readonly CallEvent[], nowMs: number): CallFacts {
  const first = (...types: readonly CallEvent["type"][]) => events.find((event) => types.includes(event.type)) ?? null;
  const connected = first("connected");
  const left = first("callback-left", "message-left")?.type ?? null;
  const rated = events.find((event) => event.type === "rated");
  return {
    request,
    queuedMs: first("queued")?.atMs ?? null,
    connectedMs: connected?.atMs ?? null,
    answeredBy: connected?.type === "connected" ? handlerOf(connected.seatId, events, connected.seq) : null,
    abandonedMs: first("abandoned")?.atMs ?? null,
    left: left === "callback-left" || left === "message-left" ? left : null,
    waitEndMs: first("connected", "abandoned", "callback-left", "message-left", "ended")?.atMs ?? null,
    ...assistsOf(events, nowMs),
    score: rated?.type === "rated" ? rated.score : null,
    handOvers: events.flatMap((event) => {
      if (event.type !== "transferred" && event.type !== "requeued") return [];
      const kind = event.type === "transferred" ? ("transfers" as const) : ("requeues" as const);
      return [{ kind, handler: handlerOf(event.fromSeatId, events, event.seq) }];
    }),
    offers: offersOf(events),
  };
}

/** What the seat belonged to by the last event up to `seq` that says so. */
function handlerOf(seatId: SeatId, events: readonly CallEvent[], seq: number): Handler {
  const told = events.findLast((event) => event.seq <= seq && namesOf(event)?.seatId === seatId);
  const { groups = [], unitPath = null } = (told && namesOf(told)) ?? {};
  return { seatId, groups, unitPath };
}

function namesOf(event: CallEvent): Handler | null {
  if (event.type === "accepted") return event;
  return event.type === "transferred" && event.to.kind === "seat" ? event.to : null;
}

/** Who talked with the customer, since when, and for how long in all. */
function assistsOf(events: readonly CallEvent[], nowMs: number): Pick<CallFacts, "assists" | "lastSeatId"> {
  const assists = new Map<SeatId, { handler: Handler; startMs: number; talkMs: number }>();
  let talking: SeatId | null = null;
  /** Null: interrupted. */
  let sinceMs: number | null = null;
  let lastSeatId: SeatId | null = null;
  const begin = (seatId: SeatId, event: CallEvent): void => {
    if (!assists.has(seatId))
      assists.set(seatId, { handler: handlerOf(seatId, events, event.seq), startMs: event.atMs, talkMs: 0 });
    talking = seatId;
    lastSeatId = seatId;
    sinceMs = event.atMs;
  };
  const pause = (atMs: number): void => {
    const assist = talking === null ? undefined : assists.get(talking);
    if (assist && sinceMs !== null) assist.talkMs += Math.max(0, atMs - sinceMs);
    sinceMs = null;
  };
  for (const event of events) {
    switch (event.type) {
      case "connected":
        begin(event.seatId, event);
        break;
      case "interrupted":
        pause(event.atMs);
        break;
      case "rejoined":
        if (talking !== null) sinceMs ??= event.atMs;
        break;
      case "transferred":
        pause(event.atMs);
        talking = null;
        if (event.to.kind === "seat") begin(event.to.seatId, event);
        break;
      case "requeued":
      case "ended":
        pause(event.atMs);
        talking = null;
        break;
      default:
    }
  }
  pause(nowMs);
  return { assists: [...assists.values()], lastSeatId };
}

function offersOf(events: readonly CallEvent[]): Offer[] {
  const offers: Offer[] = [];
  for (const event of events) {
    if (event.type === "offered") {
      const { seatId, atMs, callEpoch } = event;
      offers.push({ seatId, atMs, callEpoch, came: "other" });
    } else if (event.type === "refused" || (event.type === "offer-expired" && event.cause === "rang-out")) {
      const offer = offers.find((other) => other.callEpoch === event.callEpoch);
      if (offer) offer.came = event.type === "refused" ? "refused" : "rang-out";
    }
  }
  return offers;
}
