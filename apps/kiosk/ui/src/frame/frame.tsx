import { useEffect, useRef } from "react";
import { useKiosk, useWords } from "../context.ts";
import { ScrollArea } from "../parts/scrollArea.tsx";
import { ScreenPage } from "../screens/screen.tsx";
import { Signage } from "../screens/signage.tsx";
import { speak } from "../voice.ts";
import { Footer } from "./footer.tsx";
import { Header } from "./header.tsx";
import { Busy, Help, OverlayPage } from "./overlays.tsx";

/** The same frame around every page: who and where above, the ways out below. */
export function Frame() {
  const { view } = useKiosk();
  const { t, pick } = useWords();
  const { screen, overlay, busy, title, step, settings } = view;
  useVoice();
  if (screen.kind === "signage" && overlay === null) return <Signage slides={screen.slides} />;

  const helped = view.call !== null;
  const covered = overlay !== null || helped || busy !== null;
  const text = title ? pick(title) : t("frame.title-fallback");
  return (
    <div className="frame" data-screen={screen.kind} data-language={settings.language} data-revision={view.revision}>
      <Header />
      <main className="main">
        {covered && (overlay ? <OverlayPage overlay={overlay} /> : helped ? <Help /> : busy && <Busy busy={busy} />)}
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

/** Says what the page asks, when it appears and when the customer switches the voice on. */
function useVoice(): void {
  const { view } = useKiosk();
  const { t, language } = useWords();
  const { screen, settings } = view;
  const doing =
    screen.kind === "cash"
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
