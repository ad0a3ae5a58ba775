import type { ForecastReport } from "@gridhall/domain/seats/reports.ts";
import { useQuery } from "@tanstack/react-query";
import { Alert, DatePicker, InputNumber, type TableColumnsType } from "antd";
import dayjs from "dayjs";
import { useMemo, useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { span } from "../../parts/format.ts";
import { Panel } from "../../parts/page.tsx";
import { RowTable } from "../../parts/rowTable.tsx";
import { Loaded } from "../../parts/states.tsx";
import { addDays, dayOf } from "../chinaTime.ts";
import { seatsQueries } from "../seatsQueries.ts";
import { Chart, type ChartOption } from "./chart.tsx";

const slotText = (slot: number): string =>
  `${String(Math.floor(slot / 2)).padStart(2, "0")}:${slot % 2 === 0 ? "00" : "30"}`;

/** How many agents each half hour of a day will need, and what that rests on. */
export function ForecastTab() {
  const { t } = useWords();
  const [day, setDay] = useState(() => addDays(dayOf(Date.now()), 1));
  const [goal, setGoal] = useState({ share: 80, withinSeconds: 20, shrinkage: 30, patienceSeconds: 120 });
  const forecast = useQuery(
    seatsQueries.forecast({ day, ...goal, share: goal.share / 100, shrinkage: goal.shrinkage / 100 }),
  );
  const number = (key: keyof typeof goal, min: number, max: number, suffix: string) => (
    <label className="forecast-goal">
      <span>{t(`forecast.${key}`)}</span>
      <InputNumber
        min={min}
        max={max}
        value={goal[key]}
        suffix={suffix}
        onChange={(value) => setGoal({ ...goal, [key]: value ?? goal[key] })}
      />
    </label>
  );
  return (
    <>
      <div className="filters bare">
        <DatePicker
          allowClear={false}
          value={dayjs(day)}
          onChange={(picked) => picked && setDay(picked.format("YYYY-MM-DD"))}
          aria-label={t("forecast.day")}
        />
        {number("share", 50, 99, "%")}
        {number("withinSeconds", 1, 600, t("policy.seconds"))}
        {number("shrinkage", 0, 80, "%")}
        {number("patienceSeconds", 5, 3600, t("policy.seconds"))}
      </div>
      <Loaded query={forecast}>{(report) => <Report report={report} />}</Loaded>
    </>
  );
}

type Slot = ForecastReport["slots"][number];

function Report({ report }: { report: ForecastReport }) {
  const words = useWords();
  const { t, code } = words;
  const busy = report.slots.filter((slot) => slot.calls > 0);
  const option = useMemo(
    (): ChartOption => ({
      grid: { left: 44, right: 44, top: 40, bottom: 28 },
      legend: { top: 4, icon: "roundRect" },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: report.slots.map((slot) => slotText(slot.slot)) },
      yAxis: [
        { type: "value", minInterval: 1, name: t("forecast.agents") },
        { type: "value", name: t("forecast.calls"), splitLine: { show: false } },
      ],
      series: [
        { type: "bar", name: t("forecast.agents"), data: report.slots.map((slot) => slot.agents) },
        {
          type: "line",
          name: t("forecast.calls"),
          yAxisIndex: 1,
          smooth: true,
          showSymbol: false,
          data: report.slots.map((slot) => Math.round(slot.calls * 10) / 10),
        },
      ],
    }),
    [report, t],
  );
  const share = (value: number | null) => (value === null ? t("none") : `${(value * 100).toFixed(1)}%`);
  const columns: TableColumnsType<Slot> = [
    {
      title: t("forecast.slot"),
      key: "slot",
      render: (_, slot) => <span className="figure">{slotText(slot.slot)}</span>,
    },
    {
      title: t("forecast.calls"),
      key: "calls",
      align: "right",
      render: (_, slot) => <span className="figure">{slot.calls.toFixed(1)}</span>,
    },
    {
      title: t("forecast.handle"),
      key: "handle",
      align: "right",
      render: (_, slot) => <span className="figure">{span(slot.handleMs / 1000, words)}</span>,
    },
    {
      title: t("forecast.agents"),
      key: "agents",
      align: "right",
      render: (_, slot) => <b className="figure">{slot.agents}</b>,
    },
    {
      title: t("forecast.level"),
      key: "level",
      align: "right",
      render: (_, slot) => <span className="figure">{share(slot.serviceLevel)}</span>,
    },
    {
      title: t("forecast.abandonment"),
      key: "abandonment",
      align: "right",
      render: (_, slot) => <span className="figure">{share(slot.abandonment)}</span>,
    },
  ];
  return (
    <div data-testid="forecast">
      <Alert
        type={report.basis === "nothing" ? "warning" : "info"}
        showIcon
        className="gap"
        title={
          report.basis === "nothing"
            ? t("forecast.nothing")
            : t("forecast.basis", { basis: code("basis", report.basis), n: report.days })
        }
        description={t("forecast.assumptions", {
          share: Math.round(report.goal.share * 100),
          seconds: report.goal.withinMs / 1000,
          shrinkage: Math.round(report.goal.shrinkage * 100),
          patience: report.goal.patienceMs / 1000,
        })}
      />
      {busy.length === 0 ? null : (
        <>
          <Panel title={t("forecast.chart", { day: report.day })}>
            <Chart option={option} height={300} name="forecast" />
          </Panel>
          <Panel flush title={t("forecast.table")}>
            <RowTable label={t("forecast.table")} rows={busy} idOf={(slot) => String(slot.slot)} columns={columns} />
          </Panel>
        </>
      )}
    </div>
  );
}
