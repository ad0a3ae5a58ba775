import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import type { CallDown } from "@gridhall/domain/seats/callLink.ts";
import { CentreToDesk, type DeskState, type DeskToCentre } from "@gridhall/domain/seats/desk.ts";
import { CallId } from "@gridhall/domain/seats/schema.ts";
import { openOutbox } from "@gridhall/link/outbox.ts";
import { openStore } from "@gridhall/link/store.ts";
import { startUplink, type Uplink } from "@gridhall/link/uplink.ts";
import { sql } from "kysely";
import { WebSocket } from "ws";
import type { Centre } from "../centre.ts";
import { inScope, SYSTEM } from "../db/database.ts";
import { publishPolicy } from "../seats/policyStore.ts";
import { ensureSeat } from "../seats/seatStore.ts";
import { seedStaff, TEST_PASSWORD, type TestCentre } from "./testCentre.ts";

/** People of a call as they are on the wire: agents on desk sockets, customers at kiosks on the device link. */

export async function seedAgents(
  centre: Centre,
  agents: readonly { login: string; groups: string[]; roles?: string[] }[],
): Promise<Map<string, string>> {
  for (const agent of agents) await seedStaff(centre, agent.login, "p", agent.roles ?? ["agent"]);
  return inScope(centre.db, SYSTEM, async (tx) => {
    const { rows } = await sql<{
      staff_id: string;
      login: string;
    }>`select staff_id, login from staff order by login`.execute(tx);
    const ids = new Map(rows.map((row) => [row.login, row.staff_id]));
    for (const agent of agents)
      await ensureSeat(tx, {
        seatId: ids.get(agent.login) ?? "",
        unitPath: "p",
        nowMs: Date.now(),
        groups: agent.groups,
        skills: {},
      });
    return ids;
  });
}

export async function seedPolicy(centre: Centre, policy: Record<string, unknown>): Promise<void> {
  const { version: _, ...body } = RoutingPolicy.parse({
    version: 1,
    title: { zh: "测试", en: "test" },
    priority: 10,
    validFromMs: 0,
    validUntilMs: null,
    match: {},
    steps: [{ ringMs: 20_000, expiryMs: null }],
    ending: "keep-waiting",
    policyId: "test",
    ...policy,
  });
  await inScope(centre.db, SYSTEM, (tx) => publishPolicy(tx, body, "p", "system"));
  centre.seats.dispatcher.policiesChanged();
}

/** Waits for a condition by looking again at every change. */
async function eventually<T>(
  what: string,
  watch: Set<() => void>,
  look: () => T | null,
  timeoutMs = 15_000,
): Promise<T> {
  const found = look();
  if (found !== null) return found;
  return new Promise<T>((done, fail) => {
    const check = () => {
      const value = look();
      if (value === null) return;
      clearTimeout(timer);
      watch.delete(check);
      done(value);
    };
    const timer = setTimeout(() => {
      watch.delete(check);
      fail(new Error(`never seen: ${what}`));
    }, timeoutMs);
    watch.add(check);
  });
}

export interface Desk extends AsyncDisposable {
  state(): DeskState | null;
  order(order: DeskToCentre): void;
  until(what: string, fits: (state: DeskState) => boolean, timeoutMs?: number): Promise<DeskState>;
  refusal(order: string): Promise<string>;
  /** Ends the socket without a word, as a killed browser does. */
  kill(): void;
  /** Says nothing any more, as a closed lid does. */
  fallSilent(): void;
}

