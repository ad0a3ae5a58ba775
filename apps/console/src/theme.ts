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
    colorTextBase: "#10211D",
    colorTextSecondary: "#43554F",
    colorTextTertiary: "#55665F",
    colorTextDescription: "#55665F",
    colorTextPlaceholder: "#5F6F69",
    colorBgLayout: "#F1F5F3",
    colorBorderSecondary: "#DDE6E2",
    borderRadius: 6,
    fontSize: 14,
    controlHeight: 32,
    fontFamily:
      '"Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif',
  },
  components: {
    Table: { headerBg: "#EDF3F0", headerColor: "#2B3D37", rowHoverBg: "#F0F8F5", cellPaddingBlockSM: 7 },
    Layout: { siderBg: "#FFFFFF", headerBg: "#FFFFFF", bodyBg: "#F1F5F3" },
    Menu: { itemHeight: 38, itemSelectedBg: "#E0EFEB", itemSelectedColor: "#004D43", itemBorderRadius: 6 },
    Descriptions: { labelBg: "#F5F8F7", labelColor: "#43554F" },
    Card: { headerFontSize: 15 },
  },
};
