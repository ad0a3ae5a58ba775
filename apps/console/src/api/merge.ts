import type { KioskRow } from "@gridhall/domain/fleet/api.ts";
import type { CaseRow, PaymentRow } from "@gridhall/domain/payment/api.ts";
import type { JourneyRow } from "@gridhall/domain/trace/api.ts";
import type { Query } from "./request.ts";

/**
 * Lays changed rows over a list that was read with some filters: known rows are replaced in their place, those that no
 * longer match leave, new ones that match come first (lists run from the newest). Never grows beyond `limit`.
 */
export function mergeRows<Row>(
  rows: readonly Row[],
  changed: readonly Row[],
  idOf: (row: Row) => string,
  matches: (row: Row) => boolean,
  limit = Infinity,
): Row[] {
  const byId = new Map(changed.map((row) => [idOf(row), row]));
  const kept = rows.flatMap((row) => {
    const now = byId.get(idOf(row));
    byId.delete(idOf(row));
    if (now === undefined) return [row];
    return matches(now) ? [now] : [];
  });
  return [...[...byId.values()].filter(matches), ...kept].slice(0, limit);
}

const text = (query: Query, key: string) => {
  const value = query[key];
  return value === undefined || value === "" ? null : String(value);
};
const same = (query: Query, key: string, value: string | null) =>
  text(query, key) === null || text(query, key) === value;
const under = (query: Query, unitPath: string) => {
  const unit = text(query, "unit");
  return unit === null || unitPath === unit || unitPath.startsWith(`${unit}.`);
};
/** The day in China on which an instant falls, `2026-09-30`. */
const dayOf = (iso: string) => new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(0, 10);

/** The centre's own list filters, said again in the browser so that a delta lands only where a new read would show it. */
export const matching = {
  kiosks: (query: Query) => (row: KioskRow) => under(query, row.unitPath),
  journeys: (query: Query) => (row: JourneyRow) =>
    under(query, row.unitPath) &&
    same(query, "deviceId", row.deviceId) &&
    same(query, "outcome", row.outcome) &&
    same(query, "accountNo", row.accountNo) &&
    (text(query, "running") !== "true" || row.endedAt === null),
  payments: (query: Query) => (row: PaymentRow) =>
    under(query, row.unitPath) &&
    same(query, "deviceId", row.deviceId) &&
    same(query, "state", row.state) &&
    same(query, "tender", row.tender) &&
    same(query, "day", dayOf(row.createdAt)) &&
    (text(query, "q") === null || [row.accountNo, row.intentId, row.receiptNo].includes(text(query, "q"))),
  cases: (query: Query) => (row: CaseRow) => same(query, "state", row.state),
};
