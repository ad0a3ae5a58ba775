import { useWords } from "../context.ts";
import type { TextKey } from "../i18n/zh.ts";
import { Icon, type IconName } from "./icon.tsx";

/** In the place of a list that is empty: that it is so by right, and whom to ask otherwise. */
export function Nothing({ icon, text }: { icon: IconName; text: TextKey }) {
  const { t } = useWords();
  return (
    <div className="nothing" data-empty="true">
      <Icon name={icon} className="full-icon" />
      <p className="lead">{t(text)}</p>
      <p className="muted">{t("frame.empty-hint")}</p>
    </div>
  );
}
