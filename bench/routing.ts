import { SHANGHAI } from "@gridhall/domain/routing/calendar.ts";
import { compareCalls, type RoutedCall, ROUTER_SETTINGS } from "@gridhall/domain/routing/call.ts";
import { chooseSeat } from "@gridhall/domain/routing/choose.ts";
import { EventQueue } from "@gridhall/domain/routing/eventQueue.ts";
import type { RouterInput, RoutingDecision } from "@gridhall/domain/routing/decision.ts";
import type { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import { createRouter, type Router } from "@gridhall/domain/routing/router.ts";
import type { Seat } from "@gridhall/domain/routing/seat.ts";
import { policy, queuedCall, request, seat, step } from "@gridhall/domain/routing/testing/builders.ts";
import { erlangA, erlangC, meanWaitMs, serviceLevel } from "@gridhall/domain/seats/erlang.ts";
import { GroupId, PolicyId, type SeatId } from "@gridhall/domain/seats/schema.ts";
import type { SeatState } from "@gridhall/domain/seats/state.ts";
import { createRandom, type Random } from "@gridhall/domain/town/random.ts";
import { type Figure, figure, quantile } from "./figure.ts";

/**
 * The real router against theory and against the clock.
 *
 * Theory: Poisson arrivals, exponential talks and patience, agents who answer at once and have no wrap-up, are M/M/n and
 * M/M/n+M; what the router does with them must agree with Erlang C and Erlang A. Each load is run in independent
 * replications, each warmed up first, so that the spread between them gives an honest error although waits within one run
 * hang together. z is the distance from theory in standard errors; |z| ≤ 3 is agreement.
 *
 * Clock: one decision with 2,000 agents, 50 policies and 10,000 waiting calls, against looking at every call and seat.
 */

interface Load {
  readonly name: string;
  readonly agents: number;
  readonly load: number;
  readonly patienceMs: number | null;
}
const HANDLE_MS = 180_000;
const LOADS: readonly Load[] = [
  { name: "5 agents, 4 erlangs", agents: 5, load: 4, patienceMs: null },
  { name: "20 agents, 17 erlangs", agents: 20, load: 17, patienceMs: null },
  { name: "50 agents, 46 erlangs", agents: 50, load: 46, patienceMs: null },
  { name: "10 agents, 10 erlangs, patience 90 s", agents: 10, load: 10, patienceMs: 90_000 },
  { name: "50 agents, 48 erlangs, patience 6 min", agents: 50, load: 48, patienceMs: 360_000 },
  { name: "30 agents, 40 erlangs, patience 2 min", agents: 30, load: 40, patienceMs: 120_000 },
];
const REPLICATIONS = 30;
const WARM_UP = 3_000;
const COUNTED = 10_000;

interface Means {
  waits: number;
  meanWaitMs: number;
  within20: number;
  abandons: number;
}

export async function run(): Promise<object[]> {
  const figures: object[] = [];
  let calls = 0;
  for (const [index, load] of LOADS.entries()) {
    const runs: Means[] = [];
    for (let replication = 0; replication < REPLICATIONS; replication += 1)
      runs.push(simulate(load, createRandom(20_261 + index, replication)));
    calls += REPLICATIONS * (WARM_UP + COUNTED);
    figures.push(...compare(load, runs));
  }
  figures.push({ bench: "routing", figure: "simulated calls", value: calls, unit: "count" });
  return [...figures, ...decisionTimes()];
}

function compare(load: Load, runs: readonly Means[]): object[] {
  const { agents, load: erlangs, patienceMs } = load;
  if (patienceMs === null)
    return [
      agree(
        load,
        "waits",
        "Erlang C",
        erlangC(agents, erlangs),
        runs.map((means) => means.waits),
      ),
      agree(
        load,
        "mean wait, ms",
        "Erlang C",
        meanWaitMs(agents, erlangs, HANDLE_MS),
        runs.map((means) => means.meanWaitMs),
      ),
      agree(
        load,
        "within 20 s",
        "Erlang C",
        serviceLevel(agents, erlangs, HANDLE_MS, 20_000),
        runs.map((means) => means.within20),
      ),
    ];
  const theory = erlangA(agents, erlangs, HANDLE_MS, patienceMs);
  return [
    agree(
      load,
      "waits",
      "Erlang A",
      theory.waits,
      runs.map((means) => means.waits),
    ),
    agree(
      load,
      "mean wait, ms",
      "Erlang A",
      theory.meanWaitMs,
      runs.map((means) => means.meanWaitMs),
    ),
    agree(
      load,
      "abandons",
      "Erlang A",
      theory.abandons,
      runs.map((means) => means.abandons),
    ),
  ];
}

function agree(load: Load, what: string, peer: string, theory: number, values: readonly number[]): object {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const z = (mean - theory) / Math.sqrt(variance / values.length);
  const round = (value: number) => Number(value.toPrecision(5));
  return {
    ...{ bench: "routing", figure: `${load.name}: ${what}`, value: round(mean), unit: "mean" },
    ...{ peer, peerValue: round(theory), ratio: round(mean / theory), z: round(z), agrees: Math.abs(z) <= 3 },
  };
}

/** One run of the router over calls as the models assume them; the first calls fill the house and are not counted. */
function simulate({ agents, load, patienceMs }: Load, random: Random): Means {
  const router = createRouter({ calendar: SHANGHAI });
  const events = new EventQueue<() => void>();
  const exponential = (meanMs: number) => -Math.log(1 - random.next()) * meanMs;
  let nowMs = 0;
  let [arrived, counted, waited, waitMs, within20, abandoned] = [0, 0, 0, 0, 0, 0];
  const waiting = new Map<string, number>();

  const hear = (decisions: readonly RoutingDecision[]): void => {
    for (const decision of decisions) if (decision.type === "offer") answer(decision);
  };
  function answer(offer: Extract<RoutingDecision, { type: "offer" }>): void {
    const { callId, seatId, callEpoch, seatEpoch } = offer;
    leave(callId, true);
    for (const decision of router.handle({
      type: "offer-accepted",
      atMs: nowMs,
      callId,
      seatId,
      callEpoch,
      seatEpoch,
    })) {
      if (decision.type !== "accepted") throw new Error("an answer at once was not accepted");
      const { epoch } = decision.seat;
      events.push(nowMs + exponential(HANDLE_MS), () => {
        hear(router.handle({ type: "call-ended", atMs: nowMs, callId }));
        hear(router.handle({ type: "seat-changed", atMs: nowMs, seat: readySeat(seatId, epoch + 1, nowMs) }));
      });
    }
  }
  function leave(callId: string, isAnswered: boolean): void {
    const sinceMs = waiting.get(callId);
    waiting.delete(callId);
    if (sinceMs === undefined || sinceMs < 0) return;
    counted += 1;
    waitMs += nowMs - sinceMs;
    if (nowMs > sinceMs) waited += 1;
    if (isAnswered && nowMs - sinceMs <= 20_000) within20 += 1;
    if (!isAnswered) abandoned += 1;
  }
  function arrive(): void {
    arrived += 1;
    const call = queuedCall(`c${arrived}`, nowMs);
    // Calls of the warm-up and after the count take part, but are not looked at.
    const counts = arrived > WARM_UP && arrived <= WARM_UP + COUNTED;
    waiting.set(call.callId, counts ? nowMs : -1);
    if (patienceMs !== null)
      events.push(nowMs + exponential(patienceMs), () => {
        if (!waiting.has(call.callId)) return;
        leave(call.callId, false);
        hear(router.handle({ type: "call-abandoned", atMs: nowMs, callId: call.callId }));
      });
    hear(router.handle({ type: "call-queued", atMs: nowMs, call }));
    events.push(nowMs + exponential(HANDLE_MS / load), arrive);
  }

  router.handle({ type: "policies-changed", atMs: 0, policies: [policy({})] });
  for (let number = 0; number < agents; number += 1)
    router.handle({ type: "seat-changed", atMs: 0, seat: seat(`s${number}`, { ready: 0 }) });
  events.push(0, arrive);
  while (counted < COUNTED) {
    nowMs = events.nextMs ?? nowMs;
    events.take()?.();
  }
  return {
    ...{ waits: waited / counted, meanWaitMs: waitMs / counted },
    ...{ within20: within20 / counted, abandons: abandoned / counted },
  };
}

function readySeat(seatId: SeatId, epoch: number, nowMs: number): Seat {
  const fresh = seat(seatId, { ready: nowMs });
  return { ...fresh, status: { ...fresh.status, epoch } };
}

// ── decision time ──

const SEATS = 2_000;
const WAITING = 10_000;
const SKILLS = ["tariff", "card", "new-supply", "solar", "english"];
const GROUPS = ["day", "night", "north", "south"].map((group) => GroupId.parse(group));
const HALLS = Array.from({ length: 60 }, (_, number) => `p.c${number % 6}.s${number % 20}.h${number}`);
const SERVICES = ["pay-bill", "move-in", "new-supply", "solar", "invoice"];

function manyPolicies(random: Random): RoutingPolicy[] {
  const made = Array.from({ length: 49 }, (_, number) =>
    policy({
      ...{ policyId: PolicyId.parse(`p${number}`), priority: 10 + (number % 40), ending: "callback" },
      match: {
        units: [`p.c${number % 6}`],
        services: [random.pick(SERVICES)],
        ...(number % 3 === 0 ? { times: [{ from: "08:00", until: "20:00", dayKinds: ["working"] }] } : {}),
      },
      steps: [
        step({
          skills: { op: "skill", skill: random.pick(SKILLS), atLeast: 6 },
          groups: [random.pick(GROUPS)],
          units: { kind: "customer", levelsUp: 2 },
          expiryMs: 3_600_000,
        }),
        step({ skills: { op: "skill", skill: random.pick(SKILLS), atLeast: 3 }, expiryMs: 3_600_000 }),
        step({ entry: "overflow", strategy: { kind: "least-occupied" }, expiryMs: 3_600_000 }),
      ],
    }),
  );
  return [...made, policy({ policyId: PolicyId.parse("everything"), priority: 0 })];
}

function manySeats(random: Random, nowMs: number): Seat[] {
  return Array.from({ length: SEATS }, (_, number) => {
    const skills = Object.fromEntries(SKILLS.map((skill) => [skill, random.integer(1, 10)] as const));
    const groups = GROUPS.filter(() => random.chance(0.5));
    const made = seat(`s${number}`, { ready: nowMs, skills, groups, unitPath: random.pick(HALLS) });
    return { ...made, busyMs: random.integer(0, 1_000_000), signedInMs: nowMs - 10_000_000 };
  });
}

interface Times {
  readonly atEase: number[];
  readonly flooded: number[];
}

/** Runs that are the same to the last decision; what differs between them is what else the machine was doing. */
const RUNS = 5;

/**
 * Two figures each: all times of all runs as the clock had them, and, decision by decision, the shortest of the runs, which
 * leaves out what other programs of a shared machine took.
 */
function decisionTimes(): Figure[] {
  const runs = Array.from({ length: RUNS }, () => decisionRun());
  const scan = runs.at(-1)?.scan ?? { call: 0, seat: 0 };
  const peer = "looking at every call and seat";
  return (["atEase", "flooded"] as const).flatMap((part) => {
    const name = `${SEATS} agents, 50 policies, ${part === "atEase" ? "all free" : `${WAITING} waiting`}`;
    const peerUs = part === "atEase" ? scan.call : scan.seat;
    const all = runs.flatMap((run) => run.times[part]);
    const own =
      runs[0]?.times[part].map((_, at) => Math.min(...runs.map((run) => run.times[part][at] ?? Infinity))) ?? [];
    return [0.5, 0.99].flatMap((q) => [
      figure("routing", `decision p${q * 100}, ${name}`, quantile(own, q), "µs", peer, peerUs),
      figure(
        "routing",
        `decision p${q * 100} with all else on the machine, ${name}`,
        quantile(all, q),
        "µs",
        peer,
        peerUs,
      ),
    ]);
  });
}

/** Times of every decision of a router that is kept at ease, then flooded, and what a full scan needs for the same. */
function decisionRun(): { times: Times; scan: { call: number; seat: number } } {
  const random = createRandom(7, 0);
  let nowMs = Date.UTC(2026, 2, 10, 2);
  const policies = manyPolicies(random);
  const router = createRouter({ calendar: SHANGHAI });
  const seats = manySeats(random, nowMs);
  router.handle({ type: "policies-changed", atMs: nowMs, policies });
  for (const row of seats) router.handle({ type: "seat-changed", atMs: nowMs, seat: row });
  const rows = new Map(seats.map((row) => [row.seatId, row]));
  let made = 0;
  const nextCall = (): RouterInput => {
    made += 1;
    const unitPath = random.pick(HALLS);
    const facts = request({ unitPath, service: random.pick(SERVICES), priority: random.integer(0, 5) });
    return { type: "call-queued", atMs: nowMs, call: queuedCall(`c${made}`, nowMs, { request: facts }) };
  };
  const atEase: number[] = [];
  const flooded: number[] = [];
  const open: Extract<RoutingDecision, { type: "offer" }>[] = [];
  const timed = (input: RouterInput, into: number[] | null): RoutingDecision[] => {
    const from = performance.now();
    const decisions = router.handle(input);
    const us = (performance.now() - from) * 1_000;
    // Only what decides something counts: an input that changes nothing is over at once.
    if (decisions.some((decision) => decision.type === "offer" || decision.type === "pinned")) into?.push(us);
    for (const decision of decisions) if (decision.type === "offer") open.push(decision);
    return decisions;
  };
  const serve = (into: number[] | null): void => {
    const offer = open.shift();
    if (!offer) return;
    const { callId, seatId, callEpoch, seatEpoch } = offer;
    timed({ type: "offer-accepted", atMs: nowMs, callId, seatId, callEpoch, seatEpoch }, into);
    timed({ type: "call-ended", atMs: nowMs, callId }, into);
    const row = rows.get(seatId);
    if (!row) return;
    const state: SeatState = { name: "ready" };
    const status = { ...row.status, state, epoch: seatEpoch + 2, sinceMs: nowMs, idleSinceMs: nowMs };
    timed({ type: "seat-changed", atMs: nowMs, seat: { ...row, status } }, into);
  };
  // At ease: nearly everybody is free, every call has hundreds to choose from and a reason for each.
  for (let round = 0; round < 4_000; round += 1) {
    nowMs += 50;
    timed(nextCall(), round < 1_000 ? null : atEase);
    serve(round < 1_000 ? null : atEase);
  }
  for (let missing = WAITING + SEATS; missing > 0; missing = WAITING - waitingIn(router))
    for (let number = 0; number < missing; number += 1) timed(nextCall(), null);
  // Flooded: nobody is free, and whoever gets free is for the first of ten thousand that they can help.
  for (let round = 0; round < 5_000; round += 1) {
    const into = round < 1_000 ? null : flooded;
    nowMs += 1;
    timed(nextCall(), into);
    timed({ type: "tick", atMs: nowMs }, into);
    serve(into);
  }
  const scan = fullScan(router, policies, nowMs);
  return { times: { atEase, flooded }, scan };
}

function waitingIn(router: Router): number {
  return router.snapshot().calls.filter((call) => call.place.name === "waiting").length;
}

/** Median times of the plain rules: the best seat for a call, and the first call in line for a seat. */
function fullScan(router: Router, policies: readonly RoutingPolicy[], nowMs: number): { call: number; seat: number } {
  const { seats, calls } = router.snapshot();
  const byId = new Map(policies.map((entry) => [entry.policyId, entry]));
  const choose = (call: RoutedCall, among: readonly Seat[]) => {
    const pinned = byId.get(call.policy.policyId);
    return pinned ? chooseSeat(call, pinned, among, nowMs, ROUTER_SETTINGS).chosen : null;
  };
  const time = (work: () => unknown): number => {
    const from = performance.now();
    work();
    return (performance.now() - from) * 1_000;
  };
  const free = seats.map((row) => ({ ...row, status: { ...row.status, state: { name: "ready" as const } } }));
  const sample = calls.slice(0, 100);
  const perCall = sample.map((call) => time(() => choose(call, free)));
  const perSeat = free
    .slice(0, 30)
    .map((row) =>
      time(() =>
        calls
          .toSorted((a, b) => compareCalls(a, b, ROUTER_SETTINGS))
          .find((call) => call.place.name === "waiting" && choose(call, [row])),
      ),
    );
  return { call: quantile(perCall, 0.5), seat: quantile(perSeat, 0.5) };
}
