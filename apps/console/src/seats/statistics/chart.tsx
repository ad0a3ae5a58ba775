import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { type ComposeOption, init, use } from "echarts/core";
import type { BarSeriesOption, LineSeriesOption } from "echarts/charts";
import type { GridComponentOption, LegendComponentOption, TooltipComponentOption } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export type ChartOption = ComposeOption<
  BarSeriesOption | LineSeriesOption | GridComponentOption | LegendComponentOption | TooltipComponentOption
>;

/** Colours that can be told apart in every kind of colour blindness, the house's green first. */
export const COLOURS = ["#00796b", "#d48400", "#1f5a92", "#a8201a", "#6a4c93", "#5a6a64"];

/** A chart as large as its place. What it shows stands in a table beside it, so it is hidden from screen readers. */
export function Chart({ option, height, name }: { option: ChartOption; height: number; name: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const chart = init(place.current, null, { renderer: "canvas" });
    chart.setOption({ animation: false, color: COLOURS, textStyle: { fontFamily: "inherit" }, ...option });
    const watch = new ResizeObserver(() => chart.resize());
    watch.observe(place.current);
    return () => {
      watch.disconnect();
      chart.dispose();
    };
  }, [option]);
  return <div ref={place} style={{ height }} aria-hidden="true" data-testid={`chart-${name}`} />;
}
