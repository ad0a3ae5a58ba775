import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildApps } from "../apps/demo/src/build.ts";
import { ensureSystemPackages } from "../apps/demo/src/systemPackages.ts";

/** `npm test`: everything. Types, lint, format, dead code, then all tests; closes with the line `N passed, N failed`. */
const ROOT = join(import.meta.dirname, "..");
const only = process.argv.slice(2);
const bin = (name: string) => join(ROOT, "node_modules", ".bin", name);
const say = (line: string) => process.stdout.write(`${line}\n`);

function run(command: string, args: readonly string[], env: Record<string, string> = {}): Promise<number> {
  return new Promise((done) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, ...env },
    });
    child.once("exit", (code) => done(code ?? 1));
    child.once("error", () => done(1));
  });
}

const missing = ensureSystemPackages(
  [
    { program: "socat", debian: "socat", what: "pseudo-terminals for the simulated devices" },
    { program: "ippeveprinter", debian: "cups-ipp-utils", what: "CUPS's own IPP printer, a real peer for ours" },
    { program: "chromium", debian: "chromium", what: "the browser of the end-to-end tests" },
    { program: "dbus-daemon", debian: "dbus", what: "CUPS's printer wants a bus; it gets a private one" },
    { program: "pcscd", debian: "pcscd", what: "the card service, a real peer for ours" },
    { program: "vpcd-config", debian: "vsmartcard-vpcd", what: "a virtual card reader for it" },
    { program: "pdftotext", debian: "poppler-utils", what: "reads printed bills" },
    { program: "fc-list", debian: "fontconfig", what: "fonts" },
    { program: "gcc", debian: "gcc", what: "compiles the power-cut shim" },
    { program: "ffprobe", debian: "ffmpeg", what: "decodes recordings, as an independent witness" },
    { program: "janus", debian: "janus", what: "a media server, a real peer for ours" },
    { program: "turnserver", debian: "coturn", what: "a relay for media, a real peer for ours" },
    { program: "nats-server", debian: "nats-server", what: "carries hints between centre nodes" },
  ],
  say,
);
if (!existsSync("/usr/share/fonts/opentype/noto") && process.getuid?.() === 0)
  await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "fonts-noto-cjk", "libc6-dev"]);
if (missing.length > 0) say(`Tests that need ${missing.join(", ")} will fail.`);
buildApps(ROOT, say);

let passed = 0;
let failed = 0;
const failures: string[] = [];
async function check(name: string, work: () => Promise<number>): Promise<void> {
  if (only.length > 0 && !only.includes(name)) return;
  say(`\n── ${name} ──`);
  const code = await work();
  if (code === 0) passed += 1;
  else {
    failed += 1;
    failures.push(name);
  }
}

await check("types", async () => {
  const projects = [
    "tsconfig.json",
    "packages/domain/tsconfig.json",
    "packages/domain/tsconfig.test.json",
    "packages/ui/tsconfig.json",
    "packages/media/tsconfig.json",
    "packages/media/tsconfig.client.json",
    "apps/kiosk/ui/tsconfig.json",
    "apps/console/tsconfig.json",
  ];
  let worst = 0;
  for (const project of projects)
    if (existsSync(join(ROOT, project))) worst = Math.max(worst, await run(bin("tsc"), ["-p", project]));
  return worst;
});
await check("lint", () => run(bin("oxlint"), ["--type-aware"]));
await check("format", () => run(bin("oxfmt"), ["--check", "."]));
await check("dead code", () => run(bin("knip"), ["--no-progress"]));

if (only.length === 0 || only.includes("tests")) {
  say("\n── tests ──");
  const folder = mkdtempSync(join(tmpdir(), "gridhall-report-"));
  const report = join(folder, "vitest.json");
  const code = await run(bin("vitest"), [
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  try {
    const result = JSON.parse(readFileSync(report, "utf8")) as {
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
      success: boolean;
    };
    passed += result.numPassedTests;
    failed += result.numFailedTests;
    // A suite that could not even be loaded has no failed test of its own.
    if (code !== 0 && result.numFailedTests === 0) failed += 1;
  } catch {
    failed += 1;
  }
  if (code !== 0) failures.push("tests");
  rmSync(folder, { recursive: true });
}

if (failures.length > 0) say(`\nfailed: ${failures.join(", ")}`);
say(`\n${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
