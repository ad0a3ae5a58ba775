import { DownOutlined } from "@ant-design/icons";
import type { Wallboard } from "@gridhall/domain/seats/api.ts";
import { SeatId } from "@gridhall/domain/seats/schema.ts";
import type { RequestedState, SeatStateName } from "@gridhall/domain/seats/state.ts";
import { App, Button, Dropdown } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { Panel } from "../../parts/page.tsx";
import { Nothing } from "../../parts/states.tsx";
import { desk } from "../link/desk.ts";
import { pressureOfState, stopwatch } from "../seatTime.ts";

const ORDER: readonly SeatStateName[] = [
  "missed",
  "fault",
  "ready",
  "reserved",
  "connecting",
  "in-call",
  "wrap-up",
  "break",
  "training",
  "offline",
];
const FORCED: Readonly<Record<string, RequestedState>> = {
  ready: { name: "ready" },
  break: { name: "break", reason: "other" },
  training: { name: "training" },
  offline: { name: "offline" },
};

/** Agents by state, with how long they have been in it. */
export function BoardAgents({ board }: { board: Wallboard }) {
  const { t, code, pick } = useWords();
  const { modal } = App.useApp();
  const states = ORDER.filter((name) => board.agents.some((agent) => agent.status.state.name === name));
  const force = (seatId: string, who: string, key: string) => {
    const to = FORCED[key];
    if (!to) return;
    void modal.confirm({
      title: t("board.force-confirm", { who, state: code("seat-state", key) }),
      content: t("board.force-confirm-hint"),
      okText: t("board.force-yes"),
      onOk: () => {
        desk.open();
        desk.order({ type: "force-state", seatId: SeatId.parse(seatId), to });
      },
    });
  };
  return (
    <Panel title={t("board.agents")}>
      {board.agents.length === 0 ? <Nothing title={t("board.no-agents")} hint={t("board.no-agents-hint")} /> : null}
      {states.map((name) => {
        const agents = board.agents
          .filter((agent) => agent.status.state.name === name)
          .sort((a, b) => a.status.sinceMs - b.status.sinceMs);
        return (
          <section key={name} className="board-state">
            <h3 className={`state-${name}`}>
              {code("seat-state", name)} <span className="figure">{agents.length}</span>
            </h3>
            <ul className="board-agents">
              {agents.map((agent) => {
                const lastedMs = board.nowMs - agent.status.sinceMs;
                const who = pick(agent.nameZh, agent.nameEn);
                const { state, next } = agent.status;
                return (
                  <li key={agent.seatId} className={pressureOfState(name, lastedMs)} data-seat={agent.seatId}>
                    <span className={`dot-state ${name}`} aria-hidden="true" />
                    <span className="what">
                      <b>{who}</b>
                      <span>
                        {state.name === "break" ? code("break", state.reason) : null}
                        {state.name === "fault" ? state.detail : null}
                        {next
                          ? t("board.next", {
                              state:
                                next.name === "break" ? code("break-next", next.reason) : code("seat-state", next.name),
                            })
                          : null}
                      </span>
                    </span>
                    <b className="figure time">{name === "offline" ? "" : stopwatch(lastedMs)}</b>
                    <Dropdown
                      trigger={["click"]}
                      menu={{
                        items: Object.keys(FORCED)
                          .filter((key) => key !== name)
                          .map((key) => ({ key, label: t("board.force", { state: code("seat-state", key) }) })),
                        onClick: ({ key }) => force(agent.seatId, who, key),
                      }}
                    >
                      <Button
                        size="small"
                        type="text"
                        icon={<DownOutlined />}
                        aria-label={t("board.force-menu", { who })}
                        data-testid={`board-force-${agent.seatId}`}
                      />
                    </Dropdown>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      })}
    </Panel>
  );
}
