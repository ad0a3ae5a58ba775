import type { BillView } from "@gridhall/domain/backoffice/api.ts";
import { date, month as monthText, number } from "@gridhall/ui/format.ts";
import { useKiosk, useRemembered, useWords } from "../context.ts";
import { AccountLine } from "../parts/accountCard.tsx";
import { Amount, Facts, Figure } from "../parts/amounts.tsx";
import { Button } from "../parts/button.tsx";
import { Printing } from "../parts/notices.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import { BillLines, BillMeters } from "./billTables.tsx";
import { Tiers, TimeOfUse } from "./billUse.tsx";
import type { ScreenOf } from "./screenOf.ts";

const PARTS = ["summary", "use", "lines", "meters"] as const;

export function BillPage({ screen }: { screen: ScreenOf<"bill"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const { bill, print } = screen;
  const [part, setPart] = useRemembered<(typeof PARTS)[number]>(`bill:${bill.billId}`, "summary");
  const hasUse = bill.tiers.length > 1 || bill.peakKwh !== null;
  return (
    <div className="screen filled bill">
      <div className="tabs" role="group" aria-label={t("bill.sections")}>
        {PARTS.filter((name) => hasUse || name !== "use").map((name) => (
          <Button
            key={name}
            action={`bill-part:${name}`}
            className="tab"
            pressed={name === part}
            onPress={() => setPart(name)}
          >
            {t(`bill.tab-${name}`)}
          </Button>
        ))}
      </div>
      <ScrollArea key={part}>
        {part === "summary" && <Summary bill={bill} />}
        {part === "use" && (
          <div className="bill-use">
            {bill.tiers.length > 1 && <Tiers bill={bill} />}
            {bill.peakKwh !== null && <TimeOfUse bill={bill} />}
          </div>
        )}
        {part === "lines" && <BillLines bill={bill} />}
        {part === "meters" && <BillMeters bill={bill} />}
      </ScrollArea>
      <div className="bill-end">
        <Printing print={print} />
        <div className="actions">
          {bill.status !== "paid" && (
            <Button action="go:pay" tone="primary" icon="pay" onPress={() => act({ type: "go", to: "pay" })}>
              {t("bill.pay")}
            </Button>
          )}
          <Button
            action="print-bill"
            icon="printer"
            off={print.state === "printing"}
            onPress={() => act({ type: "print-bill" })}
          >
            {t("bill.print")}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Summary({ bill }: { bill: BillView }) {
  const { t, pick, language } = useWords();
  const openFen = Math.max(0, bill.totalFen - bill.paidFen) + bill.lateFeeFen;
  return (
    <div className="bill-summary">
      <div className="bill-head">
        <div className="card">
          <AccountLine account={bill} />
        </div>
        <div className="figures">
          <Figure
            label={`${monthText(bill.month, language)} · ${t("bill.total")}`}
            note={t(`bill.status-${bill.status}`)}
          >
            <Amount name="total" fen={bill.totalFen} />
          </Figure>
          {bill.status !== "paid" && (
            <Figure
              label={t("bill.to-pay")}
              tone="due"
              note={
                bill.lateFeeFen > 0 ? (
                  <>
                    {t("bill.late-fee")} <Amount name="late-fee" fen={bill.lateFeeFen} />
                  </>
                ) : (
                  `${t("bill.due")} ${date(bill.dueOn, language)}`
                )
              }
            >
              <Amount name="open" fen={openFen} />
            </Figure>
          )}
        </div>
        <div className="card">
          <Facts
            facts={[
              {
                label: t("bill.period"),
                value: t("bill.period-value", {
                  from: date(bill.periodFrom, language),
                  to: date(bill.periodTo, language),
                }),
              },
              { label: t("bill.due"), value: date(bill.dueOn, language) },
              { label: t("bill.tariff"), value: pick(bill.tariffName) },
              {
                label: t("bill.usage"),
                value: <b className="tabular">{t("bill.kwh", { value: number(bill.kwh) })}</b>,
              },
              { label: t("bill.year-to-date"), value: t("bill.kwh", { value: number(bill.yearToDateKwh) }) },
            ]}
          />
        </div>
      </div>
    </div>
  );
}
