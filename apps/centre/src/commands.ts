import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Role } from "@gridhall/domain/staff/roles.ts";
import { sql } from "kysely";
import type { Logger } from "pino";
import { z } from "zod";
import { verifyAudit, writeAudit } from "./audit/chain.ts";
import type { Config } from "./config.ts";
import { type Database, inScope, openDatabase, SYSTEM } from "./db/database.ts";
import { migrate } from "./db/migrate.ts";
import { runningPostgres, startPostgres } from "./db/postgres.ts";
import { hashPassword } from "./staff/password.ts";

/**
 * What is done at the machine itself and not in the console: the first units and people, a lost authenticator, the
 * verification of the audit. Each works beside a running centre, or on its own.
 */

export const COMMANDS = ["verify-audit", "import", "staff"] as const;
export type Command = (typeof COMMANDS)[number];

/** A mistake in how a command was called; its text names the remedy. */
export class CommandError extends Error {}

const USAGE = `usage:
  centre verify-audit
  centre import FILE.json                units and kiosks: {"units":[…],"kiosks":[…]}
  centre staff add LOGIN --name-zh 张三 --name-en "Zhang San" --unit PATH --role ROLE [--role ROLE …]
  centre staff reset-password LOGIN      prints a new password
  centre staff reset-authenticator LOGIN the next sign-in sets up a new one
  centre staff disable LOGIN
roles: ${Role.options.join(", ")}`;

/** Runs one command; answers the exit code. `out` gets what the person is to read. */
export async function runCommand(
  command: Command,
  args: readonly string[],
  config: Config,
  logger: Logger,
  out: (line: string) => void,
): Promise<number> {
  await using cleanup = new AsyncDisposableStack();
  const { db, ownerUrl } = await connect(config, logger, cleanup);
  await migrate(ownerUrl);
  switch (command) {
    case "verify-audit": {
      const file = join(resolve(config.dataDir), "centre", "audit-key.json");
      const { publicKeyPem } = JSON.parse(await readFile(file, "utf8")) as { publicKeyPem: string };
      const verdict = await verifyAudit(db, publicKeyPem);
      out(JSON.stringify(verdict, null, 2));
      return verdict.faults.length === 0 ? 0 : 1;
    }
    case "import":
      out(await importPlaces(db, args[0]));
      return 0;
    case "staff":
      out(await staffCommand(db, args));
      return 0;
    default:
      return command satisfies never;
  }
}

/** The running server where there is one, else the embedded one for as long as the command takes. */
async function connect(
  config: Config,
  logger: Logger,
  cleanup: AsyncDisposableStack,
): Promise<{ db: Database; ownerUrl: string }> {
  const { database } = config;
  const dir = join(resolve(config.dataDir), "postgres");
  const urls =
    database.kind === "external"
      ? database
      : ((await runningPostgres({ dir, port: database.port })) ??
        cleanup.use(await startPostgres({ dir, port: database.port, logger })));
  const db = openDatabase(urls.appUrl, { max: 2 });
  cleanup.defer(() => db.destroy());
  return { db, ownerUrl: urls.ownerUrl };
}

const Path = z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/, "a path is written like p.tj.jz.s1.h1");
const Places = z.object({
  units: z
    .array(
      z.object({
        unitId: z.string().regex(/^[a-z0-9_-]{1,40}$/),
        path: Path,
        kind: z.enum(["province", "city", "county", "station", "hall"]),
        zh: z.string().min(1),
        en: z.string().min(1),
        latitude: z.number().min(-90).max(90).nullable().default(null),
        longitude: z.number().min(-180).max(180).nullable().default(null),
        addressZh: z.string().nullable().default(null),
      }),
    )
    .default([]),
  kiosks: z
    .array(
      z.object({
        kioskId: z.string().regex(/^[a-z0-9][a-z0-9-]{1,62}$/),
        unitPath: Path,
        zh: z.string().min(1),
        en: z.string().min(1),
        profile: z.string().min(1).default("standard"),
      }),
    )
    .default([]),
});

