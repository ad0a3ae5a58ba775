import type { ReconciliationDetail } from "@gridhall/domain/payment/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Alert } from "antd";
import { queries } from "../api/queries.ts";
import { useWords } from "../i18n/language.tsx";
import { Clock, Money } from "../parts/bits.tsx";
import { Facts, Page, Panel } from "../parts/page.tsx";
import { RowTable } from "../parts/rowTable.tsx";
import { Loaded, Needs } from "../parts/states.tsx";
import { RunResult } from "./reconciliationPage.tsx";

export function RunPage() {
  return (
    <Needs permission="money.read">
      <Run />
    </Needs>
  );
}

function Run() {
  const { t, code } = useWords();
  const { runId } = useParams({ from: "/reconciliation/$runId" });
  const query = useQuery(queries.reconciliation(runId));
  const run = query.data;
  return (
    <Page
      name="reconciliation"
      title={
        run ? `${t("reconciliation.title")} · ${code("run-kind", run.kind)} ${run.day}` : t("reconciliation.title")
      }
      back={{ to: "/reconciliation", label: t("reconciliation.title") }}
      tags={run ? <RunResult run={run} /> : null}
    >
      <Loaded query={query}>{(found) => <Content run={found} />}</Loaded>
    </Page>
  );
}

function Content({ run }: { run: ReconciliationDetail }) {
  const { t, code } = useWords();
  const amount = (fen: number | null) =>
    fen === null ? <span className="faint">{t("none")}</span> : <Money fen={fen} />;
  return (
    <>
      {run.problem === null ? null : (
        <Alert className="gap" type="warning" showIcon title={t("reconciliation.problem")} description={run.problem} />
      )}
      <Panel>
        <Facts
          facts={[
            { label: t("reconciliation.ours"), value: <Money fen={run.oursFen} strong /> },
            { label: t("reconciliation.theirs"), value: <Money fen={run.theirsFen} strong /> },
            { label: t("reconciliation.difference-fen"), value: <Money fen={run.oursFen - run.theirsFen} strong /> },
            { label: t("reconciliation.ours-count"), value: <span className="figure">{run.oursCount}</span> },
            { label: t("reconciliation.theirs-count"), value: <span className="figure">{run.theirsCount}</span> },
            { label: t("reconciliation.ran-at"), value: <Clock at={run.ranAt} /> },
          ]}
        />
      </Panel>
      <Panel flush>
        <RowTable
          label={t("reconciliation.difference")}
          rows={run.rows}
          idOf={(row) => String(row.n)}
          emptyTitle={run.problem === null ? t("reconciliation.no-differences") : t("reconciliation.problem")}
          emptyHint=""
          columns={[
            { title: t("reconciliation.difference"), key: "kind", render: (_, row) => code("difference", row.kind) },
            {
              title: t("reconciliation.reference"),
              key: "reference",
              render: (_, row) =>
                row.intentId !== null ? (
                  <Link to="/payments/$intentId" params={{ intentId: row.intentId }} className="id">
                    {row.intentId}
                  </Link>
                ) : (
                  (row.deviceId ?? t("none"))
                ),
            },
            { title: t("reconciliation.ours"), key: "ours", align: "right", render: (_, row) => amount(row.oursFen) },
            {
              title: t("reconciliation.theirs"),
              key: "theirs",
              align: "right",
              render: (_, row) => amount(row.theirsFen),
            },
            {
              title: t("reconciliation.explanation"),
              key: "explanation",
              className: "wrap",
              render: (_, row) => <span title={row.explanation}>{code("explanation", row.kind)}</span>,
            },
            {
              title: t("reconciliation.case"),
              key: "case",
              render: (_, row) =>
                row.caseId === null ? (
                  <span className="faint">{t("none")}</span>
                ) : (
                  <Link to="/cases/$caseId" params={{ caseId: row.caseId }}>
                    {t("list.details")}
                  </Link>
                ),
            },
          ]}
        />
      </Panel>
    </>
  );
}
