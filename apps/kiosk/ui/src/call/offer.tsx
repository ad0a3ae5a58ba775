import { useState } from "react";
import { useKiosk, useWords } from "../context.ts";
import type { TextKey } from "../i18n/zh.ts";
import { Button } from "../parts/button.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import { CallHeading, Hotline } from "./heading.tsx";

/** What will happen, and two plain questions, before anything leaves the terminal. Nothing is agreed to by default. */
export function Offer({ online }: { online: boolean }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const [screen, setScreen] = useState(false);
  const [recording, setRecording] = useState(false);
  if (!online) return <Offline />;
  return (
    <div className="call-sheet">
      <ScrollArea>
        <div className="call-words">
          <CallHeading text={t("call.offer-title")} />
          <p>{t("call.offer-text")}</p>
          <div className="call-questions">
            <Question name="screen" agreed={screen} onAnswer={setScreen} />
            <Question name="recording" agreed={recording} onAnswer={setRecording} />
          </div>
        </div>
      </ScrollArea>
      <div className="actions">
        <Button action="call-not-now" testId="call-not-now" onPress={() => act({ type: "call-end" })}>
          {t("call.not-now")}
        </Button>
        <Button
          action="call-start"
          testId="call-start"
          tone="primary"
          icon="phoneCall"
          onPress={() => act({ type: "call-start", screen, recording })}
        >
          {t("call.start")}
        </Button>
      </div>
    </div>
  );
}

function Question({
  name,
  agreed,
  onAnswer,
}: {
  name: "screen" | "recording";
  agreed: boolean;
  onAnswer: (agreed: boolean) => void;
}) {
  const { t } = useWords();
  const label: TextKey = `call.offer-${name}`;
  return (
    <div className="call-question" role="group" aria-label={t(label)}>
      <p>
        <b>{t(label)}</b>
        <span className="muted">{t(`call.offer-${name}-note`)}</span>
      </p>
      <div className="call-yes-no">
        <Button
          action={`call-consent-${name}`}
          testId={`call-consent-${name}`}
          pressed={agreed}
          onPress={() => onAnswer(true)}
        >
          {t("call.yes")}
        </Button>
        <Button
          action={`call-consent-${name}-no`}
          testId={`call-consent-${name}-no`}
          pressed={!agreed}
          onPress={() => onAnswer(false)}
        >
          {t("call.no")}
        </Button>
      </div>
    </div>
  );
}

function Offline() {
  const { act } = useKiosk();
  const { t } = useWords();
  return (
    <div className="call-sheet">
      <ScrollArea>
        <div className="call-words" data-testid="call-offline">
          <CallHeading text={t("call.offline-title")} />
          <p>{t("call.offline-text")}</p>
          <Hotline />
        </div>
      </ScrollArea>
      <div className="actions">
        <Button action="call-close" testId="call-close" tone="primary" onPress={() => act({ type: "call-end" })}>
          {t("call.close")}
        </Button>
      </div>
    </div>
  );
}
