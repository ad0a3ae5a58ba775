import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { extname, join, normalize } from "node:path";
import { ParticipantId } from "@gridhall/domain/media/schema.ts";
import { type CentreToDesk, DeskToCentre } from "@gridhall/domain/seats/desk.ts";
import type { CallId } from "@gridhall/domain/seats/schema.ts";
import type { Participant, Room } from "@gridhall/media/engine.ts";
import { type WebSocket, WebSocketServer } from "ws";
import * as fixtures from "./seatFixtures.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
/** The same policy as the centre's (`web/server.ts`): what breaks under it breaks here. */
const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; connect-src 'self' ws: wss:; font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

export interface FakeCentre extends AsyncDisposable {
  readonly url: string;
  /** Everything that the desk ordered, but its signs of life and its media. */
  readonly orders: DeskToCentre[];
  show(shown: Shown): void;
  refuse(order: string, reason: string): void;
  /** The desk's socket is closed with this code, and what comes after is not let in while `down`. */
  cut(code: number, down: boolean): void;
}
export interface Shown {
  readonly role: "agent" | "supervisor" | "finance";
  readonly desk: string;
  readonly board: "busy" | "quiet";
}

/** Serves the built console with one state of desk and wallboard at a time; orders are recorded, pictures are real. */
export async function startFakeCentre(options: { dist: string; room: Room | null }): Promise<FakeCentre> {
  let shown: Shown = { role: "agent", desk: "ready", board: "quiet" };
  let down = false;
  const orders: DeskToCentre[] = [];
  let participant: Participant | null = null;

  const api = (path: string): unknown => {
    const nowMs = Date.now();
    if (path === "/api/me") return fixtures.meAs(shown.role);
    if (path === "/api/seats/directory") return fixtures.directory(nowMs);
    if (path === "/api/seats/board") return fixtures.board(shown.board, nowMs);
    if (path.startsWith("/api/seats/accounts/")) return fixtures.account();
    if (path.startsWith("/api/seats/calls/")) return fixtures.callDetail(nowMs);
    return null;
  };
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
    if (path.startsWith("/api/")) {
      const body = api(path);
      response.writeHead(body === null ? 404 : 200, { "content-type": "application/json" });
      response.end(JSON.stringify(body ?? { code: "not-found", message: "no such thing" }));
      return;
    }
    const file = extname(path) === "" ? "index.html" : path;
    readFile(join(options.dist, file)).then(
      (body) => {
        const type = TYPES[extname(file)] ?? "application/octet-stream";
        response.writeHead(200, { "content-type": type, "content-security-policy": CSP });
        response.end(body);
      },
      () => response.writeHead(404).end(),
    );
  });
  const sockets = new WebSocketServer({ noServer: true });
  const desks = new Set<WebSocket>();
  const tell = (message: CentreToDesk): void => {
    for (const desk of desks) desk.send(JSON.stringify(message));
  };
  const push = (): void => {
    const state = fixtures.deskState(shown.desk, Date.now());
    tell({ type: "state", state });
    if (state.call) tell({ type: "page-map", callId: state.call.callId, map: fixtures.PAGE_MAP });
  };
  const joinRoom = (callId: CallId): void => {
    const state = fixtures.deskState(shown.desk, Date.now());
    const supervises = state.call?.part === "supervising";
    const mode = state.call?.parties.find((one) => one.seatId === state.seatId)?.mode;
    const send = (message: Parameters<Parameters<Room["join"]>[0]["send"]>[0]) =>
      tell({ type: "media", callId, message });
    const participantId = ParticipantId.parse("seat.me");
    participant =
      options.room?.join(
        supervises
          ? { participantId, role: "supervisor", mode: mode === "joined" ? "joined" : "listen", send }
          : { participantId, role: "agent", mode: "talking", send },
      ) ?? null;
  };
  const hear = (data: Buffer): void => {
    const order = DeskToCentre.parse(JSON.parse(data.toString()));
    if (order.type === "alive") return;
    if (order.type === "media-join") return joinRoom(order.callId);
    if (order.type === "media") return participant?.receive(order.message);
    orders.push(order);
  };
  server.on("upgrade", (request: IncomingMessage, socket, head) => {
    if (down && request.url === "/api/seats/desk") return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (open) => {
      if (request.url !== "/api/seats/desk") return;
      desks.add(open);
      open.on("message", hear);
      open.on("close", () => desks.delete(open));
      push();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    orders,
    show(next) {
      shown = next;
      down = false;
      push();
    },
    refuse: (order, reason) => tell({ type: "refused", order, reason }),
    cut(code, stays) {
      down = stays;
      for (const desk of desks) desk.close(code, "cut");
    },
    [Symbol.asyncDispose]: async () => {
      participant?.leave();
      for (const desk of sockets.clients) desk.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
