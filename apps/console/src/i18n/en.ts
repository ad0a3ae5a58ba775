import { audit } from "./en/audit.ts";
import { cases } from "./en/cases.ts";
import { fleet } from "./en/fleet.ts";
import { journeys } from "./en/journeys.ts";
import { money } from "./en/money.ts";
import { seat } from "./en/seat.ts";
import { seatCall } from "./en/seatCall.ts";
import { seats } from "./en/seats.ts";
import { seatsPolicies } from "./en/seatsPolicies.ts";
import { shell } from "./en/shell.ts";
import type { TextKey } from "./zh.ts";

export const en: Record<TextKey, string> = {
  ...shell,
  ...fleet,
  ...journeys,
  ...money,
  ...cases,
  ...audit,
  ...seat,
  ...seatCall,
  ...seats,
  ...seatsPolicies,
};
