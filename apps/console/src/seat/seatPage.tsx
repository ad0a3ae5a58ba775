import { Alert, App, Button, Result, Spin } from "antd";
import { useEffect, useRef, useState } from "react";
import { useWords } from "../i18n/language.tsx";
import { useMay } from "../shell/me.ts";
import { AccountPanel } from "./call/accountPanel.tsx";
import { CallWindow } from "./call/callWindow.tsx";
import { IdleDesk } from "./idleDesk.tsx";
import { KeyHelp } from "./keyHelp.tsx";
import { desk, useDesk } from "./link/desk.ts";
import { OfferCard } from "./offerCard.tsx";
import { SeatBar } from "./seatBar.tsx";
import { useKeys } from "./useKeys.ts";
import { WrapForm } from "./wrapForm.tsx";

/** The agent's desk. */
export function SeatPage() {
  const { t } = useWords();
  const view = useDesk();
  const supervises = useMay("seats.supervise");
  const [help, setHelp] = useState(false);
  useEffect(() => desk.open(), []);
  useEffect(() => {
    document.title = `${t("seat.title")} · ${t("app.name")}`;
  }, [t]);
  useRefusalWords();
  useKeys({ help: () => setHelp((shown) => !shown) });
  const { link, state } = view;

  if (link === "opened-elsewhere" || link === "signed-out" || link === "not-allowed")
    return (
      <Result
        status="info"
        title={<h1>{t(`desk-link.${link}`)}</h1>}
        subTitle={t(`desk-link-hint.${link}`)}
        extra={
          link === "opened-elsewhere" ? (
            <Button type="primary" onClick={() => desk.open(true)} data-testid="desk-take-over">
              {t("desk-link.take-over")}
            </Button>
          ) : link === "signed-out" ? (
            <Button type="primary" onClick={() => location.reload()}>
              {t("desk-link.sign-in")}
            </Button>
          ) : null
        }
      />
    );
  if (!state)
    return (
      <div className="centred" role="status">
        <div className="desk-waiting">
          <Spin size="large" />
          <p>{t(link === "reconnecting" ? "desk-link.reconnecting-long" : "desk-link.connecting")}</p>
        </div>
      </div>
    );
  if (!state.isAgent && state.call === null)
    return (
      <Result
        status="info"
        title={<h1>{t("seat.no-seat-title")}</h1>}
        subTitle={t(supervises ? "seat.no-seat-supervisor" : "seat.no-seat-hint")}
      />
    );
  return (
    <div className={state.call ? "seat in-call" : "seat"} data-page="seat">
      {link === "open" ? null : (
        <Alert
          banner
          type="error"
          title={t(state.call ? "desk-link.cut-in-call" : "desk-link.cut")}
          data-testid="desk-cut"
        />
      )}
      {view.outdated ? (
        <Alert
          banner
          type="warning"
          title={t("desk-link.outdated")}
          action={<Button onClick={() => location.reload()}>{t("desk-link.reload")}</Button>}
        />
      ) : null}
      {state.status ? <SeatBar state={state} status={state.status} onHelp={() => setHelp(true)} /> : null}
      {state.offer ? <OfferCard key={`${state.offer.callId}${state.offer.callEpoch}`} offer={state.offer} /> : null}
      {state.call ? (
        <CallWindow key={state.call.callId} call={state.call} state={state} />
      ) : state.wrap ? (
        <WrapForm key={state.wrap.callId} wrap={state.wrap} />
      ) : state.offer ? (
        <section className="panel offer-account" aria-label={t("call.tab-account")}>
          <AccountPanel accountNo={state.offer.caller.accountNo} />
        </section>
      ) : (
        <IdleDesk state={state} />
      )}
      <KeyHelp open={help} onClose={() => setHelp(false)} />
    </div>
  );
}

/** Says in words what the centre refused. Used by every page that gives orders. */
export function useRefusalWords(): void {
  const { message } = App.useApp();
  const { t, code } = useWords();
  const { refused } = useDesk();
  const seen = useRef(refused?.n ?? 0);
  useEffect(() => {
    if (!refused || refused.n === seen.current) return;
    seen.current = refused.n;
    const why = code("refused", refused.reason);
    void message.warning({
      content: (
        <span data-testid="refused" data-reason={refused.reason}>
          {t("refused.sentence", { order: code("order", refused.order), why })}
        </span>
      ),
      duration: 6,
      key: "refused",
    });
  }, [refused, message, t, code]);
}
