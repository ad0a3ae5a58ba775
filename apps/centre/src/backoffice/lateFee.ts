import { parseDay } from "@gridhall/domain/calendar/day.ts";
import { lateFeeFen } from "@gridhall/domain/tariff/lateFee.ts";
import { RULE_BOOK } from "@gridhall/domain/tariff/ruleBook.ts";
import type { LateFee } from "./reference.ts";

/** Family of the late-fee rule sets; the day of payment chooses the set. */
const FAMILY = "CN-LATE-FEE";

export const lateFee: LateFee = ({ kind, unpaidFen, dueOn, asOf }) => {
  const [due, paid] = [parseDay(dueOn), parseDay(asOf)];
  if (due === null || paid === null) throw new Error(`not a day: ${dueOn} or ${asOf}`);
  const rules = RULE_BOOK.find("late-fee", FAMILY, paid);
  if (!rules) throw new Error(`no rule set ${FAMILY}`);
  return lateFeeFen(rules, kind === "residential" ? "residential" : "other", unpaidFen, due, paid);
};
