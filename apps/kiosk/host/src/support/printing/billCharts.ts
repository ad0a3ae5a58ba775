import type { BillView } from "@gridhall/domain/backoffice/api.ts";
import { ensureRoom, GREEN, GREY, heading, PAGE, type Pen, text } from "./pdfPen.ts";

const BARS = ["#7FB8AC", "#2E8B7A", "#00564A"];

/** How far into the year's tiers the household has come. */
export function drawTiers(pen: Pen, bill: BillView): void {
  const { doc, say } = pen;
  heading(pen, say("阶梯电量使用情况（年度累计）", "Tiers of the calendar year"));
  ensureRoom(pen, 62);
  const last = bill.tiers.at(-1);
  const scale = Math.max(
    bill.yearToDateKwh * 1.1,
    (last?.limitKwh ?? bill.tiers.at(-2)?.limitKwh ?? bill.yearToDateKwh) * 1.25,
    1,
  );
  const width = PAGE.right - PAGE.left;
  const at = (kwh: number) => PAGE.left + Math.min(1, kwh / scale) * width;
  let from = 0;
  for (const [index, tier] of bill.tiers.entries()) {
    const to = tier.limitKwh ?? scale;
    const colour = BARS[index % BARS.length] ?? GREEN;
    doc
      .rect(at(from), pen.y + 14, at(to) - at(from), 16)
      .fillOpacity(0.28)
      .fill(colour)
      .fillOpacity(1);
    if (bill.yearToDateKwh > from)
      doc.rect(at(from), pen.y + 14, at(Math.min(to, bill.yearToDateKwh)) - at(from), 16).fill(colour);
    text(
      pen,
      say(`第${"一二三"[index] ?? String(index + 1)}档 ${tier.priceYuan} 元`, `Tier ${tier.tier}: ${tier.priceYuan}`),
      at(from) + 2,
      pen.y,
      { size: 8, colour: GREY },
    );
    if (tier.limitKwh !== null)
      text(pen, String(tier.limitKwh), at(to) - 40, pen.y + 33, { size: 8, colour: GREY, width: 40, align: "right" });
    from = to;
  }
  const next = bill.tiers.find((tier) => tier.limitKwh !== null && bill.yearToDateKwh < tier.limitKwh);
  const remaining =
    next?.limitKwh != null
      ? say(
          `，距下一档还有 ${round(next.limitKwh - bill.yearToDateKwh)} 千瓦时`,
          `, ${round(next.limitKwh - bill.yearToDateKwh)} kWh left in this tier`,
        )
      : "";
  text(
    pen,
    say(`本年累计 ${bill.yearToDateKwh} 千瓦时${remaining}`, `${bill.yearToDateKwh} kWh this year${remaining}`),
    PAGE.left,
    pen.y + 46,
    { size: 9 },
  );
  pen.y += 68;
}

export function drawPeriods(pen: Pen, bill: BillView): void {
  const { doc, say } = pen;
  heading(pen, say("分时电量", "Time of use"));
  ensureRoom(pen, 40);
  const parts = [
    { label: say("峰", "Peak"), kwh: bill.peakKwh ?? 0, colour: "#C2571A" },
    { label: say("平", "Flat"), kwh: bill.flatKwh ?? 0, colour: "#D9A441" },
    { label: say("谷", "Valley"), kwh: bill.valleyKwh ?? 0, colour: "#2E8B7A" },
  ].filter((part) => part.kwh > 0);
  const total = parts.reduce((sum, part) => sum + part.kwh, 0) || 1;
  let x = PAGE.left;
  for (const part of parts) {
    const width = (part.kwh / total) * (PAGE.right - PAGE.left);
    doc.rect(x, pen.y, width, 14).fill(part.colour);
    text(pen, `${part.label} ${part.kwh} (${Math.round((part.kwh / total) * 100)}%)`, x, pen.y + 17, { size: 8.5 });
    x += width;
  }
  pen.y += 40;
}

export function drawHistory(pen: Pen, bill: BillView): void {
  const { doc, say } = pen;
  ensureRoom(pen, 132);
  heading(pen, say(`近${bill.history.length}个月用电量（千瓦时）`, `The last ${bill.history.length} months (kWh)`));
  const top = Math.max(...bill.history.map((month) => month.kwh), 1);
  const step = (PAGE.right - PAGE.left) / bill.history.length;
  for (const [index, month] of bill.history.entries()) {
    const height = (month.kwh / top) * 62;
    const x = PAGE.left + index * step + 5;
    const isThis = month.month === bill.month;
    doc.rect(x, pen.y + 74 - height, step - 10, height).fill(isThis ? GREEN : "#9CC8BF");
    text(pen, String(Math.round(month.kwh)), x - 5, pen.y + 74 - height - 10, {
      size: 7,
      colour: GREY,
      width: step,
      align: "center",
    });
    text(pen, month.month.slice(2).replace("-", "."), x - 5, pen.y + 78, {
      size: 7.5,
      colour: isThis ? GREEN : GREY,
      bold: isThis,
      width: step,
      align: "center",
    });
  }
  pen.y += 98;
}

function round(kwh: number): string {
  return String(Math.round(kwh * 100) / 100);
}
