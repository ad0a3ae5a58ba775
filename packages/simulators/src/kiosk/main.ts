import { readFileSync } from "node:fs";
import { pino } from "pino";
import { createControlServer } from "../control/server.ts";
import { KioskSimulatorConfig } from "./config.ts";
import { createKiosk } from "./kiosk.ts";

/**
 * The devices of one kiosk as one process: `node packages/simulators/src/kiosk/main.ts CONFIG.json`.
 * Prints one line of JSON on standard output once everything is ready: `{"controlUrl", "a4Uri", "cameraPort"}`.
 */
const file = process.argv[2];
if (file === undefined) {
  console.error("usage: node packages/simulators/src/kiosk/main.ts CONFIG.json");
  process.exit(2);
}
const parsed = KioskSimulatorConfig.safeParse(JSON.parse(readFileSync(file, "utf8")));
if (!parsed.success) {
  for (const { path, message } of parsed.error.issues) console.error(`${file}: ${path.join(".")}: ${message}`);
  process.exit(2);
}
const logger = pino({ name: "simulators" }, pino.destination(2));
const config = parsed.data;
const kiosk = await createKiosk(config, (error) => logger.error({ err: error }, "a simulated device failed"));
const control = createControlServer(kiosk, config.title);
await control.listen({ host: "127.0.0.1", port: config.controlPort });
const address = control.server.address();
const port = typeof address === "object" && address !== null ? address.port : config.controlPort;
console.log(
  JSON.stringify({
    controlUrl: `http://127.0.0.1:${port}`,
    a4Uri: kiosk.devices.a4.uri(),
    cameraPort: kiosk.devices.camera.port(),
  }),
);

const stop = async (): Promise<void> => {
  await control.close();
  await kiosk[Symbol.asyncDispose]();
  process.exit(0);
};
const stopOnce = (): void => {
  stop().catch((error: unknown) => {
    logger.error({ err: error }, "stopping failed");
    process.exit(1);
  });
};
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stopOnce);
if (config.endWithStdin) process.stdin.on("end", stopOnce).on("error", stopOnce).resume();
