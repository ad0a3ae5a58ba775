import type { Message, Overlay } from "@gridhall/domain/kiosk/view.ts";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";

/** In the place of the page, never a window over it. The page below keeps what was typed. */
export function OverlayPage({ overlay }: { overlay: Overlay }) {
  switch (overlay.kind) {
    case "timeout":
      return <Timeout secondsLeft={overlay.secondsLeft} />;
    case "help":
      return <Help />;
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

/** How a person is reached: in the hall, and by telephone. */
export function Help() {
  const { view, act } = useKiosk();
  const { t } = useWords();
  const { hotline, id } = view.terminal;
  return (
    <section className="full" data-overlay="help" aria-labelledby="overlay-title">
      <Icon name="person" className="full-icon" />
      <h1 id="overlay-title">{t("overlay.help-title")}</h1>
      <p>{t("overlay.help-hall")}</p>
      <div className="help-line">
        <Icon name="phoneCall" />
        <span>
          {t("overlay.help-hotline")}
          <b className="help-number tabular">{hotline}</b>
        </span>
      </div>
      <p>
        {t("overlay.help-terminal")} <b className="tabular">{id}</b>
      </p>
      <Button
        action="close-overlay"
        tone="primary"
        className="button-wide"
        onPress={() => act({ type: view.call ? "call-end" : "close-overlay" })}
      >
        {t("frame.continue")}
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
