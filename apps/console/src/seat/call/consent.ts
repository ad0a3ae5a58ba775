import { CONSENT_LEVELS, type ConsentLevel, type Proposal } from "@gridhall/domain/seats/assist.ts";
import type { DeskCall } from "@gridhall/domain/seats/desk.ts";

/** The next step of consent to ask for; null once everything is allowed. */
export function nextConsent(given: ConsentLevel): ConsentLevel | null {
  return CONSENT_LEVELS[CONSENT_LEVELS.indexOf(given) + 1] ?? null;
}

export type ProposalState =
  | { readonly name: "none" }
  | { readonly name: "waiting"; readonly proposal: Proposal }
  | { readonly name: NonNullable<DeskCall["proposalAnswer"]> };

/** Where the last proposal stands. */
export function proposalState(call: Pick<DeskCall, "proposal" | "proposalAnswer">): ProposalState {
  if (call.proposal) return { name: "waiting", proposal: call.proposal };
  return call.proposalAnswer ? { name: call.proposalAnswer } : { name: "none" };
}

/** May the viewer help at the screen, or only look on? The centre refuses the others anyway. */
export function helps(call: Pick<DeskCall, "part" | "parties">, seatId: string): boolean {
  if (call.part !== "supervising") return true;
  return call.parties.find((one) => one.seatId === seatId)?.mode === "joined";
}
