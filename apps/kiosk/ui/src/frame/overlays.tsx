import type { Message, Overlay } from "@gridhall/domain/kiosk/view.ts";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";

/** In the place of the page, never a window over it. The page below keeps what was typed. */
export function OverlayPage({ overlay }: { overlay: Overlay }) {
  switch (overlay.kind) {
    case "timeout":
      return <Timeout secondsLeft={overlay.secondsLeft} />;
    case "wiping":
      return <Wiping />;
    default:
      return overlay satisfies never;
  }
}

function Timeout({ secondsLeft }: { secondsLeft: number }) {
  const { act } = useKiosk();
  const { t } = useWords();
  return (
    <section className="full" data-overlay="timeout" role="alertdialog" aria-labelledby="overlay-title">
      <h1 id="overlay-title">{t("overlay.timeout-title")}</h1>
      <p className="seconds tabular" aria-hidden="true">
        {secondsLeft}
      </p>
      <p>{t("overlay.timeout-text", { seconds: secondsLeft })}</p>
      <Button action="still-here" tone="primary" className="button-wide" onPress={() => act({ type: "close-overlay" })}>
        {t("overlay.still-here")}
      </Button>
    </section>
  );
}

function Wiping() {
  const { t } = useWords();
  return (
    <section className="full" data-overlay="wiping" role="status">
      <Icon name="shield" className="full-icon pulsing" />
      <h1>{t("overlay.wiping-title")}</h1>
      <p>{t("overlay.wiping-text")}</p>
      <Progress />
    </section>
  );
}

export function Busy({ busy }: { busy: Message }) {
  const { t, say } = useWords();
  return (
    <section className="full" data-overlay="busy" role="status">
      <Progress />
      <h1>{say(busy)}</h1>
      <p>{t("frame.wait")}</p>
    </section>
  );
}

function Progress() {
  return (
    <span className="moving-bar" aria-hidden="true">
      <span />
    </span>
  );
}
