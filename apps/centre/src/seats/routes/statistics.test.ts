import { GROUPINGS, type Grouping, type SeatFigure } from "@gridhall/domain/seats/figures.ts";
import ExcelJS from "exceljs";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type PastSeat, randomCall, randomSeatTime, seeded, storePast } from "../../testing/pastCalls.ts";
import { seedAgents } from "../../testing/seatPeople.ts";
import { seedSmall, startTestCentre, TEST_PASSWORD, type TestCentre } from "../../testing/testCentre.ts";

const EFFORT = Number(process.env["GRIDHALL_EFFORT"] ?? "1");
const CALLS = EFFORT >= 5 ? 10_000 : 2_000;
const FROM = Date.parse("2026-10-20T00:00:00+08:00");
const UNTIL = Date.parse("2026-10-22T00:00:00+08:00");
const HOUR = 3_600_000;

let town: TestCentre;
let cookie = "";
let owner: pg.Client;

const get = (path: string) => fetch(`${town.centre.httpUrl}${path}`, { headers: { cookie } });
const statistics = async (query: Record<string, string | number>) => {
  const search = new URLSearchParams(
    Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]),
  );
  const response = await get(`/api/seats/statistics?${search.toString()}`);
  expect(response.status).toBe(200);
  return (await response.json()) as {
    rows: { key: string | null; title: { zh: string }; figures: Record<SeatFigure, number | null> }[];
  };
};

