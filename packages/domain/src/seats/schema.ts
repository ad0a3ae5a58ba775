import { z } from "zod";
import { DeviceId } from "../link/schema.ts";

/** Words that routing, calls and statistics of the remote agent seats (远程坐席) share. */

/** One agent at work. It is the agent's staff id, so that a seat, its calls and its statistics are about a person. */
export const SeatId = z.string().min(1).max(64).brand<"SeatId">();
export type SeatId = z.infer<typeof SeatId>;

export const CallId = z.string().min(1).max(64).brand<"CallId">();
export type CallId = z.infer<typeof CallId>;

const slug = /^[a-z][a-z0-9-]{0,47}$/;
export const GroupId = z.string().regex(slug, "a group is written like night-shift").brand<"GroupId">();
export type GroupId = z.infer<typeof GroupId>;

export const PolicyId = z.string().regex(slug, "a policy is written like working-hours").brand<"PolicyId">();
export type PolicyId = z.infer<typeof PolicyId>;

/** ltree path of a unit from the root, `p.tj.jz.s1.h1`. */
export const UnitPath = z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/, "a unit path is written like p.tj.jz");
export type UnitPath = z.infer<typeof UnitPath>;

/** Is `path` the unit `root` or one below it? `p.ab` is not below `p.a`. */
export function isWithin(path: string, root: string): boolean {
  return path.startsWith(root) && (path.length === root.length || path[root.length] === ".");
}

/** Id of a `ServiceDefinition`; what the customer was doing when calling. */
export const ServiceId = z.string().regex(/^[a-z][a-z0-9-]*$/);
/** What kind of customer calls: `residential`, `elderly`, `key-account` …, as the installation names them. */
export const CustomerClass = z.string().regex(slug, "a customer class is written like key-account");

/** The highest priority a call or a policy can have. Of both, the higher number goes first. */
export const HIGHEST_PRIORITY = 100;
export const Priority = z.number().int().min(0).max(HIGHEST_PRIORITY);

/** What is known of a call when it asks for an agent, and what policies match on. It never changes during the call. */
export const CallRequest = z.object({
  deviceId: DeviceId.nullable(),
  /** The hall where the customer stands; null for online channels. */
  hallId: z.string().min(1).nullable(),
  /** The customer's own unit: the hall's path, or that of the account for online channels. */
  unitPath: UnitPath,
  service: ServiceId.nullable(),
  customerClass: CustomerClass,
  priority: Priority,
  /** Stable pseudonym of the customer, or of the session where the customer did not identify; applicants are counted by it. */
  customerKey: z.string().min(1).max(128),
});
export type CallRequest = z.infer<typeof CallRequest>;

/** A version of a policy, as a call is pinned to it. Versions never change once they are published. */
export const PinnedPolicy = z.object({ policyId: PolicyId, version: z.number().int().positive() });
export type PinnedPolicy = z.infer<typeof PinnedPolicy>;

/** Raised by one with every change; what an answer or a row must still carry to count (compare and set). */
export const Epoch = z.number().int().nonnegative();

/** An instant: milliseconds since 1970-01-01T00:00Z by the centre's clock. */
export const InstantMs = z.number().int();
