import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createWorkingCalendar } from "../calendar/workingDays.ts";
import { GroupId, PolicyId } from "../seats/schema.ts";
import type { RoutingCalendar } from "./calendar.ts";
import type { RouterSettings } from "./call.ts";
import type { RoutingPolicy, Step, Strategy, TimeWindow } from "./policy.ts";
import type { SkillExpression } from "./skills.ts";
import { policy, queuedCall, request, seat, seatIdOf, step } from "./testing/builders.ts";
import type { NaiveZone } from "./testing/oracle.ts";
import { newCallId, World } from "./testing/world.ts";

const effort = Number(process.env["GRIDHALL_EFFORT"] ?? 1);

/** A week around a change of the clocks, which happens in the midst of a made-up weekend before a holiday. */
const HOUR = 3_600_000;
const SWITCH = Date.UTC(2026, 1, 14, 13, 0);
const offsetMinutesAt = (ms: number) => (ms < SWITCH ? 480 : ms < SWITCH + 6 * HOUR ? 420 : 540);
const holidays = new Set(["2026-02-15", "2026-02-16", "2026-02-17"]);
const workedWeekends = new Set(["2026-02-14"]);
const year = { year: 2026, status: "published" as const, source: "test", workedWeekends: [...workedWeekends] };
const daysOff = [{ from: "2026-02-15", to: "2026-02-17", zh: "节", en: "holiday" }];
const working = createWorkingCalendar([{ ...year, daysOff }]);
const calendar: RoutingCalendar = { offsetMinutesAt, working };
const zone: NaiveZone = { offsetMinutesAt, holidays, workedWeekends };
const settings: RouterSettings = {
  ...{ ageingMsPerPriority: 30_000, refusalMs: 90_000, assumedHandleMs: 120_000, withoutPolicy: "message" },
};

const UNITS = ["p", "p.a", "p.a.x", "p.a.y", "p.b", "p.ab"];
const SKILLS = ["tariff", "card", "trainee"];
const NIGHT = GroupId.parse("night");
const GROUPS = [GroupId.parse("day"), NIGHT];
const SEATS = Array.from({ length: 7 }, (_, index) => seatIdOf(`s${index}`));

const pickOf = <T>(values: readonly T[]) => fc.constantFrom(...values);
const some = <T>(values: readonly T[]) =>
  fc.oneof({ weight: 2, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: fc.subarray([...values]) });

const leaf: fc.Arbitrary<SkillExpression> = fc.record({
  op: fc.constant("skill" as const),
  skill: pickOf(SKILLS),
  atLeast: fc.integer({ min: 1, max: 4 }),
});
const skills: fc.Arbitrary<SkillExpression> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<SkillExpression>({ op: "all", of: [] }) },
  { weight: 2, arbitrary: leaf },
  { weight: 1, arbitrary: leaf.map((of): SkillExpression => ({ op: "not", of })) },
  {
    weight: 2,
    arbitrary: fc.record({ op: pickOf(["all", "any"] as const), of: fc.array(leaf, { minLength: 1, maxLength: 3 }) }),
  },
);
const strategy: fc.Arbitrary<Strategy> = fc.oneof(
  pickOf<Strategy>([{ kind: "longest-idle" }, { kind: "least-occupied" }, { kind: "round-robin" }]),
  fc.record({
    kind: fc.constant("sticky" as const),
    withinMs: pickOf([60_000, 86_400_000]),
    otherwise: pickOf([null, "longest-idle" as const, "round-robin" as const]),
  }),
);
const stepOf: fc.Arbitrary<Step> = fc
  .record({
    ...{ entry: pickOf(["widen", "overflow"] as const), skills, groups: some(GROUPS), strategy },
    units: fc.oneof(
      fc.constant({ kind: "any" as const }),
      fc.subarray(UNITS, { minLength: 1 }).map((units) => ({ kind: "units" as const, units })),
      fc.nat({ max: 3 }).map((levelsUp) => ({ kind: "customer" as const, levelsUp })),
    ),
    ringMs: pickOf([5_000, 20_000]),
    expiryMs: pickOf([10_000, 45_000, 200_000]),
    whenNobody: pickOf(["wait", "advance"] as const),
  })
  .map(step);
