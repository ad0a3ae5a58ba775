import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packUpdate, readReleaseState, stageUpdate, UpdateError } from "./system/update.ts";

/** `gridhall kiosk run | update FILE | pack … | release` */
const USAGE = `usage: gridhall kiosk run
       gridhall kiosk update FILE           verify, stage and try a signed update
       gridhall kiosk release               what is installed, on trial, rolled back
       gridhall kiosk pack --kind software|configuration --version V --key PRIVATE.pem --root DIR --out FILE PATH …
The terminal's folder is GRIDHALL_DATA; its update key is update-key.pem there.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    kind: { type: "string" },
    version: { type: "string" },
    key: { type: "string" },
    root: { type: "string" },
    out: { type: "string" },
  },
});
const [verb = "run", ...rest] = positionals;
const dataDir = process.env["GRIDHALL_DATA"] ?? ".data/kiosk";
const fail = (message: string): never => {
  process.stderr.write(`${message}\n`);
  process.exit(2);
};

switch (verb) {
  case "run":
    await import("./supervise.ts");
    break;
  case "update": {
    const [file] = rest;
    const keyFile = join(dataDir, "update-key.pem");
    if (!file) fail(USAGE);
    else if (!existsSync(keyFile))
      fail(`${keyFile}: the terminal has no update key; put the publisher's public key there`);
    else
      try {
        const manifest = await stageUpdate(
          dataDir,
          readFileSync(file, "utf8"),
          readFileSync(keyFile, "utf8"),
          join(import.meta.dirname, "..", "..", "..", ".."),
        );
        const pidFile = join(dataDir, "supervisor.pid");
        if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, "utf8")), "SIGHUP");
        process.stdout.write(
          `${manifest.kind} ${manifest.version} is staged; it is tried as soon as no customer is being served\n`,
        );
      } catch (cause) {
        if (!(cause instanceof UpdateError)) throw cause;
        fail(`${file}: ${cause.message}`);
      }
    break;
  }
  case "release":
    process.stdout.write(`${JSON.stringify(readReleaseState(dataDir), null, 2)}\n`);
    break;
  case "pack": {
    const { kind, version, key, root, out } = values;
    if ((kind !== "software" && kind !== "configuration") || !version || !key || !root || !out || rest.length === 0)
      fail(USAGE);
    else
      writeFileSync(
        out,
        packUpdate({
          kind,
          version,
          createdAt: new Date().toISOString(),
          root,
          paths: rest,
          privateKeyPem: readFileSync(key, "utf8"),
        }),
      );
    break;
  }
  default:
    fail(USAGE);
}
