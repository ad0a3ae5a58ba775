import { SEAT_FIGURES, type SeatFigure } from "@gridhall/domain/seats/figures.ts";
import type { Words } from "../../i18n/language.tsx";
import { span } from "../../parts/format.ts";

/** Figures in the order in which supervisors read them: by what they speak of. */
export const FIGURE_GROUPS = {
  calls: ["offered", "answered", "abandoned", "shortAbandoned", "abandonment", "applicants", "callbacks", "messages"],
  waiting: ["meanWaitMs", "longestWaitMs", "serviceLevel20", "serviceLevel12"],
  assists: ["assists", "assistMs", "meanAssistMs", "rating", "ratings", "transfers", "requeues"],
  offers: ["offersMade", "offersRangOut", "offersRefused"],
  time: ["signedInMs", "busyMs", "wrapUpMs", "breakMs", "occupancy"],
} as const satisfies Record<string, readonly SeatFigure[]>;
export type FigureGroup = keyof typeof FIGURE_GROUPS;

export const isFigure = (name: string): name is SeatFigure => Object.hasOwn(SEAT_FIGURES, name);

export function figureName(figure: SeatFigure, { pick }: Words): string {
  return pick(SEAT_FIGURES[figure].zh, SEAT_FIGURES[figure].en);
}

export function figureText(figure: SeatFigure, value: number | null | undefined, words: Words): string {
  if (value === null || value === undefined) return words.t("none");
  switch (SEAT_FIGURES[figure].unit) {
    case "count":
      return String(value);
    case "ms":
      return span(value / 1000, words);
    case "share":
      return `${(value * 100).toFixed(1)}%`;
    case "score":
      return value.toFixed(2);
    default:
      return SEAT_FIGURES[figure] satisfies never;
  }
}
