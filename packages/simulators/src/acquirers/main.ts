import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startAcquirers } from "./server.ts";

/** `main.ts --dir DIR --port PORT --notify http://centre --config FILE`: runs the acquirers and writes the centre's configuration. */
const { values } = parseArgs({
  options: {
    dir: { type: "string" },
    port: { type: "string", default: "0" },
    notify: { type: "string" },
    config: { type: "string" },
  },
});
if (!values.dir || !values.notify || !values.config) {
  process.stderr.write("usage: main.ts --dir DIR --port PORT --notify CENTRE_URL --config FILE\n");
  process.exit(2);
}
const simulator = await startAcquirers({
  dir: values.dir,
  host: "127.0.0.1",
  port: Number(values.port),
  nowMs: () => Date.now(),
});
writeFileSync(values.config, JSON.stringify(simulator.centreConfig(values.notify)), { mode: 0o600 });
process.stdout.write(`${JSON.stringify({ ready: true, url: simulator.url })}\n`);
const stop = () => void simulator[Symbol.asyncDispose]().then(() => process.exit(0));
process.once("SIGTERM", stop);
process.once("SIGINT", stop);
process.once("disconnect", stop);
