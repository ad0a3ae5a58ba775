import type { PaymentDetail } from "@gridhall/domain/payment/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { queries } from "../api/queries.ts";
import { useWords } from "../i18n/language.tsx";
import { factsOf } from "../journeys/words.ts";
import { Clock, Money, StateTag, tones } from "../parts/bits.tsx";
import { yuan } from "../parts/format.ts";
import { Facts, Page, Panel } from "../parts/page.tsx";
import { Loaded, Needs, Nothing } from "../parts/states.tsx";
import { type Moment, Timeline } from "../parts/timeline.tsx";
import { useMay } from "../shell/me.ts";
import { Balance, Transfers, WhereItWent } from "./paymentParts.tsx";

export function PaymentPage() {
  return (
    <Needs permission="money.read">
      <Payment />
    </Needs>
  );
}

function Payment() {
  const { t } = useWords();
  const { intentId } = useParams({ from: "/payments/$intentId" });
  const query = useQuery(queries.payment(intentId));
  return (
    <Page
      name="payment"
      title={
        query.data
          ? `${t("payment.title")} ${yuan(query.data.receivedFen - query.data.dispensedFen)}`
          : t("payment.title")
      }
      back={{ to: "/payments", label: t("money.title") }}
      tags={
        query.data ? (
          <StateTag group="payment-state" value={query.data.state} tone={tones.payment(query.data.state)} />
        ) : null
      }
    >
      <Loaded query={query}>{(payment) => <Content payment={payment} />}</Loaded>
    </Page>
  );
}

const toneOf = (kind: string): Moment["tone"] =>
  ["settled", "credit", "refund-done", "refunded", "paid"].includes(kind)
    ? "good"
    : ["note-stacked", "change-dispensed"].includes(kind)
      ? "money"
      : ["unclear", "refused", "refund-refused", "open-case", "late-answer"].includes(kind)
        ? "bad"
        : "plain";

function Content({ payment }: { payment: PaymentDetail }) {
  const words = useWords();
  const { t, code, pick } = words;
  const mayJourneys = useMay("journeys.read");
  const mayFleet = useMay("fleet.read");
  return (
    <div className="columns">
      <div className="stack">
        <Panel>
          <Facts
            facts={[
              { label: t("payment.due"), value: <Money fen={payment.dueFen} strong /> },
              { label: t("payment.received"), value: <Money fen={payment.receivedFen} strong /> },
              { label: t("payment.dispensed"), value: <Money fen={payment.dispensedFen} strong /> },
              { label: t("payment.case"), value: <Money fen={payment.caseFen} strong /> },
              { label: t("payment.account"), value: <span className="figure">{payment.accountNo}</span> },
              { label: t("payment.tender"), value: code("tender", payment.tender) },
              { label: t("payment.channel"), value: code("channel", payment.channel) },
              { label: t("payment.hall"), value: pick(payment.hallZh, payment.hallEn) },
              {
                label: t("fleet.kiosk"),
                value:
                  payment.deviceId === null ? (
                    t("none")
                  ) : mayFleet ? (
                    <Link to="/kiosks/$deviceId" params={{ deviceId: payment.deviceId }}>
                      {payment.deviceId}
                    </Link>
                  ) : (
                    payment.deviceId
                  ),
              },
              { label: t("payment.created"), value: <Clock at={payment.createdAt} /> },
              { label: t("payment.settled"), value: <Clock at={payment.settledAt} /> },
              { label: t("payment.receipt"), value: <span className="figure">{payment.receiptNo ?? t("none")}</span> },
              { label: t("payment.number"), value: <span className="id">{payment.intentId}</span> },
              {
                label: t("payment.journey"),
                value:
                  payment.journeyId !== null && mayJourneys ? (
                    <Link to="/journeys/$journeyId" params={{ journeyId: payment.journeyId }}>
                      {t("list.details")}
                    </Link>
                  ) : (
                    t("none")
                  ),
              },
            ]}
          />
          <Balance clearingFen={payment.clearingFen} settled={payment.settledAt !== null} />
        </Panel>
        <Panel title={t("payment.transfers")} flush>
          <Transfers transfers={payment.transfers} />
        </Panel>
        <Panel title={t("payment.allocation")} flush>
          <WhereItWent payment={payment} />
        </Panel>
      </div>
      <div className="stack">
        <Panel title={t("payment.cases")}>
          {payment.caseIds.length === 0 ? (
            <span className="faint">{t("payment.no-cases")}</span>
          ) : (
            <ul className="links">
              {payment.caseIds.map((caseId) => (
                <li key={caseId}>
                  <Link to="/cases/$caseId" params={{ caseId }} className="id">
                    {caseId}
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        <Panel title={t("payment.steps")}>
          {payment.steps.length === 0 ? (
            <Nothing title={t("list.empty")} />
          ) : (
            <Timeline
              moments={payment.steps.map((step) => ({
                key: String(step.n),
                at: step.at,
                title: code("step", step.kind),
                tone: toneOf(step.kind),
                facts: factsOf(step.body, words),
              }))}
            />
          )}
        </Panel>
      </div>
    </div>
  );
}
