import type { CallId, SeatId } from "../seats/schema.ts";
import type { SeatStatus } from "../seats/state.ts";
import type { QueuedCall } from "./call.ts";
import type { Ending, RoutingPolicy } from "./policy.ts";
import type { OfferReason, PolicyVerdict } from "./reason.ts";
import type { Seat } from "./seat.ts";

/** The answer to an offer carries both epochs of it; with any other it is stale and refused. */
export interface OfferKey {
  readonly callId: CallId;
  readonly seatId: SeatId;
  readonly callEpoch: number;
  readonly seatEpoch: number;
}

/** What the router is told. `atMs` is the centre's clock; an instant before the last one counts as that one. */
export type RouterInput = { readonly atMs: number } & (
  | { type: "call-queued"; call: QueuedCall }
  /** The customer hung up, or chose to leave a callback or message instead. */
  | { type: "call-abandoned"; callId: CallId }
  | ({ type: "offer-accepted" } & OfferKey)
  | ({ type: "offer-refused" } & OfferKey)
  /** The ring time is over by a clock other than the router's own. */
  | ({ type: "offer-expired" } & OfferKey)
  /** The reservation could not be stored (a row had changed): it never was. The seat rests until its row comes. */
  | ({ type: "offer-failed" } & OfferKey)
  /** The seat that took the call is lost: back to the head of the queue. */
  | { type: "call-requeued"; callId: CallId }
  | { type: "call-ended"; callId: CallId }
  /** The seat's row as it is now: after each change by anybody but the router itself, and of skills, groups and unit. */
  | { type: "seat-changed"; seat: Seat }
  | { type: "seat-removed"; seatId: SeatId }
  /** All versions that are in force or to come, and those that waiting calls are pinned to. */
  | { type: "policies-changed"; policies: readonly RoutingPolicy[] }
  | { type: "tick" }
);

export type StepCause = "expired" | "nobody-signed-in" | "no-last-agent";

export type RouterRefusal =
  | "unknown-call"
  | "known-call"
  | "unknown-seat"
  /** The offer is over, or another one is open. */
  | "stale-epoch"
  | "not-taken";

/** What the router decided, in this order. Statuses are those of the seat after the decision, to be stored. */
export type RoutingDecision =
  /** `policy` null: none matched, and an `end-with` follows. `repinned`: the version pinned before is gone. */
  | {
      type: "pinned";
      callId: CallId;
      policy: { policyId: RoutingPolicy["policyId"]; version: number } | null;
      verdicts: readonly PolicyVerdict[];
      repinned: boolean;
    }
  | ({ type: "offer"; expiresMs: number; seat: SeatStatus; reason: OfferReason } & OfferKey)
  /** `seat` null: the seat is gone. */
  | ({
      type: "offer-over";
      cause: "rang-out" | "refused" | "abandoned" | "seat-lost" | "withdrawn";
      seat: SeatStatus | null;
    } & OfferKey)
  | ({ type: "accepted"; seat: SeatStatus } & OfferKey)
  | { type: "step-advanced" | "overflow"; callId: CallId; step: number; cause: StepCause }
  | {
      type: "end-with";
      callId: CallId;
      ending: Exclude<Ending, "keep-waiting">;
      cause: "steps-exhausted" | "nobody-signed-in" | "no-last-agent" | "no-steps" | "no-policy";
    }
  | { type: "requeued"; callId: CallId }
  | {
      type: "refused";
      input: RouterInput["type"];
      callId: CallId | null;
      seatId: SeatId | null;
      reason: RouterRefusal;
    };
