import { createRequire } from "node:module";
import type { BillView } from "@gridhall/domain/backoffice/api.ts";
import { chineseCapitals } from "@gridhall/domain/money/capitals.ts";
import { formatYuan } from "@gridhall/domain/money/fen.ts";
import PDFDocument from "pdfkit";
import QRCode from "qrcode";

type Doc = InstanceType<typeof PDFDocument>;

const require = createRequire(import.meta.url);
const FONTS = {
  regular: require.resolve("@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"),
  bold: require.resolve("@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf"),
};

// A4 in points, with the margins of a window envelope's letter.
const PAGE = { width: 595.28, height: 841.89, left: 48, right: 547.28 };
const GREEN = "#00695C";
const INK = "#1B2A27";
const GREY = "#5B6B67";
const PALE = "#E6F1EE";
const BARS = ["#7FB8AC", "#2E8B7A", "#00564A"];

interface Pen {
  doc: Doc;
  y: number;
  zh: boolean;
  say(zh: string, en: string): string;
}

/** The electricity bill as an A4 PDF, fonts embedded (subset). One page; a bill of many lines goes on a second. */
export async function renderBillPdf(bill: BillView, language: "zh-CN" | "en"): Promise<Uint8Array> {
  const zh = language === "zh-CN";
  const say = (chinese: string, english: string) => (zh ? chinese : english);
  const doc = new PDFDocument({
    size: "A4",
    margin: 0,
    lang: language,
    displayTitle: true,
    info: {
      Title: say(`电费账单 ${bill.accountNo} ${bill.month}`, `Electricity bill ${bill.accountNo} ${bill.month}`),
      Author: bill.holderOrganisation,
      Creator: "GridHall",
    },
  });
  doc.registerFont("regular", FONTS.regular);
  doc.registerFont("bold", FONTS.bold);
  const chunks: Buffer[] = [];
  doc.on("data", (chunk: Buffer) => chunks.push(chunk));
  const ended = new Promise<void>((done) => doc.once("end", done));
  const pen: Pen = { doc, y: 0, zh, say };
  const qr = await QRCode.toBuffer(`GH:${bill.accountNo}:${bill.billId}`, {
    margin: 0,
    width: 240,
    errorCorrectionLevel: "M",
  });

  drawHeader(pen, bill);
  drawCustomer(pen, bill, qr);
  drawAmounts(pen, bill);
  drawMeters(pen, bill);
  drawLines(pen, bill);
  if (bill.tiers.length > 0) drawTiers(pen, bill);
  if (bill.peakKwh !== null) drawPeriods(pen, bill);
  if (bill.history.length > 1) drawHistory(pen, bill);
  drawFooter(pen, bill);
  doc.end();
  await ended;
  return new Uint8Array(Buffer.concat(chunks));
}

