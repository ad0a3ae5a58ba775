import { pino } from "pino";
import { startCentre } from "./centre.ts";
import { CommandError, COMMANDS, runCommand } from "./commands.ts";
import { type Config, readConfig } from "./config.ts";
import { DEMO_CHANNEL_TOKEN, demoLogins, issueDemoCodes, seedTown } from "./town/seed.ts";

/** `main.ts`: one centre node. `main.ts verify-audit|import|staff …`: one command, see `commands.ts`. */
const config = read();
const logger = pino({ level: config.logLevel, base: { role: "centre" } });
const command = COMMANDS.find((name) => name === process.argv[2]);
if (command) {
  const quiet = pino({ level: "fatal" });
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const code = await runCommand(command, process.argv.slice(3), config, quiet, say).catch((cause: unknown) => {
    if (!(cause instanceof CommandError)) throw cause;
    process.stderr.write(`${cause.message}\n`);
    return 2;
  });
  process.exit(code);
}

const centre = await startCentre(config, logger).catch((cause: unknown) => {
  logger.fatal({ cause: cause instanceof Error ? cause.stack : String(cause) }, "the centre cannot start");
  process.exit(1);
});

let codes: Record<string, string> = {};
if (config.demoTown) {
  const asOf = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await seedTown(centre.db, {
    seed: "gridhall",
    asOf,
    accounts: Number(process.env["GRIDHALL_DEMO_ACCOUNTS"] ?? 5000),
    logger,
  });
  centre.seats.dispatcher.policiesChanged();
  codes = await issueDemoCodes(centre.db, (process.env["GRIDHALL_DEMO_CODES"] ?? "").split(",").filter(Boolean));
}
const ready = {
  ready: true,
  httpUrl: centre.httpUrl,
  linkUrl: centre.linkUrl,
  postgresPid: centre.database.pid,
  codes,
  ...(config.demoTown ? { logins: demoLogins(), channelToken: DEMO_CHANNEL_TOKEN } : {}),
};
// The supervisor reads this line; logs go on below it.
process.stdout.write(`${JSON.stringify(ready)}\n`);

let stopping = false;
const stop = async (code: number) => {
  if (stopping) return;
  stopping = true;
  await centre[Symbol.asyncDispose]();
  process.exit(code);
};
process.once("SIGTERM", () => void stop(0));
process.once("SIGINT", () => void stop(0));
// Whoever started this node is gone (kill -9): end in good order, and PostgreSQL with us.
process.once("disconnect", () => void stop(0));
void centre.failed.then((reason) => {
  if (stopping) return;
  logger.fatal({ reason }, "the centre has lost its database server");
  void stop(1);
});

function read(): Config {
  try {
    return readConfig(process.env);
  } catch (cause) {
    process.stderr.write(`${cause instanceof Error ? cause.message : String(cause)}\n`);
    process.exit(2);
  }
}
