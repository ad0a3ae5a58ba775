import { z } from "zod";
import { GroupId, InstantMs, SeatId, UnitPath } from "../seats/schema.ts";
import { SeatStatus } from "../seats/state.ts";
import { SkillId, SkillLevel } from "./skills.ts";

/** A seat as routing sees it: what the agent can, where the agent belongs, and what the agent is doing. */
export const Seat = z.object({
  seatId: SeatId,
  unitPath: UnitPath,
  groups: z.array(GroupId),
  skills: z.record(SkillId, SkillLevel),
  status: SeatStatus,
  /** Null while offline. */
  signedInMs: InstantMs.nullable(),
  /** Spent on calls and their wrap-up since signing in, of stays that are over. */
  busyMs: z.number().int().min(0),
  lastOfferedMs: InstantMs.nullable(),
});
export type Seat = z.infer<typeof Seat>;

/** Share of its signed-in time that a seat spent on calls and wrap-up, 0–1; 0 in the moment of signing in. */
export function occupancyOf(seat: Seat, nowMs: number): number {
  const signedIn = seat.signedInMs === null ? 0 : nowMs - seat.signedInMs;
  return signedIn <= 0 ? 0 : Math.min(1, seat.busyMs / signedIn);
}
