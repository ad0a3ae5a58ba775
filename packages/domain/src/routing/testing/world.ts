import { CallId, type SeatId } from "../../seats/schema.ts";
import { type SeatInput, type SeatStatus, stepSeat } from "../../seats/state.ts";
import type { RoutingCalendar } from "../calendar.ts";
import type { QueuedCall, RoutedCall, RouterSettings } from "../call.ts";
import { chooseSeat } from "../choose.ts";
import type { OfferKey, RouterInput, RoutingDecision } from "../decision.ts";
import type { RoutingPolicy } from "../policy.ts";
import { createRouter, type Router, restoreRouter } from "../router.ts";
import type { Seat } from "../seat.ts";
import { naivelyAllowed, naivelyBefore, naivePolicy, type NaiveZone } from "./oracle.ts";

type Offer = Extract<RoutingDecision, { type: "offer" }>;

/**
 * The centre around a router, as the model test plays it: it keeps the rows, tells the router what happens, and checks
 * every decision against the oracle. Throws at the first promise that is broken.
 */
export class World {
  router: Router;
  nowMs: number;
  readonly seats = new Map<SeatId, Seat>();
  /** Calls that are neither over nor ended by a decision, as the decisions told. */
  readonly calls = new Map<CallId, RoutedCall>();
  readonly offers: Offer[] = [];
  readonly tally = new Map<string, number>();
  #policies: readonly RoutingPolicy[] = [];
  readonly #options: { calendar: RoutingCalendar; settings: RouterSettings };
  readonly #zone: NaiveZone;
  /** Versions by pin, also those that were withdrawn while calls still use them. */
  readonly #versions = new Map<string, RoutingPolicy>();
  /** A router that was restored from rows along the way; it must decide as the one that never stopped. */
  #twin: Router | null = null;

