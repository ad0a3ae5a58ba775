import { useKiosk, useWords } from "../context.ts";
import { Icon } from "../parts/icon.tsx";
import type { ScreenOf } from "./screenOf.ts";

export function OutOfServicePage({ screen }: { screen: ScreenOf<"out-of-service"> }) {
  const { terminal } = useKiosk().view;
  const { t, say } = useWords();
  return (
    <div className="screen centred" role="status">
      <Icon name="clock" className="full-icon" />
      <h2>{t("out.title")}</h2>
      <p className="lead" data-reason={screen.reason.key}>
        {say(screen.reason)}
      </p>
      <p>{t("out.text")}</p>
      <p>
        {t("call.hotline")} <b className="tabular">{terminal.hotline}</b>
      </p>
    </div>
  );
}
