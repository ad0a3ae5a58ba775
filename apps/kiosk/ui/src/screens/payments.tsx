import type { PaymentView } from "@gridhall/domain/backoffice/api.ts";
import { dateTime, month as monthText } from "@gridhall/ui/format.ts";
import { useWords } from "../context.ts";
import { isTextKey } from "../i18n/dictionary.ts";
import { AccountLine } from "../parts/accountCard.tsx";
import { Amount } from "../parts/amounts.tsx";
import { Nothing } from "../parts/nothing.tsx";
import { Paged } from "../parts/paged.tsx";
import type { ScreenOf } from "./screenOf.ts";

export function PaymentsPage({ screen }: { screen: ScreenOf<"payments"> }) {
  return (
    <div className="screen filled listed">
      <div className="card">
        <AccountLine account={screen.account} />
      </div>
      {screen.payments.length === 0 ? (
        <Nothing icon="history" text="payments.empty" />
      ) : (
        <Paged
          id="payments"
          items={screen.payments}
          keyOf={(payment) => payment.receiptNo + payment.at}
          render={(payment) => <Payment payment={payment} />}
        />
      )}
    </div>
  );
}

function Payment({ payment }: { payment: PaymentView }) {
  const { t, language } = useWords();
  const channel = `channel.${payment.channel}`;
  const parts = [
    ...payment.applied.map((applied) => t("payments.applied", { month: monthText(applied.month, language) })),
    ...(payment.prepayFen > 0 ? [t("payments.prepay")] : []),
  ];
  return (
    <div className="row row-payment" data-receipt={payment.receiptNo} data-help-id={`receipt:${payment.receiptNo}`}>
      <p>
        <span className="tabular">{dateTime(payment.at, language)}</span>
        <span className="muted">{isTextKey(channel) ? t(channel) : t("channel.other")}</span>
        <Amount name="payment" fen={payment.amountFen} className="row-end" />
      </p>
      <p className="muted">
        <span>{parts.join(language === "zh-CN" ? "、" : ", ")}</span>
        <span className="row-end tabular">{t("payments.receipt", { number: payment.receiptNo })}</span>
      </p>
    </div>
  );
}