beforeAll(async () => {
  town = await startTestCentre();
  await seedSmall(town.centre);
  const logins = ["s1", "s2", "s3", "s4", "s5"];
  const ids = await seedAgents(town.centre, [
    { login: "lead", groups: [], roles: ["supervisor"] },
    ...logins.map((login) => ({ login, groups: [] })),
  ]);
  const groups = [["day"], ["day", "night"], ["night"], ["expert"], []];
  const seats: PastSeat[] = logins.map((login, n) => ({
    seatId: ids.get(login) ?? "",
    groups: groups[n] ?? [],
    unitPath: n % 2 === 0 ? "p.a" : "p.b",
  }));
  const random = seeded(20_261_020);
  const span = UNTIL - FROM + 4 * HOUR;
  const calls = Array.from({ length: CALLS }, (_, n) =>
    randomCall(`call-${n}`, FROM - 2 * HOUR + Math.floor(random() * span), seats, random),
  );
  const seatTime = seats.flatMap((seat) => randomSeatTime(seat, FROM - 3 * HOUR, UNTIL + HOUR, random));
  await storePast(town.centre, calls, seatTime);
  const response = await fetch(`${town.centre.httpUrl}/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login: "lead", password: TEST_PASSWORD }),
  });
  cookie = (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  owner = new pg.Client({ connectionString: town.centre.database.ownerUrl });
  await owner.connect();
  // The owner is bound by the walls between units too.
  await owner.query("select set_config('gridhall.scope', '*', false)");
});
afterAll(async () => {
  await owner.end();
  await town[Symbol.asyncDispose]();
});

/**
 * The same figures in SQL over the stored events, from the words of `figures.ts` alone. `item` names the columns that a
 * group is read from: the request, the item's own instant, its seat, and the event up to which the seat's membership counts.
 */
interface Item {
  request: string;
  at: string;
  seat: string;
  call: string;
  seq: string;
  /** Of offers: what the seat's own last event said. */
  byOwnEvents?: boolean;
}
function keyOf(grouping: Grouping, item: Item): string {
  const told = item.byOwnEvents
    ? `(select s.body as m from seat_event s where s.seat_id = ${item.seat} and s.at_ms <= ${item.at} order by s.seq desc limit 1)`
    : `(select case said.type when 'accepted' then said.body else said.body->'to' end as m from call_event said
        where said.call_id = ${item.call} and said.seq <= ${item.seq}
          and (said.type = 'accepted' and said.body->>'seatId' = ${item.seat}
            or said.type = 'transferred' and said.body->'to'->>'kind' = 'seat' and said.body->'to'->>'seatId' = ${item.seat})
        order by said.seq desc limit 1)`;
  switch (grouping) {
    case "none":
      return "cross join lateral (select 'all' as key) k";
    case "hall":
      return `cross join lateral (select ${item.request}->>'hallId' as key) k`;
    case "unit":
      return `cross join lateral (select ${item.request}->>'unitPath' as key) k`;
    case "service":
      return `cross join lateral (select ${item.request}->>'service' as key) k`;
    case "period":
      return `cross join lateral (select (${FROM} + (${item.at} - ${FROM}) / ${HOUR} * ${HOUR})::text as key) k`;
    case "agent":
      return `cross join lateral (select ${item.seat} as key where ${item.seat} is not null) k`;
    case "group":
      return `cross join lateral ${told} t cross join lateral (select distinct g as key from jsonb_array_elements_text(t.m->'groups') g) k`;
    case "seat-unit":
      return `cross join lateral ${told} t cross join lateral (select t.m->>'unitPath' as key where t.m->>'unitPath' is not null) k`;
    default:
      return grouping satisfies never;
  }
}

const CALLS_OF_PERIOD = `
  q as (select distinct on (call_id) call_id, at_ms as queued from call_event where type = 'queued' order by call_id, seq),
  c as (select q.call_id, q.queued, r.body->'request' as request,
      f.at_ms as connected, f.seq as connected_seq, f.body->>'seatId' as seat
    from q join call_event r on r.call_id = q.call_id and r.type = 'requested'
    left join lateral (select * from call_event e where e.call_id = q.call_id and e.type = 'connected' order by seq limit 1) f on true
    where q.queued >= ${FROM} and q.queued < ${UNTIL})`;

const callSql = (grouping: Grouping) => `with ${CALLS_OF_PERIOD},
  d as (select c.*, case when connected is not null then greatest(0, connected - queued) end as wait,
      (select min(at_ms) from call_event e where e.call_id = c.call_id and type = 'abandoned') - queued as gave_up,
      exists (select 1 from call_event e where e.call_id = c.call_id and type = 'callback-left') as callback,
      exists (select 1 from call_event e where e.call_id = c.call_id and type = 'message-left') as message,
      (select greatest(0, at_ms - queued) from call_event e where e.call_id = c.call_id
        and type in ('connected', 'abandoned', 'callback-left', 'message-left', 'ended') order by seq limit 1) as waited
    from c),
  s as (select key, count(*) as offered, count(connected) as answered,
      count(*) filter (where connected is null and gave_up >= 5000) as abandoned,
      count(*) filter (where connected is null and gave_up < 5000) as short,
      count(*) filter (where callback) as callbacks, count(*) filter (where message) as messages,
      count(distinct request->>'customerKey') as applicants, avg(wait)::float8 as "meanWaitMs", max(waited) as "longestWaitMs",
      count(*) filter (where wait <= 20000) as in20, count(*) filter (where wait <= 12000) as in12
    from d ${keyOf(grouping, { request: "d.request", at: "d.queued", seat: "d.seat", call: "d.call_id", seq: "d.connected_seq" })}
    group by key)
  select key, offered, answered, abandoned, short as "shortAbandoned", callbacks, messages, applicants, "meanWaitMs", "longestWaitMs",
    abandoned::float8 / nullif(offered - short, 0) as abandonment,
    in20::float8 / nullif(offered - short, 0) as "serviceLevel20", in12::float8 / nullif(offered - short, 0) as "serviceLevel12"
  from s`;

const handOverSql = (grouping: Grouping) => `with ${CALLS_OF_PERIOD}
  select key, count(*) filter (where e.type = 'transferred') as transfers, count(*) filter (where e.type = 'requeued') as requeues
  from c join call_event e on e.call_id = c.call_id and e.type in ('transferred', 'requeued')
  ${keyOf(grouping, { request: "c.request", at: "c.queued", seat: "(e.body->>'fromSeatId')", call: "c.call_id", seq: "e.seq" })}
  group by key`;

const assistSql = (grouping: Grouping) => `with
  own as (select e.call_id, e.seq, e.at_ms, case e.type when 'connected' then e.body->>'seatId' else e.body->'to'->>'seatId' end as seat
    from call_event e where e.type = 'connected' or e.type = 'transferred' and e.body->'to'->>'kind' = 'seat'),
  part as (select own.*, over.seq as over_seq, greatest(0, over.at_ms - own.at_ms) - coalesce((
      select sum(greatest(0, back.at_ms - i.at_ms)) from call_event i
      cross join lateral (select at_ms from call_event b where b.call_id = i.call_id and b.seq > i.seq
        and b.type in ('rejoined', 'transferred', 'requeued', 'ended') order by b.seq limit 1) back
      where i.call_id = own.call_id and i.type = 'interrupted' and i.seq > own.seq and i.seq < over.seq), 0) as ms
    from own cross join lateral (select seq, at_ms from call_event o where o.call_id = own.call_id and o.seq > own.seq
      and o.type in ('transferred', 'requeued', 'ended') order by o.seq limit 1) over),
  a as (select call_id, seat, min(seq) as seq, sum(ms) as ms from part group by call_id, seat),
  b as (select a.*, e.at_ms as at, r.body->'request' as request,
      case when a.seat = (select seat from own where own.call_id = a.call_id order by seq desc limit 1)
        then (select (body->>'score')::int from call_event t where t.call_id = a.call_id and t.type = 'rated' order by seq limit 1) end as score
    from a join call_event e on e.call_id = a.call_id and e.seq = a.seq
    join call_event r on r.call_id = a.call_id and r.type = 'requested' where e.at_ms >= ${FROM} and e.at_ms < ${UNTIL})
  select key, count(*) as assists, sum(b.ms)::float8 as "assistMs", avg(b.ms)::float8 as "meanAssistMs",
    avg(score)::float8 as rating, count(score) as ratings
  from b ${keyOf(grouping, { request: "b.request", at: "b.at", seat: "b.seat", call: "b.call_id", seq: "b.seq" })} group by key`;

const offerSql = (grouping: Grouping) => `with
  o as (select e.call_id, e.at_ms as at, e.body->>'seatId' as seat, r.body->'request' as request,
      exists (select 1 from call_event x where x.call_id = e.call_id and x.type = 'offer-expired'
        and x.body->>'callEpoch' = e.body->>'callEpoch' and x.body->>'cause' = 'rang-out') as rang_out,
      exists (select 1 from call_event x where x.call_id = e.call_id and x.type = 'refused'
        and x.body->>'callEpoch' = e.body->>'callEpoch') as refused
    from call_event e join call_event r on r.call_id = e.call_id and r.type = 'requested'
    where e.type = 'offered' and e.at_ms >= ${FROM} and e.at_ms < ${UNTIL})
  select key, count(*) as "offersMade", count(*) filter (where rang_out) as "offersRangOut", count(*) filter (where refused) as "offersRefused"
  from o ${keyOf(grouping, { request: "o.request", at: "o.at", seat: "o.seat", call: "o.call_id", seq: "0", byOwnEvents: true })} group by key`;

function seatTimeSql(grouping: Grouping): string | null {
  const keys: Partial<Record<Grouping, string>> = {
    none: "cross join lateral (select 'all' as key) k",
    agent: "cross join lateral (select v.seat_id as key) k",
    group: "cross join lateral (select distinct g as key from jsonb_array_elements_text(v.body->'groups') g) k",
    "seat-unit": "cross join lateral (select v.body->>'unitPath' as key) k",
    period: "cross join lateral (select slice::text as key) k",
  };
  const key = keys[grouping];
  if (!key) return null;
  const slice = grouping === "period" ? HOUR : UNTIL - FROM;
  return `with
    s as (select seat_id, body, at_ms, coalesce(lead(at_ms) over (partition by seat_id order by seq), ${UNTIL}) as next from seat_event),
    v as (select seat_id, body, body->'state'->>'name' as state, slice,
        greatest(0, least(next, slice + ${slice}) - greatest(at_ms, slice)) as ms
      from s cross join generate_series(${FROM}::bigint, ${UNTIL - slice}::bigint, ${slice}::bigint) slice),
    w as (select key, coalesce(sum(ms) filter (where state <> 'offline'), 0)::float8 as "signedInMs",
        coalesce(sum(ms) filter (where state in ('connecting', 'in-call', 'wrap-up')), 0)::float8 as "busyMs",
        coalesce(sum(ms) filter (where state = 'wrap-up'), 0)::float8 as "wrapUpMs",
        coalesce(sum(ms) filter (where state = 'break'), 0)::float8 as "breakMs",
        coalesce(sum(ms) filter (where state in ('ready', 'reserved', 'connecting', 'in-call', 'wrap-up')), 0)::float8 as counted
      from v ${key} group by key)
    select key, "signedInMs", "busyMs", "wrapUpMs", "breakMs", "busyMs" / nullif(counted, 0) as occupancy from w`;
}

const ZERO_WITHOUT: readonly string[] = [
  ...["offered", "answered", "abandoned", "shortAbandoned", "callbacks", "messages", "applicants"],
  ...["transfers", "requeues", "assists", "assistMs", "ratings", "offersMade", "offersRangOut", "offersRefused"],
];
const SEAT_TIME: readonly string[] = ["signedInMs", "busyMs", "wrapUpMs", "breakMs"];

async function recomputed(grouping: Grouping): Promise<Map<string | null, Record<string, number | null>>> {
  const rows = new Map<string | null, Record<string, number | null>>();
  const statements = [callSql, handOverSql, assistSql, offerSql, seatTimeSql].map((of) => of(grouping));
  for (const statement of statements) {
    if (statement === null) continue;
    const found = await owner.query<{ key: string | null } & Record<string, unknown>>(statement);
    for (const { key, ...figures } of found.rows) {
      const row = rows.get(key) ?? {};
      rows.set(key, row);
      for (const [figure, value] of Object.entries(figures)) row[figure] = value === null ? null : Number(value);
    }
  }
  for (const [key, row] of rows)
    if (Object.values(row).every((value) => value === null || value === 0)) rows.delete(key);
  return rows;
}

describe("statistics over the wire", () => {
  test.each(GROUPINGS)(
    `[R5] every figure by %s agrees to the last call with SQL written from the definitions, over ${CALLS} calls (10,000 from effort 5 on)`,
    async (groupBy) => {
      const { rows } = await statistics({ fromMs: FROM, untilMs: UNTIL, groupBy, slice: "hour" });
      const expected = await recomputed(groupBy);
      expect(new Set(rows.map((row) => row.key))).toEqual(new Set(expected.keys()));
      expect(rows.length).toBeGreaterThan(groupBy === "none" ? 0 : 1);
      for (const row of rows)
        for (const [figure, value] of Object.entries(row.figures)) {
          const known = expected.get(row.key)?.[figure] ?? null;
          const other = ZERO_WITHOUT.includes(figure)
            ? (known ?? 0)
            : SEAT_TIME.includes(figure) && seatTimeSql(groupBy)
              ? (known ?? 0)
              : known;
          const where = `${figure} of ${row.key}`;
          if (value === null || other === null) expect(value, where).toBe(other);
          else expect(value, where).toBeCloseTo(other, 6);
        }
    },
    60_000,
  );

  test("[R5] the figures are not empty: every kind of ending, hand-over and answer occurs", async () => {
    const [row] = (await statistics({ fromMs: FROM, untilMs: UNTIL })).rows;
    expect(Object.values(row?.figures ?? {}).filter((value) => value === null || value === 0)).toEqual([]);
  });

  test("[R5] a unit's statistics are those of its own calls; parts add up to the whole", async () => {
    const of = async (unit: string) =>
      (await statistics({ fromMs: FROM, untilMs: UNTIL, ...(unit ? { unit } : {}) })).rows[0]?.figures.offered ?? 0;
    const byUnit = (await statistics({ fromMs: FROM, untilMs: UNTIL, groupBy: "unit" })).rows;
    expect(await of("p.a")).toBe(byUnit.find((row) => row.key === "p.a.h")?.figures.offered);
    expect((await of("p.a")) + (await of("p.b"))).toBeLessThan(await of(""));
    expect(await of("p")).toBe(await of(""));
  });

  test("[R5] by month the slices are those of the calendar, the first and last cut to the period", async () => {
    const fromMs = Date.parse("2026-09-15T00:00:00+08:00");
    const untilMs = Date.parse("2026-11-10T00:00:00+08:00");
    const { rows } = await statistics({ fromMs, untilMs, groupBy: "period", slice: "month" });
    const whole = (await statistics({ fromMs, untilMs })).rows[0];
    expect(rows.map((row) => row.title.zh)).toContain("2026-10");
    expect(rows.reduce((sum, row) => sum + (row.figures.offered ?? 0), 0)).toBe(whole?.figures.offered);
  });

  test("[R5] the workbook holds the same numbers under their names, and a sheet that defines each figure", async () => {
    const response = await get(`/api/seats/statistics?fromMs=${FROM}&untilMs=${UNTIL}&groupBy=agent&format=xlsx`);
    expect(response.headers.get("content-type")).toContain("spreadsheetml");
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await response.arrayBuffer());
    const sheet = book.getWorksheet("统计");
    const heading = sheet?.getRow(1).values as string[];
    const { rows } = await statistics({ fromMs: FROM, untilMs: UNTIL, groupBy: "agent" });
    rows.forEach((row, n) => {
      const cells = sheet?.getRow(n + 2);
      expect(cells?.getCell(heading.indexOf("接通量")).value).toBe(row.figures.answered);
      expect(cells?.getCell(heading.indexOf("协助总时长")).value).toBe(row.figures.assistMs);
    });
    expect(book.getWorksheet("指标定义")?.rowCount).toBe(1 + Object.keys(rows[0]?.figures ?? {}).length);
    const text = await (
      await get(`/api/seats/statistics?fromMs=${FROM}&untilMs=${UNTIL}&groupBy=agent&format=csv&language=en`)
    ).text();
    expect(text.split("\r\n")[0]).toContain("Calls offered");
  });

  test("[R5] a period that is empty or too long is refused with its remedy", async () => {
    for (const [query, code] of [
      [`fromMs=${UNTIL}&untilMs=${FROM}`, "period.empty"],
      [`fromMs=0&untilMs=${UNTIL}`, "period.too-long"],
    ] as const) {
      const response = await get(`/api/seats/statistics?${query}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ code, message: expect.stringMatching(/^untilMs: /) });
    }
  });

  test("[R5] the forecast says from which days it comes and how many agents each half hour needs", async () => {
    const response = await get("/api/seats/forecast?day=2026-10-27");
    expect(response.status).toBe(200);
    const report = (await response.json()) as {
      basis: string;
      days: number;
      slots: { calls: number; agents: number; serviceLevel: number | null; abandonment: number | null }[];
    };
    // 2026-10-20 was a Tuesday as well.
    expect(report).toMatchObject({ basis: "same-weekday", days: 1 });
    expect(report.slots).toHaveLength(48);
    for (const slot of report.slots.filter((one) => one.calls > 0)) {
      expect(slot.agents).toBeGreaterThan(0);
      expect(slot.serviceLevel).toBeGreaterThanOrEqual(0.8);
      expect(slot.abandonment).toBeLessThan(1);
    }
  });
});
