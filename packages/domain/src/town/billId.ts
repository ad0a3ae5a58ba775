import type { AccountNo } from "../backoffice/api.ts";
import type { BillId } from "../backoffice/schema.ts";
import { two } from "../calendar/day.ts";
import type { TownMonth } from "./months.ts";

/** Month and account: `2026024010000000015`. */
export function billIdOf(accountNo: AccountNo, month: Pick<TownMonth, "year" | "month">): BillId {
  // Not parsed: a town asks this a quarter of a million times.
  return `${month.year}${two(month.month)}${accountNo}` as BillId;
}
