import { randomBytes, randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { SERVICES } from "@gridhall/domain/catalogue/services.ts";
import { openOutbox } from "@gridhall/link/outbox.ts";
import { openStore } from "@gridhall/link/store.ts";
import { startUplink, type Uplink, UplinkError } from "@gridhall/link/uplink.ts";
import type { Logger } from "pino";
import type { HostSettings } from "./config.ts";
import { openPorts } from "./devices/openPorts.ts";
import { allPorts } from "./devices/ports.ts";
import { message } from "./journeys/page.ts";
import { createSession, type Session } from "./journeys/session.ts";
import { SLIDES } from "./slides.ts";
import { type KillPoint, openJournal } from "./store/journal.ts";
import { unwrapDataKey } from "./store/key.ts";
import { createCashPayments } from "./support/cashPayments.ts";
import { loadIdentity } from "./support/identity.ts";
import { createPrinting } from "./support/printing/printing.ts";
import { createScanPayments } from "./support/scanPayments.ts";
import { readStatus } from "./support/status.ts";
import { startUiServer } from "./web/uiServer.ts";

export interface Host extends AsyncDisposable {
  readonly url: string;
  readonly deviceId: string;
  readonly session: Session;
}

export interface HostHooks {
  /** Ends this process in good order; the supervisor starts it again. */
  restart(): void;
  appVersion: string;
  /** For the kill loop of the tests; null in a hall. */
  killPoint: KillPoint | null;
}

const STATUS_EVERY_MS = 30_000;
const STATUS_SETTLE_MS = 400;

/** Brings one terminal's host up: keys, store, devices, link, session, UI. Everything is closed in reverse order. */
export async function startHost(settings: HostSettings, logger: Logger, hooks: HostHooks): Promise<Host> {
  await using cleanup = new AsyncDisposableStack();
  const stopping = new AbortController();
  cleanup.defer(() => stopping.abort());
  const { config } = settings;
  const nowMs = () => Date.now();
  const bootId = randomUUID();
  const onError = (cause: unknown) =>
    logger.warn({ cause: cause instanceof Error ? cause.message : String(cause) }, "recovered from a fault");
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });

  const { ports, dispose } = await openPorts(config, {
    signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(60_000)]),
    onError,
  });
  cleanup.defer(dispose);

  const key = await unwrapDataKey(settings.dataDir, ports.pinPad);
  const store = openStore(join(settings.dataDir, "store.db"), key);
  cleanup.defer(() => {
    store.close();
    key.fill(0);
  });
  const outbox = openOutbox(store, { bootId, wallMs: nowMs, monoMs: () => performance.now() }, () => randomUUID());
  const journal = openJournal(store, outbox, {
    nowMs,
    killPoint: hooks.killPoint,
    onKill: () => process.kill(process.pid, "SIGKILL"),
  });

  // The link comes up on its own time: a terminal without a centre still serves what can be done offline.
  let uplink: Uplink | null = null;
  let deviceId = "pending";
  const onlineListeners = new Set<() => void>();
  const notifyOnline = () => {
    for (const listener of onlineListeners) listener();
  };
  const isOnline = () => uplink?.isOnline() ?? false;
  const ask = async (method: string, params: unknown, options?: { timeoutMs?: number }) => {
    if (!uplink) throw new UplinkError("link.offline", "no connection to the centre");
    return uplink.request(method, params, options);
  };

  const cash = ports.cash
    ? createCashPayments({
        port: ports.cash,
        journal,
        evidencePatienceMs: config.evidencePatienceSeconds * 1000,
        onError,
      })
    : null;
  const scan = createScanPayments({ ask, journal, onError });
  const place = { terminalId: () => deviceId, hallZh: config.hall.zh, hallEn: config.hall.en, hotline: config.hotline };
  const printing = createPrinting(ports, place);
  const terminal = { id: deviceId, name: config.name, hall: config.hall, hotline: config.hotline };
  const session = createSession({
    terminal,
    services: SERVICES,
    slides: SLIDES,
    ports,
    journal,
    cash,
    scan,
    printing,
    ask,
    isOnline,
    sendCall: (message) => uplink?.sendCall(message),
    onOnline(listener) {
      onlineListeners.add(listener);
      return () => onlineListeners.delete(listener);
    },
    nowMs,
    newId: () => randomBytes(12).toString("hex"),
    idleMs: config.idleSeconds * 1000,
    warningMs: config.warningSeconds * 1000,
    onError,
  });
  cleanup.use(session);

  const ui = cleanup.use(
    await startUiServer({ uiDir: settings.uiDir, host: config.ui.host, port: config.ui.port, session, logger }),
  );

  // Status: latest only, every 30 s and shortly after every change --------------------------------------------------
  let settle: NodeJS.Timeout | null = null;
  let recovering = true;
  let lastSelfTest: { at: string; ok: boolean } | null = null;
  const reportStatus = async () => {
    const status = await readStatus({
      ports,
      outbox,
      dataDir: settings.dataDir,
      appVersion: hooks.appVersion,
      configVersion: config.version,
      bootId,
      clockOffsetMs: uplink?.clockOffsetMs() ?? null,
      mode: recovering
        ? "starting"
        : allPorts(ports).every((port) => port.health().state === "online")
          ? "in-service"
          : "out-of-service",
      reason: null,
      inSession: session.isBusy(),
      lastSelfTest,
    });
    outbox.put("status", "kiosk.status", status);
    outbox.changed.notify();
  };
  const statusSoon = () => {
    settle ??= setTimeout(() => {
      settle = null;
      reportStatus().catch(onError);
    }, STATUS_SETTLE_MS);
  };
  const every = setInterval(() => void reportStatus().catch(onError), STATUS_EVERY_MS);
  cleanup.defer(() => {
    clearInterval(every);
    if (settle) clearTimeout(settle);
  });
  for (const port of allPorts(ports)) cleanup.defer(port.onChange(statusSoon));
  let wasBusy = false;
  cleanup.defer(
    session.onView(() => {
      if (session.isBusy() !== wasBusy) {
        wasBusy = session.isBusy();
        statusSoon();
        if (!wasBusy) reportCash();
      }
    }),
  );
  /** The device's own counters after each customer: the third side of the daily reconciliation. */
  const reportCash = () => {
    const port = ports.cash;
    if (!port) return;
    port
      .evidence()
      .then((evidence) => {
        outbox.put("money", "cash.counted", {
          stackedTotalFen: evidence.stackedFen,
          dispensedTotalFen: evidence.dispensedFen,
          units: port.levels(),
        });
        outbox.changed.notify();
      })
      .catch(onError);
  };

  // A tampered pad has erased its keys: what is in memory goes too, and the terminal says so.
  cleanup.defer(
    ports.pinPad.onTamper(() => {
      journal.write({
        journeyId: null,
        type: "device.tampered",
        detail: {},
        reports: [{ lane: "alarms", type: "kiosk.tampered", body: { device: "pinPad" } }],
      });
      session.setOutOfService(message("unavailable.tampered"));
    }),
  );

  /** What the centre may ask of this terminal. A customer at the screen comes first. */
  const handleCommand = async (type: string): Promise<{ outcome: "done" | "failed" | "refused"; detail: string }> => {
    switch (type) {
      case "send-status":
        await reportStatus();
        return { outcome: "done", detail: "sent" };
      case "restart":
        if (session.isBusy()) return { outcome: "refused", detail: "a customer is being served; try again later" };
        setTimeout(() => hooks.restart(), 1_000);
        return { outcome: "done", detail: "restarting" };
      case "self-test": {
        if (session.isBusy()) return { outcome: "refused", detail: "a customer is being served; try again later" };
        const results = await Promise.all(
          allPorts(ports).map(async (port) => {
            const { service, state } = port.health();
            const idle = await port
              .prepareForNext(AbortSignal.timeout(8_000))
              .catch((cause: unknown) => ({ ok: false, detail: String(cause) }));
            return { service, ok: state === "online" && idle.ok, detail: state === "online" ? idle.detail : state };
          }),
        );
        const failed = results.filter((result) => !result.ok);
        lastSelfTest = { at: new Date(nowMs()).toISOString(), ok: failed.length === 0 };
        await reportStatus();
        return {
          outcome: failed.length === 0 ? "done" : "failed",
          detail:
            failed.length === 0
              ? `${results.length} devices answer`
              : failed.map((result) => `${result.service}: ${result.detail}`).join("; "),
        };
      }
      default:
        return { outcome: "refused", detail: `this terminal knows no command ${type}` };
    }
  };
  const afterwards = new AsyncDisposableStack();
  cleanup.defer(() => afterwards.disposeAsync());
  const connect = async () => {
    const identity = await loadIdentity({
      journal,
      centreUrl: config.centreUrl,
      enrolmentCode: settings.enrolmentCode,
      signal: stopping.signal,
      onError,
    });
    deviceId = identity.deviceId;
    terminal.id = deviceId;
    const link = startUplink({
      url: throughProxy(identity.linkUrl, config.linkProxyPort),
      deviceId,
      tls: { ca: identity.authorityPem, cert: identity.certificatePem, key: identity.keyPem },
      outbox,
      logger,
      wallMs: nowMs,
      newId: () => randomUUID(),
      random: Math.random,
      onCommand: (command) => handleCommand(command.type),
      onCall: (message) => session.call.fromCentre(message),
    });
    uplink = link;
    afterwards.defer(() => link[Symbol.asyncDispose]());
    link.onOnline(() => {
      notifyOnline();
      statusSoon();
    });
  };
  connect().catch((cause: unknown) => {
    if (!stopping.signal.aborted) logger.error({ cause: String(cause) }, "no identity at the centre; working offline");
  });

  logger.info({ url: ui.url, bootId }, "terminal is up");
  session
    .start()
    .then(() => {
      recovering = false;
      statusSoon();
      reportCash();
    })
    .catch((cause: unknown) => logger.error({ cause: String(cause) }, "recovery failed"));

  const kept = cleanup.move();
  return {
    url: ui.url,
    get deviceId() {
      return deviceId;
    },
    session,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

function throughProxy(linkUrl: string, proxyPort: number | null): string {
  if (proxyPort === null) return linkUrl;
  const url = new URL(linkUrl);
  url.host = `127.0.0.1:${proxyPort}`;
  return url.href;
}
