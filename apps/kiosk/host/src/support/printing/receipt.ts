import type { AccountBrief } from "@gridhall/domain/backoffice/api.ts";
import { chineseCapitals } from "@gridhall/domain/money/capitals.ts";
import { formatYuan } from "@gridhall/domain/money/fen.ts";
import type { ReceiptDocument, ReceiptLine } from "@gridhall/hardware/drivers/contracts.ts";
import type { PaymentResult } from "../../journeys/page.ts";

export interface ReceiptRequest {
  result: PaymentResult;
  account: AccountBrief;
  tender: string;
  language: "zh-CN" | "en";
}
export interface ReceiptPlace {
  terminalId(): string;
  hallZh: string;
  hallEn: string;
  hotline: string;
}

const TENDERS: Record<string, { zh: string; en: string }> = {
  cash: { zh: "现金", en: "Cash" },
  "wechat-native": { zh: "微信支付", en: "WeChat Pay" },
  "wechat-code": { zh: "微信付款码", en: "WeChat payment code" },
  "alipay-native": { zh: "支付宝", en: "Alipay" },
  "alipay-code": { zh: "支付宝付款码", en: "Alipay payment code" },
};

/** The slip of an 80 mm printer. A receipt for money received, not an invoice: prepayment never carries one (catalogue P00). */
export function composeReceipt(request: ReceiptRequest, place: ReceiptPlace): ReceiptDocument {
  const { result, account } = request;
  const say = request.language === "en" ? (_zh: string, en: string) => en : (zh: string) => zh;
  const yuan = (fen: number) => `${formatYuan(fen)} ${say("元", "CNY")}`;
  const pair = (left: string, right: string, bold = false): ReceiptLine => ({ type: "pair", left, right, bold });
  const text = (content: string, options: Partial<Extract<ReceiptLine, { type: "text" }>> = {}): ReceiptLine => ({
    type: "text",
    text: content,
    align: "left",
    size: "normal",
    bold: false,
    ...options,
  });
  const tender = TENDERS[request.tender] ?? { zh: request.tender, en: request.tender };
  const creditedFen = result.billsFen + result.prepayFen;
  const lines: ReceiptLine[] = [
    text(say("电费缴费凭证", "Payment receipt"), { align: "centre", size: "large", bold: true }),
    text(say(place.hallZh, place.hallEn), { align: "centre" }),
    { type: "rule" },
    pair(say("凭证号", "Receipt no."), result.receiptNo),
    pair(say("日期", "Date"), localTime(result.atMs)),
    pair(say("终端", "Terminal"), place.terminalId()),
    { type: "rule" },
    pair(say("户号", "Account"), account.accountNo),
    pair(say("户名", "Holder"), account.holderMasked),
    text(`${say("地址", "Address")} ${account.addressMasked}`),
    { type: "rule" },
    pair(say("支付方式", "Paid by"), say(tender.zh, tender.en)),
    pair(say("实收", "Received"), yuan(result.receivedFen)),
    ...(result.changeFen > 0 ? [pair(say("找零", "Change"), yuan(result.changeFen))] : []),
    ...(result.billsFen > 0 ? [pair(say("缴纳电费", "Bills paid"), yuan(result.billsFen), true)] : []),
    ...(result.prepayFen > 0 ? [pair(say("转入预存", "To prepaid balance"), yuan(result.prepayFen), true)] : []),
    ...(creditedFen > 0 && request.language === "zh-CN" ? [text(`大写 ${chineseCapitals(creditedFen)}`)] : []),
    ...(result.caseFen === 0
      ? []
      : [
          { type: "rule" } as const,
          text(
            say(
              `另有 ${yuan(Math.abs(result.caseFen))} 需人工核实，请保留本凭证并致电 ${place.hotline}`,
              `${yuan(Math.abs(result.caseFen))} must be checked by our staff. Keep this receipt and call ${place.hotline}.`,
            ),
            { bold: true },
          ),
        ]),
    ...(result.deferred
      ? [
          text(
            say(
              "网络暂时中断，款项将在恢复后自动入账。",
              "The network is down; the payment is credited by itself as soon as it is back.",
            ),
          ),
        ]
      : []),
    { type: "rule" },
    { type: "qr", data: `GH:R:${result.receiptNo}` },
    text(say("本凭证不作发票使用，请妥善保管", "This receipt is not an invoice. Please keep it."), { align: "centre" }),
    text(`${say("服务热线", "Hotline")} ${place.hotline}`, { align: "centre" }),
    { type: "feed", lines: 2 },
  ];
  return { lines };
}

function localTime(atMs: number): string {
  return new Date(atMs + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");
}
