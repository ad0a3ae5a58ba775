import { type ThemeConfig, theme } from "antd";

/** Calm deep green; status colours dark enough to be read as text on their own soft grounds (contrast ≥ 4.5:1). */
export const consoleTheme: ThemeConfig = {
  algorithm: [theme.compactAlgorithm],
  cssVar: { key: "gridhall" },
  token: {
    colorPrimary: "#00695C",
    colorLink: "#00695C",
    colorLinkHover: "#004D43",
    colorSuccess: "#0B6B2E",
    colorWarning: "#8A5300",
    colorError: "#A8201A",
    colorInfo: "#1F5A92",
    colorSuccessBg: "#E3F4E7",
    colorSuccessBorder: "#A9D8B6",
    colorWarningBg: "#FFF3D6",
    colorWarningBorder: "#EBCB86",
    colorErrorBg: "#FDECEB",
    colorErrorBorder: "#EFB5B1",
    colorInfoBg: "#E6F0F9",
    colorInfoBorder: "#A9C8E4",
    colorTextBase: "#10211D",
    colorTextSecondary: "#43554F",
    colorTextTertiary: "#55665F",
    colorTextDescription: "#55665F",
    colorTextPlaceholder: "#5F6F69",
    colorBgLayout: "#F1F5F3",
    colorBorderSecondary: "#DDE6E2",
    borderRadius: 6,
    // The compact algorithm goes one step down from both: 14 px text, controls of 32 px.
    fontSize: 16,
    controlHeight: 36,
    fontFamily:
      '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif',
  },
  components: {
    Table: {
      headerBg: "#EDF3F0",
      headerColor: "#2B3D37",
      rowHoverBg: "#F0F8F5",
      cellPaddingBlockSM: 7,
      cellPaddingInlineSM: 12,
    },
    Form: { itemMarginBottom: 22 },
  },
};
