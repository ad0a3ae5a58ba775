import { beforeEach, describe, expect, test } from "vitest";
import type { AcceptorEvent, CashDriver } from "../contracts.ts";
import { benchFor, codeOf, effort, untilTrue } from "./bench.ts";
import { randomOf } from "./random.ts";

interface Physical {
  units: { unitId: string; count: number; denominationFen: number | null }[];
  escrow: { denominationFen: number } | null;
  mouth: { denominationFen: number } | null;
  tray: { unitId: string; denominationFen: number; count: number }[];
  stackedFen: string;
  dispensedFen: string;
  physical: { insertedFen: number; takenBackFen: number; takenChangeFen: number };
  acceptorOpen: boolean;
}

/** What every cash device's driver must do. Money is counted at both ends: what the driver says, and what physically lies where. */
export const cashContract = (name: string): void => {
  describe(`cash device ${name}`, () => {
    const bench = benchFor("cash", "cash", {
      driver: name,
      options: { answerTimeoutMs: 150, moveTimeoutMs: 400, itemTimeoutMs: 60, pollMs: 50, acceptingPollMs: 30 },
      simulator: { cash: { motionMs: 2 } },
      settle: (sim) => sim.post("/clear-jam", { device: "cash" }),
    });
    const { sim, driver, signal, fault } = bench;
    const physical = async (): Promise<Physical> => (await sim().state("cash")) as unknown as Physical;
    const insert = (denominationFen: number, counterfeit = false) =>
      sim().post("/insert-note", { denominationFen, counterfeit }) as Promise<{ accepted: boolean; reason?: string }>;
    const events: AcceptorEvent[] = [];
    const seen = (type: AcceptorEvent["type"]) =>
      untilTrue(`event ${type}`, () => events.some((event) => event.type === type));
    /** A note in escrow, accepted at the mouth. */
    const escrowed = async (denominationFen: number): Promise<void> => {
      await driver().enableAcceptor([10_000, 5_000, 2_000, 1_000], signal());
      expect(await insert(denominationFen)).toMatchObject({ accepted: true });
    };
    const count = async (unitId: string): Promise<number> =>
      (await driver().units(signal())).find((unit) => unit.unitId === unitId)?.count ?? expect.unreachable();

    let listening: CashDriver | null = null;
    beforeEach(async () => {
      if (listening !== driver()) {
        listening = driver();
        listening.onEvent((event) => events.push(event));
      }
      await sim().post("/door", { which: "safe", open: false });
      if ((await driver().escrow(signal())) !== null) await driver().returnEscrow(signal());
      await sim().post("/take-note");
      await sim().post("/take-change");
      for (const unitId of ["cassette1", "hopper1"]) await sim().post("/refill", { unitId, count: 20 });
      await driver().disableAcceptor(signal());
      // The heartbeat of now has told the events of before.
      await new Promise((resolve) => setTimeout(resolve, 80));
      events.length = 0;
    });

    test("[T4] takes a note into escrow, reports it, and stacks it when told", async () => {
      const before = await driver().counters(signal());
      await escrowed(5_000);
      await seen("note-escrowed");
      const note = await driver().escrow(signal());
      expect(note?.denominationFen).toBe(5_000);
      expect(await driver().stackEscrow(signal())).toEqual(note);
      const after = await driver().counters(signal());
      expect(after.stackedFen - before.stackedFen).toBe(5_000n);
      expect(after.lastStackedNoteId).toBe(note?.noteId);
      expect(await driver().escrow(signal())).toBeNull();
    });

    test("[T4] gives the note in escrow back", async () => {
      const before = await driver().counters(signal());
      await escrowed(2_000);
      await driver().returnEscrow(signal());
      await seen("note-returned");
      expect((await physical()).mouth).toEqual({ denominationFen: 2_000 });
      expect(await driver().counters(signal())).toEqual(before);
    });

    test("[T4] refuses what it should: counterfeit, not enabled, second note; and takes nothing when shut", async () => {
      expect(await insert(5_000)).toEqual({ accepted: false, reason: "closed" });
      await driver().enableAcceptor([5_000], signal());
      expect(await insert(5_000, true)).toEqual({ accepted: false, reason: "counterfeit" });
      expect(await insert(10_000)).toEqual({ accepted: false, reason: "disabled-denomination" });
      expect(await insert(5_000)).toMatchObject({ accepted: true });
      expect(await insert(5_000)).toEqual({ accepted: false, reason: "escrow-busy" });
      await seen("note-escrowed");
      const reasons = events.flatMap((event) => (event.type === "note-refused" ? [event.reason] : []));
      await untilTrue("all refusals told", () => events.filter(({ type }) => type === "note-refused").length === 3);
      expect(reasons.slice(0, 2)).toEqual(["counterfeit", "disabled-denomination"]);
    });

    test("[T4] stacking or returning without a note says that there is none", async () => {
      expect(await codeOf(driver().stackEscrow(signal()))).toBe("no-media");
      expect(await codeOf(driver().returnEscrow(signal()))).toBe("no-media");
    });

    test("[T4] pays out from several units, and the device's counts agree with the tray", async () => {
      const before = await driver().counters(signal());
      const request = [
        { unitId: "cassette1", count: 3 },
        { unitId: "hopper1", count: 4 },
      ];
      expect(await driver().dispense(request, signal())).toEqual({ dispensed: request, fault: null });
      expect((await driver().counters(signal())).dispensedFen - before.dispensedFen).toBe(3_400n);
      expect((await physical()).tray.map(({ unitId, count }) => ({ unitId, count }))).toEqual(request);
      expect(await count("cassette1")).toBe(17);
    });

    test("[T4] a payout that jams half-way says what really left", async () => {
      await fault("dispense.item", { type: "jam" }, { occurrence: 3 });
      const { dispensed, fault: why } = await driver().dispense([{ unitId: "cassette1", count: 5 }], signal());
      expect(dispensed).toEqual([{ unitId: "cassette1", count: 2 }]);
      expect(why?.code).toBe("jam");
      await seen("jam");
      expect((await driver().dispense([{ unitId: "hopper1", count: 1 }], signal())).fault?.code).toBe("jam");
      await sim().post("/clear-jam", { device: "cash" });
      await seen("jam-cleared");
    });

    test("[T4] a dispenser that comes up short, or runs empty, says by how much", async () => {
      await fault("dispense.start", { type: "short", items: 2 });
      expect(await driver().dispense([{ unitId: "hopper1", count: 5 }], signal())).toMatchObject({
        dispensed: [{ unitId: "hopper1", count: 3 }],
        fault: { code: "empty" },
      });
      await sim().post("/refill", { unitId: "hopper1", count: 2 });
      expect(await driver().dispense([{ unitId: "hopper1", count: 5 }], signal())).toMatchObject({
        dispensed: [{ unitId: "hopper1", count: 2 }],
        fault: { code: "empty" },
      });
      expect(await codeOf(driver().dispense([{ unitId: "no-such", count: 1 }], signal()))).toBe("refused");
    });

    test.each(["half-frame", "bad-checksum", "silence"] as const)(
      "[T4] a read is repeated when its answer suffers %s",
      async (type) => {
        const before = await driver().counters(signal());
        await fault("counters.answer", { type });
        expect(await driver().counters(signal())).toEqual(before);
      },
    );

    test.each(["half-frame", "bad-checksum", "silence"] as const)(
      "[T4] [P3] an answer to stacking that suffers %s leaves it indeterminate, and the counters say that it was done, once",
      async (type) => {
        const before = await driver().counters(signal());
        await escrowed(10_000);
        const note = await driver().escrow(signal());
        await fault("stack.answer", { type });
        expect(await codeOf(driver().stackEscrow(signal()))).toBe("indeterminate");
        const after = await driver().counters(signal());
        expect(after.stackedFen - before.stackedFen).toBe(10_000n);
        expect(after.lastStackedNoteId).toBe(note?.noteId);
        expect(await codeOf(driver().stackEscrow(signal()))).toBe("no-media");
      },
    );

    test("[T4] [P3] power lost before the note moves: indeterminate, and the counters say that it was not done", async () => {
      const before = await driver().counters(signal());
      await escrowed(10_000);
      const note = await driver().escrow(signal());
      await fault("stack.motor", { type: "power-loss", backAfterMs: 50 });
      expect(await codeOf(driver().stackEscrow(signal()))).toBe("indeterminate");
      await bench.online();
      expect(await driver().counters(signal())).toEqual(before);
      expect(await driver().escrow(signal())).toEqual(note);
    });

    test("[T4] [P3] power lost after the note is stacked but before the answer: the counters say that it was done", async () => {
      const before = await driver().counters(signal());
      await escrowed(5_000);
      await fault("stack.done", { type: "power-loss", backAfterMs: 50 });
      expect(await codeOf(driver().stackEscrow(signal()))).toBe("indeterminate");
      await bench.online();
      expect((await driver().counters(signal())).stackedFen - before.stackedFen).toBe(5_000n);
    });

    test("[T4] [P3] unplugged while paying out: indeterminate, and the device, which kept its power, counts all of it", async () => {
      const before = await driver().counters(signal());
      await fault("dispense.item", { type: "unplug", replugAfterMs: 100 }, { occurrence: 2 });
      expect(await codeOf(driver().dispense([{ unitId: "cassette1", count: 4 }], signal()))).toBe("indeterminate");
      await bench.online();
      await untilTrue(
        "paid out",
        async () => (await driver().counters(signal())).dispensedFen - before.dispensedFen === 4_000n,
      );
    });

    test("[T4] [P3] kill -9 in the middle of a payout: the counters say how far it came, and the tray agrees", async () => {
      const before = await driver().counters(signal());
      await fault("dispense.item", { type: "kill" }, { occurrence: 3 });
      expect(await codeOf(driver().dispense([{ unitId: "cassette1", count: 5 }], signal()))).toBe("indeterminate");
      await sim().restart();
      await bench.online();
      const after = await driver().counters(signal());
      expect(after.dispensedFen - before.dispensedFen).toBe(2_000n);
      expect((await physical()).tray).toMatchObject([{ unitId: "cassette1", count: 2 }]);
      expect(await count("cassette1")).toBe(18);
    });

    test("[T4] [P3] kill -9 of the device with a note in escrow: the note is still there, and the acceptor opens again", async () => {
      await escrowed(2_000);
      const note = await driver().escrow(signal());
      await sim().kill();
      await bench.untilState("offline");
      // Which of the two depends on whether the dead device's line has closed yet; nothing of value was sent in either case.
      expect(await codeOf(driver().stackEscrow(signal()))).toMatch(/^(offline|timeout)$/u);
      await sim().restart();
      await bench.online();
      expect(await driver().escrow(signal())).toEqual(note);
      await untilTrue("acceptor open again", async () => (await physical()).acceptorOpen);
      await driver().stackEscrow(signal());
    });

    test("[T4] [P3] a new driver after a restart of the host finds the note in escrow", async () => {
      await escrowed(5_000);
      const note = await driver().escrow(signal());
      const next = await bench.reopenDriver();
      expect(await next.escrow(signal())).toEqual(note);
      expect(await next.stackEscrow(signal())).toEqual(note);
    });

    test("[T4] a value command cancelled before it left moves nothing; one that has left is awaited to its end", async () => {
      await escrowed(5_000);
      expect(await codeOf(driver().stackEscrow(AbortSignal.abort()))).toBe("cancelled");
      expect(await driver().escrow(signal())).not.toBeNull();
      await fault("stack.motor", { type: "delay", ms: 250 });
      const received = async () => ((await sim().get("/steps")) as Record<string, number>)["cash:stack.received"] ?? 0;
      const before = await received();
      const abort = new AbortController();
      const stacking = driver().stackEscrow(abort.signal);
      // This very command has arrived: earlier ones of the same device do not count.
      await untilTrue("stacking began", async () => (await received()) > before);
      abort.abort();
      expect((await stacking).denominationFen).toBe(5_000);
    });

    test("[T4] a jam in the stacker leaves the note in escrow and is reported as such", async () => {
      await escrowed(1_000);
      await fault("stack.motor", { type: "jam" });
      expect(await codeOf(driver().stackEscrow(signal()))).toBe("jam");
      await bench.untilState("hardwareError");
      await sim().post("/clear-jam", { device: "cash" });
      await bench.online();
      expect((await driver().stackEscrow(signal())).denominationFen).toBe(1_000);
    });

    test("[T4] counts can be set only with the safe door open", async () => {
      expect(await codeOf(driver().setUnits([{ unitId: "cassette1", count: 200 }], signal()))).toBe("refused");
      await sim().post("/door", { which: "safe", open: true });
      await seen("door");
      await driver().setUnits([{ unitId: "cassette1", count: 200 }], signal());
      expect(await count("cassette1")).toBe(200);
    });

    test("[T4] unplugged it is offline, plugged in it is back by itself", async () => {
      await sim().post("/unplug", { device: "cash" });
      await bench.untilState("offline");
      expect(await codeOf(driver().units(signal()))).toBe("offline");
      await sim().post("/plug", { device: "cash" });
      await bench.online();
      expect((await driver().units(signal())).length).toBeGreaterThan(3);
    });

    test("[T4] [P3] through a seeded storm of faults no fen is lost or doubled, and no answer contradicts the counters", async () => {
      const random = randomOf(20_260_401);
      const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] ?? expect.unreachable();
      for (let round = 0; round < 25 * effort; round++) {
        await sim().post("/power-on");
        await bench.online();
        const before = await driver().counters(signal());
        const type = pick(["half-frame", "bad-checksum", "silence", "none"] as const);
        const move = pick(["stack", "return", "dispense"] as const);
        const step = pick([`${move}.received`, `${move}.done`, `${move}.answer`] as const);
        const action =
          step.endsWith("answer") && type !== "none"
            ? { type }
            : pick([
                { type: "power-loss", backAfterMs: 10 },
                { type: "unplug", replugAfterMs: 10 },
              ] as const);
        if (random() < 0.8) await fault(step, action);
        // A note returned late, after the line had broken, still sticks in the mouth.
        await sim().post("/take-note");
        if (move !== "dispense" && (await driver().escrow(signal())) === null) await escrowed(1_000);
        const said =
          move === "dispense"
            ? await codeOf(driver().dispense([{ unitId: "cassette1", count: 2 }], signal()))
            : await codeOf(move === "stack" ? driver().stackEscrow(signal()) : driver().returnEscrow(signal()));
        await bench.clearFaults();
        await sim().post("/take-note");
        await sim().post("/power-on");
        await bench.online();
        await sim().post("/refill", { unitId: "cassette1", count: 20 });
        const after = await driver().counters(signal());
        expect(["resolved", "indeterminate"]).toContain(said);
        if (said === "resolved") {
          expect(after.stackedFen - before.stackedFen).toBe(move === "stack" ? 1_000n : 0n);
          expect(after.dispensedFen - before.dispensedFen).toBe(move === "dispense" ? 2_000n : 0n);
        }
        const { physical: crossed, stackedFen, dispensedFen, escrow, mouth, tray } = await physical();
        const lying = (escrow?.denominationFen ?? 0) + (mouth?.denominationFen ?? 0);
        expect(crossed.insertedFen).toBe(Number(stackedFen) + lying + crossed.takenBackFen);
        const inTray = tray.reduce((sum, { denominationFen, count }) => sum + denominationFen * count, 0);
        expect(Number(dispensedFen)).toBe(inTray + crossed.takenChangeFen);
        expect([after.stackedFen, after.dispensedFen]).toEqual([BigInt(stackedFen), BigInt(dispensedFen)]);
      }
    });
  });
};
