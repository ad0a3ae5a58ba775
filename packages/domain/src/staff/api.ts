import { z } from "zod";
import { Grant, Permission } from "./roles.ts";

export const SignIn = z.object({
  login: z.string().trim().min(1, "enter the login name").max(64),
  password: z.string().min(1, "enter the password").max(200),
  /** Six figures of the authenticator, where the account has one. */
  totp: z
    .string()
    .regex(/^\d{6}$/, "six figures")
    .optional(),
});
export type SignIn = z.infer<typeof SignIn>;

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
});
export type Me = z.infer<typeof Me>;
