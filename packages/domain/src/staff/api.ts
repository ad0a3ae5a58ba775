import { z } from "zod";
import { Grant, Permission } from "./roles.ts";

const Figures = z.string().regex(/^\d{6}$/, "six figures");

export const SignIn = z.object({
  login: z.string().trim().min(1, "enter the login name").max(64),
  password: z.string().min(1, "enter the password").max(200),
  /** Six figures of the authenticator, where the account has one. */
  totp: Figures.optional(),
});
export type SignIn = z.infer<typeof SignIn>;

/** Begins to set an authenticator up: the password, and where there is one already its current figures. */
export const BeginTotp = z.object({ password: z.string().max(200), totp: Figures.optional() });
export type BeginTotp = z.infer<typeof BeginTotp>;
/** For the authenticator, shown once. Counts only after its figures have been confirmed. */
export const TotpSecret = z.object({ secret: z.string(), uri: z.string() });
export type TotpSecret = z.infer<typeof TotpSecret>;
export const ConfirmTotp = z.object({ totp: Figures });
export type ConfirmTotp = z.infer<typeof ConfirmTotp>;

export const Me = z.object({
  staffId: z.string(),
  login: z.string(),
  nameZh: z.string(),
  nameEn: z.string(),
  unitPath: z.string(),
  unitNameZh: z.string(),
  unitNameEn: z.string(),
  grants: z.array(Grant),
  permissions: z.array(Permission),
  hasTotp: z.boolean(),
  /** The role asks for an authenticator and there is none: everything but setting it up is refused. */
  mustSetUpTotp: z.boolean(),
});
export type Me = z.infer<typeof Me>;
