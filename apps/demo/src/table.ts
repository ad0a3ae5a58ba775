export interface Summary {
  console: string;
  openApi: string;
  acquirers: string;
  kiosks: { kioskId: string; nameZh: string; hallZh: string; url: string; panel: string }[];
  logins: { login: string; password: string; roleZh: string }[];
  accounts: Record<string, { accountNo: string; holder: string }>;
}

/** Width on a terminal: Chinese characters and full-width signs take two columns. */
function width(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFF60\uFFE0-\uFFE6]/u.test(
      character,
    )
      ? 2
      : 1;
  return columns;
}

export function printTable(summary: Summary, dataDir: string): string {
  const rows: [string, string][] = [
    ["控制台 console", `${summary.console}/`],
    ...summary.kiosks.flatMap((kiosk): [string, string][] => [
      [kiosk.nameZh, kiosk.url],
      ["  设备面板 device panel", kiosk.panel],
    ]),
    ["模拟手机 payer's phone", summary.acquirers],
    ["OpenAPI", summary.openApi],
    ...summary.logins.map((login): [string, string] => [`登录 ${login.roleZh}`, `${login.login} / ${login.password}`]),
    ["户号 one bill of 86.40", summary.accounts["oneUnpaid"]?.accountNo ?? ""],
    ["户号 two overdue", summary.accounts["twoOverdue"]?.accountNo ?? ""],
    ["数据 data", dataDir],
  ];
  const widest = Math.max(...rows.map(([label]) => width(label)));
  return rows.map(([label, value]) => `  ${label}${" ".repeat(widest - width(label))}  ${value}`).join("\n");
}
