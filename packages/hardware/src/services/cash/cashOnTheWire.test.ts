import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startKioskSimulator } from "@gridhall/simulators/testing/startKiosk.ts";
import { expect, test } from "vitest";
import { successOf } from "../../client.ts";
import { silentLogger } from "../../drivers/config.ts";
import { createDriver } from "../../drivers/registry.ts";
import { startTestPublisher } from "../../testing/testPublisher.ts";

const rounds = 30 * Math.max(1, Number(process.env["GRIDHALL_EFFORT"] ?? 1));

/**
 * The whole way from the note to the completion: simulated device on its pty, serial driver, service, client. Counts
 * change just before the note comes, so that what the device tells of its units crosses with what it tells of notes.
 */
test("[P3] [T4] notes are taken one after the other, each answered once, while the counts change", async () => {
  using folder = temporaryFolder();
  const { dir } = folder;
  await using sim = await startKioskSimulator({ dir, devices: ["cash"], cash: { motionMs: 2 } });
  const config = { driver: "cash-serial", transport: sim.drivers.cash.transport, options: {} };
  await using publisher = await startTestPublisher({
    cash: { create: () => createDriver("cash", config, silentLogger) },
  });
  const client = await publisher.client("cash");
  const accept = async (denominationFen: number) => {
    successOf("CashAcceptor.CashInStart", await client.send("CashAcceptor.CashInStart", {}));
    let pushed: Promise<unknown> = Promise.resolve();
    const completion = await client.send(
      "CashAcceptor.CashIn",
      {},
      {
        onEvent: (name) => {
          if (name === "CashAcceptor.InsertItemsEvent") pushed = sim.post("/insert-note", { denominationFen });
        },
      },
    );
    expect(await pushed).toMatchObject({ accepted: true });
    successOf("CashAcceptor.CashIn", completion);
    const { escrow } = successOf("X-Cash.GetEvidence", await client.send("X-Cash.GetEvidence", {}));
    expect(escrow).toMatchObject({ denominationFen });
    successOf("CashAcceptor.CashInEnd", await client.send("CashAcceptor.CashInEnd", {}));
  };
  await expect
    .poll(async () => (await client.send("Common.Status", {})).payload, { timeout: 10_000 })
    .toMatchObject({
      common: { device: "online" },
    });
  for (let round = 0; round < rounds; round += 1) {
    await sim.post("/refill", { unitId: "cashbox", count: 0 });
    await sim.post("/refill", { unitId: "cassette1", count: 50 + (round % 50) });
    await accept(2_000);
    await accept(5_000);
  }
  const { stackedFen } = successOf("X-Cash.GetEvidence", await client.send("X-Cash.GetEvidence", {}));
  expect(stackedFen).toBe(rounds * 7_000);
}, 600_000);

function temporaryFolder(): { dir: string } & Disposable {
  const dir = mkdtempSync(join(tmpdir(), "gridhall-cash-"));
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) };
}