const windowOf: fc.Arbitrary<TimeWindow> = fc
  .record({
    from: pickOf(["00:00", "08:30", "21:00", "22:00"]),
    until: pickOf(["06:00", "17:30", "21:30", "24:00"]),
    weekdays: some([1, 5, 6, 7]),
    dayKinds: some(["working", "weekend", "holiday"] as const),
  })
  .map((window) => window);
const policyOf: fc.Arbitrary<RoutingPolicy> = fc
  .record({
    policyId: pickOf(["a", "b", "c"]),
    ...{ version: fc.integer({ min: 1, max: 3 }), priority: fc.integer({ min: 1, max: 3 }) },
    from: fc.integer({ min: -40, max: 20 }),
    hours: pickOf([null, 1, 30, 100]),
    match: fc.record({
      ...{ units: some(UNITS), services: some(["pay-bill", "move-in"]), customerClasses: some(["elderly"]) },
      priorityAtLeast: pickOf([null, null, null, 2]),
      times: fc.oneof(
        { weight: 1, arbitrary: fc.constant<TimeWindow[]>([]) },
        { weight: 1, arbitrary: fc.array(windowOf, { maxLength: 2 }) },
      ),
    }),
    steps: fc.array(stepOf, { maxLength: 4 }),
    ending: pickOf(["callback", "message", "choice", "keep-waiting"] as const),
  })
  .map(({ policyId, from, hours, ...rest }) =>
    policy({
      ...{ ...rest, policyId: PolicyId.parse(policyId), validFromMs: SWITCH + from * HOUR },
      validUntilMs: hours === null ? null : SWITCH + (from + hours) * HOUR,
    }),
  );
const everything = policy({
  ...{ policyId: PolicyId.parse("everything"), priority: 0 },
  steps: [step({ expiryMs: 30_000 }), step({ entry: "overflow", expiryMs: null })],
});
const policySet = fc
  .uniqueArray(policyOf, { maxLength: 6, selector: ({ policyId, version }) => `${policyId}@${version}` })
  .map((policies) => [...policies, everything]);

const ability = fc.record({
  unitPath: pickOf(UNITS),
  groups: some(GROUPS),
  skills: fc.dictionary(pickOf(SKILLS), fc.integer({ min: 1, max: 4 })),
  busyMs: fc.nat({ max: 500_000 }),
});
const caller = fc.record({
  ...{ unitPath: pickOf(UNITS), service: pickOf([null, "pay-bill", "move-in"]) },
  ...{ customerClass: pickOf(["residential", "elderly"]), priority: fc.nat({ max: 3 }) },
});

/** What happens, with dice for whom it happens to. */
const happening = fc.record({
  what: pickOf([
    ...(["queue", "queue", "queue", "sign-in", "sign-in", "accept", "accept", "accept", "refuse", "expire"] as const),
    ...(["fail", "abandon", "end", "end", "requeue", "agent", "agent", "wrap", "lose", "old-row"] as const),
    ...(["ability", "remove", "policies", "restart", "soon", "soon", "due", "due", "hours"] as const),
  ]),
  dice: fc.tuple(fc.nat(), fc.nat(), fc.nat(), fc.nat()),
  ...{ caller, ability, policies: policySet },
});
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const REQUESTS = [
  { name: "ready" },
  { name: "ready" },
  { name: "break", reason: "meal" },
  { name: "training" },
  { name: "offline" },
] as const;

