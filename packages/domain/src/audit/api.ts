import { z } from "zod";

export const AuditRow = z.object({
  unitPath: z.string(),
  unitNameZh: z.string(),
  unitNameEn: z.string(),
  seq: z.number().int(),
  at: z.string(),
  actor: z.string(),
  /** Null: a device, or the system itself. */
  actorNameZh: z.string().nullable(),
  actorNameEn: z.string().nullable(),
  action: z.string(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  hash: z.string(),
});
export type AuditRow = z.infer<typeof AuditRow>;
export const AuditVerdict = z.object({
  entries: z.number().int(),
  units: z.number().int(),
  heads: z.number().int(),
  faults: z.array(z.object({ unitPath: z.string(), seq: z.number().int(), what: z.string() })),
});
export type AuditVerdict = z.infer<typeof AuditVerdict>;
