import { month as monthText, number } from "@gridhall/ui/format.ts";
import { useKiosk, useWords } from "../context.ts";
import { Amount } from "../parts/amounts.tsx";
import { Icon } from "../parts/icon.tsx";
import { FailedQuestion } from "../parts/notices.tsx";
import { Nothing } from "../parts/nothing.tsx";
import { usePortrait } from "../parts/orientation.ts";
import { Paged } from "../parts/paged.tsx";
import { UsageChart } from "../parts/usageChart.tsx";
import type { ScreenOf } from "./screenOf.ts";

export function BillsPage({ screen }: { screen: ScreenOf<"bills"> }) {
  const { act } = useKiosk();
  const { t, language } = useWords();
  const portrait = usePortrait();
  const { months } = screen.overview;
  if (months.length === 0) return <Nothing icon="bill" text="bills.empty" />;
  // A page that says what failed has no room for the chart beside the list.
  const charted = portrait || screen.problem === null;
  return (
    <div className="screen filled bills">
      <FailedQuestion problem={screen.problem} />
      {charted && (
        <div className="card">
          <UsageChart months={months} height={portrait ? 340 : 560} />
        </div>
      )}
      <Paged
        id="bills"
        items={months.toReversed()}
        keyOf={(usage) => usage.billId}
        render={(usage) => (
          <button
            type="button"
            className="row row-bill"
            data-action={`bill:${usage.billId}`}
            data-help-id={`bill:${usage.billId}`}
            data-month={usage.month}
            onClick={() => act({ type: "bill", billId: usage.billId })}
          >
            <span>{monthText(usage.month, language)}</span>
            <span className="tabular row-number">{t("bill.kwh", { value: number(usage.kwh) })}</span>
            <Amount name="bill" fen={usage.amountFen} className="row-number" />
            <span className={usage.paid ? "chip chip-good" : "chip chip-due"}>
              {t(usage.paid ? "bills.paid" : "bills.unpaid")}
            </span>
            <Icon name="right" />
          </button>
        )}
      />
    </div>
  );
}
