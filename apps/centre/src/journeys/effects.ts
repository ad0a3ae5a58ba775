import { sql } from "kysely";
import { z } from "zod";
import type { Effect } from "../link/inbox.ts";

const Started = z.object({
  journeyId: z.string(),
  serviceId: z.string(),
  serviceVersion: z.number().int(),
  language: z.string(),
  page: z.string(),
});
const PageEntered = z.object({ journeyId: z.string(), page: z.string(), accountNo: z.string().nullish() });
const Ended = z.object({ journeyId: z.string(), outcome: z.string() });

/** Traces build the journey's row; the timeline itself is the traces. Order by seq holds, so the last page is the last. */
export const journeyEffects: ReadonlyMap<string, Effect> = new Map<string, Effect>([
  [
    "journey.started",
    async (tx, event) => {
      const body = Started.parse(event.body);
      await sql`insert into journey (journey_id, device_id, unit_path, service_id, service_version, started_at, last_event_at, page, language, events)
        values (${body.journeyId}, ${event.deviceId}, ${event.unitPath}::ltree, ${body.serviceId}, ${body.serviceVersion}, to_timestamp(${event.wallMs} / 1000.0), to_timestamp(${event.wallMs} / 1000.0), ${body.page}, ${body.language}, 1)
        on conflict do nothing`.execute(tx);
    },
  ],
  [
    "journey.page-entered",
    async (tx, event) => {
      const body = PageEntered.parse(event.body);
      await sql`update journey set page = ${body.page}, account_no = coalesce(${body.accountNo ?? null}, account_no), last_event_at = to_timestamp(${event.wallMs} / 1000.0), events = events + 1
        where journey_id = ${body.journeyId}`.execute(tx);
    },
  ],
  [
    "journey.ended",
    async (tx, event) => {
      const body = Ended.parse(event.body);
      await sql`update journey set outcome = ${body.outcome}, ended_at = to_timestamp(${event.wallMs} / 1000.0), last_event_at = to_timestamp(${event.wallMs} / 1000.0), events = events + 1
        where journey_id = ${body.journeyId}`.execute(tx);
    },
  ],
]);
