import type { LiveDelta } from "@gridhall/domain/live/api.ts";
import { scopeOf } from "@gridhall/domain/staff/roles.ts";
import type { Logger } from "pino";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import { listKiosks } from "../fleet/store.ts";
import { journeysById } from "../journeys/store.ts";
import { listCases, paymentsById } from "../money/store.ts";
import { findSession } from "../staff/store.ts";
import { scopeFor, signedIn, viewerOf } from "../web/access.ts";
import { type App, SESSION_COOKIE } from "../web/server.ts";
import type { Bus } from "./bus.ts";

const BATCH_MS = 200;
const SESSION_CHECK_MS = 15_000;

interface Changed {
  kiosks: Set<string>;
  journeys: Set<string>;
  payments: Set<string>;
  cases: Set<string>;
}
const nothing = (): Changed => ({ kiosks: new Set(), journeys: new Set(), payments: new Set(), cases: new Set() });

/**
 * Pushes rows that changed to every console that may see them. Rows are read under the viewer's own scope, so that
 * row-level security filters here as well; a viewer whose session ends is cut off within seconds.
 */
export const liveRoutes = (options: { db: Database; bus: Bus; logger: Logger }) => async (app: App) => {
  const { db, bus } = options;
  const viewers = new Set<(changed: Changed) => void>();
  let changed = nothing();
  let timer: NodeJS.Timeout | null = null;
  const later = () => {
    timer ??= setTimeout(() => {
      timer = null;
      const batch = changed;
      changed = nothing();
      for (const viewer of viewers) viewer(batch);
    }, BATCH_MS);
  };
  const stops = [
    bus.on("trace.committed", (event) => {
      if (event.lanes.includes("status") || event.lanes.includes("money")) changed.kiosks.add(event.deviceId);
      for (const journeyId of event.journeyIds) changed.journeys.add(journeyId);
      later();
    }),
    bus.on("device.changed", (event) => {
      changed.kiosks.add(event.deviceId);
      later();
    }),
    bus.on("payment.changed", (event) => {
      changed.payments.add(event.intentId);
      later();
    }),
    bus.on("case.changed", (event) => {
      changed.cases.add(event.caseId);
      later();
    }),
  ];
  app.addHook("onClose", async () => {
    for (const stop of stops) stop();
    if (timer) clearTimeout(timer);
  });

  app.get("/api/live", { config: signedIn, websocket: true, schema: { hide: true } }, (socket, request) => {
    const { grants } = viewerOf(request);
    const token = request.cookies[SESSION_COOKIE] ?? "";
    let cursor = 0;
    let busy = Promise.resolve();
    const read = async (batch: Changed): Promise<LiveDelta> => ({
      cursor: (cursor += 1),
      kiosks:
        batch.kiosks.size > 0 && scopeOf(grants, "fleet.read").length > 0
          ? await inScope(db, scopeFor(grants, "fleet.read"), (tx) => listKiosks(tx, { deviceIds: [...batch.kiosks] }))
          : [],
      journeys:
        batch.journeys.size > 0 && scopeOf(grants, "journeys.read").length > 0
          ? await inScope(db, scopeFor(grants, "journeys.read"), (tx) => journeysById(tx, [...batch.journeys]))
          : [],
      payments:
        batch.payments.size > 0 && scopeOf(grants, "money.read").length > 0
          ? await inScope(db, scopeFor(grants, "money.read"), (tx) => paymentsById(tx, [...batch.payments]))
          : [],
      cases:
        batch.cases.size > 0 && scopeOf(grants, "money.read").length > 0
          ? await inScope(db, scopeFor(grants, "money.read"), (tx) =>
              listCases(tx, { caseIds: [...batch.cases], limit: 500 }),
            )
          : [],
    });
    const push = (batch: Changed) => {
      busy = busy
        .then(async () => {
          const delta = await read(batch);
          if (delta.kiosks.length + delta.journeys.length + delta.payments.length + delta.cases.length === 0) return;
          // A console that does not read is dropped; it comes back with a fresh snapshot.
          if (socket.bufferedAmount > 4_000_000) return socket.close(4408, "too slow");
          socket.send(JSON.stringify(delta));
        })
        .catch((cause: unknown) => {
          options.logger.warn({ cause: String(cause) }, "a live delta was lost; the console reads again");
          socket.close(4500, "read again");
        });
    };
    viewers.add(push);
    const check = setInterval(() => {
      inScope(db, SYSTEM, (tx) => findSession(tx, token)).then(
        (session) => {
          if (!session) socket.close(4401, "signed out");
        },
        () => {},
      );
    }, SESSION_CHECK_MS);
    socket.on("close", () => {
      viewers.delete(push);
      clearInterval(check);
    });
    socket.on("error", () => {});
    socket.send(JSON.stringify({ cursor, kiosks: [], journeys: [], payments: [], cases: [] } satisfies LiveDelta));
  });
};
