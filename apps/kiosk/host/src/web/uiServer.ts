import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import fastifyWebsocket from "@fastify/websocket";
import { type HostToUi, UiToHost } from "@gridhall/domain/kiosk/view.ts";
import Fastify from "fastify";
import type { Logger } from "pino";
import type { Session } from "../journeys/session.ts";

export interface UiServer extends AsyncDisposable {
  readonly url: string;
}

/**
 * Serves the customer's UI to the terminal's own browser, and to nobody else: loopback only, own origin only, and a
 * token that changes with every start and stands only in the page itself.
 */
export async function startUiServer(options: {
  uiDir: string;
  host: string;
  port: number;
  session: Session;
  logger: Logger;
}): Promise<UiServer> {
  const { session } = options;
  const token = randomBytes(24).toString("base64url");
  const app = Fastify({ logger: false });
  app.addHook("onRequest", async (request, reply) => {
    // A page of another name that resolves to loopback (DNS rebinding) is not the terminal's browser.
    const host = (request.headers.host ?? "").replace(/:\d+$/, "");
    if (host !== "127.0.0.1" && host !== "localhost")
      return reply.status(403).send("this address serves the terminal itself");
    return undefined;
  });
  app.addHook("onSend", async (_request, reply) => {
    void reply
      .header(
        "content-security-policy",
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' blob: mediastream:; worker-src 'self' blob:; connect-src 'self' ws://127.0.0.1:* ws://localhost:*; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
      )
      .header("x-content-type-options", "nosniff")
      .header("referrer-policy", "no-referrer");
  });
  await app.register(fastifyWebsocket, { options: { maxPayload: 256 * 1024 } });
  await app.register(fastifyStatic, { root: options.uiDir, index: false });
  const page = async () =>
    (await readFile(join(options.uiDir, "index.html"), "utf8")).replace(
      "<head>",
      `<head><meta name="gridhall-token" content="${token}">`,
    );
  app.get("/", async (_request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-store")
      .send(await page()),
  );

  app.get("/ui", { websocket: true }, (socket, request) => {
    const { origin } = request.headers;
    if (origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== request.headers.host))
      return socket.close(4403, "foreign origin");
    let greeted = false;
    const send = (message: HostToUi) => {
      // A browser that does not read is not allowed to fill the host's memory.
      if (socket.readyState === socket.OPEN && socket.bufferedAmount < 1_000_000) socket.send(JSON.stringify(message));
    };
    const stop = session.onView((view) => {
      if (greeted) send({ type: "view", view });
    });
    const stopMedia = session.call.onMedia((message) => {
      if (greeted) send({ type: "media", message });
    });
    socket.on("message", (data: Buffer) => {
      const parsed = UiToHost.safeParse(safeJson(data.toString()));
      if (!parsed.success) return send({ type: "refused", reason: "not a message of this protocol" });
      const message = parsed.data;
      if (message.type === "hello") {
        greeted = sameToken(message.token, token);
        if (!greeted) return socket.close(4401, "wrong token");
        return send({ type: "view", view: session.view() });
      }
      if (!greeted) return socket.close(4401, "say hello first");
      if (message.type === "action") session.act(message.action, message.revision);
      else session.call.fromUi(message);
    });
    socket.on("close", () => {
      stop();
      stopMedia();
    });
    socket.on("error", () => {});
  });

  await app.listen({ host: options.host, port: options.port });
  const address = app.server.address();
  const port = typeof address === "object" && address ? address.port : options.port;
  return {
    url: `http://${options.host}:${port}/`,
    [Symbol.asyncDispose]: async () => {
      await app.close();
    },
  };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sameToken(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
