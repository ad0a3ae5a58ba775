import ExcelJS from "exceljs";
import type { FastifyReply } from "fastify";

export interface Sheet {
  name: string;
  rows: readonly object[];
  /** Headings by key; a key without one is its own heading. */
  headings?: Readonly<Record<string, string>>;
}

/** Rows as an XLSX workbook: numbers stay numbers, headings stay in sight, columns are as wide as what they hold. */
export async function workbookOf(sheets: readonly Sheet[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  for (const sheet of sheets) {
    const page = book.addWorksheet(sheet.name.slice(0, 31), { views: [{ state: "frozen", ySplit: 1 }] });
    const keys = Object.keys(sheet.rows[0] ?? {});
    page.columns = keys.map((key) => ({ key, header: sheet.headings?.[key] ?? key }));
    for (const row of sheet.rows)
      page.addRow(Object.fromEntries(Object.entries(row).map(([key, value]) => [key, cell(value)])));
    page.getRow(1).font = { bold: true };
    for (const column of page.columns) {
      const longest = Math.max(
        ...(column.values ?? []).map((value) =>
          widthOf(typeof value === "string" ? value : JSON.stringify(value ?? "")),
        ),
        8,
      );
      column.width = Math.min(60, longest + 2);
    }
  }
  return Buffer.from(await book.xlsx.writeBuffer());
}

export async function sendSheet(reply: FastifyReply, name: string, sheets: readonly Sheet[]): Promise<Buffer> {
  const buffer = await workbookOf(sheets);
  void reply
    .type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    .header("content-disposition", `attachment; filename="${name}.xlsx"`);
  return buffer;
}

function cell(value: unknown): string | number | boolean | Date | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" || typeof value === "boolean" || value instanceof Date) return value;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Chinese characters take two columns. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) > 0x2e80 ? 2 : 1;
  return width;
}
