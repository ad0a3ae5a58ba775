import type { FastifyReply } from "fastify";

/** One value as a CSV cell (RFC 4180). A leading = + - @ is defused, so that no spreadsheet runs what a customer typed. */
function cell(value: unknown): string {
  const text = value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
  const safe = typeof value === "string" && /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Header from the first row's keys; with a BOM, so that spreadsheets read Chinese. */
export function csv(rows: readonly object[]): string {
  const [first] = rows;
  if (!first) return "\uFEFF";
  const keys = Object.keys(first);
  return `\uFEFF${[keys.join(","), ...rows.map((row) => keys.map((key) => cell((row as Record<string, unknown>)[key])).join(","))].join("\r\n")}\r\n`;
}

export function sendList(reply: FastifyReply, name: string, text: string): string {
  void reply.type("text/csv; charset=utf-8").header("content-disposition", `attachment; filename="${name}.csv"`);
  return text;
}
