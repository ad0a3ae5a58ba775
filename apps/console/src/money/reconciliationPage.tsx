import { ReconciliationRun } from "@gridhall/domain/payment/api.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { App, Button, DatePicker, Tag, type TableColumnsType } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { z } from "zod";
import { queries } from "../api/queries.ts";
import { send } from "../api/request.ts";
import { useWords } from "../i18n/language.tsx";
import { Clock, Money, useNow } from "../parts/bits.tsx";
import { ChoiceFilter, DayFilter, FilterBar, useFilters } from "../parts/filters.tsx";
import { today } from "../parts/format.ts";
import { Page, Panel } from "../parts/page.tsx";
import { RowTable } from "../parts/rowTable.tsx";
import { Loaded, Needs, sentenceOf } from "../parts/states.tsx";
import { useMay } from "../shell/me.ts";

export function ReconciliationPage() {
  return (
    <Needs permission="money.read">
      <Runs />
    </Needs>
  );
}

export function RunResult({ run }: { run: ReconciliationRun }) {
  const { t } = useWords();
  if (run.problem !== null)
    return (
      <Tag color="warning" className="state" title={run.problem}>
        {t("reconciliation.problem")}
      </Tag>
    );
  return run.differences === 0 ? (
    <Tag color="success" className="state">
      {t("reconciliation.balanced")}
    </Tag>
  ) : (
    <Tag color="error" className="state">
      {t("reconciliation.differences", { n: run.differences })}
    </Tag>
  );
}

function Runs() {
  const { t, code } = useWords();
  const navigate = useNavigate();
  const { values, set, clear } = useFilters(["day", "kind"]);
  const runs = useQuery(queries.reconciliations());
  const mayRun = useMay("reconciliation.run");
  const columns: TableColumnsType<ReconciliationRun> = [
    {
      title: t("reconciliation.day"),
      key: "day",
      render: (_, row) => (
        <Link to="/reconciliation/$runId" params={{ runId: row.runId }} tabIndex={-1} className="figure">
          {row.day}
        </Link>
      ),
    },
    { title: t("reconciliation.kind"), key: "kind", render: (_, row) => code("run-kind", row.kind) },
    { title: t("reconciliation.result"), key: "result", render: (_, row) => <RunResult run={row} /> },
    { title: t("reconciliation.ours"), key: "ours", align: "right", render: (_, row) => <Money fen={row.oursFen} /> },
    {
      title: t("reconciliation.theirs"),
      key: "theirs",
      align: "right",
      render: (_, row) => <Money fen={row.theirsFen} />,
    },
    {
      title: t("reconciliation.difference-fen"),
      key: "gap",
      align: "right",
      render: (_, row) => <Money fen={row.oursFen - row.theirsFen} />,
    },
    {
      title: t("reconciliation.ours-count"),
      key: "n",
      align: "right",
      render: (_, row) => <span className="figure">{row.oursCount}</span>,
    },
    {
      title: t("reconciliation.theirs-count"),
      key: "m",
      align: "right",
      render: (_, row) => <span className="figure">{row.theirsCount}</span>,
    },
    { title: t("reconciliation.ran-at"), key: "ran", render: (_, row) => <Clock at={row.ranAt} /> },
  ];
  return (
    <Page name="reconciliation" title={t("reconciliation.title")} actions={mayRun ? <RunNow /> : null}>
      <Loaded query={runs}>
        {(all) => {
          const rows = all.filter(
            (row) =>
              (values.day === undefined || row.day === values.day) &&
              (values.kind === undefined || row.kind === values.kind),
          );
          return (
            <Panel flush>
              <FilterBar
                onClear={Object.keys(values).length > 0 ? clear : undefined}
                note={t("list.count", { n: rows.length })}
              >
                <DayFilter label={t("filter.day")} value={values.day} onChange={(day) => set("day", day)} />
                <ChoiceFilter
                  label={t("reconciliation.kind")}
                  value={values.kind}
                  onChange={(kind) => set("kind", kind)}
                  options={ReconciliationRun.shape.kind.options.map((value) => ({
                    value,
                    label: code("run-kind", value),
                  }))}
                />
              </FilterBar>
              <RowTable
                label={t("reconciliation.title")}
                rows={rows}
                idOf={(row) => row.runId}
                columns={columns}
                open={(row) => void navigate({ to: "/reconciliation/$runId", params: { runId: row.runId } })}
                {...(all.length === 0
                  ? { emptyTitle: t("reconciliation.none"), emptyHint: t("reconciliation.none-hint") }
                  : {})}
              />
            </Panel>
          );
        }}
      </Loaded>
    </Page>
  );
}

function RunNow() {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const { message } = App.useApp();
  const newest = today(useNow(60_000));
  const [day, setDay] = useState(newest);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await send(z.array(ReconciliationRun), "/api/reconciliation/run", { day });
      void message.success(t("reconciliation.ran", { day }));
      await client.invalidateQueries({ queryKey: ["reconciliations"] });
    } catch (cause) {
      void message.error(sentenceOf(cause, words));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="buttons">
      <DatePicker
        aria-label={t("reconciliation.run-day")}
        allowClear={false}
        value={dayjs(day)}
        maxDate={dayjs(newest)}
        onChange={(next) => setDay(next ? next.format("YYYY-MM-DD") : day)}
      />
      <Button type="primary" loading={busy} onClick={() => void run()} data-action="reconcile">
        {t("reconciliation.run")}
      </Button>
    </div>
  );
}
