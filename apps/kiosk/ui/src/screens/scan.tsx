import { money } from "@gridhall/ui/format.ts";
import { QrCode } from "@gridhall/ui/qrCode.tsx";
import { useKiosk, useWords } from "../context.ts";
import { Amount } from "../parts/amounts.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Problem } from "../parts/notices.tsx";
import { ReaderPicture } from "../parts/readerPicture.tsx";
import type { ScreenOf } from "./screenOf.ts";

export function ScanPage({ screen }: { screen: ScreenOf<"scan"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const { state, mode, secondsLeft } = screen;
  const provider = t(`scan.${screen.provider}`);
  const canCancel = state === "show-qr" || state === "present-code" || state === "confirm-on-phone";
  const said = state === "preparing" && mode === "code" ? t("scan.preparing-code") : t(`scan.${state}`, { provider });
  return (
    <div className={`screen scan scan-${screen.provider}`} data-state={state}>
      <div
        className="scan-picture"
        data-help-id="scan-picture"
        data-help-label={said}
        {...(screen.qrText === null ? {} : { "data-sensitive": "payment-code" })}
      >
        {state === "show-qr" && screen.qrText !== null ? (
          <QrCode text={screen.qrText} label={t("scan.qr-label", { provider, amount: money(screen.totalFen) })} />
        ) : state === "present-code" ? (
          <ReaderPicture method="payment-code" reader="waiting" />
        ) : (
          <Icon name={state === "confirm-on-phone" ? "phone" : "clock"} className="full-icon pulsing" />
        )}
      </div>
      <div className="scan-words">
        <p className="due-line">
          {t("scan.total")} <Amount name="total" fen={screen.totalFen} className="amount-big" />
        </p>
        <div role="status">
          <h2>{said}</h2>
          {state === "present-code" && <p className="lead">{t("scan.present-code-hint")}</p>}
        </div>
        {secondsLeft !== null && (
          <p className="scan-seconds tabular">
            <Icon name="clock" />
            {t("scan.seconds", { seconds: secondsLeft })}
          </p>
        )}
        <Problem problem={screen.problem} />
        <div className="scan-end">
          <Button action="scan-cancel" off={!canCancel} onPress={() => act({ type: "scan-cancel" })}>
            {t("scan.cancel")}
          </Button>
          {state !== "present-code" && <p className="muted">{t("scan.cancel-hint")}</p>}
        </div>
      </div>
    </div>
  );
}
