import { type CentreToDesk, DeskToCentre } from "@gridhall/domain/seats/desk.ts";
import { permissionsOf } from "@gridhall/domain/staff/roles.ts";
import type { Logger } from "pino";
import type { WebSocket } from "ws";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import type { Bus } from "../live/bus.ts";
import { findSession } from "../staff/store.ts";
import { signedIn, viewerOf } from "../web/access.ts";
import { type App, SESSION_COOKIE } from "../web/server.ts";
import type { DeskStates } from "./deskStates.ts";
import { markSeen } from "./seatStore.ts";

const SEEN_EVERY_MS = 2_000;
const SILENT_MS = 5_000;
const SESSION_CHECK_MS = 15_000;
const STALE_MS = 40;
const STATE_EVERY_MS = 5_000;

/**
 * The sockets of this node's desks. One desk a person: a second window takes over from the first. A desk lives as long
 * as it says so each second; a lid that was closed shows by silence, a killed browser by the end of its socket.
 */
export const deskRoutes =
  (options: {
    db: Database;
    bus: Bus;
    logger: Logger;
    states: DeskStates;
    nowMs(): number;
    order: (seatId: string, supervises: boolean, order: DeskToCentre) => void;
  }) =>
  async (app: App) => {
    const { db, bus, logger, states } = options;
    const desks = new Map<string, { socket: WebSocket; seenMs: number; online: boolean }>();

    const tell = (seatId: string, message: CentreToDesk): void => {
      const desk = desks.get(seatId);
      if (!desk || desk.socket.readyState !== desk.socket.OPEN) return;
      // Pictures of the page are dropped on a slow line; states and media signalling are small.
      if (message.type === "page-map" && desk.socket.bufferedAmount > 200_000) return;
      desk.socket.send(JSON.stringify(message));
    };
    const pending = new Map<string, NodeJS.Timeout>();
    const stale = (seatId: string): void => {
      if (!desks.has(seatId) || pending.has(seatId)) return;
      pending.set(
        seatId,
        setTimeout(() => {
          pending.delete(seatId);
          states
            .read(seatId)
            .then((state) => {
              if (state) tell(seatId, { type: "state", state });
            })
            .catch((cause: unknown) => logger.warn({ cause: String(cause) }, "a desk's state"));
        }, STALE_MS),
      );
    };
    const setOnline = (seatId: string, online: boolean): void => {
      const desk = desks.get(seatId);
      if (desk) desk.online = online;
      bus.emit("desk.seen", { seatId, online });
    };

    const stops = [
      bus.on("desk.told", ({ seatId, message }) => tell(seatId, message)),
      bus.on("desk.stale", ({ seatId }) => stale(seatId)),
      bus.on("seat.changed", ({ seatId }) => stale(seatId)),
    ];
    const every = setInterval(() => {
      const heard: string[] = [];
      for (const [seatId, desk] of desks) {
        const silent = options.nowMs() - desk.seenMs > SILENT_MS;
        if (silent && desk.online) setOnline(seatId, false);
        if (!silent) heard.push(seatId);
      }
      if (heard.length > 0)
        inScope(db, SYSTEM, (tx) => markSeen(tx, heard, options.nowMs())).catch((cause: unknown) =>
          logger.warn({ cause: String(cause) }, "signs of life of desks could not be written"),
        );
    }, SEEN_EVERY_MS);
    const whole = setInterval(() => {
      for (const seatId of desks.keys()) stale(seatId);
    }, STATE_EVERY_MS);
    app.addHook("onClose", async () => {
      for (const stop of stops) stop();
      clearInterval(every);
      clearInterval(whole);
      for (const timer of pending.values()) clearTimeout(timer);
    });

    app.get("/api/seats/desk", { config: signedIn, websocket: true, schema: { hide: true } }, (socket, request) => {
      const viewer = viewerOf(request);
      const permissions = permissionsOf(viewer.grants);
      const supervises = permissions.includes("seats.supervise");
      if (!supervises && !permissions.includes("seats.serve")) return socket.close(4403, "no seat");
      const seatId = viewer.staff.staff_id;
      const token = request.cookies[SESSION_COOKIE] ?? "";
      desks.get(seatId)?.socket.close(4409, "opened elsewhere");
      const desk = { socket, seenMs: options.nowMs(), online: true };
      desks.set(seatId, desk);
      setOnline(seatId, true);
      void inScope(db, SYSTEM, (tx) => markSeen(tx, [seatId], options.nowMs())).catch(() => {});
      stale(seatId);
      const check = setInterval(() => {
        inScope(db, SYSTEM, (tx) => findSession(tx, token)).then(
          (session) => {
            if (!session) socket.close(4401, "signed out");
          },
          () => {},
        );
      }, SESSION_CHECK_MS);
      socket.on("message", (data: Buffer) => {
        desk.seenMs = options.nowMs();
        if (!desk.online) setOnline(seatId, true);
        const parsed = DeskToCentre.safeParse(readJson(data));
        if (!parsed.success) {
          logger.warn({ seatId, cause: parsed.error.message.slice(0, 300) }, "an unreadable order of a desk");
          return tell(seatId, { type: "refused", order: "unreadable", reason: "unreadable" });
        }
        if (parsed.data.type !== "alive") options.order(seatId, supervises, parsed.data);
      });
      socket.on("close", () => {
        clearInterval(check);
        if (desks.get(seatId) !== desk) return;
        desks.delete(seatId);
        bus.emit("desk.seen", { seatId, online: false });
      });
      socket.on("error", () => {});
    });
  };

function readJson(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString());
  } catch {
    return null;
  }
}