export async function openDesk(httpUrl: string, login: string, password = TEST_PASSWORD): Promise<Desk> {
  const response = await fetch(`${httpUrl}/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ login, password }),
  });
  if (!response.ok) throw new Error(`sign-in of ${login}: ${response.status} ${await response.text()}`);
  const cookie = response.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const socket = new WebSocket(`${httpUrl.replace(/^http/, "ws")}/api/seats/desk`, { headers: { cookie } });
  const watch = new Set<() => void>();
  const refusals: { order: string; reason: string }[] = [];
  let state: DeskState | null = null;
  socket.on("message", (data: Buffer) => {
    const message = CentreToDesk.parse(JSON.parse(data.toString()));
    if (message.type === "state") state = message.state;
    if (message.type === "refused") refusals.push({ order: message.order, reason: message.reason });
    for (const check of watch) check();
  });
  await new Promise<void>((done, fail) => {
    socket.once("open", () => done());
    socket.once("error", fail);
  });
  const alive = setInterval(() => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify({ type: "alive" }));
  }, 500);
  const desk: Desk = {
    state: () => state,
    order(order) {
      socket.send(JSON.stringify(order));
    },
    until: (what, fits, timeoutMs) => eventually(what, watch, () => (state && fits(state) ? state : null), timeoutMs),
    refusal: (order) =>
      eventually(`a refusal of ${order}`, watch, () => refusals.find((one) => one.order === order)?.reason ?? null),
    kill() {
      clearInterval(alive);
      socket.terminate();
    },
    fallSilent() {
      clearInterval(alive);
    },
    async [Symbol.asyncDispose]() {
      clearInterval(alive);
      socket.close();
    },
  };
  await desk.until("the first state", () => true);
  return desk;
}

export interface Caller extends AsyncDisposable {
  readonly uplink: Uplink;
  readonly told: CallDown[];
  progress(): string | null;
  call(options?: { service?: string | null; customerKey?: string; recording?: boolean }): Promise<string>;
  ask(method: string, params: unknown): Promise<unknown>;
  until(what: string, fits: (message: CallDown) => boolean, timeoutMs?: number): Promise<CallDown>;
  /** Progress of this name, the latest. */
  untilProgress(name: string, timeoutMs?: number): Promise<Extract<CallDown, { type: "progress" }>>;
  fallSilent(): void;
}

export async function openCaller(town: TestCentre, deviceId: string): Promise<Caller> {
  const dir = await mkdtemp(join(tmpdir(), "gridhall-caller-"));
  const identity = await town.enrol(deviceId);
  const store = openStore(join(dir, "store.db"), null);
  const outbox = openOutbox(
    store,
    { bootId: randomUUID(), wallMs: () => Date.now(), monoMs: () => performance.now() },
    () => randomUUID(),
  );
  const watch = new Set<() => void>();
  const told: CallDown[] = [];
  let callId: CallId | null = null;
  const uplink = startUplink({
    url: identity.linkUrl,
    deviceId,
    tls: { ca: identity.authorityPem, cert: identity.certificatePem, key: identity.keyPem },
    outbox,
    logger: { info() {}, warn() {} },
    wallMs: () => Date.now(),
    newId: () => randomUUID(),
    random: () => 0.1,
    onCommand: async () => ({ outcome: "done", detail: "" }),
    onCall(message) {
      told.push(message);
      for (const check of watch) check();
    },
  });
  let silent = false;
  const alive = setInterval(() => {
    if (callId && !silent) uplink.sendCall({ type: "alive", callId });
  }, 500);
  const latest = () => told.findLast((message) => message.type === "progress");
  const online = new Promise<void>((done) => {
    if (uplink.isOnline()) done();
    else uplink.onOnline((is) => (is ? done() : undefined));
  });
  await online;
  return {
    uplink,
    told,
    progress: () => {
      const message = latest();
      return message?.type === "progress" ? message.progress.name : null;
    },
    async call(asked = {}) {
      callId = CallId.parse(`c-${randomUUID()}`);
      await uplink.request("call.request", {
        callId,
        service: asked.service ?? null,
        journeyId: null,
        customerKey: asked.customerKey ?? `visit:${deviceId}`,
        accountNo: null,
        elderly: false,
        language: "zh-CN",
        consent: "view",
        recording: asked.recording ?? false,
      });
      return callId;
    },
    ask: (method, params) => uplink.request(method, params),
    until: (what, fits, timeoutMs) => eventually(what, watch, () => told.find(fits) ?? null, timeoutMs),
    untilProgress: (name, timeoutMs) =>
      eventually(
        `progress ${name}`,
        watch,
        () => {
          const message = latest();
          return message?.type === "progress" && message.progress.name === name ? message : null;
        },
        timeoutMs,
      ),
    fallSilent() {
      silent = true;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(alive);
      await uplink[Symbol.asyncDispose]();
      store.close();
      await rm(dir, { recursive: true });
    },
  };
}
