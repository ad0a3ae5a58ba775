import type { Settings } from "@gridhall/domain/kiosk/view.ts";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";

/** Back, home and a person always in the same place; beside them how the screen looks and speaks. */
export function Footer({ covered }: { covered: boolean }) {
  const { view, act } = useKiosk();
  const { t } = useWords();
  const { settings } = view;
  const set = (change: Partial<Settings>) => act({ type: "settings", settings: { ...settings, ...change } });
  // On the first page there is nothing to go home from: the same place ends the session and wipes it.
  const atHome = view.screen.kind === "home";
  return (
    <footer className="footer">
      <nav className="footer-nav" aria-label={t("frame.navigation")}>
        <Button
          action="back"
          icon="back"
          className="footer-back"
          off={!view.canGoBack || covered}
          onPress={() => act({ type: "back" })}
        >
          {t("frame.back")}
        </Button>
        <Button
          action="home"
          icon={atHome ? "leave" : "home"}
          className="footer-home"
          off={(!view.canGoHome && !atHome) || covered}
          onPress={() => act({ type: "home" })}
        >
          {t(atHome ? "frame.leave" : "frame.home")}
        </Button>
        <Button
          action="help"
          icon="person"
          className="footer-help"
          off={view.call !== null}
          onPress={() => act({ type: "help" })}
        >
          {t("frame.help")}
        </Button>
      </nav>
      <div className="footer-settings" role="group" aria-label={t("frame.settings")}>
        <button
          type="button"
          className="button button-quiet"
          data-action="settings:language"
          data-help-id="settings:language"
          lang={settings.language === "en" ? "zh-CN" : "en"}
          aria-label={t("frame.language-label")}
          onClick={() => set({ language: settings.language === "en" ? "zh-CN" : "en" })}
        >
          <span>{t("frame.language")}</span>
        </button>
        <Button
          action="settings:large"
          tone="quiet"
          pressed={settings.textSize === "large"}
          onPress={() => set({ textSize: settings.textSize === "large" ? "normal" : "large" })}
        >
          {t("frame.large")}
        </Button>
        <Button
          action="settings:contrast"
          tone="quiet"
          pressed={settings.contrast === "high"}
          onPress={() => set({ contrast: settings.contrast === "high" ? "normal" : "high" })}
        >
          {t("frame.contrast")}
        </Button>
        <Button
          action="settings:voice"
          tone="quiet"
          pressed={settings.voice}
          onPress={() => set({ voice: !settings.voice })}
        >
          {t("frame.voice")}
        </Button>
      </div>
    </footer>
  );
}
