import { DownloadOutlined } from "@ant-design/icons";
import { GROUPINGS } from "@gridhall/domain/seats/figures.ts";
import { StatisticsSlice } from "@gridhall/domain/seats/reports.ts";
import { useQuery } from "@tanstack/react-query";
import { Button, DatePicker, Dropdown, Select, Tabs } from "antd";
import dayjs from "dayjs";
import { useState } from "react";
import { address } from "../../api/request.ts";
import { useWords } from "../../i18n/language.tsx";
import { UnitFilter, useFilters } from "../../parts/filters.tsx";
import { Page } from "../../parts/page.tsx";
import { Loaded, Needs } from "../../parts/states.tsx";
import { addDays, dayOf, dayStart } from "../chinaTime.ts";
import { seatsQueries } from "../seatsQueries.ts";
import { ForecastTab } from "./forecastTab.tsx";
import { Course, Grouped, Whole } from "./statisticsParts.tsx";

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

function usePeriod() {
  const { setMany } = useFilters(["from", "until", "by", "slice", "unit", "figures"]);
  return { setAll: (from: string, until: string) => setMany({ from, until }) };
}
