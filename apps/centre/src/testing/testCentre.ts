import { randomUUID } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSigningRequest } from "@gridhall/link/identity.ts";
import { sql } from "kysely";
import { pino } from "pino";
import type { ScanTimes } from "@gridhall/domain/payment/scanSaga.ts";
import { type Centre, startCentre } from "../centre.ts";
import { type Config, readConfig } from "../config.ts";
import { inScope, SYSTEM } from "../db/database.ts";
import { createEnrolmentCode } from "../devices/store.ts";
import type { SeatTimes } from "../seats/hostedCalls.ts";
import { hashPassword } from "../staff/password.ts";

/** A whole centre on free ports in a temporary folder: real PostgreSQL, real TLS link, real HTTP. */
export interface TestCentre extends AsyncDisposable {
  readonly centre: Centre;
  readonly config: Config;
  /** Ends the centre (not its data) and starts it again on the same ports. */
  restart(): Promise<void>;
  enrol(deviceId: string): Promise<{ keyPem: string; certificatePem: string; authorityPem: string; linkUrl: string }>;
}

export async function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", fail);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (typeof address === "object" && address ? done(address.port) : fail(new Error("no port"))));
    });
  });
}

export async function startTestCentre(
  overrides: Record<string, string> = {},
  tuning: { scanTimes?: ScanTimes; seatTimes?: SeatTimes; httpPort?: number } = {},
): Promise<TestCentre> {
  const dir = await mkdtemp(join(tmpdir(), "gridhall-centre-"));
  // Started by root, PostgreSQL runs under another account, which must reach its folder.
  await chmod(dir, 0o755);
  const [http, link, postgres] = [tuning.httpPort ?? (await freePort()), await freePort(), await freePort()];
  const config = readConfig({
    GRIDHALL_DATA: dir,
    GRIDHALL_HTTP_PORT: String(http),
    GRIDHALL_LINK_PORT: String(link),
    GRIDHALL_POSTGRES_PORT: String(postgres),
    ...overrides,
  });
  const logger = pino({ level: process.env["GRIDHALL_TEST_LOG"] ?? "silent" });
  let centre = await startCentre(config, logger, tuning);
  return {
    get centre() {
      return centre;
    },
    config,
    async restart() {
      await centre[Symbol.asyncDispose]();
      centre = await startCentre(config, logger, tuning);
    },
    async enrol(deviceId) {
      const code = await inScope(centre.db, SYSTEM, (tx) =>
        createEnrolmentCode(tx, deviceId, new Date(Date.now() + 60_000)),
      );
      const { keyPem, requestPem } = await createSigningRequest(deviceId);
      const response = await fetch(`${centre.httpUrl}/api/enrol`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code, requestPem }),
      });
      if (!response.ok) throw new Error(`enrol: ${response.status} ${await response.text()}`);
      return {
        keyPem,
        ...((await response.json()) as { certificatePem: string; authorityPem: string; linkUrl: string }),
      };
    },
    async [Symbol.asyncDispose]() {
      await centre[Symbol.asyncDispose]();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

export const TEST_PASSWORD = "correct horse battery staple";

/** Two counties with a hall each, and a kiosk in each hall. */
export async function seedSmall(centre: Centre): Promise<void> {
  await inScope(centre.db, SYSTEM, async (tx) => {
    for (const [id, path, kind] of [
      ["p", "p", "province"],
      ["a", "p.a", "county"],
      ["b", "p.b", "county"],
      ["ah", "p.a.h", "hall"],
      ["bh", "p.b.h", "hall"],
    ])
      await sql`insert into unit (unit_id, path, kind, name_zh, name_en) values (${id}, ${path}::ltree, ${kind}, ${`单位${id}`}, ${`Unit ${id}`})`.execute(
        tx,
      );
    for (const [id, path] of [
      ["kiosk-a", "p.a.h"],
      ["kiosk-b", "p.b.h"],
    ])
      await sql`insert into device (device_id, unit_path, kind, name_zh, name_en, profile) values (${id}, ${path}::ltree, 'kiosk', ${id}, ${id}, 'standard')`.execute(
        tx,
      );
  });
}

export async function seedStaff(
  centre: Centre,
  login: string,
  unitPath: string,
  roles: readonly string[],
): Promise<void> {
  const password = await hashPassword(TEST_PASSWORD);
  await inScope(centre.db, SYSTEM, async (tx) => {
    const id = randomUUID();
    await sql`insert into staff (staff_id, login, name_zh, name_en, unit_path, password_hash) values (${id}, ${login}, ${login}, ${login}, ${unitPath}::ltree, ${password})`.execute(
      tx,
    );
    for (const role of roles)
      await sql`insert into staff_role (staff_id, role, unit_path) values (${id}, ${role}, ${unitPath}::ltree)`.execute(
        tx,
      );
  });
}

/** One residential account with two unpaid bills: 86.40 and 50.00 yuan. */
export async function seedAccount(centre: Centre, accountNo: string, unitPath = "p.a.h"): Promise<void> {
  await inScope(centre.db, SYSTEM, async (tx) => {
    const holder = {
      kind: "person",
      name: "测试甲",
      idNo: "120000199001010011",
      creditCode: null,
      phone: "13900000001",
    };
    const plan = {
      tariff: "TJ-RESIDENTIAL",
      zh: "居民阶梯",
      en: "Residential tiers",
      timeOfUse: false,
      sharedMeter: false,
      householdPersons: null,
      voltage: null,
      twoPart: null,
      powerFactorStandard: null,
    };
    await sql`insert into account (account_no, unit_path, kind, holder, id_no, phone, address, opened_on, state, plan)
      values (${accountNo}, ${unitPath}::ltree, 'residential', ${JSON.stringify(holder)}::jsonb, ${holder.idNo}, ${holder.phone}, '和平路1号', '2020-01-01', 'normal', ${JSON.stringify(plan)}::jsonb)`.execute(
      tx,
    );
    for (const [n, month, fen] of [
      [1, "2026-09", 8640],
      [2, "2026-10", 5000],
    ] as const) {
      const body = { usage: { totalKwh: "100", sharpKwh: null, peakKwh: null, flatKwh: null, valleyKwh: null } };
      await sql`insert into bill (bill_id, account_no, unit_path, month, issued_on, due_on, total_fen, body)
        values (${`${accountNo}-${n}`}, ${accountNo}, ${unitPath}::ltree, ${month}, '2099-01-01', '2099-02-01', ${fen}, ${JSON.stringify(body)}::jsonb)`.execute(
        tx,
      );
    }
  });
}