/** Units and kiosks of a file, all or none; those that are there get the file's names. */
async function importPlaces(db: Database, file: string | undefined): Promise<string> {
  if (!file) throw new CommandError(USAGE);
  const content: unknown = JSON.parse(await readFile(file, "utf8"));
  const parsed = Places.safeParse(content);
  if (!parsed.success) throw new CommandError(`${file}: ${z.prettifyError(parsed.error)}`);
  const { units, kiosks } = parsed.data;
  await inScope(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ path: string }>`select path::text from unit`.execute(tx);
    const known = new Set([...rows.map((row) => row.path), ...units.map((unit) => unit.path)]);
    for (const unit of units) {
      const parent = unit.path.split(".").slice(0, -1).join(".");
      if (parent !== "" && !known.has(parent))
        throw new CommandError(
          `units: ${unit.path} lies below ${parent}, which is neither in the file nor known; add it`,
        );
      await sql`insert into unit (unit_id, path, kind, name_zh, name_en, latitude, longitude, address_zh)
        values (${unit.unitId}, ${unit.path}::ltree, ${unit.kind}, ${unit.zh}, ${unit.en}, ${unit.latitude}, ${unit.longitude}, ${unit.addressZh})
        on conflict do nothing`.execute(tx);
    }
    for (const kiosk of kiosks) {
      if (!known.has(kiosk.unitPath))
        throw new CommandError(
          `kiosks: ${kiosk.kioskId} stands in ${kiosk.unitPath}, which is not known; add the unit`,
        );
      await sql`insert into device (device_id, unit_path, kind, name_zh, name_en, profile)
        values (${kiosk.kioskId}, ${kiosk.unitPath}::ltree, 'kiosk', ${kiosk.zh}, ${kiosk.en}, ${kiosk.profile})
        on conflict do nothing`.execute(tx);
    }
    const [root] = units;
    if (root)
      await writeAudit(tx, {
        unitPath: root.path,
        actor: "system",
        action: "places.imported",
        subject: root.path,
        detail: { units: units.length, kiosks: kiosks.length },
      });
  });
  return `${units.length} units and ${kiosks.length} kiosks are there`;
}

async function staffCommand(db: Database, args: readonly string[]): Promise<string> {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "name-zh": { type: "string" },
      "name-en": { type: "string" },
      unit: { type: "string" },
      role: { type: "string", multiple: true },
    },
  });
  const [what = "", login = ""] = positionals;
  if (!login) throw new CommandError(USAGE);
  const password = randomBytes(12).toString("base64url");
  switch (what) {
    case "add": {
      const { "name-zh": nameZh, "name-en": nameEn, unit, role: roles = [] } = values;
      if (!nameZh || !nameEn || !unit || roles.length === 0) throw new CommandError(USAGE);
      const wrong = roles.filter((role) => !Role.safeParse(role).success);
      if (wrong.length > 0)
        throw new CommandError(`--role: there is no role ${wrong.join(", ")}; choose of ${Role.options.join(", ")}`);
      const hash = await hashPassword(password);
      await inScope(db, SYSTEM, async (tx) => {
        const { rows } = await sql`select 1 from unit where path = ${Path.parse(unit)}::ltree`.execute(tx);
        if (rows.length === 0) throw new CommandError(`--unit: there is no unit ${unit}; import it first`);
        const staffId = randomUUID();
        const inserted = await sql`insert into staff (staff_id, login, name_zh, name_en, unit_path, password_hash)
          values (${staffId}, ${login}, ${nameZh}, ${nameEn}, ${unit}::ltree, ${hash}) on conflict do nothing`.execute(
          tx,
        );
        if ((inserted.numAffectedRows ?? 0n) === 0n) throw new CommandError(`${login}: this login is taken`);
        for (const role of roles)
          await sql`insert into staff_role (staff_id, role, unit_path) values (${staffId}, ${role}, ${unit}::ltree)`.execute(
            tx,
          );
        await writeAudit(tx, {
          unitPath: unit,
          actor: "system",
          action: "staff.added",
          subject: staffId,
          detail: { login, roles },
        });
      });
      return `${login} may sign in with the password ${password}`;
    }
    case "reset-password": {
      const hash = await hashPassword(password);
      await changeStaff(
        db,
        login,
        "staff.password-reset",
        (staffId) =>
          sql`update staff set password_hash = ${hash}, failed_sign_ins = 0, locked_until = null where staff_id = ${staffId}`,
      );
      return `${login} may sign in with the password ${password}`;
    }
    case "reset-authenticator":
      await changeStaff(
        db,
        login,
        "staff.authenticator-reset",
        (staffId) =>
          sql`update staff set totp_secret = null, totp_pending = null, totp_step = null where staff_id = ${staffId}`,
      );
      return `${login} signs in without an authenticator, and has to set one up where the role needs it`;
    case "disable":
      await changeStaff(
        db,
        login,
        "staff.disabled",
        (staffId) => sql`update staff set disabled_at = now() where staff_id = ${staffId}`,
      );
      return `${login} cannot sign in any more`;
    default:
      throw new CommandError(USAGE);
  }
}

/** One change of a person, with its audit entry; sessions that are open end with it. */
async function changeStaff(
  db: Database,
  login: string,
  action: string,
  change: (staffId: string) => ReturnType<typeof sql>,
): Promise<void> {
  await inScope(db, SYSTEM, async (tx) => {
    const { rows } = await sql<{ staff_id: string; unit_path: string }>`select staff_id, unit_path::text from staff
      where login = ${login}`.execute(tx);
    const [person] = rows;
    if (!person) throw new CommandError(`${login}: nobody has this login`);
    await change(person.staff_id).execute(tx);
    await sql`delete from staff_session where staff_id = ${person.staff_id}`.execute(tx);
    await writeAudit(tx, {
      unitPath: person.unit_path,
      actor: "system",
      action,
      subject: person.staff_id,
      detail: { login },
    });
  });
}
