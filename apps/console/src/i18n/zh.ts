import { audit } from "./zh/audit.ts";
import { cases } from "./zh/cases.ts";
import { fleet } from "./zh/fleet.ts";
import { journeys } from "./zh/journeys.ts";
import { money } from "./zh/money.ts";
import { seat } from "./zh/seat.ts";
import { seatCall } from "./zh/seatCall.ts";
import { seats } from "./zh/seats.ts";
import { seatsPolicies } from "./zh/seatsPolicies.ts";
import { shell } from "./zh/shell.ts";

/** Chinese first: its keys are the dictionary's keys. `{name}` is filled in. Codes of the API are looked up as `group.code`. */
export const zh = {
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
} as const;
export type TextKey = keyof typeof zh;
