import { beforeEach, describe, expect, test } from "vitest";
import { benchFor, codeOf, untilTrue } from "./bench.ts";

/** What every barcode scanner's driver must do. */
export const barcodeContract = (name: string): void => {
  describe(`barcode scanner ${name}`, () => {
    const bench = benchFor("barcode", "scanner", { driver: name, options: { answerTimeoutMs: 150, heartbeatMs: 100 } });
    const { sim, driver, signal, fault } = bench;
    const lit = async (): Promise<boolean> => (await sim().state("scanner"))["triggered"] === true;
    const show = async (data: string, symbology = "qrCode"): Promise<void> => {
      await untilTrue("light on", lit);
      expect(await sim().post("/scan", { data, symbology })).toEqual({ read: true });
    };
    const textOf = async (read: Promise<{ data: Uint8Array }>): Promise<string> =>
      Buffer.from((await read).data).toString("utf8");
    beforeEach(async () => {
      await driver().reset(signal());
    });

    test.each([
      ["qrCode", "https://95598.example/b?户号=1200456"],
      ["code128", "1200456789"],
      ["ean13", "6901234567892"],
    ])("[T4] reads a %s with its content, byte for byte", async (symbology, data) => {
      const reading = driver().read([], signal());
      await show(data, symbology);
      const { symbology: said, data: bytes } = await reading;
      expect([said, Buffer.from(bytes).toString("utf8")]).toEqual([symbology, data]);
    });

    test("[T4] is lit only while somebody waits for a code", async () => {
      expect(await lit()).toBe(false);
      expect(await sim().post("/scan", { data: "nobody asked" })).toEqual({ read: false });
      const reading = driver().read(["qrCode"], signal());
      await show("asked");
      await reading;
      expect(await lit()).toBe(false);
    });

    test("[T4] passes over codes of a kind that was not asked for", async () => {
      const reading = driver().read(["qrCode"], signal());
      await show("wrong kind", "code128");
      await show("right kind");
      expect(await textOf(reading)).toBe("right kind");
    });

    test("[T4] cancelled it puts the light out and reports nothing", async () => {
      const abort = new AbortController();
      const reading = codeOf(driver().read([], abort.signal));
      await untilTrue("light on", lit);
      abort.abort();
      expect(await reading).toBe("cancelled");
      expect(await lit()).toBe(false);
    });

    test("[T4] half a code is no code: the next whole one is read", async () => {
      const reading = driver().read([], signal());
      await fault("code.answer", { type: "half-frame" });
      await show("first, broken off");
      await show("second");
      expect(await textOf(reading)).toMatch(/second$/u);
    });

    test.each(["half-frame", "silence"] as const)(
      "[T4] a command is repeated when its answer suffers %s",
      async (type) => {
        await fault("trigger.answer", { type });
        const reading = driver().read([], signal());
        await show("after all");
        expect(await textOf(reading)).toBe("after all");
      },
    );

    test("[T4] unplugged while waiting it says so; plugged in it reads again", async () => {
      const reading = codeOf(driver().read([], signal()));
      await untilTrue("light on", lit);
      await sim().post("/unplug", { device: "scanner" });
      expect(await reading).toBe("offline");
      await bench.untilState("offline");
      await sim().post("/plug", { device: "scanner" });
      await bench.online();
      const again = driver().read([], signal());
      await show("replugged");
      expect(await textOf(again)).toBe("replugged");
    });

    test("[T4] survives kill -9 of the device", async () => {
      await sim().kill();
      await bench.untilState("offline");
      await sim().restart();
      await bench.online();
      const reading = driver().read([], signal());
      await show("alive");
      expect(await textOf(reading)).toBe("alive");
    });
  });
};
