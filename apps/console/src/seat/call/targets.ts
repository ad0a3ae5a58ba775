import type { AgentRow, SeatDirectory } from "@gridhall/domain/seats/api.ts";
import type { SeatStateName } from "@gridhall/domain/seats/state.ts";

const ORDER: readonly SeatStateName[] = [
  "ready",
  "wrap-up",
  "reserved",
  "connecting",
  "in-call",
  "break",
  "training",
  "missed",
  "fault",
  "offline",
];

/** Ready ones first, of those the longest idle; then by how soon they may be. */
export function byReadiness(agents: readonly AgentRow[]): AgentRow[] {
  return agents.toSorted(
    (a, b) =>
      ORDER.indexOf(a.status.state.name) - ORDER.indexOf(b.status.state.name) ||
      (a.status.idleSinceMs ?? a.status.sinceMs) - (b.status.idleSinceMs ?? b.status.sinceMs),
  );
}

export function readyIn(groupId: string, agents: readonly AgentRow[]): number {
  return agents.filter((agent) => agent.status.state.name === "ready" && agent.groups.some((one) => one === groupId))
    .length;
}

/** By name, number, login or group. */
export function matches(agent: AgentRow, directory: SeatDirectory, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  if (wanted === "") return true;
  const groups = agent.groups.flatMap((groupId) => {
    const title = directory.groups.find((group) => group.groupId === groupId)?.title;
    return title ? [title.zh, title.en] : [groupId];
  });
  return [agent.nameZh, agent.nameEn, agent.number, agent.login, ...groups].some((one) =>
    one.toLowerCase().includes(wanted),
  );
}
