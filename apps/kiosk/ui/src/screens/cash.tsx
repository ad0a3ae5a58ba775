import { money } from "@gridhall/ui/format.ts";
import { useKiosk, useWords } from "../context.ts";
import { Amount, Figure } from "../parts/amounts.tsx";
import { Button } from "../parts/button.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Problem } from "../parts/notices.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import type { ScreenOf } from "./screenOf.ts";

type Doing = ScreenOf<"cash">["doing"];

const ICONS: Record<Doing, IconName> = {
  starting: "clock",
  insert: "cash",
  "checking-note": "scan",
  "storing-note": "check",
  "returning-note": "back",
  "paying-change": "cash",
  recovering: "clock",
  settling: "clock",
};

/** Money is inside or about to be: what the machine is doing stands largest, and how much is still missing beside it. */
export function CashPage({ screen }: { screen: ScreenOf<"cash"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const { doing, receivedFen, totalFen, notes } = screen;
  // Only between two notes may the customer end it; the host refuses at other times, so the buttons show that.
  const canEnd = doing === "insert";
  const none = receivedFen === 0;
  return (
    <div className="screen filled cash">
      <div className={`cash-doing ${doing === "insert" ? "cash-doing-insert" : ""}`} role="status" data-doing={doing}>
        <Icon name={ICONS[doing]} className={doing === "insert" ? "full-icon inserting" : "full-icon pulsing"} />
        <div>
          <h2>{t(`cash.${doing}`)}</h2>
          <p>{t(doing === "insert" ? "cash.insert-hint" : "frame.wait")}</p>
        </div>
      </div>
      <ScrollArea>
        <div className="cash-state">
          <Amounts screen={screen} />
          {notes.length > 0 && (
            <div className="cash-notes">
              <h3 className="section-title">{t("cash.notes")}</h3>
              <p data-notes={notes.length}>
                {counted(notes).map(([denominationFen, count]) => (
                  <span key={denominationFen} className="chip tabular">
                    {t("cash.note-count", { yuan: denominationFen / 100, count })}
                  </span>
                ))}
              </p>
            </div>
          )}
        </div>
      </ScrollArea>
      <div className="cash-end">
        <Problem problem={screen.problem} />
        <p className="cash-seconds tabular">
          {screen.secondsLeft !== null &&
            t(none ? "cash.seconds-none" : "cash.seconds", { seconds: screen.secondsLeft })}
        </p>
        <div className="cash-buttons">
          <div>
            <Button action="cash-cancel" off={!canEnd} onPress={() => act({ type: "cash-cancel" })}>
              {t("cash.cancel")}
            </Button>
            <p className="muted">
              {none ? t("cash.cancel-hint-none") : t("cash.cancel-hint", { amount: money(receivedFen) })}
            </p>
          </div>
          <div>
            <Button
              action="cash-finish"
              tone="primary"
              off={!canEnd || none || receivedFen >= totalFen}
              onPress={() => act({ type: "cash-finish" })}
            >
              {t("cash.finish")}
            </Button>
            <p className="muted">{t("cash.finish-hint")}</p>
          </div>
        </div>
      </div>
    </div>
  );
}

function Amounts({ screen }: { screen: ScreenOf<"cash"> }) {
  const { t } = useWords();
  const { receivedFen, totalFen, changeFen } = screen;
  const share = totalFen === 0 ? 1 : Math.min(1, receivedFen / totalFen);
  return (
    <div className="cash-amounts">
      {receivedFen > totalFen ? (
        <Figure label={t(screen.remainder === "change" ? "cash.over-change" : "cash.over-prepay")} tone="good">
          <Amount name="change" fen={changeFen} />
        </Figure>
      ) : (
        <Figure
          label={t(receivedFen === totalFen ? "cash.enough" : "cash.remaining")}
          tone={receivedFen === totalFen ? "good" : "due"}
        >
          <Amount name="remaining" fen={totalFen - receivedFen} />
        </Figure>
      )}
      <svg className="cash-bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
        <rect width={100} height={4} className="tier-room" />
        <rect width={share * 100} height={4} className="tier-now" />
      </svg>
      <div className="figures">
        <Figure label={t("cash.received")} tone={receivedFen > 0 ? "good" : "plain"}>
          <Amount name="received" fen={receivedFen} />
        </Figure>
        <Figure label={t("cash.due")}>
          <Amount name="total" fen={totalFen} />
        </Figure>
      </div>
    </div>
  );
}

/** Notes by denomination, largest first. */
function counted(notes: readonly number[]): [number, number][] {
  const counts = new Map<number, number>();
  for (const note of notes) counts.set(note, (counts.get(note) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => b - a);
}
