import type { Logger } from "pino";
import { open } from "../web/access.ts";
import type { App } from "../web/server.ts";
import type { Acquirer } from "./acquirers/acquirer.ts";
import type { ScanService } from "./scanPayments.ts";

/** Where acquirers report. Public by nature: what counts is the signature, and what is not authentic changes nothing. */
export const notifyRoutes =
  (options: { acquirers: ReadonlyMap<string, Acquirer>; scan: ScanService; logger: Logger }) => async (app: App) => {
    await app.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      // Signatures are over the text as it came.
      scope.addContentTypeParser("*", { parseAs: "string" }, (_request, body, done) => done(null, body));
      const read = async (
        provider: "wechat" | "alipay",
        headers: Record<string, string | string[] | undefined>,
        body: unknown,
      ) => {
        const acquirer = options.acquirers.get(provider);
        const flat = Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
        );
        const notification = await acquirer
          ?.readNotification(flat, typeof body === "string" ? body : "")
          .catch(() => null);
        if (!notification) {
          options.logger.warn({ provider }, "a notification that is not authentic was passed over");
          return false;
        }
        await options.scan.notify(provider, notification.outTradeNo, notification.input);
        return true;
      };
      scope.post("/api/notify/wechat", { config: open, schema: { hide: true } }, async (request, reply) => {
        const accepted = await read("wechat", request.headers, request.body);
        return accepted ? reply.status(204).send() : reply.status(401).send({ code: "FAIL", message: "验签失败" });
      });
      scope.post("/api/notify/alipay", { config: open, schema: { hide: true } }, async (request, reply) => {
        const accepted = await read("alipay", request.headers, request.body);
        return reply.type("text/plain").send(accepted ? "success" : "failure");
      });
    });
  };