  constructor(calendar: RoutingCalendar, zone: NaiveZone, settings: RouterSettings, nowMs: number) {
    this.#options = { calendar, settings };
    this.#zone = zone;
    this.router = createRouter(this.#options);
    this.nowMs = nowMs;
  }

  tell(input: RouterInput): RoutingDecision[] {
    this.nowMs = Math.max(this.nowMs, input.atMs);
    const decisions = this.router.handle(input);
    if (this.#twin)
      same(inOneOrder(this.#twin.handle(input)), inOneOrder(decisions), "a restored router decides otherwise");
    if (input.type === "call-queued") this.#noteQueued(input.call, decisions);
    for (const decision of decisions) this.#note(decision);
    this.#checkRest(input.type);
    return decisions;
  }

  setPolicies(policies: readonly RoutingPolicy[]): void {
    // A version never changes once it is published, so the first that came under its number stays.
    for (const policy of policies) if (!this.#versions.has(pin(policy))) this.#versions.set(pin(policy), policy);
    this.#policies = policies.map((policy) => this.#versions.get(pin(policy)) ?? policy);
    this.tell({ type: "policies-changed", atMs: this.nowMs, policies: this.#policies });
  }

  policies(): readonly RoutingPolicy[] {
    return this.#policies;
  }

  /** Goes on with a router made from rows that went through JSON, beside the old one. */
  restart(): void {
    const rows = JSON.parse(JSON.stringify(this.router.snapshot())) as ReturnType<Router["snapshot"]>;
    const { router, decisions } = restoreRouter(this.#options, rows);
    same(decisions, [], "restoring decides something that was not open");
    this.#twin = router;
    this.#count("restart");
  }

  queue(call: QueuedCall): void {
    this.tell({ type: "call-queued", atMs: this.nowMs, call });
  }

  /** A change of a seat that comes from the agent or the call, stored and told. False where the rules refuse it. */
  moveSeat(seatId: SeatId, input: SeatInput): boolean {
    const seat = this.seats.get(seatId);
    if (!seat) return false;
    const { ok, status } = stepSeat(seat.status, input, this.nowMs);
    if (status === seat.status) return false;
    this.putSeat({ ...seat, status, signedInMs: signedInMs(seat, status, this.nowMs) });
    return ok;
  }

  putSeat(seat: Seat): void {
    this.seats.set(seat.seatId, seat);
    this.tell({ type: "seat-changed", atMs: this.nowMs, seat });
  }

  removeSeat(seatId: SeatId): void {
    this.seats.delete(seatId);
    this.tell({ type: "seat-removed", atMs: this.nowMs, seatId });
  }

  /** The reservation could not be stored because the seat's row had changed. */
  failOffer(offer: Offer): void {
    const seat = this.seats.get(offer.seatId);
    const call = this.calls.get(offer.callId);
    if (!seat || !call || !isOpen(call, offer)) return;
    call.place = { name: "waiting" };
    call.epoch -= 1;
    this.tell({ type: "offer-failed", atMs: this.nowMs, ...keyOf(offer) });
    // What the store says: the agent had gone on a break a moment before, with the epoch that the offer wanted.
    const state = { name: "break", reason: "rest" } as const;
    this.putSeat({ ...seat, status: { ...offer.seat, state, idleSinceMs: null } });
    this.#count("offer-failed");
  }

  /** A row that was read before the last change arrives after it: nothing may come of it. */
  tellOldRow(seat: Seat): void {
    const known = this.seats.get(seat.seatId);
    if (!known || known.status.epoch <= seat.status.epoch) return;
    const decisions = this.tell({ type: "seat-changed", atMs: this.nowMs, seat });
    same(
      decisions.map((decision) => decision.type),
      ["refused"],
      "an old row of a seat has an effect",
    );
    this.#count("old row refused");
  }

  /** The answer to an offer, open or long over. */
  answer(type: "offer-accepted" | "offer-refused" | "offer-expired", offer: Offer): void {
    const call = this.calls.get(offer.callId);
    const isRight = call !== undefined && isOpen(call, offer);
    const isLate = isRight && call.place.name === "offered" && call.place.expiresMs <= this.nowMs;
    if (isRight && !isLate && type === "offer-refused")
      call.refusals = [
        ...call.refusals.filter(({ seatId }) => seatId !== offer.seatId),
        { seatId: offer.seatId, atMs: this.nowMs },
      ];
    const decisions = this.tell({ type, atMs: this.nowMs, ...keyOf(offer) });
    const refused = decisions.some((decision) => decision.type === "refused");
    if (refused !== (!isRight || isLate)) throw new Error(`an answer to ${isRight ? "an open" : "a stale"} offer`);
    this.#count(refused ? "stale answer refused" : type);
  }

  end(type: "call-ended" | "call-abandoned", callId: CallId): void {
    const call = this.calls.get(callId);
    if (!call) return;
    const { place } = call;
    if (place.name !== "offered") this.calls.delete(callId);
    this.tell({ type, atMs: this.nowMs, callId });
    this.calls.delete(callId);
    if (place.name === "taken") this.moveSeat(place.seatId, { type: "end", callId });
    this.#count(type);
  }

  requeue(callId: CallId): void {
    const call = this.calls.get(callId);
    if (call?.place.name !== "taken") return;
    const { seatId } = call.place;
    this.moveSeat(seatId, { type: "lose" });
    Object.assign(call, { place: { name: "waiting" }, requeued: true, stepSinceMs: this.nowMs });
    this.tell({ type: "call-requeued", atMs: this.nowMs, callId });
    this.#count("call-requeued");
  }

  waiting(): RoutedCall[] {
    return [...this.calls.values()].filter((call) => call.place.name === "waiting");
  }

  #count(name: string): void {
    this.tally.set(name, (this.tally.get(name) ?? 0) + 1);
  }

  #noteQueued(call: QueuedCall, decisions: readonly RoutingDecision[]): void {
    const expected = naivePolicy(this.#policies, call.request, this.nowMs, this.#zone);
    const pinned = decisions.find((decision) => decision.type === "pinned" && decision.callId === call.callId);
    if (pinned?.type !== "pinned") throw new Error("a call is queued without a word on its policy");
    same(pinned.policy, expected && { policyId: expected.policyId, version: expected.version }, "another policy");
    if (!expected) return this.#count("no policy");
    const { policyId, version } = expected;
    this.calls.set(call.callId, {
      ...call,
      ...{ policy: { policyId, version }, step: 0, stepSinceMs: this.nowMs, refusals: [], place: { name: "waiting" } },
    });
  }

  #note(decision: RoutingDecision): void {
    this.#count(decision.type);
    switch (decision.type) {
      case "refused":
        return;
      case "pinned": {
        const call = this.calls.get(decision.callId);
        if (!call || !decision.repinned || !decision.policy) return;
        Object.assign(call, { policy: decision.policy, step: 0, stepSinceMs: this.nowMs });
        return;
      }
      case "offer":
        return this.#noteOffer(decision);
      case "offer-over": {
        const call = this.#call(decision.callId);
        if (!isOpen(call, decision)) throw new Error("an offer ends that is not open");
        if (decision.cause === "rang-out" && decision.seat?.state.name === "ready")
          throw new Error("a seat that let an offer ring out is ready for the next");
        call.place = { name: "waiting" };
        if (decision.cause === "abandoned") this.calls.delete(decision.callId);
        this.#setStatus(decision.seatId, decision.seat);
        return;
      }
      case "accepted": {
        const call = this.#call(decision.callId);
        if (!isOpen(call, decision)) throw new Error("an offer is accepted that is not open");
        call.place = { name: "taken", seatId: decision.seatId, sinceMs: this.nowMs };
        this.#setStatus(decision.seatId, decision.seat);
        return;
      }
      case "step-advanced":
      case "overflow": {
        const call = this.#call(decision.callId);
        if (decision.step !== call.step + 1) throw new Error("a step is left out");
        Object.assign(call, { step: decision.step, stepSinceMs: this.nowMs });
        return;
      }
      case "end-with":
        this.calls.delete(decision.callId);
        return;
      case "requeued":
        return;
      default:
        return decision satisfies never;
    }
  }

  #noteOffer(offer: Offer): void {
    const call = this.#call(offer.callId);
    const seat = this.seats.get(offer.seatId);
    const policy = this.#policyOf(call);
    if (!seat || seat.status.state.name !== "ready") throw new Error("a seat that is not ready is offered a call");
    if (call.place.name !== "waiting") throw new Error("a call that does not wait is offered");
    if (this.#hasCall(seat)) throw new Error("a seat has two calls");
    if (!this.#mayTake(call, seat))
      throw new Error("a call is offered against its policy, or to a seat that refused it");
    for (const other of this.waiting())
      if (
        naivelyBefore(other, call, this.nowMs, this.#options.settings.ageingMsPerPriority) &&
        this.#mayTake(other, seat)
      )
        throw new Error(`call ${other.callId} stood before ${call.callId} for this seat`);
    // The rule knows rows alone, so it is told of a seat that says ready in the midst of a call that it is faulty.
    const fault = { name: "fault", detail: "" } as const;
    const known = [...this.seats.values()].map((other) =>
      this.#hasCall(other) && other.status.state.name === "ready"
        ? { ...other, status: { ...other.status, state: fault } }
        : other,
    );
    const choice = chooseSeat(call, policy, known, this.nowMs, this.#options.settings);
    same(offer.reason.chosen, choice.chosen, "another seat than the rule chooses");
    same(perSeat(offer.reason.others), perSeat(choice.others), "other reasons than the rule gives");
    if (offer.callEpoch !== call.epoch + 1 || offer.seatEpoch !== seat.status.epoch + 1)
      throw new Error("an epoch that does not follow");
    Object.assign(call, {
      epoch: offer.callEpoch,
      place: { name: "offered", seatId: offer.seatId, seatEpoch: offer.seatEpoch, expiresMs: offer.expiresMs },
    });
    this.seats.set(offer.seatId, { ...seat, status: offer.seat, lastOfferedMs: this.nowMs });
    this.offers.push(offer);
  }

  #hasCall({ seatId }: Seat): boolean {
    return [...this.calls.values()].some(({ place }) => place.name !== "waiting" && place.seatId === seatId);
  }

  #call(callId: CallId): RoutedCall {
    const call = this.calls.get(callId);
    if (!call) throw new Error(`a decision about call ${callId}, which is over`);
    return call;
  }

  #policyOf(call: RoutedCall): RoutingPolicy {
    const policy = this.#versions.get(pin(call.policy));
    if (!policy) throw new Error("a call is pinned to a version that never was");
    return policy;
  }

  #mayTake(call: RoutedCall, seat: Seat): boolean {
    const refused = call.refusals.some(
      ({ seatId, atMs }) => seatId === seat.seatId && this.nowMs - atMs < this.#options.settings.refusalMs,
    );
    return !refused && naivelyAllowed(call, this.#policyOf(call), seat);
  }

  #setStatus(seatId: SeatId, status: SeatStatus | null): void {
    const seat = this.seats.get(seatId);
    if (seat && status) this.seats.set(seatId, { ...seat, status });
  }

  /** What must hold whenever the router has nothing more to say. */
  #checkRest(after: string): void {
    const waiting = this.waiting();
    const free = [...this.seats.values()].filter((seat) => seat.status.state.name === "ready" && !this.#hasCall(seat));
    for (const call of waiting) {
      const seat = free.find((other) => this.#mayTake(call, other));
      if (seat) throw new Error(`after ${after} call ${call.callId} waits while seat ${seat.seatId} is free for it`);
      const policy = this.#policyOf(call);
      const { expiryMs = null } = policy.steps[call.step] ?? {};
      const ends = call.step < policy.steps.length - 1 || policy.ending !== "keep-waiting";
      if (ends && expiryMs !== null && call.stepSinceMs + expiryMs <= this.nowMs)
        throw new Error(`after ${after} a call waits in a step whose time is over: ${JSON.stringify(call)}`);
      const position = this.router.position(call.callId);
      if (position === null || position < 1 || position > waiting.length) throw new Error(`position ${position}`);
    }
    for (const { place } of this.calls.values())
      if (place.name === "offered" && place.expiresMs <= this.nowMs)
        throw new Error("an offer rings on after its time");
    const known = this.router.snapshot().calls.map((call) => call.callId);
    same(known.toSorted(), [...this.calls.keys()].toSorted(), `after ${after} calls are lost or made up`);
  }
}

export const newCallId = (number: number): CallId => CallId.parse(`c${String(number).padStart(5, "0")}`);

const pin = ({ policyId, version }: { policyId: string; version: number }) => `${policyId}@${version}`;

function isOpen({ place, epoch }: RoutedCall, key: OfferKey): boolean {
  return (
    place.name === "offered" &&
    place.seatId === key.seatId &&
    place.seatEpoch === key.seatEpoch &&
    epoch === key.callEpoch
  );
}

function keyOf({ callId, seatId, callEpoch, seatEpoch }: OfferKey): OfferKey {
  return { callId, seatId, callEpoch, seatEpoch };
}

function signedInMs(seat: Seat, status: SeatStatus, nowMs: number): number | null {
  return status.state.name === "offline" ? null : (seat.signedInMs ?? nowMs);
}

/** The order of seats within a reason means nothing. */
function inOneOrder(decisions: readonly RoutingDecision[]): unknown[] {
  return decisions.map((decision) => {
    if (decision.type !== "offer") return decision;
    return { ...decision, reason: { ...decision.reason, others: perSeat(decision.reason.others) } };
  });
}

function perSeat(groups: Offer["reason"]["others"]) {
  return groups
    .flatMap(({ whyNot, seatIds, measures }) =>
      seatIds.map((seatId, index) => ({
        seatId,
        whyNot: whyNot.code === "call-not-ended" ? { code: "state", state: "fault" } : whyNot,
        measure: measures[index] ?? null,
      })),
    )
    .toSorted((a, b) => (a.seatId < b.seatId ? -1 : 1));
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}`);
}
