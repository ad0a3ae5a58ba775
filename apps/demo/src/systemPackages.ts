import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

export interface SystemPackage {
  /** The program whose presence means that the package is there. */
  program: string;
  debian: string;
  what: string;
}

export function findProgram(program: string): string | null {
  for (const folder of [...(process.env["PATH"] ?? "").split(delimiter), "/usr/sbin", "/usr/bin"])
    if (folder && existsSync(join(folder, program))) return join(folder, program);
  return null;
}

/** Installs what is missing through apt-get, or says clearly what to install where that is impossible. */
export function ensureSystemPackages(wanted: readonly SystemPackage[], say: (line: string) => void): string[] {
  const missing = wanted.filter((entry) => !findProgram(entry.program));
  if (missing.length === 0) return [];
  const names = missing.map((entry) => entry.debian);
  const command = `apt-get install -y ${names.join(" ")}`;
  if (process.getuid?.() === 0 && findProgram("apt-get")) {
    say(`Installing system packages (first run only): ${names.join(", ")} …`);
    const options = {
      stdio: ["ignore", "ignore", "pipe"] as ["ignore", "ignore", "pipe"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    let installed = spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...names], options);
    if (installed.status !== 0) {
      spawnSync("apt-get", ["update", "-qq"], options);
      installed = spawnSync("apt-get", ["install", "-y", "--no-install-recommends", ...names], options);
    }
    if (installed.status !== 0)
      say(`apt-get failed: ${installed.stderr.toString().trim().split("\n").slice(-2).join(" ")}`);
  }
  const still = wanted.filter((entry) => !findProgram(entry.program));
  for (const entry of still) say(`Missing: ${entry.program} (${entry.what}). Install it as root: ${command}`);
  return still.map((entry) => entry.program);
}
