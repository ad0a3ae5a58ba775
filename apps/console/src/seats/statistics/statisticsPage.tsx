import { DownloadOutlined, QuestionCircleOutlined } from "@ant-design/icons";
import { GROUPINGS, type Grouping, SEAT_FIGURES, type SeatFigure } from "@gridhall/domain/seats/figures.ts";
import { type StatisticsReport, StatisticsSlice } from "@gridhall/domain/seats/reports.ts";
import { useQuery } from "@tanstack/react-query";
import { Button, DatePicker, Dropdown, Segmented, Select, type TableColumnsType, Tabs, Tooltip } from "antd";
import dayjs from "dayjs";
import { useMemo, useState } from "react";
import { address } from "../../api/request.ts";
import { useWords } from "../../i18n/language.tsx";
import { UnitFilter, useFilters } from "../../parts/filters.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { RowTable } from "../../parts/rowTable.tsx";
import { Loaded, Needs, Nothing } from "../../parts/states.tsx";
import { addDays, dayOf, dayStart } from "../chinaTime.ts";
import { seatsQueries } from "../seatsQueries.ts";
import { Chart, type ChartOption } from "./chart.tsx";
import { FIGURE_GROUPS, type FigureGroup, figureName, figureText, isFigure } from "./figureWords.ts";
import { ForecastTab } from "./forecastTab.tsx";

export function StatisticsPage() {
  const { t } = useWords();
  const { values, set } = useFilters(["tab", "from", "until", "by", "slice", "unit", "figures"]);
  return (
    <Needs permission="calls.read">
      <Page name="statistics" title={t("statistics.title")}>
        <Tabs
          activeKey={values.tab ?? "past"}
          onChange={(tab) => set("tab", tab === "past" ? undefined : tab)}
          items={[
            { key: "past", label: t("statistics.past"), children: <Past /> },
            { key: "forecast", label: t("statistics.forecast"), children: <ForecastTab /> },
          ]}
        />
      </Page>
    </Needs>
  );
}

const PRESETS = { today: [0, 0], yesterday: [-1, -1], week: [-6, 0], month: [-29, 0] } as const;

function Past() {
  const words = useWords();
  const { t, code, language } = words;
  const { values, set, clear } = useFilters(["from", "until", "by", "slice", "unit", "figures"]);
  const [today] = useState(() => dayOf(Date.now()));
  const from = values.from ?? today;
  const until = values.until ?? today;
  const groupBy = GROUPINGS.find((one) => one === values.by) ?? "agent";
  const slice = StatisticsSlice.options.find((one) => one === values.slice) ?? (from === until ? "hour" : "day");
  const period = { fromMs: dayStart(from), untilMs: dayStart(addDays(until, 1)), unit: values.unit };
  const query = { ...period, groupBy, slice };
  const rows = useQuery(seatsQueries.statistics(query));
  const whole = useQuery(seatsQueries.statistics({ ...period, groupBy: "none" }));
  const course = useQuery(
    seatsQueries.statistics({
      ...period,
      groupBy: "period",
      slice: groupBy === "period" ? slice : from === until ? "half-hour" : "day",
    }),
  );
  const link = (format: string) =>
    address("/api/seats/statistics", { ...query, language: language === "en" ? "en" : "zh", format });
  const preset = (name: keyof typeof PRESETS) => {
    const [first, last] = PRESETS[name];
    return [dayjs(addDays(today, first)), dayjs(addDays(today, last))] as [dayjs.Dayjs, dayjs.Dayjs];
  };
  return (
    <>
      <div className="filters bare" role="search">
        <PeriodPicker from={from} until={until} preset={preset} />
        <Select
          className="filter"
          value={groupBy}
          onChange={(by) => set("by", by === "agent" ? undefined : by)}
          options={GROUPINGS.map((value) => ({ value, label: t("statistics.by", { what: code("grouping", value) }) }))}
          aria-label={t("statistics.group-by")}
          data-testid="group-by"
        />
        {groupBy === "period" ? (
          <Select
            className="filter"
            value={slice}
            onChange={(next) => set("slice", next)}
            options={StatisticsSlice.options.map((value) => ({ value, label: code("slice", value) }))}
            aria-label={t("statistics.slice")}
          />
        ) : null}
        <UnitFilter value={values.unit} onChange={(unit) => set("unit", unit)} />
        {Object.keys(values).length > 0 ? (
          <Button type="text" onClick={clear}>
            {t("list.clear")}
          </Button>
        ) : null}
        <span className="spread" />
        <Dropdown
          menu={{
            items: [
              {
                key: "xlsx",
                label: (
                  <a href={link("xlsx")} download>
                    {t("statistics.xlsx")}
                  </a>
                ),
              },
              {
                key: "csv",
                label: (
                  <a href={link("csv")} download>
                    {t("list.export")}
                  </a>
                ),
              },
            ],
          }}
        >
          <Button icon={<DownloadOutlined />} data-testid="export">
            {t("statistics.export")}
          </Button>
        </Dropdown>
      </div>
      <Loaded query={whole}>{(report) => <Whole report={report} />}</Loaded>
      <Loaded query={course}>{(report) => <Course report={report} />}</Loaded>
      <Loaded query={rows}>{(report) => <Grouped report={report} groupBy={groupBy} />}</Loaded>
    </>
  );
}

