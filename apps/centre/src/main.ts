import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { verifyAudit } from "./audit/chain.ts";
import { startCentre } from "./centre.ts";
import { type Config, readConfig } from "./config.ts";
import { DEMO_CHANNEL_TOKEN, demoLogins, issueDemoCodes, seedTown } from "./town/seed.ts";

/** `main.ts`: one centre node. `main.ts verify-audit`: checks the audit chains of the database and exits 1 on a fault. */
const config = read();
const logger = pino({ level: config.logLevel, base: { role: "centre" } });

const centre = await startCentre(config, logger).catch((cause: unknown) => {
  logger.fatal({ cause: cause instanceof Error ? cause.stack : String(cause) }, "the centre cannot start");
  process.exit(1);
});

if (process.argv[2] === "verify-audit") {
  const { publicKeyPem } = JSON.parse(await readFile(join(config.dataDir, "centre", "audit-key.json"), "utf8")) as {
    publicKeyPem: string;
  };
  const verdict = await verifyAudit(centre.db, publicKeyPem);
  process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
  await centre[Symbol.asyncDispose]();
  process.exit(verdict.faults.length === 0 ? 0 : 1);
}

let codes: Record<string, string> = {};
if (config.demoTown) {
  const asOf = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await seedTown(centre.db, {
    seed: "gridhall",
    asOf,
    accounts: Number(process.env["GRIDHALL_DEMO_ACCOUNTS"] ?? 5000),
    logger,
  });
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
