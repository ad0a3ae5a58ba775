import { generateKeyPairSync } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openRotatingLog } from "./rotatingLog.ts";
import { confirmTrial, openUpdate, packUpdate, readReleaseState, releaseDir, rollBack, stageUpdate } from "./update.ts";

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gridhall-update-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

function keys() {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    privateKeyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

function configuration(version: string, privateKeyPem: string): string {
  const root = join(dir, `source-${version}`);
  mkdirSync(root);
  writeFileSync(join(root, "kiosk.json"), JSON.stringify({ version }));
  return packUpdate({
    kind: "configuration",
    version,
    createdAt: "2026-11-23T00:00:00Z",
    root,
    paths: ["kiosk.json"],
    privateKeyPem,
  });
}

describe("signed updates", () => {
  test("[T6] a signed configuration is staged, confirmed, and the next one rolled back to it", async () => {
    const key = keys();
    await stageUpdate(dir, configuration("c1", key.privateKeyPem), key.publicKeyPem, dir);
    expect(readReleaseState(dir)).toMatchObject({ configuration: "c1", trial: { version: "c1", before: null } });
    await confirmTrial(dir);
    const second = configuration("c2", key.privateKeyPem);
    await stageUpdate(dir, second, key.publicKeyPem, dir);
    expect(JSON.parse(readFileSync(join(releaseDir(dir, "c2"), "kiosk.json"), "utf8"))).toEqual({ version: "c2" });
    await rollBack(dir, "did not start", "2026-11-23T01:00:00Z");
    expect(readReleaseState(dir)).toMatchObject({ configuration: "c1", trial: null, failed: [{ version: "c2" }] });
    await expect(stageUpdate(dir, second, key.publicKeyPem, dir)).rejects.toThrow(/rolled back before/);
  });

  test("[T6] another key's signature, changed content, a changed manifest and a path out of the folder are each refused, and nothing is written", async () => {
    const [key, other] = [keys(), keys()];
    const good = configuration("c1", key.privateKeyPem);
    const parsed = JSON.parse(good) as {
      manifest: { version: string; files: { path: string }[] };
      content: Record<string, string>;
    };
    expect(() => openUpdate(good, other.publicKeyPem)).toThrow(/signature/);
    expect(() =>
      openUpdate(JSON.stringify({ ...parsed, manifest: { ...parsed.manifest, version: "c9" } }), key.publicKeyPem),
    ).toThrow(/signature/);
    expect(() =>
      openUpdate(
        JSON.stringify({
          ...parsed,
          content: { "kiosk.json": JSON.parse(configuration("c3", key.privateKeyPem)).content["kiosk.json"] as string },
        }),
        key.publicKeyPem,
      ),
    ).toThrow(/content was changed/);
    expect(() => openUpdate("{}", key.publicKeyPem)).toThrow(/not an update file/);
    const root = join(dir, "evil");
    mkdirSync(join(root, "inner"), { recursive: true });
    writeFileSync(join(root, "outside.json"), "{}");
    const escaping = packUpdate({
      kind: "configuration",
      version: "e1",
      createdAt: "x",
      root: join(root, "inner"),
      paths: ["../outside.json"],
      privateKeyPem: key.privateKeyPem,
    });
    await expect(stageUpdate(dir, escaping, key.publicKeyPem, dir)).rejects.toThrow(/leads out/);
    expect(existsSync(join(dir, "releases"))).toBe(false);
  });

  test("[T6] the log is moved aside at its limit and never takes more than its share", () => {
    const log = openRotatingLog(join(dir, "logs", "host.log"), { maxBytes: 1_000, keep: 3 });
    for (let i = 0; i < 100; i += 1) log.write(Buffer.from(`${String(i).padStart(98, ".")}\n`));
    log.close();
    const files = readdirSync(join(dir, "logs")).sort();
    expect(files).toEqual(["host.log", "host.log.1", "host.log.2", "host.log.3"]);
    expect(readFileSync(join(dir, "logs", "host.log"), "utf8")).toContain("99\n");
  });
});
