import { Me, SignIn } from "@gridhall/domain/staff/api.ts";
import { permissionsOf } from "@gridhall/domain/staff/roles.ts";
import { verify } from "@node-rs/argon2";
import { sql } from "kysely";
import { writeAudit } from "../audit/chain.ts";
import { type Database, inScope, SYSTEM, type Tx } from "../db/database.ts";
import { lacksSecondFactor, open, settingUp, viewerOf } from "../web/access.ts";
import { HallError } from "../web/errors.ts";
import { type App, SESSION_COOKIE } from "../web/server.ts";
import { hashPassword } from "./password.ts";
import { createSession, endSession, findGrants, findStaffByLogin, recordSignIn, type StaffRow } from "./store.ts";
import { checkTotp, totpRoutes } from "./totp.ts";

// Verified for unknown logins as well, so that the time of the answer tells nothing.
const DECOY = await hashPassword("no such person");

export const staffRoutes = (db: Database, adminTotp: "required" | "optional") => async (app: App) => {
  await app.register(totpRoutes(db));
  app.post(
    "/api/sign-in",
    {
      config: { ...open, rateLimit: { max: 20, timeWindow: "1 minute" } },
      schema: { body: SignIn, response: { 200: Me } },
    },
    async (request, reply) => {
      const { login, password, totp } = request.body;
      const staff = await inScope(db, SYSTEM, (tx) => findStaffByLogin(tx, login));
      if (staff?.locked_until && staff.locked_until > new Date())
        throw new HallError("auth.locked", 429, "too many wrong passwords; try again later", {
          until: staff.locked_until.toISOString(),
        });
      const right = await verify(staff?.password_hash ?? DECOY, password);
      if (!staff || !right || staff.disabled_at) {
        if (staff)
          await inScope(db, SYSTEM, async (tx) => {
            await recordSignIn(tx, staff.staff_id, false);
            await writeAudit(tx, {
              unitPath: staff.unit_path,
              actor: `staff:${staff.staff_id}`,
              action: "staff.sign-in-refused",
              subject: staff.login,
              detail: { address: request.ip },
            });
          });
        throw new HallError("auth.wrong", 401, "login name or password is wrong");
      }
      if (staff.totp_secret !== null) {
        if (totp === undefined)
          throw new HallError("auth.totp-required", 401, "enter the six figures of your authenticator");
        await checkTotp(db, staff, totp);
      }
      const { token, me } = await inScope(db, SYSTEM, async (tx) => {
        await recordSignIn(tx, staff.staff_id, true);
        await writeAudit(tx, {
          unitPath: staff.unit_path,
          actor: `staff:${staff.staff_id}`,
          action: "staff.signed-in",
          subject: staff.login,
          detail: { address: request.ip },
        });
        return {
          token: await createSession(tx, staff.staff_id, request.ip, request.headers["user-agent"] ?? ""),
          me: await describe(tx, staff, adminTotp),
        };
      });
      void reply.setCookie(SESSION_COOKIE, token, { path: "/", secure: true, httpOnly: true, sameSite: "strict" });
      return me;
    },
  );

  app.post("/api/sign-out", { config: settingUp }, async (request, reply) => {
    const viewer = viewerOf(request);
    await inScope(db, SYSTEM, async (tx) => {
      await endSession(tx, viewer.tokenHash);
      await writeAudit(tx, {
        unitPath: viewer.staff.unit_path,
        actor: `staff:${viewer.staff.staff_id}`,
        action: "staff.signed-out",
        subject: viewer.staff.login,
        detail: {},
      });
    });
    void reply.clearCookie(SESSION_COOKIE, { path: "/", secure: true, httpOnly: true, sameSite: "strict" });
    return { ok: true };
  });

  app.get("/api/me", { config: settingUp, schema: { response: { 200: Me } } }, async (request) =>
    inScope(db, SYSTEM, (tx) => describe(tx, viewerOf(request).staff, adminTotp)),
  );
};

async function describe(tx: Tx, staff: StaffRow, adminTotp: "required" | "optional"): Promise<Me> {
  const grants = await findGrants(tx, staff.staff_id);
  const unit = await sql<{
    name_zh: string;
    name_en: string;
  }>`select name_zh, name_en from unit where path = ${staff.unit_path}::ltree`.execute(tx);
  return {
    staffId: staff.staff_id,
    login: staff.login,
    nameZh: staff.name_zh,
    nameEn: staff.name_en,
    unitPath: staff.unit_path,
    unitNameZh: unit.rows[0]?.name_zh ?? "",
    unitNameEn: unit.rows[0]?.name_en ?? "",
    grants,
    permissions: permissionsOf(grants),
    hasTotp: staff.totp_secret !== null,
    mustSetUpTotp: lacksSecondFactor({ staff, grants }, adminTotp),
  };
}