function happen(world: World, { what, dice, caller, ability, policies }: Happening, number: number): void {
  const [first, second, third, fourth] = dice;
  const one = <T>(values: readonly T[], die: number): T | undefined => values[die % Math.max(1, values.length)];
  const seatId = one(SEATS, first) ?? seatIdOf("s0");
  const { nowMs } = world;
  const calls = [...world.calls.values()];
  const call = one(calls, first);
  // Mostly the latest offer, sometimes one that is long over.
  const offer = one(second % 3 === 0 ? world.offers : world.offers.slice(-3), first);
  switch (what) {
    case "queue": {
      const target =
        one([{ kind: "seat", seatId } as const, { kind: "group", groupId: NIGHT } as const], third) ?? null;
      return world.queue(
        queuedCall(newCallId(number), nowMs - (second % 4) * 5_000, {
          request: request(caller),
          lastAgent: third % 2 === 0 ? { seatId, atMs: nowMs - (fourth % 3) * 50_000 } : null,
          target: fourth % 9 === 0 ? target : null,
          requeued: fourth % 11 === 0,
        }),
      );
    }
    case "sign-in":
      if (!world.seats.has(seatId)) world.putSeat(seat(seatId, ability));
      world.moveSeat(seatId, { type: "request", to: { name: "ready" } });
      return;
    case "accept":
      if (offer) world.answer("offer-accepted", offer);
      return;
    case "refuse":
      if (offer) world.answer("offer-refused", offer);
      return;
    case "expire":
      if (offer) world.answer("offer-expired", offer);
      return;
    case "fail":
      if (offer) world.failOffer(offer);
      return;
    case "abandon":
      if (call) world.end("call-abandoned", call.callId);
      return;
    case "end": {
      const taken = one(
        calls.filter(({ place }) => place.name === "taken"),
        first,
      );
      if (taken?.place.name !== "taken") return;
      world.moveSeat(taken.place.seatId, { type: "connect", callId: taken.callId });
      world.end("call-ended", taken.callId);
      return;
    }
    case "requeue":
      return world.requeue(
        one(
          calls.filter(({ place }) => place.name === "taken"),
          first,
        )?.callId ?? newCallId(0),
      );
    case "agent": {
      const to = one(REQUESTS, second);
      if (to) world.moveSeat(seatId, { type: "request", to });
      return;
    }
    case "wrap":
      for (const id of SEATS) world.moveSeat(id, { type: "wrap-done" });
      return;
    case "lose":
      world.moveSeat(seatId, second % 2 === 0 ? { type: "lose" } : { type: "fail", detail: "browser" });
      return;
    case "old-row": {
      const row = world.seats.get(seatId);
      if (row)
        world.tellOldRow({ ...row, status: { ...row.status, epoch: row.status.epoch - 1, state: { name: "ready" } } });
      return;
    }
    case "ability": {
      const row = world.seats.get(seatId);
      if (row) world.putSeat({ ...row, ...ability });
      return;
    }
    case "remove":
      if (second % 3 === 0 && world.seats.has(seatId)) world.removeSeat(seatId);
      return;
    case "policies":
      return world.setPolicies(policies);
    case "restart":
      return world.restart();
    case "soon":
      world.tell({ type: "tick", atMs: nowMs + (second % 12_000) });
      return;
    case "due":
      world.tell({ type: "tick", atMs: Math.max(nowMs, world.router.nextDueMs() ?? nowMs) });
      return;
    case "hours":
      world.tell({ type: "tick", atMs: nowMs + (second % 8) * HOUR + (third % 3600) * 1000 });
      return;
    default:
      return what satisfies never;
  }
}

describe("[R4] the router under random interleavings", () => {
  test(
    "no call is lost, no agent has two, none is offered against state or policy, free seats are used, order is kept",
    { timeout: 60_000 * Math.max(1, effort) },
    () => {
      const seen = new Map<string, number>();
      fc.assert(
        fc.property(
          policySet,
          fc.array(happening, { minLength: 20, maxLength: 160, size: "max" }),
          (policies, events) => {
            const world = new World(calendar, zone, settings, SWITCH - 30 * HOUR);
            world.setPolicies(policies);
            events.forEach((event, index) => happen(world, event, index + 1));
            for (const [name, count] of world.tally) seen.set(name, (seen.get(name) ?? 0) + count);
          },
        ),
        { numRuns: Math.round(300 * effort) },
      );
      // The property is worth nothing where it did not reach what it speaks of.
      for (const name of [
        ...["offer", "offer-over", "accepted", "requeued", "step-advanced", "overflow", "end-with", "restart"],
        ...["stale answer refused", "old row refused", "offer-failed", "call-abandoned", "call-ended"],
      ])
        expect([name, seen.get(name) ?? 0]).toSatisfy(([, count]) => Number(count) > 10);
    },
  );
});
