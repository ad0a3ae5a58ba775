import { grouped } from "@gridhall/ui/format.ts";
import { useKiosk, useWords } from "../context.ts";
import { Amount, Facts } from "../parts/amounts.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import type { ScreenOf } from "./screenOf.ts";

/** After a power cut with money inside: what became of it, before anything else is offered (requirement P3). */
export function RecoveryPage({ screen }: { screen: ScreenOf<"recovery"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const working = screen.state === "working";
  return (
    <div className="screen centred" data-state={screen.state}>
      <Icon name={working ? "cash" : "check"} className={working ? "full-icon pulsing" : "full-icon"} />
      <div role="status">
        <h2>{t(working ? "recovery.working-title" : "recovery.settled-title")}</h2>
        <p className="lead">{t(working ? "recovery.working-text" : "recovery.settled-text")}</p>
      </div>
      <Facts
        facts={[
          {
            label: t("recovery.account"),
            value: <b className="tabular">{grouped(screen.accountNo, [4, 4, 5])}</b>,
          },
          { label: t("recovery.received"), value: <Amount name="received" fen={screen.receivedFen} /> },
          ...(working
            ? []
            : [{ label: t("recovery.credited"), value: <Amount name="credited" fen={screen.creditedFen} /> }]),
        ]}
      />
      {!working && (
        <Button action="done" tone="primary" className="button-wide" onPress={() => act({ type: "done" })}>
          {t("recovery.done")}
        </Button>
      )}
    </div>
  );
}
