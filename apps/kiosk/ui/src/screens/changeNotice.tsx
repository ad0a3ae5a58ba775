import { money } from "@gridhall/ui/format.ts";
import { useKiosk, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import type { ScreenOf } from "./screenOf.ts";

/** Said before a note goes in, not after (requirement P1). */
export function ChangeNoticePage({ screen }: { screen: ScreenOf<"change-notice"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const amounts = { total: money(screen.totalFen), max: money(screen.maxChangeFen) };
  return (
    <div className="screen centred">
      <Icon name="cash" className="full-icon" />
      <h2>{t("change.title")}</h2>
      <p className="lead" data-max-change={screen.maxChangeFen}>
        {screen.maxChangeFen > 0 ? t("change.text", amounts) : t("change.text-none", { total: amounts.total })}
      </p>
      <p className="lead">{t("change.consequence")}</p>
      <div className="actions actions-wide">
        <Button action="choose-other" onPress={() => act({ type: "back" })}>
          {t("change.other")}
        </Button>
        <Button action="accept-no-change" tone="primary" onPress={() => act({ type: "accept-no-change" })}>
          {t("change.accept")}
        </Button>
      </div>
    </div>
  );
}