function text(
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

function ensureRoom(pen: Pen, height: number): void {
  if (pen.y + height < PAGE.height - 86) return;
  pen.doc.addPage({ size: "A4", margin: 0 });
  pen.y = 48;
}

function heading(pen: Pen, title: string): void {
  ensureRoom(pen, 60);
  pen.doc.rect(PAGE.left, pen.y + 1, 3, 12).fill(GREEN);
  text(pen, title, PAGE.left + 10, pen.y - 1, { size: 11, bold: true, colour: GREEN });
  pen.y += 20;
}

function drawHeader(pen: Pen, bill: BillView): void {
  const { doc, say } = pen;
  doc.rect(0, 0, PAGE.width, 84).fill(GREEN);
  text(pen, say("电费账单", "Electricity Bill"), PAGE.left, 22, { size: 26, bold: true, colour: "#FFFFFF" });
  text(pen, bill.holderOrganisation, PAGE.left, 58, { size: 10, colour: "#CFE6E1" });
  text(pen, say(`${bill.month.slice(0, 4)} 年 ${Number(bill.month.slice(5))} 月`, bill.month), 347, 26, {
    size: 16,
    bold: true,
    colour: "#FFFFFF",
    width: 200,
    align: "right",
  });
  text(pen, say(`供电服务热线 95598`, `Hotline 95598`), 347, 58, {
    size: 10,
    colour: "#CFE6E1",
    width: 200,
    align: "right",
  });
  pen.y = 104;
}

function drawCustomer(pen: Pen, bill: BillView, qr: Buffer): void {
  const { doc, say } = pen;
  const rows: [string, string][] = [
    [say("户号", "Account no."), bill.accountNo.replaceAll(/(\d{4})(?=\d)/g, "$1 ")],
    [say("户名", "Customer"), bill.holderMasked],
    [say("用电地址", "Address"), bill.addressMasked],
    [say("电价类别", "Tariff"), say(bill.tariffName.zh, bill.tariffName.en)],
    [
      say("计费期间", "Period"),
      say(`${bill.periodFrom} 至 ${bill.periodTo}`, `${bill.periodFrom} to ${bill.periodTo}`),
    ],
    [say("出账日期", "Issued on"), bill.issuedOn],
  ];
  for (const [index, [label, value]] of rows.entries()) {
    const y = pen.y + index * 17;
    text(pen, label, PAGE.left, y, { colour: GREY });
    text(pen, value, PAGE.left + 82, y, { bold: index === 0 });
  }
  doc.image(qr, PAGE.right - 84, pen.y - 2, { width: 84 });
  text(pen, say("扫码查询 · 终端缴费", "Scan at a kiosk to pay"), PAGE.right - 134, pen.y + 86, {
    size: 7.5,
    colour: GREY,
    width: 134,
    align: "right",
  });
  pen.y += rows.length * 17 + 10;
}

function drawAmounts(pen: Pen, bill: BillView): void {
  const { doc, say } = pen;
  const openFen = bill.totalFen - bill.paidFen;
  doc.roundedRect(PAGE.left, pen.y, PAGE.right - PAGE.left, 78, 6).fill(PALE);
  const columns: [string, string, boolean][] = [
    [say("本期电费", "This bill"), formatYuan(bill.totalFen, { grouped: true }), false],
    [say("已交金额", "Paid"), formatYuan(bill.paidFen, { grouped: true }), false],
    [say("违约金", "Late fee"), formatYuan(bill.lateFeeFen, { grouped: true }), false],
    [say("应交金额", "Amount due"), formatYuan(openFen + bill.lateFeeFen, { grouped: true }), true],
  ];
  for (const [index, [label, amount, strong]] of columns.entries()) {
    const x = PAGE.left + 14 + index * 122;
    text(pen, label, x, pen.y + 10, { size: 9, colour: GREY });
    text(pen, `¥ ${amount}`, x, pen.y + 24, { size: strong ? 17 : 13, bold: true, colour: strong ? GREEN : INK });
  }
  const capitals = pen.zh ? `大写：${chineseCapitals(openFen + bill.lateFeeFen)}` : "";
  text(pen, capitals, PAGE.left + 14, pen.y + 55, { size: 9 });
  const status = {
    paid: say("已结清，谢谢", "Paid, thank you"),
    "partly-paid": say(`部分已交，请于 ${bill.dueOn} 前交清`, `Partly paid; balance due ${bill.dueOn}`),
    unpaid: say(`请于 ${bill.dueOn} 前交清`, `Please pay by ${bill.dueOn}`),
  }[bill.status];
  text(pen, status, PAGE.right - 214, pen.y + 55, {
    size: 9.5,
    bold: true,
    colour: bill.status === "paid" ? GREEN : "#B23A1E",
    width: 200,
    align: "right",
  });
  pen.y += 94;
}

interface Column {
  title: string;
  x: number;
  width: number;
  align: "left" | "right";
}

function table(pen: Pen, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
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

const REGISTERS: Record<string, { zh: string; en: string }> = {
  total: { zh: "总", en: "Total" },
  peak: { zh: "峰", en: "Peak" },
  flat: { zh: "平", en: "Flat" },
  valley: { zh: "谷", en: "Valley" },
  reactive: { zh: "无功", en: "Reactive" },
  demand: { zh: "需量", en: "Demand" },
};

function drawMeters(pen: Pen, bill: BillView): void {
  const { say } = pen;
  heading(pen, say("抄表信息", "Meter readings"));
  table(
    pen,
    [
      { title: say("电表号", "Meter"), x: PAGE.left + 8, width: 110, align: "left" },
      { title: say("示数类型", "Register"), x: 172, width: 60, align: "left" },
      { title: say("上期示数", "Previous"), x: 232, width: 70, align: "right" },
      { title: say("本期示数", "Current"), x: 312, width: 70, align: "right" },
      { title: say("倍率", "Factor"), x: 392, width: 50, align: "right" },
      { title: say("电量 (千瓦时)", "Energy (kWh)"), x: 450, width: 89, align: "right" },
    ],
    bill.meters.map((meter) => {
      const register = REGISTERS[meter.register] ?? { zh: meter.register, en: meter.register };
      return [
        meter.meterNo,
        say(register.zh, register.en),
        meter.from,
        meter.to,
        String(meter.multiplier),
        String(meter.kwh),
      ];
    }),
  );
}

function drawLines(pen: Pen, bill: BillView): void {
  const { say } = pen;
  heading(pen, say("费用明细", "Charges"));
  table(
    pen,
    [
      { title: say("项目", "Item"), x: PAGE.left + 8, width: 220, align: "left" },
      { title: say("数量", "Quantity"), x: 280, width: 80, align: "right" },
      { title: say("单位", "Unit"), x: 366, width: 34, align: "left" },
      { title: say("单价 (元)", "Price (CNY)"), x: 396, width: 62, align: "right" },
      { title: say("金额 (元)", "Amount (CNY)"), x: 464, width: 75, align: "right" },
    ],
    [
      ...bill.lines.map((line) => [
        say(line.zh, line.en),
        line.quantity,
        {
          kWh: say("千瓦时", "kWh"),
          kVA: say("千伏安", "kVA"),
          kW: say("千瓦", "kW"),
          yuan: say("元", "CNY"),
          times: say("次", "×"),
        }[line.unit] ?? "",
        line.priceYuan,
        formatYuan(line.amountFen, { grouped: true }),
      ]),
      [say("合计", "Total"), "", "", "", formatYuan(bill.totalFen, { grouped: true })],
    ],
  );
}

/** How far into the year's tiers the household has come. */
function drawTiers(pen: Pen, bill: BillView): void {
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

function drawPeriods(pen: Pen, bill: BillView): void {
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

function drawHistory(pen: Pen, bill: BillView): void {
  const { doc, say } = pen;
  ensureRoom(pen, 132);
  heading(pen, say("近13个月用电量（千瓦时）", "The last 13 months (kWh)"));
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

function drawFooter(pen: Pen, bill: BillView): void {
  const { doc, say } = pen;
  const y = PAGE.height - 66;
  doc.moveTo(PAGE.left, y).lineTo(PAGE.right, y).lineWidth(0.6).strokeColor(GREEN).stroke();
  text(
    pen,
    say(
      "逾期未交将按《供电营业规则》自逾期之日起每日加收违约金。对计量有异议，可先交清电费并申请校表。",
      "Late fees accrue daily after the due date (Rules for the Supply of Electricity). Doubts about the meter: pay first, then ask for a test.",
    ),
    PAGE.left,
    y + 8,
    { size: 8, colour: GREY },
  );
  text(
    pen,
    say(
      "本账单不作发票使用；如需数电发票，请在交费后通过营业厅柜台或网上渠道开具。",
      "This bill is not an invoice. After payment, ask for a digital invoice at the counter or online.",
    ),
    PAGE.left,
    y + 21,
    { size: 8, colour: GREY },
  );
  text(pen, say(`账单号 ${bill.billId}`, `Bill ${bill.billId}`), PAGE.left, y + 36, { size: 8, colour: GREY });
}

function round(kwh: number): string {
  return String(Math.round(kwh * 100) / 100);
}
