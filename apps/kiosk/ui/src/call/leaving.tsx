import type { CallChoice } from "@gridhall/domain/seats/callView.ts";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import type { PhaseOf } from "./callPhases.ts";
import { FaceIcon } from "./faceIcon.tsx";
import { CallHeading, Hotline } from "./heading.tsx";

const CHOICE_ICONS: Record<CallChoice, IconName> = { callback: "phone", message: "bill" };
const SCORES = [1, 2, 3, 4, 5] as const;

/** Nobody can answer: how one is reached later, instead of an empty wait. */
export function Nobody({ choices }: { choices: readonly CallChoice[] }) {
  const { act } = useKiosk();
  const { t } = useWords();
  return (
    <div className="call-sheet">
      <ScrollArea>
        <div className="call-words">
          <CallHeading text={t("call.nobody-title")} />
          {choices.length > 0 && <p>{t("call.nobody-text")}</p>}
          <div className="call-choices">
            {choices.map((what) => (
              <Button
                key={what}
                action={`call-choose:${what}`}
                testId={`call-choose-${what}`}
                tone="primary"
                icon={CHOICE_ICONS[what]}
                onPress={() => act({ type: "call-choose", what })}
              >
                {t(`call.choose-${what}`)}
              </Button>
            ))}
          </div>
          <Hotline />
        </div>
      </ScrollArea>
      <div className="actions">
        <Button action="call-end" testId="call-end" onPress={() => act({ type: "call-end" })}>
          {t("call.leave-queue")}
        </Button>
      </div>
    </div>
  );
}

export function Left({ what }: { what: CallChoice }) {
  const { t } = useWords();
  return <Said icon="check" title={t(`call.left-${what}`)} />;
}

export function Thanks() {
  const { t } = useWords();
  return <Said icon="check" title={t("call.thanks")} />;
}

export function Failed({ reason }: { reason: PhaseOf<"failed">["reason"] }) {
  const { t } = useWords();
  return <Said icon="warning" title={t("call.failed-title")} text={t(`call.failed-${reason}`)} hotline />;
}

/** Five faces from bad to good, each with its word. */
export function Rating() {
  const { act } = useKiosk();
  const { t } = useWords();
  return (
    <div className="call-sheet">
      <ScrollArea>
        <div className="call-words">
          <CallHeading text={t("call.rating-title")} />
          <div className="call-scores">
            {SCORES.map((score) => (
              <button
                key={score}
                type="button"
                className="button call-score"
                data-action={`call-rate:${score}`}
                data-testid={`call-rate-${score}`}
                onClick={() => act({ type: "call-rate", score })}
              >
                <FaceIcon score={score} />
                <span>{t(`call.rate-${score}`)}</span>
              </button>
            ))}
          </div>
        </div>
      </ScrollArea>
      <div className="actions">
        <Button action="call-close" testId="call-close" onPress={() => act({ type: "call-end" })}>
          {t("call.no-rating")}
        </Button>
      </div>
    </div>
  );
}

function Said({
  icon,
  title,
  text,
  hotline = false,
}: {
  icon: IconName;
  title: string;
  text?: string;
  hotline?: boolean;
}) {
  const { act } = useKiosk();
  const { t } = useWords();
  return (
    <div className="call-sheet">
      <ScrollArea>
        <div className="call-waiting">
          <Icon name={icon} className="full-icon" />
          <div className="call-words" role="status">
            <CallHeading text={title} />
            {text !== undefined && <p>{text}</p>}
            {hotline && <Hotline />}
          </div>
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
