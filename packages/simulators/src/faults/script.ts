import { z } from "zod";

/**
 * What goes wrong, and when. A script is data, so that the same bad day can be lived through again: by a test, by the
 * developer's panel, by a kill loop.
 */
export const FaultAction = z.discriminatedUnion("type", [
  /** The answer of this step: only its first half leaves. */
  z.object({ type: z.literal("half-frame") }),
  /** The answer of this step: one bit is flipped. */
  z.object({ type: z.literal("bad-checksum") }),
  /** The answer of this step never leaves. */
  z.object({ type: z.literal("silence") }),
  z.object({ type: z.literal("delay"), ms: z.int().min(1).max(600_000) }),
  /** The cable is pulled; the device keeps its power. `replugAfterMs: null`: until somebody plugs it in. */
  z.object({ type: z.literal("unplug"), replugAfterMs: z.int().min(0).nullable().default(null) }),
  /** The device loses power: what was not written to its non-volatile memory is gone, what it was doing stops here. */
  z.object({ type: z.literal("power-loss"), backAfterMs: z.int().min(0).nullable().default(null) }),
  /** The simulator process itself is killed as by `kill -9`. */
  z.object({ type: z.literal("kill") }),
  /** Something sticks; where is the device's own affair (entry, escrow, stacker, dispenser, paper). */
  z.object({ type: z.literal("jam") }),
  /** A dispenser delivers so many items less than asked. */
  z.object({ type: z.literal("short"), items: z.int().min(1) }),
  /** The medium cannot be read this time. */
  z.object({ type: z.literal("misread") }),
]);
export type FaultAction = z.infer<typeof FaultAction>;

export const Fault = z
  .object({
    device: z.string().min(1),
    /** A step of that device, e.g. "stack.done"; GET /steps lists those that have been passed. */
    step: z.string().min(1),
    /** At the Nth time that this step is passed, counted from 1 … */
    occurrence: z.int().min(1).optional(),
    /** … or each time with this probability, drawn from the seed. */
    probability: z.number().gt(0).max(1).optional(),
    action: FaultAction,
  })
  .refine((fault) => (fault.occurrence === undefined) !== (fault.probability === undefined), {
    error: "give either occurrence or probability",
    path: ["occurrence"],
  });
export type Fault = z.infer<typeof Fault>;

export const FaultScript = z.object({ seed: z.int().default(1), faults: z.array(Fault).default([]) });
export type FaultScript = z.infer<typeof FaultScript>;
