import { allows } from "@gridhall/domain/seats/assist.ts";
import type { CallPhaseView, CallView } from "@gridhall/domain/seats/callView.ts";

type Name = CallPhaseView["name"];

/** An agent is at the other end, or was a moment ago: camera and microphone are on. */
const WITH_AGENT: readonly Name[] = ["connecting", "talking", "held", "interrupted"];

export type PhaseOf<Kind extends Name> = Extract<CallPhaseView, { name: Kind }>;
export type TalkPhase = PhaseOf<"connecting" | "talking" | "held" | "interrupted">;

export function isWithAgent(phase: CallPhaseView): phase is TalkPhase {
  return WITH_AGENT.includes(phase.name);
}

/** Does an agent see the screen now? Then the border says so, and the map of the page is sent. */
export function isScreenShown(call: CallView | null): boolean {
  return call !== null && call.callId !== null && isWithAgent(call.phase) && allows(call.consent, "view");
}
