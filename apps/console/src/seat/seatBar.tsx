import { CoffeeOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import type { DeskState } from "@gridhall/domain/seats/desk.ts";
import { BreakReason, type RequestedState, type SeatStatus } from "@gridhall/domain/seats/state.ts";
import { Button, Dropdown, Tooltip } from "antd";
import { useState } from "react";
import { useWords } from "../i18n/language.tsx";
import { span } from "../parts/format.ts";
import { keyOf } from "./keyboard.ts";
import { desk, useCentreNow } from "./link/desk.ts";
import { RingControl } from "./ring/ringControl.tsx";
import { pressureOfState, stopwatch } from "./seatTime.ts";
import { useKeys } from "./useKeys.ts";

const ask = (to: RequestedState) => void desk.order({ type: "state", to });

/** One's own state, what was asked for next, today's figures, and the ways to change the state. */
export function SeatBar({ state, status, onHelp }: { state: DeskState; status: SeatStatus; onHelp(): void }) {
  const words = useWords();
  const { t, code } = words;
  const now = useCentreNow();
  const [breaks, setBreaks] = useState(false);
  const { name } = status.state;
  const busy = name === "connecting" || name === "in-call" || name === "reserved";
  useKeys({ ready: () => ask({ name: "ready" }), break: () => setBreaks(true) });
  return (
    <header className="seat-bar" aria-label={t("seat.bar")}>
      <div
        className={`seat-state state-${name} ${pressureOfState(name, now - status.sinceMs)}`}
        data-testid="seat-state"
        data-state={name}
        role="status"
      >
        <b>
          {code("seat-state", name)}
          {status.state.name === "break" ? ` · ${code("break", status.state.reason)}` : ""}
        </b>
        <span className="figure" aria-hidden="true">
          {stopwatch(now - status.sinceMs)}
        </span>
      </div>
      {status.next ? (
        <span className="seat-next" data-testid="seat-next">
          {t(busy ? "seat.next-after-call" : "seat.next-after-wrap", { state: stateWords(status.next, words) })}
          <Button size="small" type="link" onClick={() => ask({ name: "ready" })}>
            {t("seat.next-withdraw")}
          </Button>
        </span>
      ) : null}
      <span className="buttons">
        <Tooltip title={keyOf("ready")}>
          <Button
            type={name === "ready" || busy ? "default" : "primary"}
            disabled={name === "ready"}
            onClick={() => ask({ name: "ready" })}
            data-testid="seat-ready"
          >
            {code("seat-state", "ready")}
          </Button>
        </Tooltip>
        <Dropdown
          trigger={["click"]}
          open={breaks}
          onOpenChange={setBreaks}
          autoFocus
          menu={{
            items: BreakReason.options.map((reason) => ({ key: reason, label: code("break", reason) })),
            onClick: ({ key }) => {
              setBreaks(false);
              ask({ name: "break", reason: BreakReason.parse(key) });
            },
          }}
        >
          <Button icon={<CoffeeOutlined />} title={keyOf("break")} data-testid="seat-break">
            {code("seat-state", "break")}
          </Button>
        </Dropdown>
        <Button disabled={name === "training"} onClick={() => ask({ name: "training" })} data-testid="seat-training">
          {code("seat-state", "training")}
        </Button>
        <Button disabled={name === "offline"} onClick={() => ask({ name: "offline" })} data-testid="seat-offline">
          {t("seat.go-offline")}
        </Button>
      </span>
      <span className="spread" />
      <dl className="seat-figures">
        <Figure label={t("seat.waiting")} value={String(state.waiting)} alarm={state.waiting > 0} />
        <Figure label={t("seat.answered")} value={String(state.today.answered)} />
        <Figure label={t("seat.assist-time")} value={span(state.today.assistMs / 1000, words)} />
        <Figure label={t("seat.missed")} value={String(state.today.missed)} alarm={state.today.missed > 0} />
      </dl>
      <span className="seat-who">
        {words.pick(state.name.zh, state.name.en)}
        {state.number ? <span className="code">{t("seat.number", { number: state.number })}</span> : null}
      </span>
      <RingControl />
      <Tooltip title={`${t("keys.title")} (${keyOf("help")})`}>
        <Button type="text" icon={<QuestionCircleOutlined />} aria-label={t("keys.title")} onClick={onHelp} />
      </Tooltip>
    </header>
  );
}

function stateWords(next: RequestedState, { code }: ReturnType<typeof useWords>): string {
  return next.name === "break" ? code("break-next", next.reason) : code("seat-state", next.name);
}

function Figure({ label, value, alarm = false }: { label: string; value: string; alarm?: boolean }) {
  return (
    <div className={alarm ? "alarm" : undefined}>
      <dt>{label}</dt>
      <dd className="figure">{value}</dd>
    </div>
  );
}
