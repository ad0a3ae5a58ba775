import { createHash } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CallDetail,
  CallRow,
  LeftMessage,
  PolicyRow,
  RecordingRow,
  SeatDirectory,
  Wallboard,
  WorkOrderRow,
} from "@gridhall/domain/seats/api.ts";
import type { NewCallEvent } from "../callStore.ts";
import ExcelJS from "exceljs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { inScope, SYSTEM } from "../../db/database.ts";
import { type PastCall, pastCall, storePast } from "../../testing/pastCalls.ts";
import { seedAgents, seedPolicy } from "../../testing/seatPeople.ts";
import {
  seedAccount,
  seedSmall,
  seedStaff,
  startTestCentre,
  TEST_PASSWORD,
  type TestCentre,
} from "../../testing/testCentre.ts";

let town: TestCentre;
let seats: Map<string, string>;
const cookies = new Map<string, string>();
const T0 = Date.parse("2026-10-20T09:00:00+08:00");

const ask = async (login: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
  fetch(`${town.centre.httpUrl}${path}`, {
    method,
    headers: {
      cookie: cookies.get(login) ?? "",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
const read = async <T>(login: string, path: string, schema: z.ZodType<T>): Promise<T> => {
  const response = await ask(login, "GET", path);
  const answer: unknown = await response.json();
  expect(response.status, JSON.stringify(answer)).toBe(200);
  return schema.parse(answer);
};
const status = async (login: string, method: string, path: string, body?: unknown) =>
  (await ask(login, method, path, body)).status;
const refusal = async (login: string, method: string, path: string, body?: unknown) => {
  const response = await ask(login, method, path, body);
  return { status: response.status, ...((await response.json()) as { code: string; message: string }) };
};
const actions = async (subject: string) => {
  const { rows } = await inScope(town.centre.db, SYSTEM, (tx) =>
    sql<{ action: string }>`select action from audit where subject = ${subject} order by seq`.execute(tx),
  );
  return rows.map((row) => row.action);
};

const seatOf = (login: string) => seats.get(login) ?? "";
const answered = (callId: string, hall: "a" | "b", atMs: number, waitMs: number): PastCall =>
  pastCall(
    callId,
    { hallId: `${hall}h`, unitPath: `p.${hall}.h`, deviceId: `kiosk-${hall}`, service: "pay-bill" } as never,
    atMs,
    (add) => {
      const key = { seatId: seatOf("ann"), callEpoch: 1, seatEpoch: 1 };
      add(10, { type: "queued", policy: null, step: 0 });
      add(0, { type: "offered", ...key, expiresMs: atMs + 20_000 } as NewCallEvent);
      add(waitMs, { type: "accepted", ...key, groups: ["general"], unitPath: "p" } as unknown as NewCallEvent);
      add(500, { type: "connected", seatId: seatOf("ann") } as NewCallEvent);
      add(60_000, { type: "ended", by: "customer", reason: "done" });
      add(100, { type: "rated", score: 4 });
    },
  );
const given = (callId: string, atMs: number, afterMs: number, event: NewCallEvent): PastCall =>
  pastCall(callId, { hallId: "bh", unitPath: "p.b.h", deviceId: "kiosk-b" } as never, atMs, (add) => {
    add(10, { type: "queued", policy: null, step: 0 });
    add(afterMs, event);
  });

const FILE = Buffer.from(Array.from({ length: 5_000 }, (_, n) => n % 251));

beforeAll(async () => {
  town = await startTestCentre();
  const { centre } = town;
  await seedSmall(centre);
  await inScope(centre.db, SYSTEM, async (tx) => {
    for (const group of ["general", "expert"])
      await sql`insert into agent_group (group_id, unit_path, title) values (${group}, 'p', ${JSON.stringify({ zh: group, en: group })}::jsonb)`.execute(
        tx,
      );
  });
  seats = await seedAgents(centre, [
    { login: "ann", groups: ["general"] },
    { login: "lead", groups: ["expert"], roles: ["supervisor"] },
  ]);
  await seedStaff(centre, "lead-a", "p.a", ["supervisor"]);
  await seedStaff(centre, "lead-b", "p.b", ["supervisor"]);
  await seedStaff(centre, "clerk", "p.a", ["clerk"]);
  await seedStaff(centre, "new", "p.a", ["agent"]);
  await seedPolicy(centre, { policyId: "everyday" });
  await seedAccount(centre, "1200000009001", "p.b.h");
  const calls = [
    answered("call-a", "a", T0, 4_000),
    answered("call-b", "b", T0 + 60_000, 25_000),
    given("lost-b", T0 + 120_000, 40_000, { type: "abandoned" }),
    given("back-b", T0 + 180_000, 30_000, { type: "callback-left", phone: "13900000000" }),
  ];
  await storePast(centre, calls);
  const directory = join(town.config.dataDir, "recordings", "2026-10-20", "rec-b");
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, "customer.webm"), FILE);
  await writeFile(join(directory, "recording.json"), JSON.stringify({ roomId: "r" }));
  const sha256 = createHash("sha256").update(FILE).digest("hex");
  const files = [
    {
      file: "customer.webm",
      participant: "customer",
      role: "customer",
      kind: "person",
      offsetMs: 0,
      durationMs: 60_000,
      bytes: FILE.length,
      sha256,
    },
  ];
  await inScope(centre.db, SYSTEM, async (tx) => {
    await sql`update call set outcome = 'solved', note = 'Meter was read again', journey_id = 'journey-b', account_no = '1200000009001' where call_id = 'call-b'`.execute(
      tx,
    );
    for (const [id, state, due] of [
      ["rec-b", "complete", "2099-01-01"],
      ["rec-old", "complete", "2026-01-01"],
    ] as const)
      await sql`insert into call_recording (recording_id, call_id, unit_path, directory, node_id, started_at, ended_at, state, bytes, files, delete_after)
        values (${id}, 'call-b', 'p.b.h', ${`2026-10-20/${id}`}, 'n', ${new Date(T0)}, ${new Date(T0 + 60_000)}, ${state}, ${FILE.length},
          ${JSON.stringify(files)}::jsonb, ${due})`.execute(tx);
    await sql`insert into left_message (message_id, call_id, unit_path, kind, phone) values ('msg-b', 'back-b', 'p.b.h', 'callback', '13900000000')`.execute(
      tx,
    );
  });
  for (const login of ["ann", "lead", "lead-a", "lead-b", "clerk"]) {
    const response = await ask("", "POST", "/api/sign-in", { login, password: TEST_PASSWORD });
    cookies.set(login, (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "");
  }
});
afterAll(async () => town[Symbol.asyncDispose]());

describe("agents and groups", () => {
  const settings = { groups: ["general"], skills: { billing: 6 }, unitPath: "p" };

  test("[R1] who has a seat is read by agents, changed by supervisors, and stands in the audit", async () => {
    const before = await read("ann", "/api/seats/directory", SeatDirectory);
    expect(before.agents.map((agent) => agent.login).sort()).toEqual(["ann", "lead"]);
    expect(await status("ann", "PUT", `/api/seats/agents/${seatOf("ann")}`, settings)).toBe(403);
    expect(await status("lead", "PUT", `/api/seats/agents/${seatOf("ann")}`, settings)).toBe(200);
    const after = await read("ann", "/api/seats/directory", SeatDirectory);
    expect(after.agents.find((agent) => agent.login === "ann")?.skills).toEqual({ billing: 6 });
    expect(await actions(seatOf("ann"))).toContain("seat.settings-changed");
  });

  test("[R1] an unknown group, a skill above ten and an unknown person are refused with the field", async () => {
    const path = `/api/seats/agents/${seatOf("ann")}`;
    expect(await refusal("lead", "PUT", path, { ...settings, groups: ["nowhere"] })).toMatchObject({
      status: 400,
      code: "group.not-found",
      message: expect.stringMatching(/^groups: /),
    });
    expect(await status("lead", "PUT", path, { ...settings, skills: { billing: 11 } })).toBe(400);
    expect(await status("lead", "PUT", "/api/seats/agents/nobody", settings)).toBe(404);
    expect(await status("lead", "POST", "/api/seats/agents", { ...settings, login: "nobody" })).toBe(404);
  });

  test("[R1] a person becomes an agent once, with a number of their own, given by whoever manages their unit", async () => {
    const body = { ...settings, login: "new", unitPath: "p.a" };
    expect(await status("lead-b", "POST", "/api/seats/agents", { ...body, unitPath: "p.b" })).toBe(404);
    expect(await refusal("lead-a", "POST", "/api/seats/agents", { ...body, unitPath: "p" })).toMatchObject({
      status: 403,
      code: "unit.out-of-scope",
    });
    expect(await status("lead-a", "POST", "/api/seats/agents", body)).toBe(200);
    expect(await refusal("lead-a", "POST", "/api/seats/agents", body)).toMatchObject({
      status: 409,
      code: "agent.exists",
    });
    const { agents } = await read("lead", "/api/seats/directory", SeatDirectory);
    expect(new Set(agents.map((agent) => agent.number)).size).toBe(3);
  });

  test("[R1] a group belongs to a unit: others may not take it over", async () => {
    const group = { groupId: "late", title: { zh: "夜班", en: "Night" }, unitPath: "p.a" };
    expect(await status("lead-b", "POST", "/api/seats/groups", group)).toBe(403);
    expect(await status("lead-a", "POST", "/api/seats/groups", group)).toBe(200);
    expect(await status("lead-b", "POST", "/api/seats/groups", { ...group, unitPath: "p.b" })).toBe(403);
    const { groups } = await read("ann", "/api/seats/directory", SeatDirectory);
    expect(groups.find((one) => one.groupId === "late")).toMatchObject({ title: group.title, agents: 0 });
    expect(await status("lead-a", "POST", "/api/seats/groups", { ...group, groupId: "Night Shift" })).toBe(400);
  });
});

describe("calls and their recordings", () => {
  const ids = async (login: string, query: string) =>
    (await read(login, `/api/seats/calls?${query}`, z.array(CallRow))).map((row) => row.callId);

  test("[R5] calls are found by period, unit, device, agent, service, phase, outcome, journey, account, and words of the note", async () => {
    expect(await ids("lead", "")).toEqual(["back-b", "lost-b", "call-b", "call-a"]);
    for (const [query, found] of [
      [`fromMs=${T0 + 1}&untilMs=${T0 + 120_000}`, ["call-b"]],
      ["unit=p.a", ["call-a"]],
      ["deviceId=kiosk-a", ["call-a"]],
      [`seatId=${seatOf("ann")}`, ["call-b", "call-a"]],
      ["service=pay-bill", ["call-b", "call-a"]],
      ["phase=abandoned", ["lost-b"]],
      ["outcome=solved", ["call-b"]],
      ["journeyId=journey-b", ["call-b"]],
      ["q=1200000009001", ["call-b"]],
      ["q=meter%20WAS", ["call-b"]],
      ["q=lost-b", ["lost-b"]],
      [`beforeMs=${T0 + 120_000}&limit=1`, ["call-b"]],
      ["q=%25", []],
    ] as const)
      expect(await ids("lead", query), query).toEqual(found);
    expect(await status("lead", "GET", "/api/seats/calls?limit=0")).toBe(400);
    expect(await status("lead", "GET", "/api/seats/calls?unit=p.a'%20or%20true")).toBe(400);
  });

  test("[R5] a call is told whole: waiting, talking, events, agents, rating, note", async () => {
    const call = await read("lead", "/api/seats/calls/call-b", CallDetail);
    expect(call).toMatchObject({
      waitMs: 25_500,
      talkMs: 60_000,
      rating: 4,
      outcome: "solved",
      agents: ["ann"],
      recordings: 2,
    });
    expect(call.events.map((event) => event.type)).toEqual([
      "requested",
      "queued",
      "offered",
      "accepted",
      "connected",
      "ended",
      "rated",
    ]);
    expect(await status("lead", "GET", "/api/seats/calls/none")).toBe(404);
    expect((await read("lead", "/api/seats/calls/lost-b", CallDetail)).talkMs).toBe(0);
  });

  test("[R5] the list goes out as CSV and as a workbook", async () => {
    const text = await (await ask("lead", "GET", "/api/seats/calls?format=csv")).text();
    expect(text.trim().split("\r\n")).toHaveLength(5);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await (await ask("lead", "GET", "/api/seats/calls?format=xlsx")).arrayBuffer());
    expect(book.worksheets[0]?.rowCount).toBe(5);
  });

  test("[S1] another unit's calls, recordings, messages and work orders are invisible and cannot be changed", async () => {
    expect(await ids("lead-a", "")).toEqual(["call-a"]);
    expect(await status("lead-b", "GET", "/api/seats/calls/call-b")).toBe(200);
    for (const path of [
      "/api/seats/calls/call-b",
      "/api/seats/recordings/rec-b/files/customer.webm",
      "/api/seats/recordings/rec-b/export",
    ])
      expect(await status("lead-a", "GET", path), path).toBe(404);
    for (const path of ["/api/seats/recordings", "/api/seats/messages?state=all", "/api/seats/work-orders"])
      expect(JSON.stringify(await (await ask("lead-a", "GET", path)).json()), path).toBe("[]");
    expect(await status("lead-a", "POST", "/api/seats/messages/msg-b/done", { result: "not mine" })).toBe(404);
    expect(await status("lead-a", "GET", "/api/seats/accounts/1200000009001")).toBe(404);
    const figures = async (login: string) =>
      (
        (await (await ask(login, "GET", `/api/seats/statistics?fromMs=${T0}&untilMs=${T0 + 600_000}`)).json()) as {
          rows: { figures: { offered: number } }[];
        }
      ).rows[0]?.figures.offered;
    expect([await figures("lead"), await figures("lead-a"), await figures("lead-b")]).toEqual([4, 1, 3]);
  });

  test("[R3] a recording plays by ranges, is saved as it is, and only supervisors may", async () => {
    const path = "/api/seats/recordings/rec-b/files/customer.webm";
    const whole = await ask("lead", "GET", path);
    expect(whole.headers.get("accept-ranges")).toBe("bytes");
    expect(whole.headers.get("content-type")).toBe("video/webm");
    expect(Buffer.from(await whole.arrayBuffer())).toEqual(FILE);
    for (const [range, from, to] of [
      ["bytes=0-99", 0, 100],
      ["bytes=4900-", 4_900, 5_000],
      ["bytes=-10", 4_990, 5_000],
      ["bytes=10-9999", 10, 5_000],
    ] as const) {
      const part = await ask("lead", "GET", path, undefined, { range });
      expect(part.status, range).toBe(206);
      expect(part.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/5000`);
      expect(Buffer.from(await part.arrayBuffer()), range).toEqual(FILE.subarray(from, to));
    }
    const past = await ask("lead", "GET", path, undefined, { range: "bytes=5000-" });
    expect(past.status).toBe(416);
    expect((await ask("lead", "GET", `${path}?download=1`)).headers.get("content-disposition")).toContain("attachment");
    expect(await status("ann", "GET", path)).toBe(403);
    expect(await status("lead", "GET", "/api/seats/recordings/rec-b/files/..%2F..%2Fpostgres")).toBe(400);
    expect(await status("lead", "GET", "/api/seats/recordings/rec-b/files/none.webm")).toBe(404);
    // However many ranges a player asks for, it is one act of listening.
    expect(await actions("rec-b")).toEqual(["recording.played"]);
  });

  test("[R3] a recording leaves as one archive with what its files must add up to", async () => {
    expect(await status("ann", "GET", "/api/seats/recordings/rec-b/export")).toBe(403);
    const response = await ask("lead", "GET", "/api/seats/recordings/rec-b/export");
    expect(response.headers.get("content-type")).toBe("application/zip");
    const archive = Buffer.from(await response.arrayBuffer());
    const text = archive.toString("latin1");
    for (const name of ["customer.webm", "recording.json", "SHA256SUMS"]) expect(text).toContain(name);
    expect(archive.includes(FILE)).toBe(true);
    expect(await actions("rec-b")).toContain("recording.exported");
  });

  test("[R3] recordings whose day has come are deleted, and say so", async () => {
    expect(await town.centre.seats.recordings.expire()).toBe(1);
    const rows = await read("lead", "/api/seats/recordings", z.array(RecordingRow));
    expect(rows.map((row) => [row.recordingId, row.state].join(" ")).toSorted((a, b) => a.localeCompare(b))).toEqual([
      "rec-b complete",
      "rec-old deleted",
    ]);
    expect(await status("lead", "GET", "/api/seats/recordings/rec-old/export")).toBe(404);
  });
});

describe("messages, work orders, accounts", () => {
  test("[R4] a callback waits in the list until somebody says what came of it, once", async () => {
    const open = await read("ann", "/api/seats/messages", z.array(LeftMessage));
    expect(open).toMatchObject([{ messageId: "msg-b", kind: "callback", phone: "13900000000", doneMs: null }]);
    expect(await status("ann", "POST", "/api/seats/messages/msg-b/done", { result: " " })).toBe(400);
    expect(await status("ann", "POST", "/api/seats/messages/msg-b/done", { result: "called, explained" })).toBe(200);
    expect(await refusal("ann", "POST", "/api/seats/messages/msg-b/done", { result: "again" })).toMatchObject({
      status: 409,
      code: "message.done",
    });
    expect(await read("ann", "/api/seats/messages", z.array(LeftMessage))).toEqual([]);
    expect(await read("ann", "/api/seats/messages?state=done", z.array(LeftMessage))).toMatchObject([
      { doneBy: "ann", result: "called, explained" },
    ]);
  });

  test("[R2] a work order is opened from a call, for a time to come", async () => {
    const order = {
      callId: "call-b",
      type: "meter",
      urgency: "urgent",
      place: "1 Heping Road",
      contactPhone: null,
      detail: "Meter stands still",
      dueMs: Date.now() + 86_400_000,
    };
    expect(await refusal("ann", "POST", "/api/seats/work-orders", { ...order, dueMs: 1 })).toMatchObject({
      status: 400,
      code: "work-order.due-past",
    });
    expect(await status("ann", "POST", "/api/seats/work-orders", { ...order, callId: "none" })).toBe(404);
    expect(await status("clerk", "POST", "/api/seats/work-orders", order)).toBe(403);
    const response = await ask("ann", "POST", "/api/seats/work-orders", order);
    expect(WorkOrderRow.parse(await response.json())).toMatchObject({
      unitPath: "p.b.h",
      state: "open",
      openedBy: "ann",
    });
    expect(await read("ann", "/api/seats/work-orders?callId=call-b", z.array(WorkOrderRow))).toHaveLength(1);
    for (const path of ["/api/seats/work-orders?format=csv", "/api/seats/messages?state=all&format=csv"])
      expect((await (await ask("ann", "GET", path)).text()).trim().split("\r\n"), path).toHaveLength(2);
  });

  test("[R2] an agent reads up on an account: bills, and what was done at kiosks", async () => {
    const Account = z.object({ overview: z.looseObject({}), journeys: z.array(z.unknown()) });
    const { overview } = await read("ann", "/api/seats/accounts/1200000009001", Account);
    const text = JSON.stringify(overview);
    expect(text).toContain("1200000009001");
    expect(text, "masked as at the counter").not.toContain("120000199001010011");
    expect(await status("ann", "GET", "/api/seats/accounts/1200000009999")).toBe(404);
    expect(await status("ann", "GET", "/api/seats/accounts/12")).toBe(400);
  });
});

describe("the wallboard", () => {
  test("[R6] shows agents and today's figures to supervisors alone", async () => {
    expect(await status("ann", "GET", "/api/seats/board")).toBe(403);
    const board = await read("lead", "/api/seats/board", Wallboard);
    expect(board.agents.length).toBeGreaterThanOrEqual(2);
    expect(board.today).toMatchObject({ offered: 0, serviceLevel20: null });
  });
});

describe("policies", () => {
  const draft = (of: Record<string, unknown> = {}) => ({
    policyId: "night",
    title: { zh: "夜间", en: "Night" },
    priority: 50,
    validFromMs: T0,
    validUntilMs: null,
    match: {
      devices: [],
      halls: [],
      units: [],
      services: ["pay-bill"],
      customerClasses: [],
      priorityAtLeast: null,
      times: [],
    },
    steps: [
      {
        entry: "widen",
        skills: { op: "all", of: [] },
        groups: ["general"],
        units: { kind: "any" },
        strategy: { kind: "longest-idle" },
        ringMs: 20_000,
        expiryMs: 60_000,
        whenNobody: "wait",
      },
    ],
    ending: "callback",
    ...of,
  });
  const match = (of: Record<string, unknown>) => ({ ...draft().match, ...of });
  const policies = async (login = "lead") => read(login, "/api/seats/policies", z.array(PolicyRow));

  test("[R4] a draft is judged field by field, and a faulty one is never published", async () => {
    const faulty = draft({ steps: [{ ...draft().steps[0], groups: ["nowhere"], expiryMs: 5_000 }] });
    const response = await ask("lead", "POST", "/api/seats/policies/validate", { draft: faulty });
    const { faults } = (await response.json()) as {
      faults: { code: string; path: unknown[]; remedy: { zh: string } }[];
    };
    expect(faults).toContainEqual(expect.objectContaining({ code: "unknown-group", path: ["steps", 0, "groups", 0] }));
    expect(faults).toContainEqual(expect.objectContaining({ code: "ring-longer-than-step" }));
    expect(await refusal("lead", "POST", "/api/seats/policies", faulty)).toMatchObject({
      status: 422,
      code: "policy.faulty",
    });
    expect(await status("lead", "POST", "/api/seats/policies", { ...draft(), priority: 101 })).toBe(400);
    expect((await policies()).map((row) => row.policy.policyId)).toEqual(["everyday"]);
  });

  test("[R4] each publication is a new version, the one before stays on record; two at once get two numbers", async () => {
    expect(await status("ann", "POST", "/api/seats/policies", draft())).toBe(403);
    expect(await status("lead", "POST", "/api/seats/policies", draft())).toBe(200);
    const both = await Promise.all([
      status("lead", "POST", "/api/seats/policies", draft()),
      status("lead", "POST", "/api/seats/policies", draft()),
    ]);
    expect(both).toEqual([200, 200]);
    const night = (await policies()).filter((row) => row.policy.policyId === "night");
    expect(night.map((row) => [row.policy.version, row.current])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ]);
    expect(await actions("night")).toEqual(["policy.published", "policy.published", "policy.published"]);
  });

  test("[R4] a unit's manager publishes for calls of that unit and leaves the policies of others alone", async () => {
    const own = draft({ policyId: "county-a", match: match({ units: ["p.a"], services: [] }), priority: 60 });
    expect(await refusal("lead-a", "POST", "/api/seats/policies", draft({ policyId: "county-a" }))).toMatchObject({
      status: 403,
      code: "policy.beyond-unit",
    });
    expect(
      await status("lead-a", "POST", "/api/seats/policies", { ...own, match: match({ units: ["p.a", "p.b"] }) }),
    ).toBe(403);
    expect(await status("lead-a", "POST", "/api/seats/policies", own)).toBe(200);
    expect(await status("lead-a", "POST", "/api/seats/policies", { ...own, policyId: "everyday" })).toBe(403);
    expect(await status("lead-b", "POST", "/api/seats/policies/county-a/withdraw")).toBe(404);
    expect((await policies("lead-b")).map((row) => row.policy.policyId)).not.toContain("county-a");
    expect(await status("lead-a", "POST", "/api/seats/policies/county-a/withdraw")).toBe(200);
    expect((await policies()).find((row) => row.policy.policyId === "county-a")).toMatchObject({ current: false });
  });

  test("[R4] the last policy without conditions is not withdrawn, because calls would match none", async () => {
    expect(await refusal("lead", "POST", "/api/seats/policies/everyday/withdraw")).toMatchObject({
      status: 409,
      code: "policy.needed",
    });
    expect(await status("lead", "POST", "/api/seats/policies/night/withdraw")).toBe(200);
    expect(await status("lead", "POST", "/api/seats/policies/night/withdraw")).toBe(404);
  });

  test("[R4] the dry run says who would get a call and why not the others, without touching anything", async () => {
    const request = {
      deviceId: "kiosk-a",
      hallId: "ah",
      unitPath: "p.a.h",
      service: "pay-bill",
      customerClass: "residential",
      priority: 0,
      customerKey: "try",
    };
    const run = async (of: Record<string, unknown>) =>
      (await (await ask("lead", "POST", "/api/seats/policies/dry-run", { request, atMs: T0, ...of })).json()) as {
        policy: { policyId: string } | null;
        verdicts: { policyId: string; failed: { code: string } | null }[];
        outcome: { kind: string; seatId?: string };
        steps: { choice: { others: { whyNot: { code: string } }[] } }[];
      };
    const before = JSON.stringify(await policies());
    expect(await run({})).toMatchObject({ policy: { policyId: "everyday" }, outcome: { kind: "waits" } });
    const ready = await run({ drafts: [draft()], readySeatIds: [seatOf("ann"), seatOf("lead")] });
    expect(ready).toMatchObject({ policy: { policyId: "night" }, outcome: { kind: "offer", seatId: seatOf("ann") } });
    expect(ready.steps[0]?.choice.others.map((other) => other.whyNot.code)).toContain("group");
    const other = await run({ drafts: [draft({ match: match({ services: ["query-usage"] }) })] });
    expect(other.verdicts[0]).toMatchObject({ policyId: "night", failed: { code: "service" } });
    expect(JSON.stringify(await policies())).toBe(before);
  });

  test("[R4] a replay sets what happened beside what other policies would have done", async () => {
    const response = await ask("lead", "POST", "/api/seats/policies/replay", {
      fromMs: T0,
      untilMs: T0 + 3_600_000,
      drafts: [draft({ policyId: "everyday", match: match({ services: [] }), steps: [], ending: "message" })],
    });
    const report = (await response.json()) as {
      before: Record<string, number>;
      after: Record<string, number>;
      calls: { callId: string }[];
    };
    expect(response.status).toBe(200);
    expect(report.before).toMatchObject({ calls: 4, answered: 2, abandoned: 1, ended: 1 });
    expect(report.after).toMatchObject({ calls: 4, answered: 0, abandoned: 0, ended: 4 });
    expect(report.calls.map((call) => call.callId)).toEqual(["call-a", "call-b", "lost-b", "back-b"]);
    for (const [untilMs, code] of [
      [T0, "period.empty"],
      [T0 + 9 * 86_400_000, "period.too-long"],
    ] as const)
      expect(
        await refusal("lead", "POST", "/api/seats/policies/replay", { fromMs: T0, untilMs, drafts: [] }),
      ).toMatchObject({ status: 400, code });
  });
});
