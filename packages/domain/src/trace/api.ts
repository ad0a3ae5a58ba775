import { z } from "zod";

export const JourneyRow = z.object({
  journeyId: z.string(),
  deviceId: z.string(),
  kioskZh: z.string(),
  kioskEn: z.string(),
  hallZh: z.string(),
  hallEn: z.string(),
  unitPath: z.string(),
  serviceId: z.string(),
  startedAt: z.string(),
  lastEventAt: z.string(),
  endedAt: z.string().nullable(),
  outcome: z.string().nullable(),
  page: z.string().nullable(),
  accountNo: z.string().nullable(),
  language: z.string().nullable(),
  events: z.number().int(),
});
export type JourneyRow = z.infer<typeof JourneyRow>;

export const TraceRow = z.object({
  deviceId: z.string(),
  lane: z.string(),
  seq: z.number().int(),
  type: z.string(),
  journeyId: z.string().nullable(),
  wallAt: z.string(),
  receivedAt: z.string(),
  historic: z.boolean(),
  body: z.unknown(),
});
export type TraceRow = z.infer<typeof TraceRow>;

export const JourneyDetail = JourneyRow.extend({ traces: z.array(TraceRow), intentIds: z.array(z.string()) });
export type JourneyDetail = z.infer<typeof JourneyDetail>;
