import { describe, expect, test, vi } from "vitest";
import { openBooks } from "./books.ts";
import { createLinkDevices } from "./linkDevices.ts";
import { startToxicProxy } from "./toxicProxy.ts";
import { startTown } from "./town.ts";

const effort = Number(process.env["GRIDHALL_EFFORT"] ?? 1);
const DEVICES = 50;
const EVENTS = 200;
const KILLS = 5;

describe("the uplink under disconnects and kills", () => {
  test("[T7] [L4] 10,000 events from 50 kiosks, random disconnects, the centre killed with -9 five times: none lost, none twice, order kept", async () => {
    await using town = await startTown({ accounts: 10, deviceIds: [] });
    await using first = await openBooks(town);
    const linkPort = Number(new URL(town.centre.linkUrl).port);
    const proxies = await Promise.all(Array.from({ length: 5 }, () => startToxicProxy("127.0.0.1", linkPort)));
    const devices = await createLinkDevices(
      town,
      first,
      DEVICES,
      (index) => proxies[index % proxies.length]?.port ?? linkPort,
    );
    const total = EVENTS * effort;
    let sent = 0;
    const chaos = setInterval(() => {
      const proxy = proxies[Math.floor(Math.random() * proxies.length)];
      proxy?.setMode("cut");
      setTimeout(() => proxy?.setMode("pass"), Math.random() * 400);
    }, 350);
    try {
      for (const device of devices) device.connect();
      const perRound = Math.ceil(total / (KILLS + 1));
      for (let round = 0; round <= KILLS; round += 1) {
        const count = Math.min(perRound, total - sent);
        for (const device of devices) {
          const base = sent;
          device.put(count, (index) => ({ i: base + index + 1 }));
          device.outbox.changed.notify();
        }
        sent += count;
        await new Promise((done) => setTimeout(done, 250 + Math.random() * 800));
        if (round < KILLS) await town.restartCentre("SIGKILL");
      }
    } finally {
      clearInterval(chaos);
    }
    await new Promise((done) => setTimeout(done, 500));
    for (const proxy of proxies) proxy.setMode("pass");
    await vi.waitFor(() => expect(devices.reduce((sum, device) => sum + device.outbox.counts().traces, 0)).toBe(0), {
      timeout: 90_000,
      interval: 200,
    });
    await using books = await openBooks(town);
    const rows = await books.query<{
      device_id: string;
      n: number;
      distinct_n: number;
      first: number;
      last: number;
      disorder: number;
    }>(
      `select device_id, count(*)::int as n, count(distinct (body->>'i')::int)::int as distinct_n, min((body->>'i')::int) as first, max((body->>'i')::int) as last,
        (count(*) filter (where (body->>'i')::int <> seq))::int as disorder
       from trace where type = 'probe' group by device_id`,
    );
    expect(rows).toHaveLength(DEVICES);
    for (const row of rows)
      expect(row).toMatchObject({ n: total, distinct_n: total, first: 1, last: total, disorder: 0 });
    // Received in the order of the sequence, too.
    expect(
      await books.number(
        "select count(*) from (select received_at < max(received_at) over (partition by device_id order by seq rows between unbounded preceding and 1 preceding) as early from trace where type = 'probe') t where early",
      ),
    ).toBe(0);
    for (const device of devices) await device[Symbol.asyncDispose]();
    for (const proxy of proxies) await proxy[Symbol.asyncDispose]();
  }, 400_000);
});
