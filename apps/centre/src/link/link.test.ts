import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openOutbox } from "@gridhall/link/outbox.ts";
import { openStore } from "@gridhall/link/store.ts";
import { startUplink, type Uplink, UplinkError } from "@gridhall/link/uplink.ts";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { inScope, SYSTEM } from "../db/database.ts";
import { revokeDevice } from "../devices/store.ts";
import { seedSmall, startTestCentre, type TestCentre } from "../testing/testCentre.ts";

let town: TestCentre;
beforeAll(async () => {
  town = await startTestCentre();
  await seedSmall(town.centre);
});
afterAll(async () => town[Symbol.asyncDispose]());

const silent = { info() {}, warn() {} };
const bootId = randomUUID();

async function startDevice(
  deviceId: string,
  extra: { onCommand?: () => Promise<{ outcome: "done"; detail: string }> } = {},
) {
  const dir = await mkdtemp(join(tmpdir(), "gridhall-device-"));
  const identity = await town.enrol(deviceId);
  const store = openStore(join(dir, "store.db"), null);
  const outbox = openOutbox(store, { bootId, wallMs: () => Date.now(), monoMs: () => performance.now() }, () =>
    randomUUID(),
  );
  const connect = (): Uplink =>
    startUplink({
      url: identity.linkUrl,
      deviceId,
      tls: { ca: identity.authorityPem, cert: identity.certificatePem, key: identity.keyPem },
      outbox,
      logger: silent,
      wallMs: () => Date.now(),
      newId: () => randomUUID(),
      random: () => 0.1,
      onCommand: extra.onCommand ?? (async () => ({ outcome: "done", detail: "" })),
    });
  let uplink = connect();
  return {
    outbox,
    store,
    get uplink() {
      return uplink;
    },
    async reconnect() {
      await uplink[Symbol.asyncDispose]();
      uplink = connect();
    },
    async [Symbol.asyncDispose]() {
      await uplink[Symbol.asyncDispose]();
      store.close();
      await rm(dir, { recursive: true });
    },
  };
}

const until = (check: () => Promise<boolean> | boolean) =>
  vi.waitFor(async () => expect(await check()).toBe(true), { timeout: 20_000, interval: 50 });
const count = async (query: ReturnType<typeof sql<{ n: number }>>) =>
  (await inScope(town.centre.db, SYSTEM, (tx) => query.execute(tx))).rows[0]?.n ?? -1;

