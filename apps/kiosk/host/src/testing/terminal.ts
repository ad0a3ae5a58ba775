import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceHealth } from "@gridhall/domain/fleet/schema.ts";
import { SERVICES } from "@gridhall/domain/catalogue/services.ts";
import { openOutbox } from "@gridhall/link/outbox.ts";
import { openStore } from "@gridhall/link/store.ts";
import { pino } from "pino";
import type { PinPadPort, Ports } from "../devices/ports.ts";
import { createSession, type Session } from "../journeys/session.ts";
import { openJournal } from "../store/journal.ts";
import { createPrinting } from "../support/printing/printing.ts";
import { type AskCentre, createScanPayments } from "../support/scanPayments.ts";
import { startUiServer } from "../web/uiServer.ts";

/**
 * A terminal of which everything is real but devices and centre: session, journal on disk, WebSocket. It has a PIN pad
 * that is always well and nothing else; `ask` stands for the centre.
 */
export interface TestTerminal extends AsyncDisposable {
  readonly url: string;
  readonly session: Session;
  /** Types of all journal steps so far, oldest first. */
  steps(): string[];
}

export async function startTestTerminal(ask: AskCentre): Promise<TestTerminal> {
  await using cleanup = new AsyncDisposableStack();
  const dir = await mkdtemp(join(tmpdir(), "gridhall-terminal-"));
  cleanup.defer(() => rm(dir, { recursive: true, force: true }));
  const uiDir = join(dir, "ui");
  await mkdir(uiDir);
  await writeFile(join(uiDir, "index.html"), "<!doctype html><html><head></head><body></body></html>");
  const store = openStore(join(dir, "store.db"), null);
  cleanup.defer(() => {
    store.close();
  });
  const nowMs = () => Date.now();
  const outbox = openOutbox(store, { bootId: "test", wallMs: nowMs, monoMs: () => performance.now() }, () =>
    randomUUID(),
  );
  const journal = openJournal(store, outbox, { nowMs, killPoint: null, onKill: () => {} });
  const ports: Ports = {
    cash: null,
    idCard: null,
    scanner: null,
    receipt: null,
    page: null,
    cabinet: null,
    pinPad,
  };
  const session = cleanup.use(
    createSession({
      terminal: { id: "t-1", name: { zh: "1号", en: "1" }, hall: { zh: "厅", en: "Hall" }, hotline: "95598" },
      services: SERVICES,
      slides: [],
      ports,
      journal,
      cash: null,
      scan: createScanPayments({ ask, journal, onError: () => {} }),
      printing: createPrinting(ports, { terminalId: () => "t-1", hallZh: "厅", hallEn: "Hall", hotline: "95598" }),
      ask,
      isOnline: () => true,
      onOnline: () => () => {},
      sendCall: () => {},
      nowMs,
      newId: () => randomUUID().replaceAll("-", "").slice(0, 24),
      onError: () => {},
      idleMs: 60_000,
      warningMs: 15_000,
    }),
  );
  const server = cleanup.use(
    await startUiServer({ uiDir, host: "127.0.0.1", port: 0, session, logger: pino({ level: "silent" }) }),
  );
  await session.start();
  const kept = cleanup.move();
  return {
    url: server.url,
    session,
    steps: () =>
      store
        .prepare<[], { type: string }>("select type from journal order by n")
        .all()
        .map((row) => row.type),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const HEALTH: DeviceHealth = { service: "PinPad1", kind: "pinPad", state: "online", conditions: [], model: "test" };
const pinPad: PinPadPort = {
  health: () => HEALTH,
  onChange: () => () => {},
  prepareForNext: async () => ({ ok: true, detail: "idle" }),
  isTampered: async () => false,
  onTamper: () => () => {},
  ensureMasterKey: async () => {},
  wrap: async (key) => key,
  unwrap: async (key) => key,
};
