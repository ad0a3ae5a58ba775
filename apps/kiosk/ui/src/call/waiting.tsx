import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import type { PhaseOf } from "./callPhases.ts";
import { useSecondsSince } from "./elapsed.ts";
import { CallHeading } from "./heading.tsx";

/** How far one is in the queue, in words, and what one may do instead of waiting. */
export function Waiting({ phase }: { phase: PhaseOf<"waiting"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const waited = useSecondsSince(phase.sinceMs);
  const { position, expectedWaitMs } = phase;
  return (
    <div className="call-sheet">
      <ScrollArea>
        <div className="call-waiting">
          <Icon name="phoneCall" className={`full-icon ${phase.ringing ? "call-ringing" : "pulsing"}`} />
          <div className="call-words">
            <CallHeading text={t(phase.ringing ? "call.ringing-title" : "call.waiting-title")} />
            <p role="status" className="call-queue">
              {position !== null && (
                <b data-testid="call-position" data-position={position}>
                  {position === 1 ? t("call.waiting-next") : t("call.waiting-before", { count: position - 1 })}
                </b>
              )}
              {expectedWaitMs !== null && <span>{expected(expectedWaitMs, t)}</span>}
            </p>
            <p className="muted tabular" data-testid="call-waited">
              {t("call.waited", { minutes: Math.floor(waited / 60), seconds: waited % 60 })}
            </p>
            <p>{t("call.waiting-text")}</p>
          </div>
        </div>
      </ScrollArea>
      <div className="actions">
        <Button action="call-end" testId="call-end" onPress={() => act({ type: "call-end" })}>
          {t("call.leave-queue")}
        </Button>
        <Button
          action="call-choose:callback"
          testId="call-choose-callback"
          icon="phone"
          onPress={() => act({ type: "call-choose", what: "callback" })}
        >
          {t("call.leave-number")}
        </Button>
      </div>
    </div>
  );
}

function expected(ms: number, t: ReturnType<typeof useWords>["t"]): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes <= 1 ? t("call.wait-short") : t("call.wait-minutes", { minutes });
}
