import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { inScope, SYSTEM } from "../db/database.ts";
import { openCaller, openDesk, type Desk, seedAgents, seedPolicy } from "../testing/seatPeople.ts";
import { seedSmall, startTestCentre, type TestCentre } from "../testing/testCentre.ts";
import { createBus } from "../live/bus.ts";
import { SEAT_TIMES } from "./hostedCalls.ts";
import { startSeats } from "./service.ts";

let town: TestCentre;
let ids: Map<string, string>;
beforeAll(async () => {
  // Nobody has a camera here: talking begins without pictures.
  town = await startTestCentre({}, { seatTimes: { ...SEAT_TIMES, connectPatienceMs: 100, deskGraceMs: 2_000 } });
  await seedSmall(town.centre);
  ids = await seedAgents(town.centre, [
    { login: "amy", groups: ["general"] },
    { login: "ben", groups: ["expert"] },
    { login: "sue", groups: [], roles: ["supervisor"] },
  ]);
  await seedPolicy(town.centre, {
    steps: [
      { groups: ["general"], ringMs: 3_000, expiryMs: 600_000 },
      { entry: "widen", groups: ["expert"], ringMs: 3_000, expiryMs: null },
    ],
  });
});
afterAll(async () => town[Symbol.asyncDispose]());
afterEach(async () => {
  // Nothing of one test is left to ring in the next.
  const { rows } = await inScope(town.centre.db, SYSTEM, (tx) =>
    sql<{ call_id: string }>`select call_id from call where ended_at is null`.execute(tx),
  );
  for (const row of rows) await town.centre.seats.actions.end(row.call_id, "system", "closed");
  for (const seatId of ids.values()) await town.centre.seats.actions.loseSeat(seatId).catch(() => {});
  await town.centre.seats.dispatcher.settled();
});

const desk = (login: string) => openDesk(town.centre.httpUrl, login);
const stateOf = (one: Desk) => one.state()?.status?.state.name;
const ready = async (one: Desk) => {
  one.order({ type: "state", to: { name: "ready" } });
  await one.until("ready, or ringing already", (state) =>
    ["ready", "reserved"].includes(state.status?.state.name ?? ""),
  );
};
const accept = async (one: Desk) => {
  const { offer } = await one.until("an offer", (state) => state.offer !== null);
  if (!offer) throw new Error("no offer");
  one.order({ type: "accept", callId: offer.callId, callEpoch: offer.callEpoch });
  await one.until("the call", (state) => state.call?.callId === offer.callId && state.status?.state.name === "in-call");
  return offer.callId;
};
const events = async (callId: string) =>
  (
    await inScope(town.centre.db, SYSTEM, (tx) =>
      sql<{ type: string }>`select type from call_event where call_id = ${callId} order by seq`.execute(tx),
    )
  ).rows.map((row) => row.type);

