import { CustomerServiceOutlined } from "@ant-design/icons";
import type { DeskState } from "@gridhall/domain/seats/desk.ts";
import { Button, Result } from "antd";
import { useWords } from "../i18n/language.tsx";
import { keyOf } from "./keyboard.ts";
import { desk } from "./link/desk.ts";
import { DeviceCheck } from "./media/deviceCheck.tsx";

/** No call: says what the present state means, and lets the agent try camera and microphone meanwhile. */
export function IdleDesk({ state }: { state: DeskState }) {
  const { t } = useWords();
  const name = state.status?.state.name ?? "offline";
  const ready = name === "ready";
  return (
    <div className="idle-desk">
      <section className="panel idle-words">
        <Result
          icon={<CustomerServiceOutlined className={ready ? "idle-icon ready" : "idle-icon"} />}
          title={<h1>{t(`idle.${name}`)}</h1>}
          subTitle={t(`idle-hint.${name}`, { n: state.waiting })}
          extra={
            ready || name === "reserved" || name === "connecting" || name === "in-call" ? null : (
              <Button type="primary" size="large" onClick={() => desk.order({ type: "state", to: { name: "ready" } })}>
                {t("idle.go-ready")} <kbd>{keyOf("ready")}</kbd>
              </Button>
            )
          }
        />
      </section>
      <DeviceCheck />
    </div>
  );
}
