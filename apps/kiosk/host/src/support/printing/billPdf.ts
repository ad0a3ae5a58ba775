import { createRequire } from "node:module";
import type { BillView } from "@gridhall/domain/backoffice/api.ts";
import { chineseCapitals } from "@gridhall/domain/money/capitals.ts";
import { formatYuan } from "@gridhall/domain/money/fen.ts";
import PDFDocument from "pdfkit";
import QRCode from "qrcode";
import { drawHistory, drawPeriods, drawTiers } from "./billCharts.ts";
import { GREEN, GREY, heading, INK, PAGE, PALE, type Pen, table, text } from "./pdfPen.ts";

const require = createRequire(import.meta.url);
const FONTS = {
  regular: require.resolve("@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf"),
  bold: require.resolve("@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf"),
};

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
