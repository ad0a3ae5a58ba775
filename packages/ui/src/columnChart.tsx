export interface Column {
  id: string;
  label: string;
  /** Parts from the bottom up; a plain column has one. */
  parts: readonly { value: number; tone: "flat" | "peak" | "valley" }[];
}

const WIDTH = 1000;

/**
 * Columns over a base line, as SVG with its own scale lines. It is a picture: `summary` says in words what it shows,
 * and the page offers each value as text beside it.
 */
export function ColumnChart({
  columns,
  height,
  summary,
  selected,
  onSelect,
}: {
  columns: readonly Column[];
  /** Of the plot, where the width is 1000. */
  height: number;
  summary: string;
  selected: string | null;
  onSelect: (id: string) => void;
}) {
  const total = (column: Column) => column.parts.reduce((sum, part) => sum + part.value, 0);
  const scale = niceScale(Math.max(0, ...columns.map(total)));
  const [left, top, bottom] = [112, 24, 60];
  const plot = height - top - bottom;
  const y = (value: number) => top + plot - (value / scale.max) * plot;
  const pitch = (WIDTH - left) / Math.max(1, columns.length);
  const labelEvery = Math.max(1, Math.ceil(columns.length / 4));
  return (
    <svg className="chart" viewBox={`0 0 ${WIDTH} ${height}`} role="img" aria-label={summary}>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={left} x2={WIDTH} y1={y(tick)} y2={y(tick)} className="chart-line" />
          <text x={left - 12} y={y(tick) + 14} textAnchor="end" className="chart-text">
            {tick}
          </text>
        </g>
      ))}
      {columns.map((column, index) => {
        const x = left + index * pitch;
        let base = 0;
        return (
          <g
            key={column.id}
            className={column.id === selected ? "chart-column chart-column-selected" : "chart-column"}
            onClick={() => onSelect(column.id)}
          >
            <rect x={x} y={top} width={pitch} height={plot} className="chart-hit" />
            {column.parts.map((part) => {
              const from = base;
              base += part.value;
              return (
                <rect
                  key={part.tone}
                  x={x + pitch * 0.16}
                  width={pitch * 0.68}
                  y={y(base)}
                  height={Math.max(0, y(from) - y(base))}
                  className={`tone-${part.tone}`}
                />
              );
            })}
            {(columns.length - 1 - index) % labelEvery === 0 && (
              <text
                x={index === columns.length - 1 ? WIDTH : x + pitch / 2}
                y={height - 12}
                textAnchor={index === columns.length - 1 ? "end" : "middle"}
                className="chart-text"
              >
                {column.label}
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** A round maximum at or above `highest` with three or four equal steps. */
export function niceScale(highest: number): { max: number; ticks: number[] } {
  if (highest <= 0) return { max: 1, ticks: [0, 1] };
  const rough = highest / 3;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * magnitude).find((size) => size >= rough) ?? rough;
  const count = Math.ceil(highest / step);
  return { max: count * step, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}
