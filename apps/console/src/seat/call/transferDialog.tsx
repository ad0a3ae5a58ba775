import type { AgentRow } from "@gridhall/domain/seats/api.ts";
import type { DeskCall, DeskState, TransferTarget } from "@gridhall/domain/seats/desk.ts";
import { useQuery } from "@tanstack/react-query";
import { Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { Loaded, Nothing } from "../../parts/states.tsx";
import { desk } from "../link/desk.ts";
import { seatQueries } from "../seatQueries.ts";
import { byReadiness, matches, readyIn } from "./targets.ts";

const READ_EVERY_MS = 2_000;

/** To whom: agents and groups with who is ready now. Warm asks them first, blind lets the customer wait for them. */
export function TransferDialog({
  kind,
  call,
  state,
  onClose,
}: {
  kind: "transfer" | "invite";
  call: DeskCall;
  state: DeskState;
  onClose(): void;
}) {
  const { t } = useWords();
  const [mode, setMode] = useState<"warm" | "blind">("warm");
  const give = (to: TransferTarget) => {
    const { callId } = call;
    const sent =
      kind === "transfer"
        ? desk.order({ type: "transfer", callId, mode, to })
        : to.kind === "seat" && desk.order({ type: "invite", callId, seatId: to.seatId });
    if (sent) onClose();
  };
  return (
    <Modal open onCancel={onClose} footer={null} width={680} title={t(`${kind}.title`)}>
      {kind === "transfer" ? (
        <div className="transfer-mode">
          <Radio.Group
            optionType="button"
            value={mode}
            onChange={({ target }) => setMode(target.value === "blind" ? "blind" : "warm")}
            options={[
              { value: "warm", label: t("transfer.warm") },
              { value: "blind", label: t("transfer.blind") },
            ]}
          />
          <p className="faint">{t(`transfer.${mode}-hint`)}</p>
        </div>
      ) : (
        <p className="faint gap">{t("invite.hint")}</p>
      )}
      <TargetList
        groups={kind === "transfer"}
        not={state.seatId}
        needsReady={kind === "invite" || mode === "warm"}
        action={t(`${kind}.send`)}
        onChoose={give}
      />
    </Modal>
  );
}

/** Agents and groups to choose from, whoever is ready first. */
export function TargetList({
  groups,
  not,
  needsReady,
  action,
  onChoose,
}: {
  groups: boolean;
  not: string | null;
  needsReady: boolean;
  action: string;
  onChoose(to: TransferTarget): void;
}) {
  const { t, code, pick } = useWords();
  const [text, setText] = useState("");
  const query = useQuery({ ...seatQueries.directory(), refetchInterval: READ_EVERY_MS });
  const usable = (agent: AgentRow) =>
    needsReady
      ? agent.status.state.name === "ready"
      : agent.status.state.name !== "offline" && agent.status.state.name !== "fault";
  return (
    <>
      <Input
        autoFocus
        allowClear
        value={text}
        placeholder={t("transfer.search")}
        aria-label={t("transfer.search")}
        onChange={(event) => setText(event.target.value)}
      />
      <Loaded query={query}>
        {(directory) => {
          const others = directory.agents.filter((agent) => agent.seatId !== not);
          const agents = byReadiness(others).filter((agent) => matches(agent, directory, text));
          return (
            <div className="targets">
              {groups ? (
                <>
                  <h3>{t("transfer.groups")}</h3>
                  <ul>
                    {directory.groups.map((group) => {
                      const ready = readyIn(group.groupId, others);
                      const able = others.some((agent) => agent.groups.includes(group.groupId) && usable(agent));
                      return (
                        <li key={group.groupId}>
                          <span className={ready > 0 ? "dot-state ready" : "dot-state"} aria-hidden="true" />
                          <b>{pick(group.title.zh, group.title.en)}</b>
                          <span className="faint">{t("transfer.group-ready", { ready, all: group.agents })}</span>
                          <Button
                            disabled={!able}
                            onClick={() => onChoose({ kind: "group", groupId: group.groupId })}
                            data-testid={`transfer-group-${group.groupId}`}
                          >
                            {action}
                          </Button>
                        </li>
                      );
                    })}
                  </ul>
                </>
              ) : null}
              <h3>{t("transfer.agents")}</h3>
              {agents.length === 0 ? (
                <Nothing title={t("transfer.nobody")} />
              ) : (
                <ul>
                  {agents.map((agent) => (
                    <li key={agent.seatId}>
                      <span className={`dot-state ${agent.status.state.name}`} aria-hidden="true" />
                      <b>{pick(agent.nameZh, agent.nameEn)}</b>
                      <span className="faint">
                        {code("seat-state", agent.status.state.name)}
                        {" · "}
                        {agent.groups
                          .map((groupId) => {
                            const title = directory.groups.find((group) => group.groupId === groupId)?.title;
                            return title ? pick(title.zh, title.en) : groupId;
                          })
                          .join(" / ")}
                      </span>
                      <Button
                        disabled={!usable(agent)}
                        onClick={() => onChoose({ kind: "seat", seatId: agent.seatId })}
                        data-testid={`transfer-to-${agent.login}`}
                      >
                        {action}
                      </Button>
                    </li>
                  ))}
                </ul>
              )}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
