import { sql } from "kysely";
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { verifyAudit } from "../audit/chain.ts";
import { inScope, SYSTEM } from "../db/database.ts";
import { pastCall, storePast } from "../testing/pastCalls.ts";
import {
  seedAccount,
  seedSmall,
  seedStaff,
  startTestCentre,
  TEST_PASSWORD,
  type TestCentre,
} from "../testing/testCentre.ts";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";

let town: TestCentre;
const cookies = new Map<string, string>();

interface OpenApi {
  paths: Record<string, Record<string, { security?: Record<string, unknown>[]; requestBody?: unknown }>>;
}

const url = (path: string) => `${town.centre.httpUrl}${path}`;

async function signIn(login: string, password = TEST_PASSWORD): Promise<Response> {
  return fetch(url("/api/sign-in"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
}

const post = (path: string, login: string, body: unknown) =>
  fetch(url(path), {
    method: "POST",
    headers: { cookie: cookies.get(login) ?? "", "content-type": "application/json" },
    body: JSON.stringify(body),
  });

async function setUpTotp(login: string): Promise<void> {
  const { secret } = (await (await post("/api/me/totp", login, { password: TEST_PASSWORD })).json()) as {
    secret: string;
  };
  const totp = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  expect((await post("/api/me/totp/confirm", login, { totp })).status).toBe(200);
}

beforeAll(async () => {
  town = await startTestCentre();
  await seedSmall(town.centre);
  await seedStaff(town.centre, "of-a", "p.a", ["administrator", "finance", "auditor"]);
  await seedStaff(town.centre, "of-b", "p.b", ["administrator", "finance", "auditor"]);
  await seedStaff(town.centre, "nobody", "p.a", []);
  await seedStaff(town.centre, "clerk", "p.a", ["clerk"]);
  await seedStaff(town.centre, "new-admin", "p.a", ["administrator", "finance", "auditor"]);
  await seedAccount(town.centre, "1200000009001", "p.b.h");
  await inScope(town.centre.db, SYSTEM, async (tx) => {
    await sql`insert into payment (intent_id, device_id, unit_path, account_no, channel, tender, due, due_fen, parameters_sha256, state) values ('intentofb0000001', 'kiosk-b', 'p.b.h', '1200000009001', 'kiosk', 'cash', '{"accountNo":"1200000009001","bills":[],"prepayFen":100}', 100, 'x', 'credited')`.execute(
      tx,
    );
    await sql`insert into journey (journey_id, device_id, unit_path, service_id, service_version, started_at, last_event_at) values ('journeyofb', 'kiosk-b', 'p.b.h', 'pay-bill', 1, now(), now())`.execute(
      tx,
    );
    await sql`insert into open_case (case_id, unit_path, kind, amount_fen) values ('caseofb', 'p.b.h', 'stack-unproved', 100)`.execute(
      tx,
    );
  });
  const request = { unitPath: "p.b.h", hallId: "bh" };
  await storePast(town.centre, [
    pastCall("callofb", request, 1_000, (add) => add(10, { type: "callback-left", phone: null })),
  ]);
  await inScope(town.centre.db, SYSTEM, async (tx) => {
    await sql`insert into left_message (message_id, call_id, unit_path, kind) values ('messageofb', 'callofb', 'p.b.h', 'callback')`.execute(
      tx,
    );
    await sql`insert into work_order (order_id, unit_path, call_id, type, urgency, place, detail, due_at, opened_by) values ('orderofb', 'p.b.h', 'callofb', 'meter', 'normal', 'x', 'x', now(), 'x')`.execute(
      tx,
    );
    await sql`insert into call_recording (recording_id, call_id, unit_path, directory, node_id, started_at, state, delete_after) values ('recordingofb', 'callofb', 'p.b.h', 'x', 'x', now(), 'complete', '2099-01-01')`.execute(
      tx,
    );
    await sql`insert into agent_group (group_id, unit_path, title) values ('groupofb', 'p.b.h', '{}')`.execute(tx);
    await sql`insert into seat (seat_id, unit_path, number, status) select staff_id, 'p.b', '8001', '{"state":{"name":"offline"},"sinceMs":0,"epoch":0,"next":null,"idleSinceMs":null}' from staff where login = 'of-b'`.execute(
      tx,
    );
  });
  for (const login of ["of-a", "of-b", "nobody", "new-admin"]) {
    const response = await signIn(login);
    expect(response.status).toBe(200);
    cookies.set(login, (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "");
  }
  for (const login of ["of-a", "of-b"]) await setUpTotp(login);
});
afterAll(async () => town[Symbol.asyncDispose]());

async function routes(): Promise<
  { method: string; path: string; security: Record<string, unknown>[]; hasBody: boolean }[]
> {
  const document = (await (await fetch(url("/api/openapi.json"))).json()) as OpenApi;
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({
      method: method.toUpperCase(),
      path: path.replaceAll(
        /\{(\w+)\}/g,
        (_whole, name: string) =>
          ({
            deviceId: "kiosk-b",
            intentId: "intentofb0000001",
            caseId: "caseofb",
            journeyId: "journeyofb",
            runId: "none",
            accountNo: "1200000009001",
            billId: "1200000009001-1",
            callId: "callofb",
            recordingId: "recordingofb",
            messageId: "messageofb",
          })[name] ?? "x",
      ),
      security: route.security ?? [],
      hasBody: route.requestBody !== undefined,
    })),
  );
}

const call = (route: { method: string; path: string; hasBody: boolean }, headers: Record<string, string>) =>
  fetch(url(route.path), {
    method: route.method,
    headers: { ...headers, ...(route.hasBody ? { "content-type": "application/json" } : {}) },
    ...(route.hasBody ? { body: "{}" } : {}),
  });

const PUBLIC = new Set(["POST /api/sign-in", "POST /api/enrol", "GET /api/health"]);

describe("who may call what", () => {
  test("[S1] no session, no token: every route of the OpenAPI document but the public ones answers 401", async () => {
    const all = await routes();
    expect(all.length).toBeGreaterThan(20);
    for (const route of all) {
      const name = `${route.method} ${route.path}`;
      if (PUBLIC.has(name)) {
        expect(route.security, name).toEqual([]);
        continue;
      }
      expect(route.security.length, `${name} states its security`).toBeGreaterThan(0);
      expect((await call(route, {})).status, name).toBe(401);
      expect(
        (await call(route, { cookie: "__Host-gridhall=forged", authorization: "Bearer forged" })).status,
        name,
      ).toBe(401);
    }
  });

  test("[S1] a person without a role may see who he is, and nothing else", async () => {
    for (const route of await routes()) {
      const name = `${route.method} ${route.path}`;
      if (PUBLIC.has(name) || route.path.startsWith("/api/me") || route.path === "/api/sign-out") continue;
      const { status } = await call(route, { cookie: cookies.get("nobody") ?? "" });
      expect([401, 403], name).toContain(status);
    }
  });

  test("[S1] an administrator without an authenticator may set it up and sign out, and every other route refuses", async () => {
    const mayDo = new Set(["GET /api/me", "POST /api/me/totp", "POST /api/me/totp/confirm", "POST /api/sign-out"]);
    const headers = { cookie: cookies.get("new-admin") ?? "" };
    const all = await routes();
    let refused = 0;
    for (const route of all) {
      const name = `${route.method} ${route.path}`;
      if (PUBLIC.has(name) || mayDo.has(name)) continue;
      const response = await call(route, headers);
      if (route.security.some((way) => "channel" in way)) {
        expect(response.status, name).toBe(401);
        continue;
      }
      expect(response.status, name).toBe(403);
      expect(await response.json(), name).toMatchObject({ code: "auth.totp-setup-required" });
      refused += 1;
    }
    expect(refused).toBeGreaterThan(15);
    for (const name of mayDo) expect(all.map((route) => `${route.method} ${route.path}`)).toContain(name);
    // Not in the document, and the one that would push everything.
    expect((await fetch(url("/api/live"), { headers })).status).toBe(403);
    expect(await (await fetch(url("/api/me"), { headers })).json()).toMatchObject({ mustSetUpTotp: true });
    await setUpTotp("new-admin");
    expect(await (await fetch(url("/api/me"), { headers })).json()).toMatchObject({
      hasTotp: true,
      mustSetUpTotp: false,
    });
    expect((await fetch(url("/api/kiosks"), { headers })).status).toBe(200);
  });

  test("[S1] another unit's kiosk, journey, payment, case, call, message and work order are invisible through the API, and cannot be changed", async () => {
    const ofA = { cookie: cookies.get("of-a") ?? "" };
    const ofB = { cookie: cookies.get("of-b") ?? "" };
    for (const path of [
      "/api/kiosks/kiosk-b",
      "/api/journeys/journeyofb",
      "/api/payments/intentofb0000001",
      "/api/cases/caseofb",
      "/api/seats/calls/callofb",
    ]) {
      expect((await fetch(url(path), { headers: ofB })).status, path).toBe(200);
      expect((await fetch(url(path), { headers: ofA })).status, path).toBe(404);
    }
    for (const path of [
      "/api/kiosks",
      "/api/journeys",
      "/api/payments",
      "/api/cases",
      "/api/seats/calls",
      "/api/seats/messages",
      "/api/seats/work-orders",
    ])
      expect(JSON.stringify(await (await fetch(url(path), { headers: ofA })).json()), path).not.toContain("p.b");
    const revoke = await fetch(url("/api/kiosks/kiosk-b/revoke"), {
      method: "POST",
      headers: { ...ofA, "content-type": "application/json" },
      body: JSON.stringify({ reason: "not mine" }),
    });
    expect(revoke.status).toBe(404);
  });

  test("[S1] another unit's rows are invisible in SQL under the application's role, and without a scope there are none", async () => {
    const client = new pg.Client({ connectionString: town.centre.database.appUrl });
    await client.connect();
    try {
      const money = ["device", "journey", "payment", "open_case", "account", "bill"];
      const calls = ["seat", "agent_group", "call", "call_event", "call_recording", "left_message", "work_order"];
      const tables = [...money, ...calls];
      for (const table of tables)
        expect((await client.query(`select count(*)::int as n from ${table}`)).rows[0].n, table).toBe(0);
      await client.query("begin");
      await client.query("select set_config('gridhall.scope', 'p.b', true)");
      for (const table of tables)
        expect((await client.query(`select count(*)::int as n from ${table}`)).rows[0].n, table).toBeGreaterThan(0);
      await client.query("select set_config('gridhall.scope', 'p.a', true)");
      for (const table of tables)
        expect(
          (await client.query(`select count(*)::int as n from ${table} where unit_path <@ 'p.b'`)).rows[0].n,
          table,
        ).toBe(0);
      expect((await client.query("select count(*)::int as n from device")).rows[0].n).toBe(1);
      await expect(
        client.query("insert into open_case (case_id, unit_path, kind, amount_fen) values ('x', 'p.b.h', 'forged', 1)"),
      ).rejects.toThrow(/row-level security/);
      await client.query("rollback");
      for (const statement of [
        "delete from audit",
        "update ledger_transfer set amount_fen = 1",
        "truncate trace",
        "update call_event set at_ms = 1",
        "delete from seat_event",
        "create table evil (x int)",
        "alter table payment disable row level security",
      ])
        await expect(client.query(statement), statement).rejects.toThrow(/permission denied|must be owner|append-only/);
    } finally {
      await client.end();
    }
  });

  test("[S1] the session cookie is __Host-, Secure, HttpOnly, SameSite=Strict; pages carry a policy without inline scripts; foreign origins are refused", async () => {
    const response = await signIn("clerk");
    expect(response.headers.get("set-cookie")).toMatch(
      /^__Host-gridhall=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    const policy = response.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    expect(policy).toContain("frame-ancestors 'none'");
    const foreign = await fetch(url("/api/sign-in"), {
      method: "POST",
      headers: { "content-type": "application/json", origin: "https://evil.example" },
      body: JSON.stringify({ login: "clerk", password: TEST_PASSWORD }),
    });
    expect(foreign.status).toBe(403);
  });

  test("[S1] wrong passwords lock the account, and sign-in is rate limited", async () => {
    await seedStaff(town.centre, "victim", "p.a", ["finance"]);
    const statuses: number[] = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await signIn("victim", "wrong")).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401]);
    expect((await signIn("victim")).status).toBe(429);
    let limited = false;
    for (let i = 0; i < 25 && !limited; i += 1) limited = (await signIn("no-such-person", "x")).status === 429;
    expect(limited).toBe(true);
  });

  test("[S1] bad input names the field and the remedy", async () => {
    const response = await fetch(url("/api/cases/caseofb/close"), {
      method: "POST",
      headers: { cookie: cookies.get("of-b") ?? "", "content-type": "application/json" },
      body: JSON.stringify({ outcome: "explained", text: "x" }),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      code: "request.invalid",
      fields: [{ field: "text", message: "say in a sentence what was found and done" }],
    });
  });

  test("[S1] what is done stands in the audit chain; a changed, a removed and an inserted entry are each found", async () => {
    const { publicKeyPem } = JSON.parse(
      await readFile(join(town.config.dataDir, "centre", "audit-key.json"), "utf8"),
    ) as { publicKeyPem: string };
    const whole = await verifyAudit(town.centre.db, publicKeyPem);
    expect(whole.faults).toEqual([]);
    expect(whole.entries).toBeGreaterThan(5);
    const owner = new pg.Client({ connectionString: town.centre.database.ownerUrl });
    await owner.connect();
    try {
      await owner.query("alter table audit disable trigger audit_append_only");
      await owner.query("update audit set detail = '{\"address\":\"10.0.0.1\"}' where unit_path = 'p.a' and seq = 1");
      expect((await verifyAudit(town.centre.db, publicKeyPem)).faults.map((fault) => fault.what)).toContain(
        "its content was changed",
      );
      await owner.query("delete from audit where unit_path = 'p.a' and seq = 2");
      expect((await verifyAudit(town.centre.db, publicKeyPem)).faults.map((fault) => fault.what)).toContain(
        "entries are missing before this one",
      );
    } finally {
      await owner.query("alter table audit enable trigger audit_append_only");
      await owner.end();
    }
  });
});
