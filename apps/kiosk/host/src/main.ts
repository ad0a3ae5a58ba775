import { pino } from "pino";
import { readSettings } from "./config.ts";
import { startHost } from "./host.ts";
import type { KillPoint } from "./store/journal.ts";
import { KeyLostError } from "./store/key.ts";

/** Exit codes that the supervisor tells apart: 2 configuration, 3 keys lost (only a person helps), else a fault. */
const EXIT_CONFIGURATION = 2;
const EXIT_KEY_LOST = 3;

const settings = await readSettings(process.env).catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
  process.exit(EXIT_CONFIGURATION);
});
const logger = pino({ level: settings.logLevel, base: { role: "kiosk" } });

const killPoint: KillPoint | null = settings.testHooks ? { remaining: 0, when: "after" } : null;
if (killPoint)
  process.on("message", (message: Partial<KillPoint>) => {
    if (message.remaining !== undefined && message.when !== undefined) Object.assign(killPoint, message);
    process.send?.({ type: "armed" });
  });

try {
  const host = await startHost(settings, logger, {
    killPoint,
    appVersion: process.env["GRIDHALL_APP_VERSION"] ?? "0.1.0",
    restart: () => process.kill(process.pid, "SIGTERM"),
  });
  process.send?.({ type: "ready", url: host.url });
  const heartbeat = setInterval(() => process.send?.({ type: "alive", busy: host.session.isBusy() }), 2_000);
  const stop = async () => {
    clearInterval(heartbeat);
    await host[Symbol.asyncDispose]();
    process.exit(0);
  };
  process.once("SIGTERM", () => void stop());
  process.once("SIGINT", () => void stop());
  // The supervisor is gone: so is this terminal, in good order.
  process.once("disconnect", () => void stop());
} catch (cause) {
  logger.fatal({ cause: cause instanceof Error ? cause.stack : String(cause) }, "the terminal cannot start");
  process.exit(cause instanceof KeyLostError ? EXIT_KEY_LOST : 1);
}
