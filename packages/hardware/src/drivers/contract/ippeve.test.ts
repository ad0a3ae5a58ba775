import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ippeveAvailable, startIppeve } from "@gridhall/simulators/pagePrinter/ippeve.ts";
import { expect, test } from "vitest";
import { silentLogger } from "../config.ts";
import { createDriver } from "../registry.ts";
import { codeOf, untilTrue } from "./bench.ts";

const pdf = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");

// A peer that is not ours: what it understands, a real printer does.
test.skipIf(!ippeveAvailable())(
  "[T3] [T4] prints on CUPS's own IPP printer, and sees it run out of paper",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "gridhall-ippeve-"));
    try {
      await using printer = await startIppeve(folder);
      const transport = { type: "ipp", uri: printer.uri };
      await using driver = createDriver(
        "printer",
        { driver: "ipp", transport, options: { heartbeatMs: 100 } },
        silentLogger,
      );
      const signal = AbortSignal.timeout(50_000);
      await untilTrue("online", () => driver.state() === "online");
      await printer.setSheets(250);
      expect(await driver.status(signal)).toMatchObject({ paper: "full", cover: "closed" });
      await driver.printPdf(pdf, { copies: 1, title: "电费账单" }, signal);
      expect(printer.printed().map((file) => readFileSync(file).equals(pdf))).toEqual([true]);
      await printer.setSheets(0);
      await untilTrue("tray empty", async () => (await driver.status(signal)).paper === "low");
      // It says so in a report only; that it cannot print shows when a job waits for paper.
      expect(await codeOf(driver.printPdf(pdf, { copies: 1, title: "no paper" }, signal))).toBe("empty");
      await printer.setSheets(250);
      await driver.printPdf(pdf, { copies: 1, title: "paper again" }, signal);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
