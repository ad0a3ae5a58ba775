import type { Wallboard } from "@gridhall/domain/seats/api.ts";
import type { TransferTarget } from "@gridhall/domain/seats/desk.ts";
import { App, Button, Modal } from "antd";
import { useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { serviceTitle } from "../../journeys/words.ts";
import { Panel } from "../../parts/page.tsx";
import { Nothing } from "../../parts/states.tsx";
import { TargetList } from "../call/transferDialog.tsx";
import { desk } from "../link/desk.ts";
import { CallId } from "@gridhall/domain/seats/schema.ts";
import { pressureOfWait, stopwatch } from "../seatTime.ts";

/** Who waits, the longest first; a supervisor can send a call to somebody. */
export function BoardWaiting({ board }: { board: Wallboard }) {
  const words = useWords();
  const { t, pick } = words;
  const { modal } = App.useApp();
  const [sending, setSending] = useState<string | null>(null);
  const waiting = board.waiting.toSorted((a, b) => a.queuedMs - b.queuedMs);
  const confirm = (callId: string, to: TransferTarget) => {
    setSending(null);
    void modal.confirm({
      title: t("board.reroute-confirm"),
      content: t("board.reroute-confirm-hint"),
      okText: t("board.reroute"),
      onOk: () => {
        desk.open();
        desk.order({ type: "reroute", callId: CallId.parse(callId), to });
      },
    });
  };
  return (
    <Panel title={t("board.waiting-list")}>
      {waiting.length === 0 ? (
        <Nothing title={t("board.nobody-waits")} />
      ) : (
        <ol className="board-rows" data-testid="board-waiting">
          {waiting.map((call) => {
            const waitedMs = board.nowMs - call.queuedMs;
            return (
              <li key={call.callId} className={pressureOfWait(waitedMs)} data-call={call.callId}>
                <b className="figure time">{stopwatch(waitedMs)}</b>
                <span className="what">
                  <b>{pick(call.hallZh, call.hallEn)}</b>
                  <span>
                    {call.service === null ? t("caller.no-service") : serviceTitle(call.service, words)}
                    {call.position === null ? "" : ` · ${t("board.position", { n: call.position })}`}
                    {call.policyId === null
                      ? ` · ${t("board.no-policy")}`
                      : ` · ${t("board.policy-step", { policy: call.policyId, step: call.step + 1 })}`}
                  </span>
                </span>
                <Button
                  size="small"
                  onClick={() => setSending(call.callId)}
                  data-testid={`board-reroute-${call.callId}`}
                >
                  {t("board.reroute")}
                </Button>
              </li>
            );
          })}
        </ol>
      )}
      {sending === null ? null : (
        <Modal open onCancel={() => setSending(null)} footer={null} width={680} title={t("board.reroute-title")}>
          <p className="faint gap">{t("board.reroute-hint")}</p>
          <TargetList
            groups
            not={null}
            needsReady={false}
            action={t("board.reroute")}
            onChoose={(to) => confirm(sending, to)}
          />
        </Modal>
      )}
    </Panel>
  );
}
