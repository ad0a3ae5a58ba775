import { isOver } from "@gridhall/domain/seats/applyCallEvent.ts";
import type { CallProgress } from "@gridhall/domain/seats/callLink.ts";
import type { CallAgent, CallChoice } from "@gridhall/domain/seats/callView.ts";
import type { CallRecord } from "./callStore.ts";
import type { SeatRow } from "./seatStore.ts";

/** What the customer is told of the call. */
export function progressOf(
  record: Pick<CallRecord, "state" | "live">,
  place: { position: number | null; expectedWaitMs: number | null },
  seat: Pick<SeatRow, "name_zh" | "name_en" | "number"> | null,
): CallProgress {
  const { state, live } = record;
  const { phase } = state;
  if (isOver(phase)) return { name: "over", rate: state.firstConnectedMs !== null && state.rating === null };
  if (live.nobody && (phase.name === "queued" || phase.name === "requested"))
    return { name: "nobody", choices: choicesOf(live.nobody) };
  const agent = agentOf(record, seat);
  switch (phase.name) {
    case "requested":
    case "queued":
    case "offered":
      return {
        name: "waiting",
        ...place,
        sinceMs: state.queuedMs ?? state.requestedMs,
        ringing: phase.name === "offered",
      };
    case "connecting":
      return { name: "connecting", agent };
    case "connected":
      return { name: "talking", agent };
    case "held":
      return { name: "held", agent };
    case "interrupted":
      return phase.side === "seat" ? { name: "interrupted", agent } : { name: "talking", agent };
    case "callback-left":
    case "message-left":
    case "abandoned":
    case "ended":
      return { name: "over", rate: false };
    default:
      return phase satisfies never;
  }
}

/** Customers are told surname and number, not more: 何 坐席 8012. */
function agentOf(record: Pick<CallRecord, "live">, seat: Pick<SeatRow, "name_zh" | "number"> | null): CallAgent {
  const others = record.live.parties.filter((party) => party.role === "agent" || party.mode === "joined").length;
  return { name: seat?.name_zh.split(" ").at(-1)?.slice(0, 1) ?? "", number: seat?.number ?? "", count: 1 + others };
}

function choicesOf(ending: "callback" | "message" | "choice"): CallChoice[] {
  return ending === "choice" ? ["callback", "message"] : [ending];
}
