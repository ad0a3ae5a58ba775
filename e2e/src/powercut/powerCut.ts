import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** Compiles the shim; throws with the compiler's words. */
export function buildShim(dir: string): string {
  const library = join(dir, "powercut.so");
  const built = spawnSync(
    "gcc",
    ["-shared", "-fPIC", "-O1", "-o", library, join(import.meta.dirname, "shim.c"), "-ldl"],
    { encoding: "utf8" },
  );
  if (built.status !== 0)
    throw new Error(`the power-cut shim needs gcc and libc6-dev: ${built.stderr ?? built.error?.message}`);
  return library;
}

export interface PowerCut {
  /** Environment of the program under test. */
  readonly env: Record<string, string>;
  /** After the program's kill -9: leaves in the folder what a power cut would have left. Answers the names that survived. */
  cut(): string[];
}

export function createPowerCut(library: string, dataDir: string): PowerCut {
  mkdirSync(dataDir, { recursive: true });
  const dir = realpathSync(dataDir);
  const shadow = `${dir}.shadow`;
  /** What is on the disk now counts as durable. */
  const adopt = () => {
    rmSync(shadow, { recursive: true, force: true });
    mkdirSync(shadow, { recursive: true });
    const lines = readdirSync(dir).map((name) => {
      const { ino } = statSync(join(dir, name));
      copyFileSync(join(dir, name), join(shadow, `ino-${ino}`));
      return `${ino} ${name}\n`;
    });
    writeFileSync(join(shadow, "entries"), lines.join(""));
  };
  adopt();
  return {
    env: { LD_PRELOAD: library, GRIDHALL_CUT_DIR: dir, GRIDHALL_CUT_SHADOW: shadow },
    cut() {
      const entries = readFileSync(join(shadow, "entries"), "utf8")
        .split("\n")
        .filter(Boolean)
        .map((line) => ({ ino: line.slice(0, line.indexOf(" ")), name: line.slice(line.indexOf(" ") + 1) }));
      for (const name of readdirSync(dir)) rmSync(join(dir, name), { recursive: true });
      for (const { ino, name } of entries) {
        const content = join(shadow, `ino-${ino}`);
        // A name that is durable without its content: an empty file, as after many a real power cut.
        if (existsSync(content)) copyFileSync(content, join(dir, name));
        else writeFileSync(join(dir, name), "");
      }
      adopt();
      return entries.map((entry) => entry.name);
    },
  };
}
