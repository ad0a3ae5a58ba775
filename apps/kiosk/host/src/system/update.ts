import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { dirname, join, normalize, relative, sep } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { z } from "zod";
import { writeDurably } from "../store/key.ts";

/**
 * Signed updates of a terminal (requirement T6). One file: a manifest, an Ed25519 signature over it, and the content
 * that the manifest's hashes name. A release is extracted aside, made current by one rename, tried, and either confirmed
 * or rolled back by the supervisor.
 */
const Manifest = z.object({
  format: z.literal(1),
  kind: z.enum(["software", "configuration"]),
  version: z.string().regex(/^[0-9A-Za-z][0-9A-Za-z._-]{0,60}$/, "letters, figures, . _ -"),
  createdAt: z.string(),
  files: z.array(z.object({ path: z.string().min(1), sha256: z.string().length(64) })).min(1),
});
export type Manifest = z.infer<typeof Manifest>;
const UpdateFile = z.object({ manifest: Manifest, signature: z.string(), content: z.record(z.string(), z.string()) });

export const ReleaseState = z.object({
  /** Null: what was installed with the terminal. */
  software: z.string().nullable(),
  configuration: z.string().nullable(),
  /** The release that is being tried, and what was current before it. */
  trial: z
    .object({ kind: z.enum(["software", "configuration"]), version: z.string(), before: z.string().nullable() })
    .nullable(),
  failed: z.array(z.object({ version: z.string(), at: z.string(), reason: z.string() })),
});
export type ReleaseState = z.infer<typeof ReleaseState>;

export class UpdateError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "UpdateError";
  }
}

const hashOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const signedText = (manifest: Manifest) => Buffer.from(JSON.stringify(Manifest.parse(manifest)));

/** Builds an update file from files below `root`. The key's private half never comes near a terminal. */
export function packUpdate(options: {
  kind: Manifest["kind"];
  version: string;
  createdAt: string;
  root: string;
  paths: readonly string[];
  privateKeyPem: string;
}): string {
  const content: Record<string, string> = {};
  const files = options.paths
    .flatMap((path) => listFiles(options.root, path))
    .map((path) => {
      const bytes = readFileSync(join(options.root, path));
      content[path] = gzipSync(bytes).toString("base64");
      return { path, sha256: hashOf(bytes) };
    });
  const manifest = Manifest.parse({
    format: 1,
    kind: options.kind,
    version: options.version,
    createdAt: options.createdAt,
    files,
  });
  return JSON.stringify({
    manifest,
    signature: sign(null, signedText(manifest), createPrivateKey(options.privateKeyPem)).toString("base64"),
    content,
  });
}

function listFiles(root: string, path: string): string[] {
  const full = join(root, path);
  if (!statSync(full).isDirectory()) return [path];
  return readdirSync(full)
    .filter((name) => name !== "node_modules" && name !== "dist" && !name.endsWith(".test.ts"))
    .flatMap((name) => listFiles(root, join(path, name)));
}

/** Checks signature, paths and hashes. Throws UpdateError that says what is wrong; nothing is written. */
export function openUpdate(text: string, publicKeyPem: string): { manifest: Manifest; files: Map<string, Uint8Array> } {
  let parsed: z.infer<typeof UpdateFile>;
  try {
    parsed = UpdateFile.parse(JSON.parse(text));
  } catch (cause) {
    throw new UpdateError("this is not an update file", { cause });
  }
  if (
    !verify(null, signedText(parsed.manifest), createPublicKey(publicKeyPem), Buffer.from(parsed.signature, "base64"))
  )
    throw new UpdateError("the signature is not that of this terminal's update key; the file is refused");
  const files = new Map<string, Uint8Array>();
  for (const file of parsed.manifest.files) {
    const path = normalize(file.path);
    if (path.startsWith("..") || path.startsWith(sep) || path.includes(`..${sep}`))
      throw new UpdateError(`${file.path}: leads out of the release folder`);
    const packed = parsed.content[file.path];
    if (packed === undefined) throw new UpdateError(`${file.path}: named by the manifest, but not in the file`);
    const bytes = gunzipSync(Buffer.from(packed, "base64"));
    if (hashOf(bytes) !== file.sha256) throw new UpdateError(`${file.path}: its content was changed`);
    files.set(path, bytes);
  }
  return { manifest: parsed.manifest, files };
}

