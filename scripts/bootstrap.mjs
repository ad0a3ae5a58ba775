#!/usr/bin/env node
// Brings the toolchain up on a fresh machine, then runs the given script under the pinned Node.
// Plain JavaScript on purpose: this is the one file that must run on Node 20, before anything is installed.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "node_modules", ".gridhall-installed");
const lockfile = join(root, "pnpm-lock.yaml");
const pinned = join(root, "node_modules", ".bin", "node");

function isStale() {
  if (!existsSync(stamp) || !existsSync(pinned)) return true;
  return existsSync(lockfile) && statSync(lockfile).mtimeMs > statSync(stamp).mtimeMs;
}

if (isStale()) {
  process.stderr.write("Installing packages (first run only) …\n");
  const installed = spawnSync("npx", ["--yes", "pnpm@12", "install", "--frozen-lockfile"], {
    cwd: root,
    // Everything pnpm prints goes to stderr, so that a bench's or a tariff's stdout stays machine-readable.
    stdio: ["ignore", 2, 2],
    env: { ...process.env, CI: "true" },
  });
  if (installed.status !== 0) {
    process.stderr.write("Package installation failed: see the lines above; is the npm registry reachable?\n");
    process.exit(installed.status ?? 1);
  }
  writeFileSync(stamp, new Date().toISOString());
}

const child = spawn(pinned, process.argv.slice(2), { stdio: ["inherit", "inherit", "inherit", "ipc"] });
// Ctrl-C reaches the child through the terminal's process group; a TERM sent to this process alone is passed on.
// As in gridhall.mjs: passed on once.
let told = false;
const end = () => {
  if (!told) child.kill("SIGTERM");
  told = true;
};
process.on("SIGINT", end);
process.on("SIGTERM", end);
// npm ended with -9 leaves its children behind: notice it, and end in good order. Our own end closes the channel.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) child.kill("SIGTERM");
}, 500).unref();
child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 1)));
