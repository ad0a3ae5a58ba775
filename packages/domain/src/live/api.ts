import { z } from "zod";
import { KioskRow } from "../fleet/api.ts";
import { CaseRow, PaymentRow } from "../payment/api.ts";
import { JourneyRow } from "../trace/api.ts";

/**
 * Deltas over `ws://…/api/live`, batched (~200 ms), of what this viewer may see. The browser reads lists by REST first
 * (the snapshot) and lays these rows over them; after a reconnect, or where `cursor` jumps, it reads the lists again.
 */
export const LiveDelta = z.object({
  cursor: z.number().int(),
  kiosks: z.array(KioskRow),
  journeys: z.array(JourneyRow),
  payments: z.array(PaymentRow),
  cases: z.array(CaseRow),
});
export type LiveDelta = z.infer<typeof LiveDelta>;
