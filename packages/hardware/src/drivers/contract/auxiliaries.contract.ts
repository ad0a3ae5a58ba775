import { beforeEach, describe, expect, test } from "vitest";
import type { AuxiliariesDriver } from "../contracts.ts";
import { benchFor, codeOf, untilTrue } from "./bench.ts";

/** What every cabinet controller's driver must do. */
export const auxiliariesContract = (name: string): void => {
  describe(`cabinet controller ${name}`, () => {
    const bench = benchFor("auxiliaries", "cabinet", { driver: name, options: { answerTimeoutMs: 150, pollMs: 40 } });
    const { sim, driver, signal, fault } = bench;
    beforeEach(async () => {
      for (const which of ["cabinet", "safe"]) await sim().post("/door", { which, open: false });
      await sim().post("/approach", { near: false });
      await new Promise((resolve) => setTimeout(resolve, 80));
    });

    test("[T4] tells doors, proximity and temperature", async () => {
      await sim().post("/door", { which: "safe", open: true });
      await sim().post("/approach");
      await sim().post("/temperature", { celsius: -7.5 });
      expect(await driver().sensors(signal())).toEqual({
        cabinetDoorOpen: false,
        safeDoorOpen: true,
        tamper: false,
        personPresent: true,
        temperatureC: -7.5,
      });
    });

    test("[T4] reports each change once and in order, also those of a moment without a line", async () => {
      const events: Parameters<Parameters<AuxiliariesDriver["onEvent"]>[0]>[0][] = [];
      const off = driver().onEvent((event) => events.push(event));
      await sim().post("/approach");
      await sim().post("/unplug", { device: "cabinet" });
      await sim().post("/door", { which: "cabinet", open: true });
      await sim().post("/plug", { device: "cabinet" });
      await fault("poll.answer", { type: "half-frame" });
      await sim().post("/door", { which: "cabinet", open: false });
      await untilTrue("three events", () => events.length >= 3);
      await new Promise((resolve) => setTimeout(resolve, 100));
      off();
      expect(events).toEqual([
        { sensor: "proximitySensor", active: true },
        { sensor: "cabinetDoor", active: true },
        { sensor: "cabinetDoor", active: false },
      ]);
    });

    test("[T4] sets guide lights and signage", async () => {
      await driver().setLight("cashIn", { flashRate: "slow", colour: "green" }, signal());
      await driver().setSignage(true, signal());
      expect(await sim().state("cabinet")).toMatchObject({
        lights: { cashIn: { flashRate: "slow", colour: "green" } },
        signage: true,
      });
    });

    test.each(["half-frame", "bad-checksum", "silence"] as const)(
      "[T4] asks again when an answer suffers %s",
      async (type) => {
        await fault("sensors.answer", { type });
        expect((await driver().sensors(signal())).safeDoorOpen).toBe(false);
        expect(await codeOf(driver().sensors(AbortSignal.abort()))).toBe("cancelled");
      },
    );

    test("[T4] survives kill -9 of the controller", async () => {
      await sim().kill();
      await bench.untilState("offline");
      await sim().restart();
      await bench.online();
      expect((await driver().selfTest(signal())).ok).toBe(true);
    });
  });
};
