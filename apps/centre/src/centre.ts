import { randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SCAN_TIMES, type ScanTimes } from "@gridhall/domain/payment/scanSaga.ts";
import type { Logger } from "pino";
import { openAuditKey, signHeads } from "./audit/chain.ts";
import { lateFee } from "./backoffice/lateFee.ts";
import { createReferenceBackOffice } from "./backoffice/reference.ts";
import { backOfficeRpc, createThrottle } from "./backoffice/rpc.ts";
import type { Config } from "./config.ts";
import { type Database, openDatabase } from "./db/database.ts";
import { migrate } from "./db/migrate.ts";
import { type EmbeddedPostgres, startPostgres } from "./db/postgres.ts";
import { openAuthority } from "./devices/authority.ts";
import { enrolRoutes } from "./devices/enrolRoutes.ts";
import { fleetEffects } from "./fleet/effects.ts";
import { journeyEffects } from "./journeys/effects.ts";
import { type LinkService, startLink } from "./link/service.ts";
import { type Bus, createBus } from "./live/bus.ts";
import { openCase } from "./money/cases.ts";
import { openAcquirers } from "./money/acquirers/open.ts";
import { cashEffects } from "./money/cashEffects.ts";
import { notifyRoutes } from "./money/notifyRoutes.ts";
import { createScanService, type ScanService } from "./money/scanPayments.ts";
import { scanRpc } from "./money/scanRpc.ts";
import { staffRoutes } from "./staff/routes.ts";
import { type App, createServer } from "./web/server.ts";

export interface Centre extends AsyncDisposable {
  readonly httpUrl: string;
  readonly linkUrl: string;
  readonly db: Database;
  readonly link: LinkService;
  readonly app: App;
  readonly bus: Bus;
  readonly scan: ScanService;
  readonly database: { ownerUrl: string; appUrl: string; pid: number | null };
  /** Resolves when something that the centre cannot live without has ended. */
  readonly failed: Promise<string>;
}

/** Wires one centre node. Everything that it opens is closed again by disposing it, in reverse order. */
export async function startCentre(
  config: Config,
  logger: Logger,
  tuning: { scanTimes?: ScanTimes } = {},
): Promise<Centre> {
  await using cleanup = new AsyncDisposableStack();
  const dataDir = resolve(config.dataDir);
  const secretsDir = join(dataDir, "centre");
  await mkdir(secretsDir, { recursive: true, mode: 0o700 });
  const nowMs = () => Date.now();
  const today = () => new Date(nowMs() + 8 * 3_600_000).toISOString().slice(0, 10);

  const embedded: EmbeddedPostgres | null =
    config.database.kind === "embedded"
      ? cleanup.use(await startPostgres({ dir: join(dataDir, "postgres"), port: config.database.port, logger }))
      : null;
  const ownerUrl = config.database.kind === "embedded" ? (embedded?.ownerUrl ?? "") : config.database.ownerUrl;
  const appUrl = config.database.kind === "embedded" ? (embedded?.appUrl ?? "") : config.database.appUrl;
  const applied = await migrate(ownerUrl);
  if (applied.length > 0) logger.info({ applied }, "migrations applied");
  const db = openDatabase(appUrl);
  cleanup.defer(() => db.destroy());

  const authority = await openAuthority(secretsDir, ["127.0.0.1", "localhost", config.link.host], nowMs());
  const auditKey = await openAuditKey(secretsDir);
  const bus = createBus();
  const backOffice = createReferenceBackOffice(lateFee);

  const acquirers = await openAcquirers(config.acquirersFile, nowMs);
  const scan = cleanup.use(
    createScanService({
      db,
      logger,
      bus,
      backOffice,
      acquirers,
      openCase,
      times: tuning.scanTimes ?? SCAN_TIMES,
      nowMs,
    }),
  );

  const link = cleanup.use(
    await startLink({
      db,
      logger,
      bus,
      authority,
      host: config.link.host,
      port: config.link.port,
      brokerUrl: config.link.brokerUrl,
      nodeId: randomUUID(),
      nowMs,
      effects: new Map([
        ...journeyEffects,
        ...fleetEffects,
        ...cashEffects(backOffice, openCase, (intentId, unitPath) =>
          bus.emit("payment.changed", { intentId, unitPath }),
        ),
      ]),
      rpc: new Map([...backOfficeRpc(db, backOffice, today, createThrottle(20, 60_000, nowMs)), ...scanRpc(scan)]),
    }),
  );
  const linkUrl = () => config.link.brokerUrl ?? `mqtts://${config.link.host}:${link.port}`;

  const app = await createServer({
    db,
    logger,
    publicUrl: config.http.publicUrl,
    tls: config.http.tls,
    consoleDir: config.consoleDir,
    findChannelClient: async () => null,
  });
  cleanup.defer(async () => {
    await app.close();
  });
  await app.register(staffRoutes(db));
  await app.register(enrolRoutes({ db, authority, linkUrl, onEnrolled: (deviceId) => link.drop(deviceId), nowMs }));

  await app.register(notifyRoutes({ acquirers, scan, logger }));

  await app.listen({ host: config.http.host, port: config.http.port });
  const address = app.server.address();
  const port = typeof address === "object" && address ? address.port : config.http.port;

  const hourly = setInterval(
    () =>
      void signHeads(db, auditKey).catch((cause: unknown) =>
        logger.warn({ cause: String(cause) }, "audit heads were not signed"),
      ),
    3_600_000,
  );
  cleanup.defer(() => clearInterval(hourly));
  const kept = cleanup.move();
  return {
    httpUrl: `${config.http.tls ? "https" : "http"}://${config.http.host}:${port}`,
    linkUrl: linkUrl(),
    db,
    link,
    app,
    bus,
    scan,
    database: { ownerUrl, appUrl, pid: embedded?.pid ?? null },
    failed: embedded?.exited ?? new Promise(() => {}),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
