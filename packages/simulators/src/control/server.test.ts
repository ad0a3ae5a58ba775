import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type KioskSimulatorProcess, startKioskSimulator } from "../testing/startKiosk.ts";

describe("control API", () => {
  let dir = "";
  let sim: KioskSimulatorProcess | null = null;
  const kiosk = (): KioskSimulatorProcess => sim ?? expect.unreachable();
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), "gridhall-control-"));
    sim = await startKioskSimulator({
      dir,
      title: "一号机",
      cash: { counts: { hopper1: 0 } },
      codes: [{ label: "账单", data: "bill" }],
    });
  });
  afterAll(async () => {
    await sim?.[Symbol.asyncDispose]();
    rmSync(dir, { recursive: true, force: true });
  });

  test("serves the panel, its parts and the state of every device", async () => {
    const page = await (await fetch(kiosk().controlUrl)).text();
    expect(page).toContain("设备面板");
    for (const part of ["panel.js", "dom.js", "cash.js", "hands.js", "papers.js", "panel.css"]) {
      expect((await fetch(`${kiosk().controlUrl}/${part}`)).ok).toBe(true);
    }
    const state = (await kiosk().get("/state")) as { title: string; devices: object; choices: { codes: unknown[] } };
    expect(state.title).toBe("一号机");
    expect(Object.keys(state.devices).sort()).toEqual([
      "a4",
      "cabinet",
      "camera",
      "cash",
      "idReader",
      "pinPad",
      "receipt",
      "scanner",
    ]);
    expect(state.choices.codes).toHaveLength(1);
  });

  test("says what is wrong with a request, by field", async () => {
    await expect(kiosk().post("/insert-note", { denominationFen: "much" })).rejects.toThrow(/denominationFen/u);
    await expect(kiosk().post("/unplug", { device: "toaster" })).rejects.toThrow(/idReader/u);
    await expect(kiosk().post("/lay-id-card", { person: "nobody" })).rejects.toThrow(/wang/u);
  });

  test("counts of the configuration stand in a new machine", async () => {
    const { units } = (await kiosk().state("cash")) as { units: { unitId: string; count: number }[] };
    expect(units.find(({ unitId }) => unitId === "hopper1")?.count).toBe(0);
  });

  test("a power cut takes every line away, and power brings them back with what is non-volatile", async () => {
    await kiosk().post("/lay-id-card", { person: "li" });
    await kiosk().post("/power-cut");
    expect(Object.values(kiosk().links).filter((link) => existsSync(link))).toEqual([]);
    expect(await kiosk().state("cash")).toMatchObject({ plugged: false, powered: false });
    await kiosk().post("/power-on");
    expect(Object.values(kiosk().links).filter((link) => existsSync(link))).toHaveLength(6);
    expect(await kiosk().state("idReader")).toMatchObject({ powered: true, lying: { name: "李建国" } });
  });

  test("kill -9 and restart keep links, addresses and state", async () => {
    const { controlUrl, a4 } = kiosk();
    await kiosk().restart();
    expect(await kiosk().state("idReader")).toMatchObject({ lying: { name: "李建国" } });
    expect((await kiosk().state("a4"))["uri"]).toBe(a4.uri);
    expect(kiosk().controlUrl).toBe(controlUrl);
  });

  test("the publisher's configuration names a driver for every device, and takes changes", () => {
    const { devices } = kiosk().publisherConfig({ camera: null, idReader: { driver: "hx-serial" } });
    expect(devices.map(({ service }) => service)).toEqual([
      "IdCard1",
      "ReceiptPrinter1",
      "PagePrinter1",
      "Cash1",
      "Barcode1",
      "PinPad1",
      "Auxiliaries1",
    ]);
    expect(devices[0]).toMatchObject({ kind: "idCard", driver: "hx-serial", transport: { type: "serial" } });
  });
});
