import type { MoneySummary, PaymentRow } from "@gridhall/domain/payment/api.ts";
import { Tender } from "@gridhall/domain/payment/schema.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { TableColumnsType } from "antd";
import { useState } from "react";
import { queries } from "../api/queries.ts";
import { useWords } from "../i18n/language.tsx";
import { Clock, Money, StateTag, tones } from "../parts/bits.tsx";
import { ChoiceFilter, DayFilter, FilterBar, TextFilter, UnitFilter, useFilters } from "../parts/filters.tsx";
import { yuan } from "../parts/format.ts";
import { Older, PAGE_ROWS } from "../parts/older.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { RowTable } from "../parts/rowTable.tsx";
import { Loaded, Needs } from "../parts/states.tsx";

const STATES = [
  "accepting",
  "creating",
  "waiting",
  "confirming",
  "closing",
  "credited",
  "returned",
  "cancelled",
  "closed",
  "refunding",
  "refunded",
  "case",
];

export function PaymentsPage() {
  return (
    <Needs permission="money.read">
      <Payments />
    </Needs>
  );
}

function Payments() {
  const { t, code, pick } = useWords();
  const navigate = useNavigate();
  const { values, set, clear } = useFilters(["unit", "state", "tender", "q", "day", "deviceId"]);
  const [limit, setLimit] = useState(PAGE_ROWS);
  const summary = useQuery(queries.summary(values.day));
  const payments = useQuery(queries.payments({ ...values, limit }));
  const columns: TableColumnsType<PaymentRow> = [
    {
      title: t("payment.created"),
      key: "created",
      render: (_, row) => (
        <Link to="/payments/$intentId" params={{ intentId: row.intentId }} tabIndex={-1}>
          <Clock at={row.createdAt} />
        </Link>
      ),
    },
    { title: t("payment.hall"), key: "hall", render: (_, row) => pick(row.hallZh, row.hallEn) },
    {
      title: t("payment.account"),
      key: "account",
      render: (_, row) => <span className="figure">{row.accountNo}</span>,
    },
    { title: t("payment.tender"), key: "tender", render: (_, row) => code("tender", row.tender) },
    {
      title: t("payment.state"),
      key: "state",
      render: (_, row) => <StateTag group="payment-state" value={row.state} tone={tones.payment(row.state)} />,
    },
    { title: t("payment.due"), key: "due", align: "right", render: (_, row) => <Money fen={row.dueFen} /> },
    {
      title: t("payment.received"),
      key: "received",
      align: "right",
      render: (_, row) => <Money fen={row.receivedFen} />,
    },
    {
      title: t("payment.dispensed"),
      key: "dispensed",
      align: "right",
      render: (_, row) => <Money fen={row.dispensedFen} />,
    },
    { title: t("payment.case"), key: "case", align: "right", render: (_, row) => <Money fen={row.caseFen} /> },
    {
      title: t("payment.receipt"),
      key: "receipt",
      render: (_, row) => <span className="figure">{row.receiptNo ?? t("none")}</span>,
    },
  ];
  return (
    <Page name="payments" title={t("money.title")}>
      {summary.data ? <Summary summary={summary.data} /> : null}
      <Loaded query={payments}>
        {(rows) => (
          <Panel flush>
            <FilterBar
              onClear={Object.keys(values).length > 0 ? clear : undefined}
              csv={{ path: "/api/payments", query: { ...values, limit: 1000 } }}
              note={t("list.shown", { n: rows.length })}
            >
              <DayFilter label={t("filter.day")} value={values.day} onChange={(day) => set("day", day)} />
              <UnitFilter value={values.unit} onChange={(unit) => set("unit", unit)} />
              <ChoiceFilter
                label={t("filter.state")}
                value={values.state}
                onChange={(state) => set("state", state)}
                options={STATES.map((value) => ({ value, label: code("payment-state", value) }))}
              />
              <ChoiceFilter
                label={t("filter.tender")}
                value={values.tender}
                onChange={(tender) => set("tender", tender)}
                options={Tender.options.map((value) => ({ value, label: code("tender", value) }))}
              />
              <TextFilter label={t("filter.payment-text")} value={values.q} onChange={(q) => set("q", q)} wide />
            </FilterBar>
            <RowTable
              label={t("money.title")}
              rows={rows}
              idOf={(row) => row.intentId}
              columns={columns}
              open={(row) => void navigate({ to: "/payments/$intentId", params: { intentId: row.intentId } })}
            />
            <Older shown={rows.length} limit={limit} max={1000} onMore={() => setLimit(limit + PAGE_ROWS)} />
          </Panel>
        )}
      </Loaded>
    </Page>
  );
}

function Summary({ summary }: { summary: MoneySummary }) {
  const { t } = useWords();
  const share = (fen: number) =>
    summary.receivedFen > 0 ? t("money.share", { n: Math.round((fen / summary.receivedFen) * 100) }) : "";
  const cards = [
    {
      key: "received",
      name: `${t("money.received")} · ${summary.day}`,
      value: yuan(summary.receivedFen),
      note: "",
      look: "lead",
    },
    {
      key: "credited",
      name: t("money.credited"),
      value: yuan(summary.creditedFen),
      note: share(summary.creditedFen),
      look: "",
    },
    { key: "cash", name: t("money.cash"), value: yuan(summary.cashFen), note: share(summary.cashFen), look: "" },
    {
      key: "wechat",
      name: t("money.wechat"),
      value: yuan(summary.wechatFen),
      note: share(summary.wechatFen),
      look: "",
    },
    {
      key: "alipay",
      name: t("money.alipay"),
      value: yuan(summary.alipayFen),
      note: share(summary.alipayFen),
      look: "",
    },
    {
      key: "payments",
      name: t("money.payments"),
      value: String(summary.payments),
      note: summary.running > 0 ? t("money.running", { n: summary.running }) : "",
      look: "",
    },
    {
      key: "cases",
      name: t("money.open-cases"),
      value: String(summary.openCases),
      note: summary.openCases > 0 ? t("money.open-cases-fen", { amount: yuan(summary.openCasesFen) }) : "",
      look: summary.openCases > 0 ? "alarm" : "",
    },
  ];
  return (
    <div className="strip">
      {cards.map((card) => (
        <div key={card.key} className={`card ${card.look}`} data-card={card.key}>
          <div className="name">{card.name}</div>
          <div className="value">{card.value}</div>
          <div className="note">{card.note}</div>
        </div>
      ))}
    </div>
  );
}
