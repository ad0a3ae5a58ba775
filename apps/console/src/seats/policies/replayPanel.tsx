import { type PolicyDraft, ReplayReport } from "@gridhall/domain/seats/reports.ts";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Alert, Button, Checkbox, DatePicker, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { send } from "../../api/request.ts";
import { useWords } from "../../i18n/language.tsx";
import { span } from "../../parts/format.ts";
import { Panel } from "../../parts/page.tsx";
import { RowTable } from "../../parts/rowTable.tsx";
import { sentenceOf } from "../../parts/states.tsx";
import { at, fromPicker, toPicker } from "../chinaTime.ts";
import type { Choices } from "./useNames.ts";

const DAY_MS = 86_400_000;
type Replayed = ReplayReport["calls"][number];

/** Calls of the past, routed again with this draft: what happened beside what would have happened. */
export function ReplayPanel({ draft, choices, nowMs }: { draft: PolicyDraft | null; choices: Choices; nowMs: number }) {
  const words = useWords();
  const { t } = words;
  const [[fromMs, untilMs], setPeriod] = useState<[number, number]>([nowMs - DAY_MS, nowMs]);
  const run = useMutation({
    mutationFn: () =>
      send(ReplayReport, "/api/seats/policies/replay", { fromMs, untilMs, drafts: draft === null ? [] : [draft] }),
  });
  return (
    <Panel title={t("replay.title")}>
      <p className="faint">{t("replay.hint")}</p>
      <div className="tools">
        <DatePicker.RangePicker
          showTime={{ format: "HH:mm" }}
          format="YYYY-MM-DD HH:mm"
          allowClear={false}
          value={[toPicker(fromMs), toPicker(untilMs)]}
          onChange={(picked) => {
            const [from, until] = picked ?? [];
            if (from && until) setPeriod([fromPicker(from), fromPicker(until)]);
          }}
        />
        <span className="spread" />
        <Button
          type="primary"
          loading={run.isPending}
          disabled={draft === null}
          onClick={() => run.mutate()}
          data-testid="replay"
        >
          {t("replay.run")}
        </Button>
      </div>
      {run.error ? <Alert type="error" showIcon title={sentenceOf(run.error, words)} /> : null}
      {run.data ? <Compared report={run.data} choices={choices} /> : null}
    </Panel>
  );
}

const ROWS = ["calls", "answered", "abandoned", "ended", "meanWaitMs", "within20s"] as const;
/** Whether more of it is better, worse, or neither. */
const GOOD: Record<(typeof ROWS)[number], 1 | -1 | 0> = {
  ...{ calls: 0, answered: 1, abandoned: -1, ended: 0, meanWaitMs: -1, within20s: 1 },
};

function Compared({ report, choices }: { report: ReplayReport; choices: Choices }) {
  const words = useWords();
  const { t, code } = words;
  const [changed, setChanged] = useState(true);
  const show = (row: (typeof ROWS)[number], value: number | null): string =>
    value === null
      ? t("none")
      : row === "meanWaitMs"
        ? span(value / 1000, words)
        : row === "within20s"
          ? `${(value * 100).toFixed(1)}%`
          : String(value);
  const difference = (row: (typeof ROWS)[number]) => {
    const [before, after] = [report.before[row], report.after[row]];
    if (before === null || after === null || before === after) return <span className="faint">{t("replay.same")}</span>;
    const better = (after - before) * GOOD[row];
    const sign = after > before ? "+" : "−";
    return (
      <span className={better > 0 ? "better" : better < 0 ? "worse" : ""}>
        {sign}
        {row === "within20s"
          ? t("replay.points", { n: Math.abs((after - before) * 100).toFixed(1) })
          : show(row, Math.abs(after - before))}
      </span>
    );
  };
  const rows = report.calls.filter(
    (call) => !changed || call.before.outcome !== call.after.outcome || call.before.seatId !== call.after.seatId,
  );
  const side = (of: { outcome: string; seatId: string | null; waitMs: number }) => (
    <>
      {code("replay-outcome", of.outcome)}
      {of.seatId === null ? "" : ` · ${choices.names.agent(of.seatId)}`}{" "}
      <span className="faint">{t("replay.waited", { time: span(of.waitMs / 1000, words) })}</span>
    </>
  );
  const columns: TableColumnsType<Replayed> = [
    {
      title: t("calls.requested"),
      key: "at",
      render: (_, call) => (
        <Link to="/calls/$callId" params={{ callId: call.callId }}>
          {at(call.queuedMs)}
        </Link>
      ),
    },
    { title: t("replay.before"), key: "before", render: (_, call) => side(call.before) },
    { title: t("replay.after"), key: "after", render: (_, call) => side(call.after) },
    { title: t("replay.policy"), key: "policy", render: (_, call) => call.after.policyId ?? t("none") },
  ];
  return (
    <div data-testid="replay-report">
      <Table
        size="small"
        className="gap"
        pagination={false}
        rowKey="row"
        dataSource={ROWS.map((row) => ({ row }))}
        columns={[
          { title: t("replay.figure"), key: "figure", render: (_, { row }) => t(`replay.${row}`) },
          {
            title: t("replay.before"),
            key: "before",
            align: "right",
            render: (_, { row }) => <span className="figure">{show(row, report.before[row])}</span>,
          },
          {
            title: t("replay.after"),
            key: "after",
            align: "right",
            render: (_, { row }) => <b className="figure">{show(row, report.after[row])}</b>,
          },
          { title: t("replay.difference"), key: "difference", align: "right", render: (_, { row }) => difference(row) },
        ]}
      />
      <p className="small-print gap">
        {report.assumedPatienceMs === null
          ? t("replay.patience-unknown")
          : t("replay.patience", { time: span(report.assumedPatienceMs / 1000, words) })}
      </p>
      <div className="tools">
        <h3>{t("replay.listed", { n: rows.length })}</h3>
        <span className="spread" />
        <Checkbox checked={changed} onChange={(event) => setChanged(event.target.checked)}>
          {t("replay.only-changed")}
        </Checkbox>
      </div>
      <RowTable
        label={t("replay.title")}
        rows={rows.slice(0, 200)}
        idOf={(call) => call.callId}
        columns={columns}
        emptyTitle={t("replay.none-changed")}
        emptyHint=""
      />
    </div>
  );
}
