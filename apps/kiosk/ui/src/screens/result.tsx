import { money } from "@gridhall/ui/format.ts";
import { useKiosk, useWords } from "../context.ts";
import { AccountLine } from "../parts/accountCard.tsx";
import { Amount, type Fact, Facts } from "../parts/amounts.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Printing } from "../parts/notices.tsx";
import { ScrollArea } from "../parts/scrollArea.tsx";
import type { ScreenOf } from "./screenOf.ts";

export function ResultPage({ screen }: { screen: ScreenOf<"result"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const { outcome, print } = screen;
  const open = outcome === "case" || outcome === "pending";
  const rows: Fact[] = [
    { label: t("result.tender"), value: t(`tender.${tenderOf(screen.tender)}`) },
    {
      label: t("result.received"),
      value: <Amount name="received" fen={screen.receivedFen} className="amount-strong" />,
    },
    ...amountRow(t("result.bills"), "bills", screen.billsFen),
    ...amountRow(t("result.prepay"), "prepay", screen.prepayFen),
    ...amountRow(t("result.change"), "change", screen.changeFen),
    ...amountRow(t("result.case-amount"), "case", screen.caseFen),
    {
      label: t("result.receipt-no"),
      value: (
        <b className="tabular" data-receipt={screen.receiptNo}>
          {screen.receiptNo}
        </b>
      ),
    },
  ];
  return (
    <div className="screen filled result" data-outcome={outcome}>
      <ScrollArea>
        <div className="result-parts">
          <div className={`outcome ${open ? "outcome-open" : "outcome-good"}`} role="status">
            <Icon name={open ? "warning" : "check"} className="full-icon" />
            <div>
              <h2>{t(`result.${outcome}`)}</h2>
              <Explanation screen={screen} />
            </div>
          </div>
          <div className="card result-facts">
            <AccountLine account={screen.account} />
            <Facts facts={rows} />
          </div>
        </div>
      </ScrollArea>
      <div className="result-end">
        <Printing print={print} />
        <div className="actions">
          {screen.receivedFen > 0 && (
            <Button
              action="print-receipt"
              icon="printer"
              off={print.state === "printing"}
              onPress={() => act({ type: "print-receipt" })}
            >
              {t(print.state === "idle" || print.state === "failed" ? "result.print" : "result.print-again")}
            </Button>
          )}
          <Button action="again" onPress={() => act({ type: "again" })}>
            {t("result.again")}
          </Button>
          <Button action="done" tone="primary" onPress={() => act({ type: "done" })}>
            {t("result.done")}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Explanation({ screen }: { screen: ScreenOf<"result"> }) {
  const { t } = useWords();
  const { outcome } = screen;
  const text =
    outcome === "case"
      ? t("result.case-text", { amount: money(Math.abs(screen.caseFen)) })
      : outcome === "pending" || outcome === "returned" || outcome === "partly-paid"
        ? t(`result.${outcome}-text`)
        : null;
  return (
    <>
      {text !== null && <p className="lead">{text}</p>}
      {screen.deferred && (
        <p className="lead" data-deferred="true">
          {t("result.deferred")}
        </p>
      )}
    </>
  );
}

function amountRow(label: string, name: string, fen: number): Fact[] {
  return fen === 0 ? [] : [{ label, value: <Amount name={name} fen={fen} /> }];
}

function tenderOf(tender: string): "cash" | "wechat" | "alipay" {
  return tender.startsWith("wechat") ? "wechat" : tender.startsWith("alipay") ? "alipay" : "cash";
}
