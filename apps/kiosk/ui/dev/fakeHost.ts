import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type CustomerAction, type KioskView, UiToHost } from "@gridhall/domain/kiosk/view.ts";
import type { MediaToClient } from "@gridhall/domain/media/schema.ts";
import { WebSocketServer } from "ws";
import { callOf } from "./callFixtures.ts";
import { fixtures } from "./fixtures.ts";

const DIST = fileURLToPath(new URL("../dist", import.meta.url));
const TOKEN = "token-of-the-fake-host";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
};
/** The same policy as the host's (`uiServer.ts`): what breaks under it breaks here. */
const CSP =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; worker-src 'self' blob:; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

export interface FakeHost extends AsyncDisposable {
  readonly url: string;
  readonly actions: CustomerAction[];
  /** What the page said of a call: joins, media, devices, maps. */
  readonly told: Exclude<UiToHost, { type: "hello" | "action" }>[];
  show(view: KioskView): void;
  /** To the page, as from the room. */
  media(message: MediaToClient): void;
}

/** Serves the built UI with one view at a time; settings, help and consent work, everything else is only recorded. */
export async function startFakeHost(port: number, dist = DIST): Promise<FakeHost> {
  let shown = fixtures["signage"] as KioskView;
  let revision = 1;
  const actions: CustomerAction[] = [];
  const told: Exclude<UiToHost, { type: "hello" | "action" }>[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const path = normalize(new URL(request.url ?? "/", "http://localhost").pathname);
      const file = join(dist, path === "/" ? "index.html" : path);
      try {
        let body = await readFile(file);
        if (path === "/")
          body = Buffer.from(
            body.toString().replace("<head>", `<head><meta name="gridhall-token" content="${TOKEN}">`),
          );
        response.writeHead(200, {
          "content-type": TYPES[extname(file)] ?? "application/octet-stream",
          "content-security-policy": CSP,
        });
        response.end(body);
      } catch {
        response.writeHead(404).end();
      }
    })();
  });
  const sockets = new WebSocketServer({ server, path: "/ui" });
  const push = () => {
    revision += 1;
    for (const socket of sockets.clients) socket.send(JSON.stringify({ type: "view", view: { ...shown, revision } }));
  };
  sockets.on("connection", (socket) => {
    socket.on("message", (data: Buffer) => {
      const message = UiToHost.parse(JSON.parse(data.toString()));
      if (message.type === "hello") {
        if (message.token !== TOKEN) return socket.close(4401, "wrong token");
        return push();
      }
      if (message.type !== "action") return void told.push(message);
      actions.push(message.action);
      if (message.action.type === "settings") shown = { ...shown, settings: message.action.settings };
      else if (message.action.type === "help") shown = { ...shown, call: callOf({ name: "offer", online: true }) };
      else if (message.action.type === "call-end") shown = { ...shown, call: null };
      else if (message.action.type === "call-consent" && shown.call)
        shown = { ...shown, call: { ...shown.call, consent: message.action.consent } };
      else if (message.action.type === "close-overlay") shown = { ...shown, overlay: null };
      else return undefined;
      return push();
    });
  });
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : port}/`,
    actions,
    told,
    show(view) {
      shown = view;
      push();
    },
    media(message) {
      for (const socket of sockets.clients) socket.send(JSON.stringify({ type: "media", message }));
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise<void>((done) => {
        server.close(() => done());
      });
    },
  };
}

/** `node dev/fakeHost.ts [FIXTURE]`: shows one fixture, or all of them in turn. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , only] = process.argv;
  const host = await startFakeHost(5199);
  console.log(host.url);
  const names = Object.keys(fixtures).filter((name) => only === undefined || name === only);
  let at = 0;
  const next = () => {
    const view = fixtures[names[at % names.length] ?? ""];
    if (view) host.show(view);
    at += 1;
  };
  next();
  if (names.length > 1) setInterval(next, 4_000);
}
