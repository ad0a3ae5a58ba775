import { beforeEach, describe, expect, test } from "vitest";
import type { PrinterStatus } from "../contracts.ts";
import { benchFor, codeOf, untilTrue } from "./bench.ts";

/** How to reach one make of printer in the simulator: the contract itself is the same for all. */
export interface PrinterUnderTest {
  driver: string;
  device: "receipt" | "a4";
  options: Record<string, unknown>;
  simulator: { receipt?: { lineMs: number }; a4?: { pageMs: number } };
  /** Steps at which the device suffers: in mid-print, and where it answers. */
  steps: { printing: string; statusAnswer: string; doneAnswer: string };
}

/** A small PDF, enough for a printer that looks at its head only. */
const pdf = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

/** What every printer's driver must do, whether it prints receipts or pages. */
export const printerContract = ({ driver: name, device, options, simulator, steps }: PrinterUnderTest): void => {
  describe(`printer ${name}`, () => {
    const bench = benchFor("printer", device, {
      driver: name,
      options,
      simulator,
      settle: async (sim) => {
        await sim.post("/clear-jam", { device });
        await sim.post("/cover", { device, open: false });
        await sim.post("/paper", { [device]: "full" });
      },
    });
    const { sim, driver, signal, fault } = bench;
    const print = (title: string, abort = signal()): Promise<void> =>
      driver().formats.includes("pdf")
        ? driver().printPdf(pdf, { copies: 1, title }, abort)
        : driver().printReceipt(
            {
              lines: Array.from(
                { length: 8 },
                (_, n) => ({ type: "pair", left: title, right: String(n), bold: false }) as const,
              ),
            },
            abort,
          );
    /** How often a whole document of this title has come out. */
    const came = async (title: string): Promise<number> => {
      const state = await sim().state(device);
      if (device === "a4")
        return (state["jobs"] as { title: string; state: string }[]).filter(
          (job) => job.title === title && job.state === "completed",
        ).length;
      const lines = (state["slips"] as { lines: { text?: string }[] }[]).flatMap((slip) => slip.lines);
      return lines.filter(({ text }) => text?.startsWith(title) && text.endsWith("7")).length;
    };
    const paper = (level: "full" | "low" | "out") => sim().post("/paper", { [device]: level });
    const untilStatus = (what: string, check: (status: PrinterStatus) => boolean) =>
      untilTrue(what, async () => check(await driver().status(signal())));

    beforeEach(async () => {
      await sim().post("/take-paper", { from: device });
      await driver().reset(signal());
    });

    test("[T3] [T4] prints, and answers only when the device says that it is out", async () => {
      await print("bill-a");
      expect(await came("bill-a")).toBe(1);
    });

    test("[T4] tells what is wrong with paper and cover", async () => {
      expect(await driver().status(signal())).toMatchObject({ paper: "full", cover: "closed" });
      await paper("low");
      await untilStatus("low", (status) => status.paper === "low");
      await print("bill-low");
      await paper("out");
      await untilStatus("out", (status) => status.paper === "out");
      await sim().post("/cover", { device, open: true });
      await untilStatus("open", (status) => status.cover === "open");
      await sim().post("/jam", { device });
      await untilStatus("jammed", (status) => status.paper === "jammed");
    });

    test("[T4] pushes status changes without being asked", async () => {
      const pushed: PrinterStatus[] = [];
      const off = driver().onStatus((status) => pushed.push(status));
      await paper("low");
      await untilTrue("low paper pushed", () => pushed.some((status) => status.paper === "low"));
      off();
    });

    test.each([
      ["empty", () => paper("out")],
      ["jam", () => sim().post("/jam", { device })],
      ["cover-open", () => sim().post("/cover", { device, open: true })],
    ] as const)("[T4] refuses to start with %s, and prints nothing later", async (code, spoil) => {
      await spoil();
      expect(await codeOf(print(`bill-${code}`))).toBe(code);
      await sim().post("/clear-jam", { device });
      await sim().post("/cover", { device, open: false });
      await paper("full");
      await print(`after-${code}`);
      expect(await came(`bill-${code}`)).toBe(0);
      expect(await came(`after-${code}`)).toBe(1);
    });

    test("[T4] a jam while printing is reported, and the spoilt job does not come out when it is cleared", async () => {
      await fault(steps.printing, { type: "jam" });
      expect(await codeOf(print("bill-jam-in"))).toBe("jam");
      await bench.untilState("hardwareError");
      await sim().post("/clear-jam", { device });
      await bench.online();
      await print("bill-next");
      expect(await came("bill-jam-in")).toBe(0);
      expect(await came("bill-next")).toBe(1);
    });

    test.each(["half-frame", "bad-checksum", "silence"] as const)(
      "[T4] the status is asked again when its answer suffers %s",
      async (type) => {
        await fault(steps.statusAnswer, { type });
        expect((await driver().status(signal())).paper).toBe("full");
      },
    );

    test("[T4] unplugged while printing: indeterminate; plugged in it prints again", async () => {
      await fault(steps.printing, { type: "unplug", replugAfterMs: null });
      expect(await codeOf(print("bill-unplug"))).toBe("indeterminate");
      await bench.untilState("offline");
      expect(await codeOf(print("bill-offline"))).toMatch(/^(offline|timeout)$/u);
      await sim().post("/plug", { device });
      await bench.online();
      await driver().reset(signal());
      await print("bill-replug");
      expect(await came("bill-replug")).toBe(1);
      expect(await came("bill-offline")).toBe(0);
    });

    test("[T4] a proof that never comes leaves the job indeterminate, and it is not sent a second time", async () => {
      await fault(steps.doneAnswer, { type: "silence" }, { always: true });
      expect(await codeOf(print("bill-silent"))).toBe("indeterminate");
      await bench.clearFaults();
      await untilTrue("the job came out", async () => (await came("bill-silent")) === 1);
    });

    test("[T4] cancelled before it begins prints nothing", async () => {
      expect(await codeOf(print("bill-cancelled", AbortSignal.abort()))).toBe("cancelled");
      expect(await came("bill-cancelled")).toBe(0);
    });

    test("[T4] cancelled while printing: the rest does not come out with the next job", async () => {
      const abort = new AbortController();
      await fault(steps.printing, { type: "delay", ms: 300 });
      const printing = codeOf(print("bill-abort", abort.signal));
      setTimeout(() => abort.abort(), 150);
      expect(await printing).toBe("cancelled");
      await untilTrue("the next job comes out", async () => {
        await print("bill-after-abort");
        return (await came("bill-after-abort")) === 1;
      });
      expect(await came("bill-abort")).toBe(0);
    });

    test("[T4] survives kill -9 of the device", async () => {
      await print("bill-before-kill");
      await sim().kill();
      await bench.untilState("offline");
      await sim().restart();
      await bench.online();
      await print("bill-after-kill");
      expect([await came("bill-before-kill"), await came("bill-after-kill")]).toEqual([1, 1]);
    });

    test("[T3] refuses the format that it does not print, so that a wrong line of configuration is found at once", async () => {
      const other = driver().formats.includes("pdf")
        ? driver().printReceipt({ lines: [] }, signal())
        : driver().printPdf(pdf, { copies: 1, title: "x" }, signal());
      expect(await codeOf(other)).toBe("refused");
    });
  });
};