const stateFile = (dir: string) => join(dir, "release.json");
export const releaseDir = (dir: string, version: string) => join(dir, "releases", version);

export function readReleaseState(dir: string): ReleaseState {
  if (!existsSync(stateFile(dir))) return { software: null, configuration: null, trial: null, failed: [] };
  return ReleaseState.parse(JSON.parse(readFileSync(stateFile(dir), "utf8")));
}

async function writeReleaseState(dir: string, state: ReleaseState): Promise<void> {
  await writeDurably(stateFile(dir), JSON.stringify(state, null, 2));
}

/** Extracts and makes the release the one to try. What is current stays on disk for the way back. */
export async function stageUpdate(
  dir: string,
  text: string,
  publicKeyPem: string,
  installedRoot: string,
): Promise<Manifest> {
  const { manifest, files } = openUpdate(text, publicKeyPem);
  const state = readReleaseState(dir);
  if (state.trial)
    throw new UpdateError(
      `release ${state.trial.version} is still being tried; wait until it is confirmed or rolled back`,
    );
  if (state.failed.some((failed) => failed.version === manifest.version))
    throw new UpdateError(`release ${manifest.version} was rolled back before; give the mended one a new version`);
  const partial = `${releaseDir(dir, manifest.version)}.partial`;
  rmSync(partial, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    mkdirSync(dirname(join(partial, path)), { recursive: true });
    await writeDurably(join(partial, path), bytes);
  }
  if (manifest.kind === "software") linkModules(installedRoot, partial, releaseDir(dir, manifest.version));
  rmSync(releaseDir(dir, manifest.version), { recursive: true, force: true });
  renameSync(partial, releaseDir(dir, manifest.version));
  await writeReleaseState(dir, {
    ...state,
    [manifest.kind]: manifest.version,
    trial: { kind: manifest.kind, version: manifest.version, before: state[manifest.kind] },
  });
  return manifest;
}

export async function confirmTrial(dir: string): Promise<void> {
  await writeReleaseState(dir, { ...readReleaseState(dir), trial: null });
}

export async function rollBack(dir: string, reason: string, at: string): Promise<void> {
  const state = readReleaseState(dir);
  if (!state.trial) return;
  await writeReleaseState(dir, {
    ...state,
    [state.trial.kind]: state.trial.before,
    trial: null,
    failed: [...state.failed, { version: state.trial.version, at, reason }],
  });
}

/** Packages come from the installation; the project's own come from the release where it brings them. */
function linkModules(installedRoot: string, partial: string, final: string): void {
  const visit = (folder: string) => {
    if (existsSync(join(partial, folder, "package.json"))) linkPackage(folder);
    for (const name of readdirSync(join(partial, folder)))
      if (name !== "node_modules" && lstatSync(join(partial, folder, name)).isDirectory()) visit(join(folder, name));
  };
  const linkPackage = (folder: string) => {
    const from = join(installedRoot, folder, "node_modules");
    if (!existsSync(from)) return;
    for (const name of readdirSync(from)) {
      if (name.startsWith(".")) continue;
      const names = name.startsWith("@") ? readdirSync(join(from, name)).map((part) => join(name, part)) : [name];
      for (const module of names) {
        const target = realpathSync(join(from, module));
        const own = relative(realpathSync(installedRoot), target);
        const inRelease = module.startsWith("@gridhall") && existsSync(join(partial, own));
        mkdirSync(dirname(join(partial, folder, "node_modules", module)), { recursive: true });
        symlinkSync(inRelease ? join(final, own) : target, join(partial, folder, "node_modules", module));
      }
    }
  };
  visit("");
}
