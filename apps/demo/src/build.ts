import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Everything a browser bundle is made of: a change in any of these files makes it stale. */
const SOURCES: Record<string, string[]> = {
  "apps/kiosk/ui": ["apps/kiosk/ui", "packages/ui/src", "packages/domain/src", "pnpm-lock.yaml"],
  "apps/console": ["apps/console", "packages/ui/src", "packages/domain/src", "pnpm-lock.yaml"],
};

function fingerprint(root: string, paths: readonly string[]): string {
  const hash = createHash("sha256");
  const visit = (path: string) => {
    if (!existsSync(path)) return;
    if (statSync(path).isDirectory()) {
      for (const name of readdirSync(path).sort())
        if (name !== "node_modules" && name !== "dist") visit(join(path, name));
    } else if (!path.endsWith(".test.ts")) hash.update(path).update(readFileSync(path));
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest("hex");
}

/** Builds the browser applications that are stale. Throws with Vite's own words where that fails. */
export function buildApps(root: string, say: (line: string) => void): void {
  for (const [app, sources] of Object.entries(SOURCES)) {
    const folder = join(root, app);
    const stamp = join(folder, "dist", ".fingerprint");
    const now = fingerprint(root, sources);
    if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) continue;
    if (!existsSync(join(folder, "src", "main.tsx"))) continue;
    say(`Building ${app} …`);
    const built = spawnSync(
      process.execPath,
      [join(folder, "node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"],
      { cwd: folder, stdio: ["ignore", "pipe", "pipe"] },
    );
    if (built.status !== 0)
      throw new Error(`${app} cannot be built:\n${built.stdout.toString()}${built.stderr.toString()}`);
    mkdirSync(join(folder, "dist"), { recursive: true });
    writeFileSync(stamp, now);
  }
}
