import { BeginTotp, ConfirmTotp, TotpSecret } from "@gridhall/domain/staff/api.ts";
import { verify } from "@node-rs/argon2";
import { Secret, TOTP } from "otpauth";
import { z } from "zod";
import { writeAudit } from "../audit/chain.ts";
import { type Database, inScope, SYSTEM } from "../db/database.ts";
import { settingUp, viewerOf } from "../web/access.ts";
import { HallError } from "../web/errors.ts";
import type { App } from "../web/server.ts";
import { adoptTotp, endOtherSessions, keepPendingTotp, recordSignIn, type StaffRow, useTotpStep } from "./store.ts";

/** A person's clock may be one step off either way (RFC 6238 §5.2). */
const STEPS_OFF = 1;
const FEW = { rateLimit: { max: 10, timeWindow: "1 minute" } };

/** The time step that the figures belong to, or null where they are wrong or too old. */
function stepOf(secret: string, figures: string): number | null {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  const off = totp.validate({ token: figures, window: STEPS_OFF });
  return off === null ? null : totp.counter() + off;
}

/**
 * Takes the figures of the person's authenticator, each only once.
 * Throws `auth.totp-wrong`; wrong figures count towards the lock of the account like wrong passwords.
 */
export async function checkTotp(db: Database, staff: StaffRow, figures: string): Promise<void> {
  const { staff_id, totp_secret } = staff;
  if (totp_secret === null) return;
  const step = stepOf(totp_secret, figures);
  const right = await inScope(db, SYSTEM, async (tx) => {
    if (step !== null && (await useTotpStep(tx, staff_id, step))) return true;
    await recordSignIn(tx, staff_id, false);
    return false;
  });
  if (!right) throw new HallError("auth.totp-wrong", 401, "the six figures are wrong or too old");
}

/** Setting an authenticator up: a secret is made and shown once, and counts after its figures have been confirmed. */
export const totpRoutes = (db: Database) => async (app: App) => {
  app.post(
    "/api/me/totp",
    { config: { ...settingUp, ...FEW }, schema: { body: BeginTotp, response: { 200: TotpSecret } } },
    async (request) => {
      const { staff } = viewerOf(request);
      const { password, totp } = request.body;
      if (!(await verify(staff.password_hash, password))) {
        await inScope(db, SYSTEM, (tx) => recordSignIn(tx, staff.staff_id, false));
        throw new HallError("auth.wrong", 422, "the password is wrong");
      }
      // Whoever finds a console unlocked must not be able to put their own authenticator in the place of another.
      if (staff.totp_secret !== null) {
        if (totp === undefined)
          throw new HallError("auth.totp-required", 422, "enter the six figures of your present authenticator");
        await checkTotp(db, staff, totp);
      }
      const secret = new Secret({ size: 20 });
      await inScope(db, SYSTEM, (tx) => keepPendingTotp(tx, staff.staff_id, secret.base32));
      return { secret: secret.base32, uri: new TOTP({ issuer: "GridHall", label: staff.login, secret }).toString() };
    },
  );

  app.post(
    "/api/me/totp/confirm",
    {
      config: { ...settingUp, ...FEW },
      schema: { body: ConfirmTotp, response: { 200: z.object({ ok: z.literal(true) }) } },
    },
    async (request) => {
      const { staff, tokenHash } = viewerOf(request);
      const { totp_pending: pending } = staff;
      const notBegun = () =>
        new HallError("auth.totp-not-begun", 409, "make a secret first, then enter its six figures");
      if (pending === null) throw notBegun();
      const step = stepOf(pending, request.body.totp);
      if (step === null) throw new HallError("auth.totp-wrong", 422, "the six figures are wrong or too old");
      await inScope(db, SYSTEM, async (tx) => {
        if (!(await adoptTotp(tx, staff.staff_id, pending, step))) throw notBegun();
        await endOtherSessions(tx, staff.staff_id, tokenHash);
        await writeAudit(tx, {
          unitPath: staff.unit_path,
          actor: `staff:${staff.staff_id}`,
          action: "staff.totp-set",
          subject: staff.login,
          detail: {},
        });
      });
      return { ok: true as const };
    },
  );
};
