import type { DeskCall, DeskState } from "@gridhall/domain/seats/desk.ts";
import { Alert, Button, Tabs } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { AccountPanel } from "./accountPanel.tsx";
import { CallControls } from "./callControls.tsx";
import { CallHead } from "./callHead.tsx";
import { CallSide } from "./callSide.tsx";
import { helps } from "./consent.ts";
import { ConsentPanel } from "./consentPanel.tsx";
import { JourneyPanel } from "./journeyPanel.tsx";
import { NotePanel } from "./notePanel.tsx";
import { SharePanel } from "./sharePanel.tsx";
import { Stage } from "./stage.tsx";
import { useMedia } from "./useMedia.ts";
import { WhyPanel } from "./whyPanel.tsx";
import { WorkOrderForm } from "./workOrderForm.tsx";

/** A call at the desk: the customer and their screen, and beside it everything that helps them. */
export function CallWindow({ call, state }: { call: DeskCall; state: DeskState }) {
  const { t } = useWords();
  const { media, view } = useMedia();
  const helper = helps(call, state.seatId);
  const accountNo = call.journey?.accountNo ?? call.caller.accountNo;
  return (
    <article className="call" data-testid="call-window" data-phase={call.phase.name} data-part={call.part}>
      <CallHead call={call} seatId={state.seatId} />
      {view?.silenced ? (
        <Alert
          banner
          type="warning"
          title={t("call.silenced")}
          action={<Button onClick={() => media?.playSound()}>{t("call.play-sound")}</Button>}
        />
      ) : null}
      <div className="call-body">
        <CallSide call={call} state={state} media={media} view={view} />
        <div className="call-middle">
          <Stage call={call} view={view} helper={helper} />
          <CallControls call={call} state={state} media={media} view={view} />
        </div>
        <div className="call-data">
          {helper ? <ConsentPanel call={call} /> : null}
          <Tabs
            size="small"
            className="call-tabs"
            items={[
              { key: "journey", label: t("call.tab-journey"), children: <JourneyPanel call={call} helper={helper} /> },
              { key: "account", label: t("call.tab-account"), children: <AccountPanel accountNo={accountNo} /> },
              ...(helper
                ? [
                    { key: "share", label: t("call.tab-share"), children: <SharePanel call={call} /> },
                    { key: "order", label: t("call.tab-order"), children: <WorkOrderForm call={call} /> },
                  ]
                : []),
              { key: "why", label: t("call.tab-why"), children: <WhyPanel call={call} /> },
            ]}
          />
          {call.part === "supervising" ? null : <NotePanel callId={call.callId} stored={call.note} />}
        </div>
      </div>
    </article>
  );
}
