import { money, month as monthText } from "@gridhall/ui/format.ts";
import { useState } from "react";
import { useKiosk, useWords } from "../context.ts";
import { AccountLine } from "../parts/accountCard.tsx";
import { Amount } from "../parts/amounts.tsx";
import { Button } from "../parts/button.tsx";
import { Icon } from "../parts/icon.tsx";
import { Keypad } from "../parts/keypad.tsx";
import { Problem } from "../parts/notices.tsx";
import { Paged } from "../parts/paged.tsx";
import type { ScreenOf } from "./screenOf.ts";

const CHIPS_FEN = [5_000, 10_000, 20_000, 50_000] as const;

export function AmountPage({ screen }: { screen: ScreenOf<"amount"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const [typing, setTyping] = useState(false);
  if (typing) return <PrepayKeys screen={screen} onDone={() => setTyping(false)} />;
  return (
    <div className="screen filled amount-page">
      <div className="card amount-account">
        <AccountLine account={screen.account} />
      </div>
      <DueList screen={screen} />
      <Prepay screen={screen} onOther={() => setTyping(true)} />
      <Problem problem={screen.problem} />
      <div className="total">
        <span>
          {t("amount.total")} <Amount name="total" fen={screen.totalFen} className="amount-big" />
        </span>
        <Button
          action="confirm-amount"
          tone="primary"
          off={screen.totalFen === 0}
          onPress={() => act({ type: "confirm-amount" })}
        >
          {t("amount.confirm")}
        </Button>
      </div>
    </div>
  );
}

function DueList({ screen }: { screen: ScreenOf<"amount"> }) {
  const { act } = useKiosk();
  const { t, language } = useWords();
  if (screen.bills.length === 0)
    return (
      <div className="card amount-none">
        <Icon name="check" className="full-icon" />
        <p className="lead">{t("amount.no-bills")}</p>
      </div>
    );
  return (
    <section className="amount-bills">
      <h2 className="section-title">
        {t("amount.bills")}
        <span className="muted">{t("amount.bills-rule")}</span>
      </h2>
      <Paged
        id="due"
        items={screen.bills}
        keyOf={(bill) => bill.billId}
        render={(bill) => (
          <button
            type="button"
            role="checkbox"
            aria-checked={bill.selected}
            className="row row-due"
            data-action={`select-bill:${bill.billId}`}
            data-help-id={`select-bill:${bill.billId}`}
            data-month={bill.month}
            onClick={() => act({ type: "select-bill", billId: bill.billId, selected: !bill.selected })}
          >
            <span className="box">{bill.selected && <Icon name="check" />}</span>
            <span className="row-due-month">
              {monthText(bill.month, language)}
              {bill.lateFeeFen > 0 && (
                <span className="late">{t("amount.late-fee", { amount: money(bill.lateFeeFen) })}</span>
              )}
            </span>
            <Amount name="due" fen={bill.principalFen + bill.lateFeeFen} className="row-number" />
          </button>
        )}
      />
    </section>
  );
}

function Prepay({ screen, onOther }: { screen: ScreenOf<"amount">; onOther: () => void }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const { prepayFen } = screen;
  const isOther = prepayFen > 0 && !CHIPS_FEN.some((chip) => chip === prepayFen);
  return (
    <section className="amount-prepay">
      <h2 className="section-title">
        {t("amount.prepay")}
        <span className="muted">{t("amount.prepay-now", { amount: money(screen.prepaidFen) })}</span>
      </h2>
      <div className="chips" data-prepay={prepayFen}>
        <Button action="prepay:0" pressed={prepayFen === 0} onPress={() => act({ type: "prepay", amountFen: 0 })}>
          {t("amount.prepay-none")}
        </Button>
        {CHIPS_FEN.filter((chip) => chip <= screen.prepayLimitFen).map((chip) => (
          <Button
            key={chip}
            action={`prepay:${chip / 100}`}
            pressed={prepayFen === chip}
            onPress={() => act({ type: "prepay", amountFen: chip })}
          >
            ¥ {chip / 100}
          </Button>
        ))}
        <Button action="prepay:other" pressed={isOther} onPress={onOther}>
          {isOther ? money(prepayFen) : t("amount.prepay-other")}
        </Button>
      </div>
    </section>
  );
}

function PrepayKeys({ screen, onDone }: { screen: ScreenOf<"amount">; onDone: () => void }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const [digits, setDigits] = useState("");
  const yuan = Number(digits === "" ? "0" : digits);
  const tooMuch = yuan * 100 > screen.prepayLimitFen;
  return (
    <div className="screen find-typed">
      <div className="find-entry">
        <p className="lead">{t("amount.prepay-title")}</p>
        <div className="digits tabular" role="status" data-digits={digits} data-help-id="digits">
          ¥ {yuan}
        </div>
        <p className={tooMuch ? "notice notice-problem" : "find-left"}>
          {tooMuch && <Icon name="warning" />}
          <span>{t("amount.prepay-limit", { amount: money(screen.prepayLimitFen) })}</span>
        </p>
      </div>
      <div className="find-keys">
        <Keypad value={digits} maxDigits={5} onChange={(value) => setDigits(value.replace(/^0+/, ""))} />
        <div className="actions">
          <Button action="prepay:cancel" onPress={onDone}>
            {t("keypad.cancel")}
          </Button>
          <Button
            action="prepay:ok"
            tone="primary"
            off={tooMuch || digits === ""}
            onPress={() => {
              act({ type: "prepay", amountFen: yuan * 100 });
              onDone();
            }}
          >
            {t("keypad.ok")}
          </Button>
        </div>
      </div>
    </div>
  );
}
