import { readFile } from "node:fs/promises";
import { pino } from "pino";
import type { XfsService } from "../services/service.ts";
import { startConfiguredService } from "../services/startService.ts";
import { readPublisherConfig } from "./config.ts";
import { startPublisher } from "./publisher.ts";

/**
 * `node packages/hardware/src/publisher/main.ts CONFIG.json`: the hardware process of one kiosk. Prints one line with its
 * URL on standard output when it listens; logs go to standard error. SIGTERM and SIGINT close it cleanly. Exit code 2: the
 * configuration is wrong, all of its faults are on standard error.
 */
async function main(path: string | undefined): Promise<void> {
  if (path === undefined) return wrongConfig(["usage: main.ts CONFIG.json"]);
  const text = await readFile(path, "utf8").catch((error: unknown) => `cannot be read: ${String(error)}`);
  const read = readPublisherConfig(text);
  if (!read.ok) return wrongConfig(read.faults.map((fault) => `${path}: ${fault}`));
  const { config } = read;

  const logger = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }));
  let violations = 0;
  const services: XfsService[] = config.devices.map((device) =>
    startConfiguredService(
      device,
      { acceptsFen: device.acceptsFen, maximumRequests: device.maximumRequests },
      logger.child({ service: device.service }),
      (violation) => logger.error({ violation, violations: ++violations }, "a message of ours breaks its schema"),
    ),
  );
  const closing = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => closing.abort());
  // Started by a supervisor that is gone (kill -9): nobody would restart or stop this process again.
  process.once("disconnect", () => closing.abort());
  try {
    await using publisher = await startPublisher({ ...config, services, logger });
    process.stdout.write(`listening on ${publisher.url}\n`);
    logger.info({ url: publisher.url, services: services.map(({ name }) => name) }, "publisher listening");
    await new Promise<void>((resolve) => {
      if (closing.signal.aborted) resolve();
      closing.signal.addEventListener("abort", () => resolve());
    });
    logger.info({}, "publisher closing");
  } finally {
    await Promise.all(services.map((service) => service[Symbol.asyncDispose]()));
  }
}

function wrongConfig(faults: readonly string[]): void {
  for (const fault of faults) process.stderr.write(`${fault}\n`);
  process.exitCode = 2;
}

try {
  await main(process.argv[2]);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
