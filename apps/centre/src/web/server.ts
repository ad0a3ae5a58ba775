import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { join } from "node:path";
import fastifyCookie from "@fastify/cookie";
import fastifyHelmet from "@fastify/helmet";
import fastifyRateLimit from "@fastify/rate-limit";
import fastifyStatic from "@fastify/static";
import fastifySwagger from "@fastify/swagger";
import fastifyWebsocket from "@fastify/websocket";
import Fastify, { type FastifyInstance } from "fastify";
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import type { Logger } from "pino";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import { findSession } from "../staff/store.ts";
import { lacksSecondFactor, scopeFor } from "./access.ts";
import { HallError } from "./errors.ts";

/** A route file: `export const routes = (deps) => async (app: App) => { app.get(…) }`. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, Logger, ZodTypeProvider>;

export const SESSION_COOKIE = "__Host-gridhall";

/** Where a browser may come from when it changes something: the address it itself was served from. */
function isForeignOrigin(origin: string | undefined, host: string | undefined, publicUrl: string | null): boolean {
  if (origin === undefined) return false;
  if (publicUrl !== null && origin === new URL(publicUrl).origin) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

export async function createServer(options: {
  db: Database;
  logger: Logger;
  publicUrl: string | null;
  tls: { certFile: string; keyFile: string } | null;
  consoleDir: string | null;
  adminTotp: "required" | "optional";
  /** Finds the client of a bearer token of the open API. */
  findChannelClient(token: string): Promise<string | null>;
}): Promise<App> {
  const https = options.tls
    ? { https: { cert: await readFile(options.tls.certFile), key: await readFile(options.tls.keyFile) } }
    : {};
  const app: App = Fastify({
    loggerInstance: options.logger,
    trustProxy: "loopback",
    bodyLimit: 2 * 1024 * 1024,
    ...https,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.decorateRequest("viewer", null);
  app.decorateRequest("channelClient", null);

  await app.register(fastifyCookie);
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: {
      directives: {
        defaultSrc: ["'self'"],
        scriptSrc: ["'self'"],
        // Ant Design writes its styles into the page at run time.
        styleSrc: ["'self'", "'unsafe-inline'"],
        imgSrc: ["'self'", "data:", "blob:"],
        // Pictures of calls and recordings.
        mediaSrc: ["'self'", "blob:", "mediastream:"],
        connectSrc: ["'self'", "ws:", "wss:"],
        fontSrc: ["'self'", "data:"],
        workerSrc: ["'self'", "blob:"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        upgradeInsecureRequests: options.tls ? [] : null,
      },
    },
    hsts: options.tls !== null,
    crossOriginEmbedderPolicy: false,
  });
  await app.register(fastifyRateLimit, {
    global: true,
    max: 600,
    timeWindow: "1 minute",
    keyGenerator: (request) => request.cookies[SESSION_COOKIE] ?? request.headers.authorization ?? request.ip,
  });
  await app.register(fastifyWebsocket, { options: { maxPayload: 64 * 1024 } });
  await app.register(fastifySwagger, {
    openapi: {
      info: {
        title: "GridHall",
        version: "1",
        description: "Staff API of the console, and the open API for online channels (/api/online/v1).",
      },
      components: {
        securitySchemes: {
          session: { type: "apiKey", in: "cookie", name: SESSION_COOKIE },
          channel: { type: "http", scheme: "bearer" },
        },
      },
    },
    transform: jsonSchemaTransform,
  });

  app.addHook("onRoute", (route) => {
    if (!route.url.startsWith("/api/")) return;
    const access = route.config?.access;
    if (!access) throw new Error(`${String(route.method)} ${route.url} does not say who may call it (config.access)`);
    // The document tells the same story as the guard.
    const security = access.kind === "public" ? [] : access.kind === "channel" ? [{ channel: [] }] : [{ session: [] }];
    route.schema = {
      ...route.schema,
      security,
      ...(access.kind === "permission" ? { description: `Needs ${access.permission}.` } : {}),
    };
  });

  app.addHook("onRequest", async (request) => {
    const access = request.routeOptions.config.access;
    if (!access) return;
    if (
      request.method !== "GET" &&
      request.method !== "HEAD" &&
      access.kind !== "channel" &&
      isForeignOrigin(request.headers.origin, request.headers.host, options.publicUrl)
    )
      throw new HallError("auth.foreign-origin", 403, "this request comes from another site");
    switch (access.kind) {
      case "public":
        return;
      case "channel": {
        const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
        request.channelClient = token ? await options.findChannelClient(token) : null;
        if (request.channelClient === null)
          throw new HallError("auth.token-required", 401, "send a valid token: Authorization: Bearer …");
        return;
      }
      case "signed-in":
      case "permission": {
        const token = request.cookies[SESSION_COOKIE];
        const session = token ? await inScope(options.db, SYSTEM, (tx) => findSession(tx, token)) : null;
        if (!session) throw new HallError("auth.sign-in-required", 401, "sign in first");
        if (!(access.kind === "signed-in" && access.settingUp) && lacksSecondFactor(session, options.adminTotp))
          throw new HallError("auth.totp-setup-required", 403, "your role needs an authenticator: set it up first");
        const scope =
          access.kind === "permission"
            ? scopeFor(session.grants, access.permission)
            : { kind: "units" as const, paths: [session.staff.unit_path] };
        if (access.kind === "permission" && scope.kind === "units" && scope.paths.length === 0)
          throw new HallError("auth.no-permission", 403, `none of your roles gives ${access.permission}`, {
            permission: access.permission,
          });
        request.viewer = { ...session, scope };
        return;
      }
      default:
        return access satisfies never;
    }
  });

  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) => {
    if (error instanceof HallError)
      return reply.status(error.status).send({ code: error.code, message: error.message, ...error.context });
    if (hasZodFastifySchemaValidationErrors(error)) {
      const fields = error.validation.map((fault) => ({
        field: fault.instancePath.replace(/^\//, "").replaceAll("/", "."),
        message: fault.message ?? "is not valid",
      }));
      return reply.status(400).send({
        code: "request.invalid",
        message: fields.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; "),
        fields,
      });
    }
    const status = error.statusCode ?? 500;
    if (status < 500)
      return reply.status(status).send({ code: error.code ?? "request.refused", message: error.message });
    request.log.error({ cause: error.stack, url: request.url }, "a request failed");
    return reply.status(500).send({ code: "internal", message: "the centre could not do this; it has been logged" });
  });

  app.get("/api/openapi.json", { config: open_, schema: { hide: true } }, async () => app.swagger());
  app.get("/api/health", { config: open_ }, async () => ({ ok: true }));

  if (options.consoleDir && existsSync(join(options.consoleDir, "index.html")))
    await serveConsole(app, options.consoleDir);
  else if (options.consoleDir)
    options.logger.warn({ directory: options.consoleDir }, "the console is not built; only the API is served");
  return app;
}

const open_ = { access: { kind: "public" as const } };

async function serveConsole(app: App, directory: string): Promise<void> {
  await app.register(fastifyStatic, {
    root: directory,
    maxAge: "1h",
    immutable: true,
    cacheControl: true,
    index: false,
  });
  const index = () => readFile(`${directory}/index.html`, "utf8");
  app.get("/", async (_request, reply) =>
    reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-cache")
      .send(await index()),
  );
  // The console's own routes are addresses too: a deep link gets the same page.
  app.setNotFoundHandler(async (request, reply) => {
    if (request.method !== "GET" || request.url.startsWith("/api/"))
      return reply.status(404).send({ code: "not-found", message: `nothing at ${request.method} ${request.url}` });
    return reply
      .type("text/html; charset=utf-8")
      .header("cache-control", "no-cache")
      .send(await index());
  });
}
