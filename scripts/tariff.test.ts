import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseCase } from "../packages/domain/src/tariff/case.ts";
import { priceBill } from "../packages/domain/src/tariff/priceBill.ts";

const cases = join(import.meta.dirname, "tariff-cases");

function tariff(args: readonly string[], input?: string) {
  return spawnSync(process.execPath, [join(import.meta.dirname, "tariff.ts"), ...args], { encoding: "utf8", input });
}

/** What each example comes to, in fen, worked out by hand. */
const TOTALS: Record<string, number> = {
  "agriculture-time-of-use": 64_740,
  "business-composition": 209_127,
  "business-hourly": 414_604,
  "business-intervals": 35_840,
  "business-price-change-by-reading": 131_562,
  "business-single-price": 249_150,
  "correction-meter-error": 0,
  "correction-multiplier": 322_555,
  "correction-wiring": 313_160,
  "industrial-actual-demand": 20_053_350,
  "industrial-capacity-new": 577_500,
  "industrial-contract-demand": 48_000_000,
  "industrial-contract-demand-exceeded": 51_000_000,
  "industrial-full-bill": 8_965_259,
  "industrial-power-factor": 80_000,
  "industrial-stop": 1_679_333,
  "industrial-stop-short": 300_000,
  "late-fee-business": 19_000,
  "late-fee-residential": 510,
  "residential-annual": 11_000,
  "residential-closed": 5500,
  "residential-large-household": 21_600,
  "residential-large-household-without": 24_600,
  "residential-meter-swap": 34_170,
  "residential-monthly": 65_550,
  "residential-new-account-june": 6500,
  "residential-new-account-march": 6500,
  "residential-price-change": 21_300,
  "residential-settled-yearly": 7870,
  "residential-shared-meter": 65_586,
  "residential-tianjin": 16_580,
  "residential-time-of-use": 23_710,
  "residential-time-of-use-matrix": 22_317,
  "unmetered-temporary": 187_896,
};

describe("[L1] npm run tariff", () => {
  test("each example comes to what was worked out for it", () => {
    const files = readdirSync(cases).filter((file) => file.endsWith(".json"));
    const totals = files.map((file) => {
      const data: unknown = JSON.parse(readFileSync(join(cases, file), "utf8"));
      return [file.replace(".json", ""), priceBill(parseCase(data)).totalFen];
    });
    expect(Object.fromEntries(totals)).toEqual(TOTALS);
  });

  test("prints the bill line by line with the rule of each line, in columns that Chinese does not break", () => {
    const { status, stdout } = tariff([join(cases, "residential-tianjin.json")]);
    expect(status).toBe(0);
    const lines = stdout.split("\n").filter((line) => line.includes("档电费"));
    expect(lines).toEqual([
      "第一档电费   140  kWh       0.49           68.60  [1] 阶梯电价",
      "第二档电费   180  kWh       0.54           97.20  [1] 阶梯电价",
    ]);
    expect(stdout).toContain("[1] 阶梯电价: 按年度累计用电量分档");
    expect(stdout).toContain("津发改价管〔2012〕667号");
  });

  test("--json prints the bill for machines, --lang en in English, - reads standard input", () => {
    const json = tariff(["--json", join(cases, "industrial-power-factor.json")]);
    expect(JSON.parse(json.stdout)).toMatchObject({ totalFen: 80_000, powerFactor: { percent: "4" } });
    const english = tariff(["-", "--lang", "en"], readFileSync(join(cases, "late-fee-business.json"), "utf8"));
    expect(english.stdout).toMatch(/Late fee \(in later years, due 2025-12-15\) +2000 +yuan +0\.003 +× 18 +108\.00/);
    // The title is the case's own; everything else is English.
    expect(english.stdout.split("\n").slice(1).join("\n")).not.toMatch(/[一-鿿]/);
  });

  test("a faulty case ends with 2 and names the field and the remedy", () => {
    const folder = mkdtempSync(join(tmpdir(), "tariff-"));
    try {
      const file = join(folder, "case.json");
      writeFileSync(file, '{"kind":"residential","usage":{"meters":[{"registers":{"total":{"from":9,"to":5}}}]}}');
      const faulty = tariff([file, "--lang", "en"]);
      expect(faulty.status).toBe(2);
      expect(faulty.stderr).toContain("usage.meters[0].registers.total.to: the end 5 is below the start 9: correct it");
      writeFileSync(file, "{");
      expect(tariff([file]).status).toBe(2);
      expect(tariff([join(folder, "none.json")])).toMatchObject({ status: 2, stdout: "" });
      expect(tariff([]).status).toBe(2);
      expect(tariff([file, "--language"]).status).toBe(2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
