/**
 * The colours and sizes that every GridHall screen shares. The kiosk takes them as CSS variables (`tokens.css`), the
 * console hands them to its component library. Each pair of ink and ground below has a contrast of at least 4.5:1.
 */
export const colours = {
  /** The utility's calm deep green. */
  brand: "#00594f",
  brandDeep: "#003f38",
  brandSoft: "#e0efeb",
  page: "#f1f5f3",
  surface: "#ffffff",
  ink: "#10211d",
  inkMuted: "#475a54",
  line: "#c3d0cb",
  danger: "#a8201a",
  dangerSoft: "#fdeceb",
  warning: "#6b4600",
  warningSoft: "#fff3d1",
  good: "#0b6b2e",
  goodSoft: "#e3f4e7",
  /** Time of use: peak, flat, valley. */
  peak: "#b4452c",
  flat: "#00796b",
  valley: "#2f5da8",
} as const;
export type Colour = keyof typeof colours;

export const FONT_STACK =
  '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
