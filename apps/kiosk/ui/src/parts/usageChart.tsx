import type { MonthUsage } from "@gridhall/domain/backoffice/api.ts";
import { type Column, ColumnChart } from "@gridhall/ui/columnChart.tsx";
import { month as monthText, number } from "@gridhall/ui/format.ts";
import { useRemembered, useWords } from "../context.ts";
import { Amount } from "./amounts.tsx";
import { Button } from "./button.tsx";

/** 24 months as columns; two large buttons go from month to month and the values stand beside them as text. */
export function UsageChart({ months, height }: { months: readonly MonthUsage[]; height: number }) {
  const { t, language } = useWords();
  const last = months.at(-1);
  const [selected, setSelected] = useRemembered<string | null>("chart:month", null);
  if (!last) return <p className="lead">{t("chart.empty")}</p>;
  const at = Math.max(
    0,
    months.findIndex((usage) => usage.month === (selected ?? last.month)),
  );
  const shown = months[at] ?? last;
  const highest = months.reduce((best, usage) => (usage.kwh > best.kwh ? usage : best), last);
  const lowest = months.reduce((best, usage) => (usage.kwh < best.kwh ? usage : best), last);
  const mean = months.reduce((sum, usage) => sum + usage.kwh, 0) / months.length;
  const hasPeriods = months.some((usage) => usage.peakKwh !== null);
  const go = (to: MonthUsage | undefined) => to && setSelected(to.month);
  return (
    <section className="usage">
      <h2 className="section-title">
        {t("chart.title", { count: months.length })}
        {hasPeriods && <PeriodLegend />}
      </h2>
      <ColumnChart
        columns={months.map((usage) => column(usage))}
        height={height}
        selected={shown.month}
        onSelect={(id) => setSelected(id)}
        summary={t("chart.summary", {
          count: months.length,
          max: number(highest.kwh),
          maxMonth: monthText(highest.month, language),
          min: number(lowest.kwh),
          minMonth: monthText(lowest.month, language),
          mean: number(Math.round(mean)),
        })}
      />
      <div className="usage-month">
        <Button
          action="chart:previous"
          icon="back"
          label={t("chart.previous")}
          off={at === 0}
          onPress={() => go(months[at - 1])}
        />
        <p role="status" data-month={shown.month}>
          <b className="usage-name">{monthText(shown.month, language)}</b>
          <span className="tabular">{t("bill.kwh", { value: number(shown.kwh) })}</span>
          <Amount name="month" fen={shown.amountFen} />
        </p>
        <Button
          action="chart:next"
          icon="right"
          label={t("chart.next")}
          off={at === months.length - 1}
          onPress={() => go(months[at + 1])}
        />
      </div>
    </section>
  );
}

export function PeriodLegend() {
  const { t } = useWords();
  return (
    <span className="legend">
      {(["peak", "flat", "valley"] as const).map((period) => (
        <span key={period}>
          <i className={`tone-${period}`} />
          {t(`bill.${period}`)}
        </span>
      ))}
    </span>
  );
}

function column(usage: MonthUsage): Column {
  const { valleyKwh, flatKwh, peakKwh } = usage;
  return {
    id: usage.month,
    label: usage.month.slice(2).replace("-", "/"),
    parts:
      peakKwh === null
        ? [{ value: usage.kwh, tone: "flat" }]
        : [
            { value: valleyKwh ?? 0, tone: "valley" },
            { value: flatKwh ?? 0, tone: "flat" },
            { value: peakKwh, tone: "peak" },
          ],
  };
}
