import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { Tag } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { serviceTitle } from "../../journeys/words.ts";
import { useCentreNow } from "../link/desk.ts";
import { stopwatch } from "../seatTime.ts";

/** Where the customer is, what they are doing, how long it has been, and how one is present oneself. */
export function CallHead({ call, seatId }: { call: DeskCall; seatId: string }) {
  const words = useWords();
  const { t, code, pick } = words;
  const now = useCentreNow();
  const { caller, phase } = call;
  const mode = call.parties.find((one) => one.seatId === seatId)?.mode ?? "talking";
  const interrupted = phase.name === "interrupted";
  return (
    <header className="call-head">
      <span className={`call-phase ${phase.name}`} role="status" data-testid="call-phase" data-phase={phase.name}>
        {interrupted ? t(`call.interrupted-${phase.side}`) : code("call-phase", phase.name)}
        {call.connectedMs === null ? null : <b className="figure">{stopwatch(now - call.connectedMs)}</b>}
      </span>
      {call.part === "own" ? null : (
        <Tag color={call.part === "supervising" ? "purple" : "blue"} data-testid="call-part">
          {call.part === "supervising" ? code("party-mode", mode) : t("call.part-invited")}
        </Tag>
      )}
      <h1>
        {pick(caller.hallZh, caller.hallEn)} · {pick(caller.kioskZh, caller.kioskEn)}
      </h1>
      <span className="faint">
        {caller.service === null ? t("caller.no-service") : serviceTitle(caller.service, words)}
        {" · "}
        {code("customer-class", caller.customerClass)}
        {" · "}
        {code("language", call.journey?.language ?? caller.language)}
      </span>
      <span className="spread" />
      <span
        className={call.recording ? "recording on" : "recording"}
        role="status"
        data-testid="recording"
        data-on={call.recording}
      >
        <i aria-hidden="true" />
        {t(call.recording ? "call.recording" : "call.not-recording")}
      </span>
    </header>
  );
}