describe("remote agent seats on the wire", () => {
  test("[R1] [R3] a customer waits, the agent becomes ready, they talk, the agent wraps up", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using amy = await desk("amy");
    const callId = await caller.call();
    const waiting = await caller.untilProgress("waiting");
    expect(waiting.progress).toMatchObject({ name: "waiting", ringing: false });
    await caller.until(
      "a place in the queue",
      (m) => m.type === "progress" && m.progress.name === "waiting" && m.progress.position === 1,
    );
    await ready(amy);
    expect(await accept(amy)).toBe(callId);
    expect((await caller.untilProgress("talking")).progress).toMatchObject({ agent: { count: 1 } });
    expect(amy.state()?.call?.caller.reason).toMatchObject({ chosen: { seatId: ids.get("amy") } });
    amy.order({ type: "hang-up", callId: amy.state()?.call?.callId as never });
    expect((await caller.untilProgress("over")).progress).toEqual({ name: "over", rate: true });
    await amy.until("wrap-up", (state) => state.wrap?.callId === callId);
    await caller.ask("call.rate", { callId, score: 5 });
    amy.order({ type: "wrap", callId: callId as never, outcome: "solved", note: "已解释阶梯电价" });
    await amy.until("ready again", (state) => state.status?.state.name === "ready");
    expect(await events(callId)).toEqual([
      ...["requested", "queued", "offered", "accepted", "connected", "ended", "rated", "wrap-ended"],
    ]);
  });

  test("[R3] nothing is offered to an agent on a break; a break asked for in a call is remembered", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using amy = await desk("amy");
    amy.order({ type: "state", to: { name: "break", reason: "meal" } });
    await amy.until("the break", (state) => state.status?.state.name === "break");
    await caller.call();
    await caller.untilProgress("waiting");
    await town.centre.seats.dispatcher.settled();
    expect(amy.state()?.offer).toBeNull();
    await ready(amy);
    const callId = await accept(amy);
    amy.order({ type: "state", to: { name: "break", reason: "rest" } });
    await amy.until("remembered", (state) => state.status?.next?.name === "break");
    amy.order({ type: "hang-up", callId });
    await amy.until("wrap-up", (state) => state.wrap !== null);
    amy.order({ type: "wrap", callId, outcome: "explained", note: "" });
    await amy.until("the break", (state) => state.status?.state.name === "break");
  });

  test("[R4] an offer that rings out goes on, and the seat is asked nothing more until it says ready", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using amy = await desk("amy");
    await ready(amy);
    const callId = await caller.call();
    await amy.until("ringing", (state) => state.offer !== null);
    await amy.until("missed", (state) => state.status?.state.name === "missed", 10_000);
    expect((await caller.untilProgress("waiting")).progress).toMatchObject({ ringing: false });
    await ready(amy);
    expect(await accept(amy)).toBe(callId);
    expect(await events(callId)).toContain("offer-expired");
  });

  test("[R4] a late answer to an offer that is over is refused", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using amy = await desk("amy");
    await ready(amy);
    const callId = await caller.call();
    const { offer } = await amy.until("ringing", (state) => state.offer !== null);
    await caller.ask("call.leave", { callId });
    await amy.until("no offer", (state) => state.offer === null);
    amy.order({ type: "accept", callId: callId as never, callEpoch: offer?.callEpoch ?? 0 });
    expect(await amy.refusal("accept")).toBe("offer-over");
    await amy.until("ready", (state) => state.status?.state.name === "ready");
    expect((await events(callId)).at(-1)).toBe("abandoned");
  });

  test("[R1] [R4] an agent's browser is killed in mid-call: the customer is told at once and waits at the head with the context", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using other = await openCaller(town, "kiosk-b");
    const amy = await desk("amy");
    await ready(amy);
    const callId = await caller.call();
    await accept(amy);
    await caller.untilProgress("talking");
    const later = await other.call();
    await other.untilProgress("waiting");
    const killedMs = Date.now();
    amy.kill();
    await caller.untilProgress("interrupted", 10_000);
    expect(Date.now() - killedMs).toBeLessThan(10_000);
    await caller.untilProgress("waiting");
    await caller.until(
      "first in line",
      (m) => m.type === "progress" && m.progress.name === "waiting" && m.progress.position === 1,
    );
    await using again = await desk("amy");
    await again.until("offline", (state) => state.status?.state.name === "offline");
    await ready(again);
    expect(await accept(again)).toBe(callId);
    expect(other.progress()).toBe("waiting");
    expect(await events(callId)).toContain("requeued");
    expect(await events(later)).not.toContain("offered");
  });

  test("[R1] an agent's link is cut for a moment: same call, same agent, nobody is requeued", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    const amy = await desk("amy");
    await ready(amy);
    const callId = await caller.call();
    await accept(amy);
    amy.kill();
    await caller.untilProgress("interrupted");
    await using again = await desk("amy");
    await again.until("the same call", (state) => state.call?.callId === callId && stateOf(again) === "in-call");
    await caller.untilProgress("talking");
    expect(await events(callId)).not.toContain("requeued");
  });

  test("[R4] a desk that is gone while it rings loses the offer, and the call goes to the next", async () => {
    await seedPolicy(town.centre, {
      policyId: "both",
      priority: 95,
      match: { halls: ["ah"], services: ["pay-bill"] },
      steps: [{ ringMs: 60_000, expiryMs: null }],
    });
    await using caller = await openCaller(town, "kiosk-a");
    const amy = await desk("amy");
    await ready(amy);
    const callId = await caller.call({ service: "pay-bill" });
    await amy.until("ringing", (state) => state.offer !== null);
    amy.kill();
    await using ben = await desk("ben");
    await ready(ben);
    expect(await accept(ben)).toBe(callId);
    const { rows } = await inScope(town.centre.db, SYSTEM, (tx) =>
      sql<{
        cause: string;
      }>`select body->>'cause' as cause from call_event where call_id = ${callId} and type = 'offer-expired'`.execute(
        tx,
      ),
    );
    expect(rows).toEqual([{ cause: "seat-lost" }]);
  });

  test("[R4] the customer hangs up while it rings: the agent is ready at once", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using amy = await desk("amy");
    await ready(amy);
    const callId = await caller.call();
    await amy.until("ringing", (state) => state.offer !== null);
    await caller.ask("call.leave", { callId });
    await amy.until("ready", (state) => state.offer === null && state.status?.state.name === "ready");
    // Once more changes nothing.
    await caller.ask("call.leave", { callId });
  });

  test("[R2] a warm transfer: the expert is asked, joins, takes over, the first agent wraps up", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using amy = await desk("amy");
    await using ben = await desk("ben");
    await ready(amy);
    await ready(ben);
    const callId = (await caller.call()) as never;
    await accept(amy);
    amy.order({ type: "transfer", callId, mode: "warm", to: { kind: "group", groupId: "expert" } });
    const { offer } = await ben.until("asked", (state) => state.offer?.kind === "transfer");
    expect(offer?.fromName).toEqual({ zh: "amy", en: "amy" });
    ben.order({ type: "accept", callId, callEpoch: offer?.callEpoch ?? 0 });
    await amy.until("both in", (state) => state.call?.parties.filter((party) => !party.invited).length === 2);
    amy.order({ type: "complete-transfer", callId });
    await amy.until("wrap-up", (state) => state.wrap !== null && state.call === null);
    await ben.until("own call", (state) => state.call?.part === "own");
    expect(caller.progress()).toBe("talking");
  });

  test("[R4] a blind transfer waits for its target alone", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using amy = await desk("amy");
    await using ben = await desk("ben");
    await ready(amy);
    const callId = (await caller.call()) as never;
    await accept(amy);
    amy.order({ type: "transfer", callId, mode: "blind", to: { kind: "group", groupId: "expert" } });
    expect(await amy.refusal("transfer")).toBe("nobody-signed-in");
    await ready(ben);
    amy.order({ type: "transfer", callId, mode: "blind", to: { kind: "group", groupId: "expert" } });
    expect(await accept(ben)).toBe(callId);
    expect(await events(callId)).toContain("transferred");
  });

  test("[R6] a supervisor listens, whispers, takes over, and every step is audited; an agent may not", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using amy = await desk("amy");
    await using ben = await desk("ben");
    await using sue = await desk("sue");
    await ready(amy);
    const callId = (await caller.call()) as never;
    await accept(amy);
    ben.order({ type: "supervise", callId, mode: "listen" });
    expect(await ben.refusal("supervise")).toBe("not-a-supervisor");
    for (const mode of ["listen", "whisper", "joined"] as const) {
      sue.order({ type: "supervise", callId, mode });
      await sue.until(mode, (state) => state.call?.parties.some((party) => party.mode === mode) === true);
    }
    expect((await caller.untilProgress("talking")).progress).toMatchObject({ agent: { count: 2 } });
    sue.order({ type: "leave", callId });
    await sue.until("gone", (state) => state.call === null);
    const { rows } = await inScope(town.centre.db, SYSTEM, (tx) =>
      sql<{ action: string }>`select action from audit where subject = ${callId} order by seq`.execute(tx),
    );
    expect(rows.map((row) => row.action)).toEqual(["call.listen", "call.whisper", "call.joined"]);
  });

  test("[R4] the centre is restarted: the queue is rebuilt, reservations are fenced, the call in progress goes on", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using waiter = await openCaller(town, "kiosk-b");
    const amy = await desk("amy");
    await ready(amy);
    const callId = await caller.call();
    await accept(amy);
    const queued = await waiter.call();
    await waiter.untilProgress("waiting");
    amy.kill();
    await town.restart();
    await using again = await desk("amy");
    await again.until("the same call", (state) => state.call?.callId === callId, 20_000);
    await caller.untilProgress("talking", 20_000);
    await waiter.until(
      "first in line again",
      (m) => m.type === "progress" && m.progress.name === "waiting" && m.progress.position === 1,
      20_000,
    );
    again.order({ type: "hang-up", callId: callId as never });
    await again.until("wrap-up", (state) => state.wrap !== null);
    again.order({ type: "wrap", callId: callId as never, outcome: "solved", note: "" });
    expect(await accept(again)).toBe(queued);
  });

  test("[R4] a customer who falls silent is let go, and nobody talks into the void", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    await using amy = await desk("amy");
    await ready(amy);
    const callId = await caller.call();
    await accept(amy);
    caller.fallSilent();
    await expect.poll(async () => (await events(callId)).includes("interrupted"), { timeout: 15_000 }).toBe(true);
  });

  test("[R1] a kiosk that missed the end of its call, or believes in one that nobody knows, is told so", async () => {
    await using caller = await openCaller(town, "kiosk-a");
    const callId = (await caller.call()) as never;
    await caller.untilProgress("waiting");
    await town.centre.seats.actions.end(callId, "system", "closed");
    await caller.untilProgress("over");
    // As if that word had been lost on the way.
    caller.told.length = 0;
    caller.uplink.sendCall({ type: "alive", callId });
    await caller.untilProgress("over");
    caller.uplink.sendCall({ type: "alive", callId: "c-of-nobody" as never });
    await caller.until("unknown", (m) => m.type === "progress" && m.progress.name === "unknown");
  });

  test("[R4] nobody can answer: the customer leaves a number, with a mistake named first", async () => {
    await seedPolicy(town.centre, {
      policyId: "closed",
      priority: 90,
      match: { halls: ["bh"] },
      steps: [],
      ending: "choice",
    });
    await using caller = await openCaller(town, "kiosk-b");
    const callId = await caller.call();
    expect((await caller.untilProgress("nobody")).progress).toEqual({
      name: "nobody",
      choices: ["callback", "message"],
    });
    await expect(caller.ask("call.callback", { callId, phone: "123" })).rejects.toThrow(/phone/);
    await caller.ask("call.callback", { callId, phone: "13900000001" });
    await caller.untilProgress("over");
    const { rows } = await inScope(town.centre.db, SYSTEM, (tx) =>
      sql<{ phone: string }>`select phone from left_message where call_id = ${callId}`.execute(tx),
    );
    expect(rows).toEqual([{ phone: "13900000001" }]);
  });

  test(
    "[R4] two nodes that both route, each hearing the other late: each call has one owner, always",
    async () => {
      const { db, bus } = town.centre;
      await seedPolicy(town.centre, {
        policyId: "pair",
        priority: 99,
        match: { services: ["pair"] },
        steps: [{ ringMs: 60_000, expiryMs: null }],
      });
      // Hints reach the other node late and out of order.
      const late = createBus();
      const stops = [
        bus.on("call.changed", (event) => void setTimeout(() => late.emit("call.changed", event), Math.random() * 60)),
        bus.on("seat.changed", (event) => void setTimeout(() => late.emit("seat.changed", event), Math.random() * 60)),
      ];
      await using other = await startSeats({
        db,
        bus: late,
        repairMs: 100,
        logger: pino({ level: "silent" }),
        nodeId: "other-node",
        dataDir: town.config.dataDir,
        engine: town.centre.seats.engine,
        iceServers: undefined,
        recordingDays: 1,
        nowMs: () => Date.now(),
        alone: false,
        alwaysLeads: true,
      });
      await using caller = await openCaller(town, "kiosk-a");
      await using second = await openCaller(town, "kiosk-b");
      await using amy = await desk("amy");
      await using ben = await desk("ben");
      await ready(amy);
      await ready(ben);
      const rounds = 6 * Math.max(1, Number(process.env["GRIDHALL_EFFORT"] ?? 1));
      for (let round = 0; round < rounds; round += 1) {
        const asked = await Promise.all([caller.call({ service: "pair" }), second.call({ service: "pair" })]);
        await Promise.all(
          [amy, ben].map(async (one) => {
            const state = await one.until("an offer", ({ offer }) => offer !== null, 20_000);
            if (state.offer)
              one.order({ type: "accept", callId: state.offer.callId, callEpoch: state.offer.callEpoch });
            await one.until("a call", ({ status }) => status?.state.name === "in-call", 20_000);
          }),
        );
        for (const callId of asked)
          await caller.uplink.request("call.leave", { callId }).catch(() => second.ask("call.leave", { callId }));
        for (const one of [amy, ben]) {
          const { wrap } = await one.until("wrap-up", (state) => state.wrap !== null);
          if (wrap) one.order({ type: "wrap", callId: wrap.callId, outcome: "solved", note: "" });
          await one.until("ready", ({ status }) => status?.state.name === "ready");
        }
      }
      for (const stop of stops) stop();
      await other.dispatcher.settled();
      const { rows } = await inScope(db, SYSTEM, (tx) =>
        sql<{ call_id: string; offers: number; accepts: number; epochs: number }>`select call_id,
        count(*) filter (where type = 'offered')::int as offers, count(*) filter (where type = 'accepted')::int as accepts,
        count(distinct body->>'callEpoch') filter (where type = 'offered')::int as epochs
        from call_event group by call_id having count(*) filter (where type = 'offered') > 0`.execute(tx),
      );
      for (const row of rows) expect(row.epochs, `offers of ${row.call_id} have epochs of their own`).toBe(row.offers);
      // One reservation after the other at each seat: it never rings for a second call before the first answer.
      const { rows: seats } = await inScope(db, SYSTEM, (tx) =>
        sql<{ doubled: number }>`select count(*)::int as doubled from (select body->'state'->>'name' as name,
        lag(body->'state'->>'name') over (partition by seat_id order by seq) as before from seat_event) t
        where name = 'reserved' and before not in ('ready')`.execute(tx),
      );
      expect(seats).toEqual([{ doubled: 0 }]);
    },
    90_000 * Math.max(1, Number(process.env["GRIDHALL_EFFORT"] ?? 1)),
  );
});
