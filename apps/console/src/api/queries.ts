import { AuditRow } from "@gridhall/domain/audit/api.ts";
import { KioskDetail, KioskRow, UnitRow } from "@gridhall/domain/fleet/api.ts";
import {
  CaseDetail,
  CaseRow,
  MoneySummary,
  PaymentDetail,
  PaymentRow,
  ReconciliationDetail,
  ReconciliationRun,
} from "@gridhall/domain/payment/api.ts";
import { Me } from "@gridhall/domain/staff/api.ts";
import { JourneyDetail, JourneyRow } from "@gridhall/domain/trace/api.ts";
import { queryOptions } from "@tanstack/react-query";
import { z } from "zod";
import { type Query, read } from "./request.ts";

const list = <T>(key: string, path: string, row: z.ZodType<T>, query: Query) =>
  queryOptions({
    queryKey: [key, query] as const,
    queryFn: ({ signal }) => read(z.array(row), path, query, signal),
    placeholderData: (before) => before,
  });
const one = <T>(key: string, path: string, schema: z.ZodType<T>, id: string) =>
  queryOptions({
    queryKey: [key, id] as const,
    queryFn: ({ signal }) => read(schema, `${path}/${encodeURIComponent(id)}`, {}, signal),
  });

/** Every read of the console. Lists are keyed `[name, filters]`, single rows `[name, id]`: live deltas find both. */
export const queries = {
  me: () => queryOptions({ queryKey: ["me"], queryFn: ({ signal }) => read(Me, "/api/me", {}, signal), retry: 1 }),
  units: () => ({ ...list("units", "/api/units", UnitRow, {}), staleTime: 300_000 }),
  kiosks: (query: Query = {}) => list("kiosks", "/api/kiosks", KioskRow, query),
  kiosk: (deviceId: string) => one("kiosk", "/api/kiosks", KioskDetail, deviceId),
  journeys: (query: Query) => list("journeys", "/api/journeys", JourneyRow, query),
  journey: (journeyId: string) => one("journey", "/api/journeys", JourneyDetail, journeyId),
  summary: (day: string | undefined) =>
    queryOptions({
      queryKey: ["summary", day ?? ""],
      queryFn: ({ signal }) => read(MoneySummary, "/api/money/summary", { day }, signal),
      placeholderData: (before) => before,
    }),
  payments: (query: Query) => list("payments", "/api/payments", PaymentRow, query),
  payment: (intentId: string) => one("payment", "/api/payments", PaymentDetail, intentId),
  cases: (query: Query) => list("cases", "/api/cases", CaseRow, query),
  case: (caseId: string) => one("case", "/api/cases", CaseDetail, caseId),
  reconciliations: () => list("reconciliations", "/api/reconciliation", ReconciliationRun, { limit: 200 }),
  reconciliation: (runId: string) => one("reconciliation", "/api/reconciliation", ReconciliationDetail, runId),
  audit: (query: Query) => list("audit", "/api/audit", AuditRow, query),
};