describe("the device link", () => {
  test("[T7] events written while the link is down arrive once and in order, also across a restart of the centre", async () => {
    await using device = await startDevice("kiosk-a");
    await until(() => device.uplink.isOnline());
    for (let i = 1; i <= 500; i += 1) device.outbox.put("traces", "probe", { i });
    device.outbox.changed.notify();
    await town.restart();
    for (let i = 501; i <= 1000; i += 1) device.outbox.put("traces", "probe", { i });
    device.outbox.changed.notify();
    await until(() => device.outbox.counts().traces === 0);
    const { rows } = await inScope(town.centre.db, SYSTEM, (tx) =>
      sql<{
        i: number;
        seq: number;
      }>`select (body->>'i')::int as i, seq from trace where device_id = 'kiosk-a' and type = 'probe' order by seq`.execute(
        tx,
      ),
    );
    expect(rows.map((row) => row.i)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
  });

  test("[T7] a status report replaces the one before it instead of queueing behind it", async () => {
    await using device = await startDevice("kiosk-a");
    for (let i = 1; i <= 50; i += 1) device.outbox.put("status", "kiosk.probe", { i });
    expect(device.outbox.counts().status).toBe(1);
    await until(() => device.outbox.counts().status === 0);
  });

  test("[S2] a revoked device is dropped at once and does not come back", async () => {
    await using device = await startDevice("kiosk-b");
    await until(() => device.uplink.isOnline());
    await inScope(town.centre.db, SYSTEM, (tx) => revokeDevice(tx, "kiosk-b", "stolen"));
    town.centre.link.drop("kiosk-b");
    await until(() => !device.uplink.isOnline());
    device.outbox.put("traces", "after-revocation", {});
    device.outbox.changed.notify();
    await new Promise((done) => setTimeout(done, 1500));
    expect(device.uplink.isOnline()).toBe(false);
    expect(await count(sql<{ n: number }>`select count(*)::int as n from trace where type = 'after-revocation'`)).toBe(
      0,
    );
  });

  test("[S2] an enrolment code works once, and a certificate of before a new enrolment no longer connects", async () => {
    await using first = await startDevice("kiosk-b");
    await until(() => first.uplink.isOnline());
    await using second = await startDevice("kiosk-b");
    await until(() => second.uplink.isOnline());
    await until(() => !first.uplink.isOnline());
    const reply = await fetch(`${town.centre.httpUrl}/api/enrol`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code: "AAAA-BBBB-CCCC-DDDD", requestPem: "x".repeat(200) }),
    });
    expect(reply.status).toBe(403);
    expect(await reply.json()).toMatchObject({ code: "enrol.code-invalid" });
  });

  test("[T7] a late will of an older connection does not mark a live device offline", async () => {
    await using device = await startDevice("kiosk-a");
    await until(() => device.uplink.isOnline());
    const session = await count(
      sql<{ n: number }>`select session as n from device_presence where device_id = 'kiosk-a'`,
    );
    await device.reconnect();
    await until(() => device.uplink.isOnline());
    const { writePresence } = await import("../devices/store.ts");
    const applied = await inScope(town.centre.db, SYSTEM, (tx) =>
      writePresence(tx, "kiosk-a", "p.a.h", session, false, new Date()),
    );
    expect(applied).toBe(false);
    expect(
      await count(
        sql<{ n: number }>`select count(*)::int as n from device_presence where device_id = 'kiosk-a' and online`,
      ),
    ).toBe(1);
  });

  test("[T6] a command runs once, its result comes up, and one made while the device was away waits for it", async () => {
    let runs = 0;
    await using device = await startDevice("kiosk-a", {
      onCommand: async () => ({ outcome: "done", detail: `run ${(runs += 1)}` }),
    });
    await until(() => device.uplink.isOnline());
    const create = (commandId: string) =>
      town.centre.link.createCommand({
        deviceId: "kiosk-a",
        type: "self-test",
        body: {},
        ttlMs: 60_000,
        by: "test",
        commandId,
      });
    const live = await create(randomUUID());
    await until(
      async () =>
        (await count(
          sql<{ n: number }>`select count(*)::int as n from command where command_id = ${live.id} and state = 'done'`,
        )) === 1,
    );
    await device.uplink[Symbol.asyncDispose]();
    const waiting = await create(randomUUID());
    await device.reconnect();
    await until(
      async () =>
        (await count(
          sql<{
            n: number;
          }>`select count(*)::int as n from command where command_id = ${waiting.id} and state = 'done'`,
        )) === 1,
    );
    expect(runs).toBe(2);
    expect(device.outbox.acceptCommand(live.fencingToken, live.id)).toBe(false);
  });

  test("a question is answered, an unknown one refused by name, and none hangs when the link is gone", async () => {
    await using device = await startDevice("kiosk-a");
    await until(() => device.uplink.isOnline());
    await expect(device.uplink.request("accounts.find", { by: "account", value: "0000000000000" })).resolves.toEqual({
      accounts: [],
    });
    await expect(device.uplink.request("no.such", {})).rejects.toMatchObject({ code: "rpc.unknown-method" });
    await expect(device.uplink.request("accounts.find", { by: "shoe size", value: "43" })).rejects.toMatchObject({
      code: "rpc.bad-params",
    });
    await device.uplink[Symbol.asyncDispose]();
    await expect(device.uplink.request("accounts.find", {})).rejects.toBeInstanceOf(UplinkError);
  });

  test("[S2] a device that publishes to another's topic is cut off and changes nothing", async () => {
    const identity = await town.enrol("kiosk-a");
    const { default: mqtt } = await import("mqtt");
    const client = await mqtt.connectAsync(identity.linkUrl, {
      clientId: "kiosk-a",
      ca: identity.authorityPem,
      cert: identity.certificatePem,
      key: identity.keyPem,
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    client.on("error", () => {});
    const closed = new Promise<void>((done) => client.once("close", () => done()));
    client.publish(
      "gh/v1/kiosk-b/up",
      JSON.stringify({
        epoch: "epoch-forged",
        lane: "money",
        events: [{ seq: 1, type: "forged", wallMs: 1, bootId: "x", monoMs: 1, body: {} }],
      }),
      { qos: 1 },
    );
    await closed;
    expect(await count(sql<{ n: number }>`select count(*)::int as n from trace where type = 'forged'`)).toBe(0);
    await expect(
      mqtt.connectAsync(
        identity.linkUrl,
        {
          clientId: "kiosk-b",
          ca: identity.authorityPem,
          cert: identity.certificatePem,
          key: identity.keyPem,
          protocolVersion: 4,
          reconnectPeriod: 0,
        },
        false,
      ),
    ).rejects.toThrow();
  });
});
