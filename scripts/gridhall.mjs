#!/usr/bin/env node
// One program, four roles (hall comes with the watch). Each role is a process of its own; this file only finds it.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const roles = {
  demo: "apps/demo/src/main.ts",
  centre: "apps/centre/src/main.ts",
  kiosk: "apps/kiosk/host/src/cli.ts",
};
const [role = "", ...rest] = process.argv.slice(2);
const script = roles[role];
if (!script) {
  process.stderr.write(
    `usage: gridhall ${Object.keys(roles).join("|")} …\n  demo                     a small town on this machine\n  centre [verify-audit|import FILE|staff …]  one centre node\n  kiosk [run|update FILE|pack …]  one terminal\n`,
  );
  process.exit(2);
}
// The same Node that runs this file: under `npm run gridhall` that is the pinned one.
const child = spawn(process.execPath, [join(root, script), ...rest], {
  stdio: ["inherit", "inherit", "inherit", "ipc"],
});
// Ctrl-C reaches the whole group; a signal to this process alone must end the role just the same. Told once: a second one
// would cut short what the first began.
let told = false;
const end = () => {
  if (!told) child.kill("SIGTERM");
  told = true;
};
process.on("SIGINT", end);
process.on("SIGTERM", end);
// Whoever started this is gone: the channel to the role closes with us, too.
process.on("disconnect", end);
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
