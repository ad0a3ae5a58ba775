import { BUSINESS } from "./rules/business.ts";
import { CHARGES } from "./rules/charges.ts";
import { POWER_FACTOR } from "./rules/powerFactor.ts";
import { RESIDENTIAL } from "./rules/residential.ts";
import type { RuleSetData } from "./ruleSet.ts";

/** Every dated rule set of the engine. A new price is a new entry here (or in the centre's own table), never code. */
export const RULE_SETS: readonly RuleSetData[] = [...RESIDENTIAL, ...BUSINESS, ...CHARGES, ...POWER_FACTOR];
