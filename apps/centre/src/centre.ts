import { createHash, randomUUID } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SCAN_TIMES, type ScanTimes } from "@gridhall/domain/payment/scanSaga.ts";
import type { Logger } from "pino";
import { sql } from "kysely";
import { openAuditKey } from "./audit/chain.ts";
import { auditRoutes } from "./audit/routes.ts";
import { lateFee } from "./backoffice/lateFee.ts";
import { createReferenceBackOffice } from "./backoffice/reference.ts";
import { backOfficeRpc, createThrottle } from "./backoffice/rpc.ts";
import type { Config } from "./config.ts";
import { type Database, inScope, openDatabase, SYSTEM } from "./db/database.ts";
import { migrate } from "./db/migrate.ts";
import { type EmbeddedPostgres, startPostgres } from "./db/postgres.ts";
import { openAuthority } from "./devices/authority.ts";
import { enrolRoutes } from "./devices/enrolRoutes.ts";
import { fleetEffects } from "./fleet/effects.ts";
import { fleetRoutes } from "./fleet/routes.ts";
import { startJobs } from "./jobs.ts";
import { journeyEffects } from "./journeys/effects.ts";
import { journeyRoutes } from "./journeys/routes.ts";
import { type LinkService, startLink } from "./link/service.ts";
import { type Bus, createBus, joinBus } from "./live/bus.ts";
import { liveRoutes } from "./live/hub.ts";
import { openCase as insertCase } from "./money/cases.ts";
import { openAcquirers } from "./money/acquirers/open.ts";
import { cashEffects, type OpenCase } from "./money/cashEffects.ts";
import { notifyRoutes } from "./money/notifyRoutes.ts";
import { createReconciliation } from "./money/reconciliation.ts";
import { moneyRoutes } from "./money/routes.ts";
import { createScanService, type ScanService } from "./money/scanPayments.ts";
import { scanRpc } from "./money/scanRpc.ts";
import { onlineRoutes } from "./online/routes.ts";
import { deskRoutes } from "./seats/deskHub.ts";
import type { SeatTimes } from "./seats/hostedCalls.ts";
import { openMedia } from "./seats/openMedia.ts";
import { boardRoutes } from "./seats/routes/board.ts";
import { callRoutes } from "./seats/routes/calls.ts";
import { directoryRoutes } from "./seats/routes/directory.ts";
import { messageRoutes } from "./seats/routes/messages.ts";
import { policyRoutes } from "./seats/routes/policies.ts";
import { statisticsRoutes } from "./seats/routes/statistics.ts";
import { type Seats, startSeats } from "./seats/service.ts";
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
  readonly seats: Seats;
  readonly database: { ownerUrl: string; appUrl: string; pid: number | null };
  /** Resolves when something that the centre cannot live without has ended. */
  readonly failed: Promise<string>;
}

