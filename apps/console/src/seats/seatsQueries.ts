import { CallRow, LeftMessage, PolicyRow, RecordingRow, WorkOrderRow } from "@gridhall/domain/seats/api.ts";
import { ForecastReport, PolicyFaults, type PolicyDraft, StatisticsReport } from "@gridhall/domain/seats/reports.ts";
import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { type Query, read, send } from "../api/request.ts";

const list = <T>(key: string, path: string, schema: z.ZodType<T>, query: Query = {}) =>
  queryOptions({
    queryKey: [key, query] as const,
    queryFn: ({ signal }) => read(schema, path, query, signal),
    placeholderData: (before) => before,
  });

/** What the supervisors' pages read. Directory and single calls are those of the desk (`seat/seatQueries.ts`). */
export const seatsQueries = {
  policies: () => list("seat-policies", "/api/seats/policies", z.array(PolicyRow)),
  faults: (draft: PolicyDraft | null) =>
    queryOptions({
      queryKey: ["seat-policy-faults", draft] as const,
      queryFn: () => send(PolicyFaults, "/api/seats/policies/validate", { draft }),
      enabled: draft !== null,
      placeholderData: (before) => before,
      staleTime: 60_000,
    }),
  calls: (query: Query) => list("seat-calls", "/api/seats/calls", z.array(CallRow), query),
  recordings: (query: Query) => list("seat-recordings", "/api/seats/recordings", z.array(RecordingRow), query),
  messages: (query: Query) => list("seat-messages", "/api/seats/messages", z.array(LeftMessage), query),
  workOrders: (query: Query) => list("seat-work-orders", "/api/seats/work-orders", z.array(WorkOrderRow), query),
  statistics: (query: Query) => list("seat-statistics", "/api/seats/statistics", StatisticsReport, query),
  forecast: (query: Query) => list("seat-forecast", "/api/seats/forecast", ForecastReport, query),
};
