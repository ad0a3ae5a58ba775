import { date } from "@gridhall/ui/format.ts";
import { useKiosk, useWords } from "../context.ts";
import { AccountLine } from "../parts/accountCard.tsx";
import { Amount, Figure } from "../parts/amounts.tsx";
import { Button } from "../parts/button.tsx";
import { FailedQuestion } from "../parts/notices.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import { usePortrait } from "../parts/orientation.ts";
import { UsageChart } from "../parts/usageChart.tsx";
import type { ScreenOf } from "./screenOf.ts";

export function AccountPage({ screen }: { screen: ScreenOf<"account"> }) {
  const { act, view } = useKiosk();
  const { t, language } = useWords();
  const { overview } = screen;
  const portrait = usePortrait();
  const large = view.settings.textSize === "large";
  // The figures come first: the chart gives way where they would not fit beside it (it also stands above the bills).
  const charted = !large && (portrait || !screen.problem);
  const chartHeight = portrait ? (screen.problem ? 250 : 390) : 440;
  const owes = overview.arrearsFen > 0;
  return (
    <div className="screen filled account">
      <FailedQuestion problem={screen.problem} />
      <ScrollArea>
        <div className="account-parts">
          <div className="card account-card">
            <AccountLine account={overview} />
            <span className="muted">{t("account.as-of", { time: date(overview.asOf, language) })}</span>
          </div>
          <div className="figures account-figures">
            <Figure
              label={t("account.arrears")}
              tone={owes ? "due" : "good"}
              note={owes ? t("account.bills-unpaid", { count: overview.unpaid.length }) : t("account.arrears-none")}
            >
              <Amount name="arrears" fen={overview.arrearsFen + overview.lateFeeFen} />
            </Figure>
            {overview.lateFeeFen > 0 && (
              <Figure label={t("account.late-fee")} tone="due">
                <Amount name="late-fee" fen={overview.lateFeeFen} />
              </Figure>
            )}
            <Figure label={t("account.prepaid")}>
              <Amount name="prepaid" fen={overview.prepaidFen} />
            </Figure>
          </div>
          {charted && (
            <div className="card account-chart">
              <UsageChart months={overview.months} height={chartHeight} />
            </div>
          )}
        </div>
      </ScrollArea>
      <div className="actions">
        <Button action="go:pay" tone="primary" icon="pay" onPress={() => act({ type: "go", to: "pay" })}>
          {t(owes ? "account.pay" : "account.prepay")}
        </Button>
        <Button action="go:bills" icon="bill" onPress={() => act({ type: "go", to: "bills" })}>
          {t("account.bills")}
        </Button>
        <Button action="go:payments" icon="history" onPress={() => act({ type: "go", to: "payments" })}>
          {t("account.payments")}
        </Button>
      </div>
    </div>
  );
}