/** Wires one centre node. Everything that it opens is closed again by disposing it, in reverse order. */
export async function startCentre(
  config: Config,
  logger: Logger,
  tuning: { scanTimes?: ScanTimes; seatTimes?: SeatTimes } = {},
): Promise<Centre> {
  await using cleanup = new AsyncDisposableStack();
  const dataDir = resolve(config.dataDir);
  const secretsDir = join(dataDir, "centre");
  await mkdir(dataDir, { recursive: true });
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
  const nodeId = randomUUID();
  const bus = cleanup.use(config.natsUrl ? await joinBus(config.natsUrl, nodeId, logger) : createBus());
  const backOffice = createReferenceBackOffice(lateFee);

  const openCase: OpenCase = async (tx, request) => {
    await insertCase(tx, request);
    // A hint only: by then the transaction has committed, and if not, the next change repairs it.
    setTimeout(() => bus.emit("case.changed", { caseId: request.caseId, unitPath: request.unitPath }), 300);
  };
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

  const media = await openMedia(config.media, nowMs);
  cleanup.use(media.engine);
  const seats = cleanup.use(
    await startSeats({
      db,
      bus,
      logger,
      nodeId,
      dataDir,
      engine: media.engine,
      iceServers: media.iceServers,
      recordingDays: config.recordingDays,
      nowMs,
      alone: config.database.kind === "embedded",
      ...(tuning.seatTimes ? { times: tuning.seatTimes } : {}),
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
      nodeId,
      nowMs,
      receiveCall: seats.receive,
      effects: new Map([
        ...journeyEffects,
        ...fleetEffects,
        ...cashEffects(backOffice, openCase, (intentId, unitPath) =>
          bus.emit("payment.changed", { intentId, unitPath }),
        ),
      ]),
      rpc: new Map([
        ...backOfficeRpc(db, backOffice, today, createThrottle(config.searchesPerMinute, 60_000, nowMs)),
        ...scanRpc(scan),
        ...seats.rpc,
      ]),
    }),
  );
  const linkUrl = () => config.link.brokerUrl ?? `mqtts://${config.link.host}:${link.port}`;

  const app = await createServer({
    db,
    logger,
    publicUrl: config.http.publicUrl,
    tls: config.http.tls,
    consoleDir: config.consoleDir,
    adminTotp: config.adminTotp,
    findChannelClient: (token) => findChannelClient(db, token),
  });
  cleanup.defer(async () => {
    await app.close();
  });
  await app.register(staffRoutes(db, config.adminTotp));
  await app.register(enrolRoutes({ db, authority, linkUrl, onEnrolled: (deviceId) => link.drop(deviceId), nowMs }));

  const rootPath = async (tx: Parameters<Parameters<typeof inScope>[2]>[0]) =>
    (await sql<{ path: string }>`select path::text from unit order by nlevel(path), path limit 1`.execute(tx)).rows[0]
      ?.path ?? "p";
  const reconciliation = createReconciliation({ db, logger, acquirers, openCase, rootPath });
  await app.register(
    fleetRoutes({ db, link, changed: (deviceId, unitPath) => bus.emit("device.changed", { deviceId, unitPath }) }),
  );
  await app.register(journeyRoutes(db));
  await app.register(moneyRoutes({ db, bus, reconciliation, today }));
  await app.register(auditRoutes(db, auditKey.publicKeyPem));
  await app.register(liveRoutes({ db, bus, logger }));
  const seatParts = { db, bus, nowMs, today, backOffice, dispatcher: seats.dispatcher, recordings: seats.recordings };
  for (const routes of [directoryRoutes, boardRoutes, callRoutes, policyRoutes, statisticsRoutes, messageRoutes])
    await app.register(routes(seatParts));
  await app.register(deskRoutes({ db, bus, logger, states: seats.states, nowMs, order: seats.order }));
  await app.register(onlineRoutes({ db, backOffice, scan, today }));
  await app.register(notifyRoutes({ acquirers, scan, logger }));

  await app.listen({ host: config.http.host, port: config.http.port });
  const address = app.server.address();
  const port = typeof address === "object" && address ? address.port : config.http.port;

  cleanup.use(startJobs({ db, logger, auditKey, reconciliation, recordings: seats.recordings, nowMs }));
  const kept = cleanup.move();
  return {
    httpUrl: `${config.http.tls ? "https" : "http"}://${config.http.host}:${port}`,
    linkUrl: linkUrl(),
    db,
    link,
    app,
    bus,
    scan,
    seats,
    database: { ownerUrl, appUrl, pid: embedded?.pid ?? null },
    failed: embedded?.exited ?? new Promise(() => {}),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function findChannelClient(db: Database, token: string): Promise<string | null> {
  const hash = createHash("sha256").update(token).digest("hex");
  const { rows } = await inScope(db, SYSTEM, (tx) =>
    sql<{ name: string }>`select name from channel_client where token_hash = ${hash} and revoked_at is null`.execute(
      tx,
    ),
  );
  return rows[0]?.name ?? null;
}
