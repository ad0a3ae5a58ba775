import type { CallView } from "@gridhall/domain/seats/callView.ts";
import { allows } from "@gridhall/domain/seats/assist.ts";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";

/** What the agent may see and do: always in sight, and ended by one touch. */
export function SharingStrip({ call }: { call: CallView }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const { consent } = call;
  return (
    <div className="call-strip" data-testid="call-sharing" data-consent={consent}>
      <p role="status">{t(`call.shared-${consent}`)}</p>
      {consent === "none" ? (
        <Button
          action="call-share-screen"
          testId="call-share-screen"
          onPress={() => act({ type: "call-consent", consent: "view" })}
        >
          {t("call.share-screen")}
        </Button>
      ) : (
        <>
          {allows(consent, "point") && (
            <Button
              action="call-view-only"
              testId="call-view-only"
              onPress={() => act({ type: "call-consent", consent: "view" })}
            >
              {t("call.view-only")}
            </Button>
          )}
          <Button
            action="call-stop-sharing"
            testId="call-stop-sharing"
            tone="danger"
            onPress={() => act({ type: "call-consent", consent: "none" })}
          >
            {t("call.stop-sharing")}
          </Button>
        </>
      )}
    </div>
  );
}