function PeriodPicker({
  from,
  until,
  preset,
}: {
  from: string;
  until: string;
  preset(name: keyof typeof PRESETS): [dayjs.Dayjs, dayjs.Dayjs];
}) {
  const { t } = useWords();
  const { setAll } = usePeriod();
  return (
    <DatePicker.RangePicker
      allowClear={false}
      value={[dayjs(from), dayjs(until)]}
      presets={(["today", "yesterday", "week", "month"] as const).map((name) => ({
        label: t(`statistics.${name}`),
        value: preset(name),
      }))}
      onChange={(picked) => {
        const [first, last] = picked ?? [];
        if (first && last) setAll(first.format("YYYY-MM-DD"), last.format("YYYY-MM-DD"));
      }}
    />
  );
}

const CARDS: readonly SeatFigure[] = [
  "offered",
  "answered",
  "abandonment",
  "serviceLevel20",
  "meanWaitMs",
  "meanAssistMs",
  "applicants",
  "occupancy",
  "rating",
];

function Whole({ report }: { report: StatisticsReport }) {
  const words = useWords();
  const figures = report.rows[0]?.figures ?? {};
  return (
    <div className="strip" data-testid="whole">
      {CARDS.map((figure) => (
        <Tooltip key={figure} title={<Definition figure={figure} />}>
          <div className="card" tabIndex={0} data-figure={figure}>
            <div className="name">{figureName(figure, words)}</div>
            <div className="value">{figureText(figure, figures[figure], words)}</div>
          </div>
        </Tooltip>
      ))}
    </div>
  );
}

export function Definition({ figure }: { figure: SeatFigure }) {
  const { t, code } = useWords();
  return (
    <>
      <div>{code("definition", figure)}</div>
      <div className="definition-exact">{t("statistics.exact", { text: SEAT_FIGURES[figure].definition })}</div>
    </>
  );
}

/** How the period went: what came, what was answered, and how quickly. */
function Course({ report }: { report: StatisticsReport }) {
  const words = useWords();
  const { t, pick } = words;
  const rows = useMemo(() => report.rows.filter((row) => row.figures["offered"] !== null), [report]);
  const option = useMemo((): ChartOption => {
    const bar = (figure: SeatFigure) => ({
      type: "bar" as const,
      name: figureName(figure, words),
      data: rows.map((row) => row.figures[figure] ?? 0),
      barMaxWidth: 26,
    });
    return {
      grid: { left: 44, right: 52, top: 40, bottom: 28 },
      legend: { top: 4, icon: "roundRect" },
      tooltip: { trigger: "axis" },
      xAxis: { type: "category", data: rows.map((row) => pick(row.title.zh, row.title.en)) },
      yAxis: [
        { type: "value", minInterval: 1 },
        { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" }, splitLine: { show: false } },
      ],
      series: [
        bar("offered"),
        bar("answered"),
        bar("abandoned"),
        {
          type: "line",
          name: figureName("serviceLevel20", words),
          yAxisIndex: 1,
          connectNulls: true,
          data: rows.map((row) => {
            const share = row.figures["serviceLevel20"];
            return share === null || share === undefined ? "-" : Math.round(share * 1000) / 10;
          }),
        },
      ],
    };
  }, [rows, pick, words]);
  return (
    <Panel title={t("statistics.course")}>
      {rows.length === 0 ? (
        <Nothing title={t("statistics.none")} hint={t("statistics.none-hint")} />
      ) : (
        <Chart option={option} height={280} name="course" />
      )}
    </Panel>
  );
}

function Grouped({ report, groupBy }: { report: StatisticsReport; groupBy: Grouping }) {
  const words = useWords();
  const { t, pick, code } = words;
  const [group, setGroup] = useState<FigureGroup | "all">("all");
  const names = group === "all" ? Object.values(FIGURE_GROUPS).flat() : FIGURE_GROUPS[group];
  // Calls of a hall have no seats' time: the column would be a row of dashes.
  const figures = names.filter((figure) => isFigure(figure) && report.rows.some((row) => row.figures[figure] !== null));
  type Row = StatisticsReport["rows"][number];
  const columns: TableColumnsType<Row> = [
    {
      title: code("grouping", groupBy),
      key: "title",
      fixed: "left",
      render: (_, row) => <b>{pick(row.title.zh, row.title.en)}</b>,
    },
    ...figures.map((figure) => ({
      title: (
        <Tooltip title={<Definition figure={figure} />}>
          <span tabIndex={0}>
            {figureName(figure, words)} <QuestionCircleOutlined className="faint" />
          </span>
        </Tooltip>
      ),
      key: figure,
      align: "right" as const,
      render: (_: unknown, row: Row) => (
        <span className="figure">{figureText(figure, row.figures[figure], words)}</span>
      ),
      sorter: (a: Row, b: Row) => (a.figures[figure] ?? -1) - (b.figures[figure] ?? -1),
    })),
  ];
  return (
    <Panel
      title={t("statistics.by", { what: code("grouping", groupBy) })}
      flush
      extra={
        <Segmented
          value={group}
          onChange={setGroup}
          options={(["all", "calls", "waiting", "assists", "offers", "time"] as const).map((value) => ({
            value,
            label: t(`statistics.group-${value}`),
          }))}
        />
      }
    >
      <RowTable
        label={t("statistics.title")}
        rows={report.rows}
        idOf={(row) => row.key ?? ""}
        columns={columns}
        emptyTitle={t("statistics.none")}
        emptyHint={t("statistics.none-hint")}
      />
    </Panel>
  );
}

function usePeriod() {
  const { setMany } = useFilters(["from", "until", "by", "slice", "unit", "figures"]);
  return { setAll: (from: string, until: string) => setMany({ from, until }) };
}
