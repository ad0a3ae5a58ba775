import type { CallView } from "@gridhall/domain/seats/callView.ts";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import { useCallMedia } from "./callContext.ts";
import type { TalkPhase } from "./callPhases.ts";
import { Faces } from "./faces.tsx";
import { CallHeading } from "./heading.tsx";
import { ProposalCard } from "./proposal.tsx";
import { SharedSheet } from "./sharedSheet.tsx";
import { SharingStrip } from "./sharingStrip.tsx";

/** An agent is on the line: their face, what they are allowed to, and what they ask or lay before the customer. */
export function Talk({ call, phase }: { call: CallView; phase: TalkPhase }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const asks = call.proposal ?? call.shared;
  return (
    <div className={`call-talk ${asks ? "call-asked" : ""}`}>
      <SharingStrip call={call} />
      <Faces phase={phase} recording={call.recording} />
      {call.proposal ? (
        <ProposalCard key={call.proposal.proposalId} proposal={call.proposal} />
      ) : call.shared ? (
        <SharedSheet key={call.shared.itemId} item={call.shared} />
      ) : (
        <div className="call-side">
          <ScrollArea>
            <div className="call-words">
              <State phase={phase} />
              <Troubles call={call} />
            </div>
          </ScrollArea>
          <div className="actions">
            {call.recording && (
              <Button
                action="call-stop-recording"
                testId="call-stop-recording"
                onPress={() => act({ type: "call-recording", recording: false })}
              >
                {t("call.stop-recording")}
              </Button>
            )}
            <Button action="call-end" testId="call-end" tone="danger" onPress={() => act({ type: "call-end" })}>
              {t("call.end")}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

function State({ phase }: { phase: TalkPhase }) {
  const { t } = useWords();
  const { name, number, count } = phase.agent;
  return (
    <>
      <CallHeading
        text={count > 1 ? t("call.agents", { name, number, count }) : t("call.agent", { name, number })}
        focus={phase.name === "connecting"}
      />
      <p role="status" data-testid="call-state" className={phase.name === "interrupted" ? "call-broken" : ""}>
        <b>{t(`call.${phase.name}`)}</b>
      </p>
      {(phase.name === "held" || phase.name === "interrupted") && <p>{t(`call.${phase.name}-text`)}</p>}
    </>
  );
}

/** What does not work is said in words; the call goes on without it. */
function Troubles({ call }: { call: CallView }) {
  const { t } = useWords();
  const { screenNeedsTouch } = useCallMedia();
  const { camera, microphone, screen } = call.media;
  const said = [
    ...(microphone === "ok" ? [] : [t(`call.microphone-${microphone}`)]),
    ...(camera === "ok" ? [] : [t(`call.camera-${camera}`)]),
    ...(call.consent === "none"
      ? []
      : screenNeedsTouch
        ? [t("call.touch-for-screen")]
        : screen === "ok"
          ? []
          : [t(`call.screen-${screen}`)]),
  ];
  if (said.length === 0) return null;
  return (
    <div className="call-troubles" role="status" data-testid="call-troubles">
      {said.map((text) => (
        <p key={text} className="notice notice-problem">
          <Icon name="warning" />
          <span>{text}</span>
        </p>
      ))}
      {!screenNeedsTouch && <p>{t("call.goes-on")}</p>}
    </div>
  );
}
