import type PDFDocument from "pdfkit";

type Doc = InstanceType<typeof PDFDocument>;

// A4 in points, with the margins of a window envelope's letter.
export const PAGE = { width: 595.28, height: 841.89, left: 48, right: 547.28 };
export const GREEN = "#00695C";
export const INK = "#1B2A27";
export const GREY = "#5B6B67";
export const PALE = "#E6F1EE";

export interface Pen {
  doc: Doc;
  y: number;
  zh: boolean;
  say(zh: string, en: string): string;
}

export function text(
  pen: Pen,
  content: string,
  x: number,
  y: number,
  options: { size?: number; bold?: boolean; colour?: string; width?: number; align?: "left" | "right" | "center" } = {},
): void {
  pen.doc
    .font(options.bold ? "bold" : "regular")
    .fontSize(options.size ?? 9.5)
    .fillColor(options.colour ?? INK)
    .text(content, x, y, {
      lineBreak: false,
      ...(options.width === undefined ? {} : { width: options.width }),
      ...(options.align ? { align: options.align } : {}),
    });
}

export function ensureRoom(pen: Pen, height: number): void {
  if (pen.y + height < PAGE.height - 86) return;
  pen.doc.addPage({ size: "A4", margin: 0 });
  pen.y = 48;
}

export function heading(pen: Pen, title: string): void {
  ensureRoom(pen, 60);
  pen.doc.rect(PAGE.left, pen.y + 1, 3, 12).fill(GREEN);
  text(pen, title, PAGE.left + 10, pen.y - 1, { size: 11, bold: true, colour: GREEN });
  pen.y += 20;
}

export interface Column {
  title: string;
  x: number;
  width: number;
  align: "left" | "right";
}

export function table(pen: Pen, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const { doc } = pen;
  doc.rect(PAGE.left, pen.y, PAGE.right - PAGE.left, 17).fill(PALE);
  for (const column of columns)
    text(pen, column.title, column.x, pen.y + 3, { size: 8.5, colour: GREY, width: column.width, align: column.align });
  pen.y += 20;
  for (const row of rows) {
    ensureRoom(pen, 18);
    for (const [index, column] of columns.entries())
      text(pen, row[index] ?? "", column.x, pen.y, { size: 9, width: column.width, align: column.align });
    pen.y += 15;
    doc
      .moveTo(PAGE.left, pen.y - 1.5)
      .lineTo(PAGE.right, pen.y - 1.5)
      .lineWidth(0.4)
      .strokeColor("#D5DFDC")
      .stroke();
  }
  pen.y += 9;
}
