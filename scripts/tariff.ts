// npm run tariff -- FILE [--json] [--lang zh|en]: prices a case and prints the bill with the rule each line follows.
// The JSON of a case is explained in scripts/tariff-cases/README.md. Exit code 2: the case (or the call) is faulty.
import { existsSync, readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { parseArgs } from "node:util";
import { formatYuan } from "../packages/domain/src/money/fen.ts";
import type { PricedBill } from "../packages/domain/src/tariff/bill.ts";
import { parseCase } from "../packages/domain/src/tariff/case.ts";
import { priceBill } from "../packages/domain/src/tariff/priceBill.ts";
import { TariffError } from "../packages/domain/src/tariff/problem.ts";

type Language = "zh" | "en";

const USAGE = "usage: npm run tariff -- FILE [--json] [--lang zh|en]   (FILE may be - for standard input)\n";

function main(argv: readonly string[]): number {
  let call;
  try {
    call = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: { type: "boolean" }, lang: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    process.stderr.write(`${String(error instanceof Error ? error.message : error)}\n${USAGE}`);
    return 2;
  }
  if (call.values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const language = call.values.lang ?? "zh";
  const [file, ...more] = call.positionals;
  if (file === undefined || more.length > 0 || !isLanguage(language)) {
    process.stderr.write(USAGE);
    return 2;
  }
  const text = read(file);
  if (text === null) {
    process.stderr.write(say(language, `读不到文件 ${file}\n`, `cannot read ${file}: is the path right?\n`));
    return 2;
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    process.stderr.write(say(language, `${file} 不是 JSON: ${detail}\n`, `${file} is not JSON: ${detail}\n`));
    return 2;
  }
  try {
    const bill = priceBill(parseCase(data));
    process.stdout.write(call.values.json ? `${JSON.stringify(bill, null, 2)}\n` : print(bill, language));
    return 0;
  } catch (error) {
    if (!(error instanceof TariffError)) throw error;
    if (call.values.json) process.stdout.write(`${JSON.stringify({ problems: error.problems }, null, 2)}\n`);
    process.stderr.write(say(language, `${file} 无法计费:\n`, `${file} cannot be priced:\n`));
    for (const problem of error.problems) {
      const path = problem.path === "" ? say(language, "(案例)", "(case)") : problem.path;
      process.stderr.write(`  ${path}: ${say(language, problem.zh, problem.en)}\n`);
    }
    return 2;
  }
}

function isLanguage(text: string): text is Language {
  return text === "zh" || text === "en";
}

function say(language: Language, zh: string, en: string): string {
  return language === "zh" ? zh : en;
}

/** npm runs scripts in the project's folder; the path is meant from where the caller stands. */
function read(file: string): string | null {
  const candidates = file === "-" ? [0] : [file, join(process.env["INIT_CWD"] ?? ".", file)];
  for (const candidate of candidates) {
    if (typeof candidate === "string" && (isAbsolute(file) ? file !== candidate : !existsSync(candidate))) continue;
    try {
      return readFileSync(candidate, "utf8").replace(/^\uFEFF/, "");
    } catch {
      // A folder or an unreadable file: the caller says so.
    }
  }
  return null;
}

function print(bill: PricedBill, language: Language): string {
  const t = (zh: string, en: string) => say(language, zh, en);
  const out: string[] = [];
  if (bill.title !== null) out.push(bill.title);
  if (bill.period) out.push(`${t("计费期", "Period")}: ${bill.period.from} – ${bill.period.to}`);
  if (out.length > 0) out.push("");
  if (bill.meters.length > 0) {
    const rows = bill.meters.map((meter) => [
      meter.meterNo,
      registerName(meter.register, language),
      meter.from,
      meter.to,
      meter.multiplier,
      meter.kwh,
    ]);
    const head =
      language === "zh"
        ? ["表号", "示数", "起码", "止码", "倍率", "电量"]
        : ["Meter", "Register", "From", "To", "×", "Energy"];
    out.push(...table(head, rows, [false, false, true, true, true, true]), "");
  }
  const rules = new Map<string, number>();
  const rows = bill.lines.map((line) => {
    const key = JSON.stringify(line.rule);
    if (!rules.has(key)) rules.set(key, rules.size + 1);
    return [
      say(language, line.zh, line.en),
      line.quantity ?? "",
      unitName(line.unit, language),
      line.priceYuan ?? "",
      line.factor === null ? "" : `× ${line.factor}`,
      formatYuan(line.amountFen),
      `[${rules.get(key)}] ${say(language, line.rule.clause, line.rule.ruleSetId)}`,
    ];
  });
  const head =
    language === "zh"
      ? ["项目", "数量", "单位", "单价(元)", "系数", "金额(元)", "依据"]
      : ["Item", "Quantity", "Unit", "Price", "Factor", "Yuan", "Rule"];
  rows.push([t("合计", "Total"), "", "", "", "", formatYuan(bill.totalFen), ""]);
  out.push(...table(head, rows, [false, true, false, true, false, true, false]), "");
  if (bill.included.length > 0) {
    out.push(t("其中(已含在电价内):", "Of which (inside the prices above):"));
    const inside = bill.included.map((part) => [
      `  ${say(language, part.zh, part.en)}`,
      part.quantity,
      part.priceYuan,
      formatYuan(part.amountFen),
    ]);
    out.push(
      ...table(["", "kWh", t("单价(元)", "Price"), t("金额(元)", "Yuan")], inside, [false, true, true, true]),
      "",
    );
  }
  if (bill.tiers.length > 0) {
    const tiers = bill.tiers.map((tier) => [
      say(language, `第${tier.tier}档`, `Tier ${tier.tier}`),
      tier.fromKwh,
      tier.limitKwh ?? "—",
      tier.usedKwh,
      tier.priceYuan,
    ]);
    const names =
      language === "zh"
        ? ["阶梯", "基数 kWh", "上限 kWh", "本期 kWh", "单价(元)"]
        : ["Tier", "From kWh", "To kWh", "Used kWh", "Price"];
    out.push(...table(names, tiers, [false, true, true, true, true]));
    if (bill.yearToDateKwh !== null) out.push(`${t("年累计电量", "This year")}: ${bill.yearToDateKwh} kWh`);
    out.push("");
  }
  if (bill.usageKwh) out.push(`${t("计费电量", "Energy charged")}: ${bill.usageKwh.total} kWh`);
  if (bill.powerFactor) {
    const { standard, cosPhi, percent, baseFen } = bill.powerFactor;
    out.push(
      `${t("功率因数", "Power factor")}: ${cosPhi} (${t("标准", "standard")} ${standard}) → ${percent} % × ${formatYuan(baseFen)}`,
    );
  }
  if (bill.correctionKwh !== null) {
    out.push(`${t("退补电量", "Energy to charge (+) or refund (−)")}: ${bill.correctionKwh} kWh`);
  }
  for (const note of bill.notes) out.push(`${t("注", "Note")}: ${say(language, note.zh, note.en)}`);
  if (out.at(-1) !== "") out.push("");
  out.push(t("依据:", "Rules:"));
  for (const [key, number] of rules) {
    const rule = bill.lines.find((line) => JSON.stringify(line.rule) === key)?.rule;
    if (!rule) continue;
    const set = bill.ruleSets.find((candidate) => candidate.id === rule.ruleSetId);
    const source = set
      ? `${set.id}, ${say(language, set.source.zh, set.source.en)}`
      : t("案例给定", "given by the case");
    out.push(`  [${number}] ${say(language, `${rule.clause}: ${rule.zh}`, rule.en)} (${source})`);
  }
  return `${out.join("\n")}\n`;
}

function unitName(unit: string, language: Language): string {
  if (unit === "yuan") return say(language, "元", "yuan");
  if (unit === "times") return say(language, "月", "month");
  return unit;
}

const REGISTERS: Record<string, string> = {
  total: "总",
  sharp: "尖",
  peak: "峰",
  flat: "平",
  valley: "谷",
  deepValley: "深谷",
  reactive: "无功",
  reactiveReverse: "反向无功",
};

function registerName(register: string, language: Language): string {
  return language === "zh" ? (REGISTERS[register] ?? register) : register;
}

/** Columns by display width: a Chinese character takes two cells of a terminal. */
function table(head: readonly string[], rows: readonly (readonly string[])[], right: readonly boolean[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => cells(row[column] ?? ""))));
  const lines = all.map((row) =>
    row
      .map((text, column) => {
        const space = " ".repeat((widths[column] ?? 0) - cells(text));
        return right[column] ? space + text : text + space;
      })
      .join("  ")
      .trimEnd(),
  );
  return [lines[0] ?? "", "-".repeat(widths.reduce((a, b) => a + b + 2, -2)), ...lines.slice(1)];
}

const WIDE = /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u;

function cells(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : 1;
  return width;
}

process.exitCode = main(process.argv.slice(2));
