import type { BillView } from "@gridhall/domain/backoffice/api.ts";

export async function renderBillPdf(bill: BillView, language: "zh-CN" | "en"): Promise<Uint8Array> {
  throw new Error(`not drawn yet: ${bill.billId} ${language}`);
}
