import { QuestionCircleOutlined } from "@ant-design/icons";
import { type Grouping, SEAT_FIGURES, type SeatFigure } from "@gridhall/domain/seats/figures.ts";
import type { StatisticsReport } from "@gridhall/domain/seats/reports.ts";
import { Segmented, type TableColumnsType, Tooltip } from "antd";
import { useMemo, useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { Panel } from "../../parts/page.tsx";
import { RowTable } from "../../parts/rowTable.tsx";
import { Nothing } from "../../parts/states.tsx";
import { Chart, type ChartOption } from "./chart.tsx";
import { FIGURE_GROUPS, type FigureGroup, figureName, figureText, isFigure } from "./figureWords.ts";

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

/** The period in a few figures; each tells its definition. */
export function Whole({ report }: { report: StatisticsReport }) {
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

function Definition({ figure }: { figure: SeatFigure }) {
  const { t, code } = useWords();
  return (
    <>
      <div>{code("definition", figure)}</div>
      <div className="definition-exact">{t("statistics.exact", { text: SEAT_FIGURES[figure].definition })}</div>
    </>
  );
}

/** How the period went: what came, what was answered, and how quickly. */
export function Course({ report }: { report: StatisticsReport }) {
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
      color: ["#9db3ab", "#00796b", "#a8201a", "#1f5a92"],
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

export function Grouped({ report, groupBy }: { report: StatisticsReport; groupBy: Grouping }) {
  const words = useWords();
  const { t, pick, code } = words;
  const [group, setGroup] = useState<FigureGroup | "all">("all");
  const names = group === "all" ? Object.values(FIGURE_GROUPS).flat() : FIGURE_GROUPS[group];
  // Calls of a hall have no seats' time: the column would be a row of dashes.
  const figures = names.filter((figure) => isFigure(figure) && report.rows.some((row) => row.figures[figure] !== null));
  type Row = StatisticsReport["rows"][number];
  const columns: TableColumnsType<Row> = [
    {
      title: <span className="capital">{code("grouping", groupBy)}</span>,
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
