import { openBooks } from "../e2e/src/books.ts";
import { createLinkDevices } from "../e2e/src/linkDevices.ts";
import { startTown } from "../e2e/src/town.ts";
import { type Figure, figure, quantile } from "./figure.ts";

const DEVICES = 20;
const EVENTS = 1_500;
const ROUNDS = 5;
/** As many rows a statement as the uplink puts into one batch. */
const BATCH = 200;

/**
 * Events a second from outboxes of 20 kiosks to the centre's commit (MQTT over TLS, inbox, traces, marks, effects),
 * against bare batched INSERTs of the same rows into the same PostgreSQL, one connection, a commit a batch. Rounds of
 * both alternate; figures are medians.
 */
export async function run(): Promise<Figure[]> {
  await using town = await startTown({ accounts: 10, deviceIds: [] });
  await using books = await openBooks(town);
  const port = Number(new URL(town.centre.linkUrl).port);
  const devices = await createLinkDevices(town, books, DEVICES, () => port);
  for (const device of devices) device.connect();
  // Connected and warm before anything counts.
  for (const device of devices) device.put(20, (index) => ({ journeyId: null, page: "warm-up", i: index }));
  for (const device of devices) device.outbox.changed.notify();
  await drained(devices);
  await books.query("create table bench_bare (like trace including defaults)");
  const ours: number[] = [];
  const bare: number[] = [];
  const total = DEVICES * EVENTS;
  const body = { journeyId: null, page: "cash", accountNo: "4010000000013", detail: "a trace as a journey writes it" };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const device of devices) device.put(EVENTS, (index) => ({ ...body, i: index }));
    const startedMs = performance.now();
    for (const device of devices) device.outbox.changed.notify();
    await drained(devices);
    ours.push(total / ((performance.now() - startedMs) / 1000));

    const bareStartedMs = performance.now();
    for (let at = 0; at < total; at += BATCH) {
      const values: unknown[] = [];
      const rows = Array.from({ length: BATCH }, (_, index) => {
        const base = index * 9;
        values.push(
          "device",
          "epoch-of-bench",
          "traces",
          at + index + 1,
          "p.a.h",
          "probe",
          "boot",
          at + index,
          JSON.stringify({ ...body, i: index }),
        );
        return `($${base + 1}, $${base + 2}, $${base + 3}, $${base + 4}, $${base + 5}, $${base + 6}, null, now(), $${base + 7}, $${base + 8}, now(), false, $${base + 9})`;
      });
      await books.query(
        `insert into bench_bare (device_id, epoch, lane, seq, unit_path, type, journey_id, wall_at, boot_id, mono_ms, received_at, historic, body) values ${rows.join(",")}`,
        values,
      );
    }
    bare.push(total / ((performance.now() - bareStartedMs) / 1000));
  }
  for (const device of devices) await device[Symbol.asyncDispose]();
  return [
    figure(
      "uplink",
      "events committed at the centre",
      quantile(ours, 0.5),
      "events/s",
      "bare batched INSERTs into the same PostgreSQL",
      quantile(bare, 0.5),
    ),
  ];
}

async function drained(devices: readonly { outbox: { counts(): { traces: number } } }[]): Promise<void> {
  while (devices.some((device) => device.outbox.counts().traces > 0)) await new Promise((done) => setTimeout(done, 10));
}
