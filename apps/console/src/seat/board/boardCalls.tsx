import { AudioOutlined, CustomerServiceOutlined, TeamOutlined } from "@ant-design/icons";
import type { Wallboard } from "@gridhall/domain/seats/api.ts";
import { CallId } from "@gridhall/domain/seats/schema.ts";
import { Button, Tooltip } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { Panel } from "../../parts/page.tsx";
import { Nothing } from "../../parts/states.tsx";
import { desk } from "../link/desk.ts";
import { pressureOfState, stopwatch } from "../seatTime.ts";

type Mode = "listen" | "whisper" | "joined";
const ACTIONS = [
  { mode: "listen", testId: "board-listen", icon: <CustomerServiceOutlined /> },
  { mode: "whisper", testId: "board-whisper", icon: <AudioOutlined /> },
  { mode: "joined", testId: "board-join", icon: <TeamOutlined /> },
] as const;

/** Calls that go on, with the three ways into them. */
export function BoardCalls({
  board,
  supervised,
  onSupervise,
}: {
  board: Wallboard;
  supervised: string | null;
  onSupervise(callId: CallId, mode: Mode): void;
}) {
  const { t, code, pick } = useWords();
  const calls = board.calls.toSorted((a, b) => a.sinceMs - b.sinceMs);
  return (
    <Panel title={t("board.calls")}>
      {calls.length === 0 ? (
        <Nothing title={t("board.no-calls")} />
      ) : (
        <ol className="board-rows" data-testid="board-calls">
          {calls.map((call) => {
            const lastedMs = board.nowMs - call.sinceMs;
            return (
              <li key={call.callId} className={pressureOfState("in-call", lastedMs)} data-call={call.callId}>
                <b className="figure time">{stopwatch(lastedMs)}</b>
                <span className="what">
                  <b>{pick(call.agent.zh, call.agent.en)}</b>
                  <span>
                    {pick(call.hallZh, call.hallEn)} · {code("call-phase", call.phase.name)}
                  </span>
                </span>
                {supervised === call.callId ? (
                  <Button
                    size="small"
                    danger
                    onClick={() => desk.order({ type: "leave", callId: CallId.parse(call.callId) })}
                    data-testid={`board-leave-${call.callId}`}
                  >
                    {t("board.leave")}
                  </Button>
                ) : null}
                <span className="row-actions">
                  {ACTIONS.map(({ mode, testId, icon }) => (
                    <Tooltip key={mode} title={t(`supervise.${mode}-hint`)}>
                      <Button
                        size="small"
                        icon={icon}
                        danger={mode === "joined"}
                        onClick={() => onSupervise(CallId.parse(call.callId), mode)}
                        data-testid={`${testId}-${call.callId}`}
                      >
                        {t(`supervise.${mode}`)}
                      </Button>
                    </Tooltip>
                  ))}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </Panel>
  );
}
