import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Puts a file where the rule holds, lints it, and takes it away again. */
function lint(folder: string, text: string): string {
  const file = join(ROOT, folder, `layerProbe${randomUUID().slice(0, 8)}.ts`);
  writeFileSync(file, text);
  try {
    const result = spawnSync(join(ROOT, "node_modules/.bin/oxlint"), ["--type-aware", file], {
      cwd: ROOT,
      encoding: "utf8",
    });
    return result.stdout + result.stderr;
  } finally {
    rmSync(file);
  }
}

function compileInDomain(text: string): string {
  const name = `layerProbe${randomUUID().slice(0, 8)}.ts`;
  const file = join(ROOT, "packages/domain/src", name);
  writeFileSync(file, text);
  try {
    return spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["-p", "packages/domain/tsconfig.json"], {
      cwd: ROOT,
      encoding: "utf8",
    }).stdout;
  } finally {
    rmSync(file);
  }
}

describe("layer rules bite", () => {
  test.each([
    [
      "packages/domain/src",
      `import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n`,
      "domain is pure",
    ],
    [
      "packages/domain/src",
      `import { openStore } from "@gridhall/link/store.ts";\nexport const x = openStore;\n`,
      "domain is pure",
    ],
    [
      "packages/hardware/src",
      `import { startCentre } from "@gridhall/centre/centre.ts";\nexport const x = startCentre;\n`,
      "packages never import apps",
    ],
    [
      "packages/media/src",
      `import { startCentre } from "@gridhall/centre/centre.ts";\nexport const x = startCentre;\n`,
      "packages never import apps",
    ],
    [
      "packages/media/src/client",
      `import { createSocket } from "node:dgram";\nexport const x = createSocket;\n`,
      "browsers never import Node code",
    ],
    [
      "apps/console/src",
      `import { startSfu } from "@gridhall/media/sfu/engine.ts";\nexport const x = startSfu;\n`,
      "browsers never import Node code",
    ],
    [
      "apps/centre/src",
      `import { startHost } from "@gridhall/kiosk-host/host.ts";\nexport const x = startHost;\n`,
      "apps never import each other",
    ],
    [
      "apps/kiosk/host/src",
      `import { startCentre } from "@gridhall/centre/centre.ts";\nexport const x = startCentre;\n`,
      "apps never import each other",
    ],
    [
      "apps/kiosk/host/src",
      `import { persons } from "@gridhall/simulators/idReader/persons.ts";\nexport const x = persons;\n`,
      "the host knows no simulator",
    ],
    [
      "apps/kiosk/ui/src",
      `import { readFileSync } from "node:fs";\nexport const x = readFileSync;\n`,
      "browsers never import Node code",
    ],
    [
      "apps/console/src",
      `import { openStore } from "@gridhall/link/store.ts";\nexport const x = openStore;\n`,
      "browsers never import Node code",
    ],
    [
      "apps/demo/src",
      `import { startCentre } from "@gridhall/centre/centre.ts";\nexport const x = startCentre;\n`,
      "apps never import each other",
    ],
    ["apps/centre/src", `const x = 1;\nexport default x;\n`, "no-default-export"],
    [
      "apps/centre/src",
      `export function f(x: string | null): number {\n  return x!.length;\n}\n`,
      "no-non-null-assertion",
    ],
    [
      "apps/centre/src",
      `async function g(): Promise<void> {}\nexport function f(): void {\n  g();\n}\n`,
      "no-floating-promises",
    ],
    ["apps/centre/src", `export const x: any = 1;\n`, "no-explicit-any"],
    ["packages/domain/src", `export const now = Date.now();\n`, "the clock is an argument"],
  ])("in %s: %j is refused", (folder, text, message) => {
    expect(lint(folder, text)).toContain(message);
  });

  test("the clock of the machine, timers, fetch and process do not compile in domain", () => {
    const output = compileInDomain(`export const x = [typeof process, setTimeout, fetch];\n`);
    for (const name of ["process", "setTimeout", "fetch"]) expect(output).toContain(`'${name}'`);
  });
});
