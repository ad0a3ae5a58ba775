import { z } from "zod";

/**
 * The device link: what kiosks and hall nodes say to the centre over MQTT 3.1.1, and what the centre answers.
 *
 * Up: each event has a place in its lane: `(device, epoch, lane, seq)`. The centre commits the event and its effect in
 * one transaction, in order of `seq`, and answers with its own high-water mark; only that mark lets the device delete.
 * A broker's PUBACK proves nothing (aedes acknowledges before it persists).
 */

/** In the order in which they drain. `status` is latest-only: gaps in its `seq` are allowed. */
export const LANES = ["alarms", "money", "traces", "status", "logs"] as const;
export const Lane = z.enum(LANES);
export type Lane = z.infer<typeof Lane>;

export const DeviceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{1,62}$/)
  .brand<"DeviceId">();
export type DeviceId = z.infer<typeof DeviceId>;

/** One fact as the device recorded it. Order by `seq`, judge deadlines by the centre's clock. */
export const UpEvent = z.object({
  seq: z.number().int().positive(),
  type: z.string().min(1).max(80),
  wallMs: z.number().int(),
  bootId: z.string().max(64),
  monoMs: z.number().int().nonnegative(),
  body: z.unknown(),
});
export type UpEvent = z.infer<typeof UpEvent>;

/** Topic `gh/v1/{deviceId}/up`. Events are in rising order of `seq`, without gaps outside the status lane. */
export const UpBatch = z.object({
  epoch: z.string().min(8).max(64),
  lane: Lane,
  events: z.array(UpEvent).min(1).max(500),
});
export type UpBatch = z.infer<typeof UpBatch>;

/** Topic `gh/v1/{deviceId}/ack`: everything up to `seq` of this lane is durable at the centre. */
export const Ack = z.object({ epoch: z.string(), lane: Lane, seq: z.number().int().nonnegative() });
export type Ack = z.infer<typeof Ack>;

/** Topic `gh/v1/{deviceId}/req`: a question to the centre. Answered on `…/res`, or not at all: the asker's time-out decides. */
export const RpcRequest = z.object({
  id: z.string().min(8).max(64),
  method: z.string().min(1).max(80),
  params: z.unknown(),
});
export type RpcRequest = z.infer<typeof RpcRequest>;

export const RpcResponse = z.discriminatedUnion("ok", [
  z.object({ id: z.string(), ok: z.literal(true), result: z.unknown() }),
  z.object({ id: z.string(), ok: z.literal(false), error: z.object({ code: z.string(), message: z.string() }) }),
]);
export type RpcResponse = z.infer<typeof RpcResponse>;

/** Topic `gh/v1/{deviceId}/cmd`. The result comes up the outbox as `command.result`. */
export const DownCommand = z.object({
  id: z.string(),
  type: z.string(),
  body: z.unknown(),
  /** Rises with every command to this device; the device refuses one that is not above the last it accepted. */
  fencingToken: z.number().int().positive(),
  /** Centre time; compared with the device's own estimate of centre time. */
  expiresMs: z.number().int(),
});
export type DownCommand = z.infer<typeof DownCommand>;

export const CommandResult = z.object({
  commandId: z.string(),
  outcome: z.enum(["done", "failed", "expired", "refused"]),
  detail: z.string().max(2000),
});
export type CommandResult = z.infer<typeof CommandResult>;

/**
 * Topic `gh/v1/{deviceId}/presence`; the offline form is the MQTT will. `session` rises with every connection of the
 * device, so that a late will of an old connection never marks a live device offline.
 */
export const Presence = z.object({ online: z.boolean(), session: z.number().int().positive() });
export type Presence = z.infer<typeof Presence>;

export const topic = {
  up: (deviceId: string) => `gh/v1/${deviceId}/up`,
  ack: (deviceId: string) => `gh/v1/${deviceId}/ack`,
  request: (deviceId: string) => `gh/v1/${deviceId}/req`,
  response: (deviceId: string) => `gh/v1/${deviceId}/res`,
  command: (deviceId: string) => `gh/v1/${deviceId}/cmd`,
  presence: (deviceId: string) => `gh/v1/${deviceId}/presence`,
  /** Passing messages of a call (`CallUp`, `CallDown`): QoS 0, worth nothing a moment later, never stored. */
  call: (deviceId: string) => `gh/v1/${deviceId}/call`,
  callDown: (deviceId: string) => `gh/v1/${deviceId}/call-down`,
  /** What a device may publish and subscribe to: the gateway checks it against the certificate's subject. */
  ownedBy: (deviceId: string, name: string) => name.startsWith(`gh/v1/${deviceId}/`),
} as const;

/** Which way the centre's mark moves for a batch: pure, so that the gap rules can be tested apart from the database. */
export function admit(
  mark: number,
  lane: Lane,
  events: readonly { seq: number }[],
): { fresh: number; firstFresh: number; gap: boolean } {
  const firstFresh = events.findIndex((event) => event.seq > mark);
  if (firstFresh === -1) return { fresh: 0, firstFresh: events.length, gap: false };
  if (lane === "status") return { fresh: events.length - firstFresh, firstFresh, gap: false };
  let expected = mark + 1;
  let fresh = 0;
  for (const event of events.slice(firstFresh)) {
    if (event.seq !== expected) return { fresh, firstFresh, gap: true };
    fresh += 1;
    expected += 1;
  }
  return { fresh, firstFresh, gap: false };
}
