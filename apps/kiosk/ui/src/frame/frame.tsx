import type { CallPhaseView } from "@gridhall/domain/seats/callView.ts";
import { useEffect, useRef } from "react";
import { isScreenShown } from "../call/callPhases.ts";
import { CallPanel } from "../call/panel.tsx";
import { Pointers } from "../call/pointers.tsx";
import { useKiosk, useWords } from "../context.ts";
import { ScrollArea } from "../parts/scrollArea.tsx";
import { ScreenPage } from "../screens/screen.tsx";
import { Signage } from "../screens/signage.tsx";
import { speak } from "../voice.ts";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { Busy, OverlayPage } from "./overlays.tsx";

/** The same frame around every page: who and where above, the ways out below. */
export function Frame() {
  const { view } = useKiosk();
  const { t, pick } = useWords();
  const { screen, overlay, busy, title, step, settings, call } = view;
  useVoice();
  if (screen.kind === "signage" && overlay === null && call === null) return <Signage slides={screen.slides} />;

  const covered = overlay !== null || busy !== null;
  const text = title ? pick(title) : t("frame.title-fallback");
  return (
    <div
      className={call ? "frame frame-call" : "frame"}
      data-screen={screen.kind}
      data-covered={covered}
      data-language={settings.language}
      data-revision={view.revision}
      data-shared={isScreenShown(call) ? call?.consent : undefined}
    >
      <Header />
      {call && <CallPanel call={call} />}
      <main className="main">
        {overlay ? <OverlayPage overlay={overlay} /> : busy && <Busy busy={busy} />}
        <div className="page" hidden={covered}>
          <div className="page-title">
            <Heading key={screen.kind} text={screen.kind === "home" ? t("home.welcome") : text} />
            {step && (
              <ol className="steps" aria-label={t("frame.step", { index: step.index, of: step.of })}>
                {Array.from({ length: step.of }, (_, index) => (
                  <li key={index} className={index < step.index ? "step-done" : ""} />
                ))}
              </ol>
            )}
          </div>
          <ScrollArea key={screen.kind}>
            <ScreenPage screen={screen} />
          </ScrollArea>
        </div>
      </main>
      <Footer covered={covered} />
      {call && <Pointers />}
    </div>
  );
}

/** Takes the focus when its page appears: a screen reader begins to read where the page begins. */
function Heading({ text }: { text: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h1 tabIndex={-1} ref={heading}>
      {text}
    </h1>
  );
}

/**
 * Says what the page asks, when it appears and when the customer switches the voice on; or what a call asks. While an
 * agent is heard the machine is silent: two voices at once are none.
 */
function useVoice(): void {
  const { view } = useKiosk();
  const { t, language } = useWords();
  const { screen, settings, call } = view;
  const doing = call
    ? callVoice(call.phase.name, t)
    : screen.kind === "cash"
      ? t(`cash.${screen.doing}`)
      : screen.kind === "scan"
        ? t(`scan.${screen.state}`, { provider: t(`scan.${screen.provider}`) })
        : screen.kind === "result"
          ? `${t(`result.${screen.outcome}`)}. ${t("voice.result")}`
          : t(`voice.${screen.kind}`);
  useEffect(() => {
    if (settings.voice) speak(doing, language);
  }, [settings.voice, doing, language]);
}

function callVoice(phase: CallPhaseView["name"], t: ReturnType<typeof useWords>["t"]): string {
  return phase === "connecting" || phase === "talking" || phase === "held" ? "" : t(`call.voice-${phase}`);
}
