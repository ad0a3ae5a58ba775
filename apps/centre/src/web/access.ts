import type { Grant, Permission } from "@gridhall/domain/staff/roles.ts";
import { needsSecondFactor, scopeOf } from "@gridhall/domain/staff/roles.ts";
import type { FastifyRequest } from "fastify";
import type { Scope } from "../db/database.ts";
import type { StaffRow } from "../staff/store.ts";
import { HallError } from "./errors.ts";

/**
 * Who may call a route. Every route under /api states one in its `config.access`; registration fails without it, so that
 * nothing is ever open by forgetting.
 */
export type Access =
  | { kind: "public" }
  /** Any signed-in person, whatever the roles; `settingUp`: also while the authenticator that the role asks for is missing. */
  | { kind: "signed-in"; settingUp: boolean }
  | { kind: "permission"; permission: Permission }
  /** A client of the open API with a bearer token (online channel). */
  | { kind: "channel" };

export const may = (permission: Permission): { access: Access } => ({ access: { kind: "permission", permission } });
export const open: { access: Access } = { access: { kind: "public" } };
export const signedIn: { access: Access } = { access: { kind: "signed-in", settingUp: false } };
export const settingUp: { access: Access } = { access: { kind: "signed-in", settingUp: true } };
export const channel: { access: Access } = { access: { kind: "channel" } };

/** The person behind a request, resolved before the handler runs. */
export interface Viewer {
  staff: StaffRow;
  grants: Grant[];
  tokenHash: string;
  /** Units at which the route's permission is held. */
  scope: Scope;
}

declare module "fastify" {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    viewer: Viewer | null;
    /** Name of the open API's client, on channel routes. */
    channelClient: string | null;
  }
}

/** In a handler of a route with `may(…)` or `signedIn`. */
export function viewerOf(request: FastifyRequest): Viewer {
  if (!request.viewer) throw new HallError("auth.sign-in-required", 401, "sign in first");
  return request.viewer;
}

/** Whether the session may do nothing but set up the authenticator that one of its roles asks for. */
export function lacksSecondFactor(
  session: { staff: Pick<StaffRow, "totp_secret">; grants: readonly Grant[] },
  adminTotp: "required" | "optional",
): boolean {
  return adminTotp === "required" && session.staff.totp_secret === null && needsSecondFactor(session.grants);
}

export function scopeFor(grants: readonly Grant[], permission: Permission): Scope {
  return { kind: "units", paths: scopeOf(grants, permission) };
}
