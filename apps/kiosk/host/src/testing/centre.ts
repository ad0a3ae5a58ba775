import type { AccountBrief, AccountOverview, BillView } from "@gridhall/domain/backoffice/api.ts";
import { BeginScan, type ScanStatus } from "@gridhall/domain/payment/scanApi.ts";
import type { AskCentre } from "../support/scanPayments.ts";

const account: AccountBrief = {
  accountNo: "3301000012345",
  holderMasked: "王*芳",
  addressMasked: "江州市滨河区春晓路***号",
  kind: "residential",
};
const overview: AccountOverview = {
  ...account,
  prepaidFen: 0,
  arrearsFen: 8_640,
  lateFeeFen: 0,
  unpaid: [
    { billId: "b-1", month: "2026-08", principalFen: 8_640, lateFeeFen: 0, dueOn: "2026-09-25", overdueDays: 0 },
  ],
  months: [
    {
      billId: "b-1",
      month: "2026-08",
      kwh: 160,
      peakKwh: null,
      flatKwh: null,
      valleyKwh: null,
      amountFen: 8_640,
      paid: false,
    },
  ],
  asOf: "2026-09-30T06:00:00Z",
};
const bill: BillView = {
  ...account,
  billId: "b-1",
  month: "2026-08",
  periodFrom: "2026-08-01",
  periodTo: "2026-08-31",
  issuedOn: "2026-09-03",
  dueOn: "2026-09-25",
  status: "unpaid",
  totalFen: 8_640,
  paidFen: 0,
  lateFeeFen: 0,
  kwh: 160,
  peakKwh: null,
  flatKwh: null,
  valleyKwh: null,
  yearToDateKwh: 160,
  tiers: [],
  lines: [],
  meters: [],
  holderOrganisation: "江州供电公司",
  tariffName: { zh: "居民", en: "Residential" },
  history: [],
};

const paidAtOnce = ({ intentId, due }: BeginScan): ScanStatus => ({
  intentId,
  phase: "paid",
  qrText: null,
  secondsLeft: null,
  receiptNo: "R-1",
  allocation: {
    bills: due.bills.map(({ billId, principalFen, lateFeeFen }) => ({ billId, principalFen, lateFeeFen })),
    prepayFen: due.prepayFen,
  },
  paidFen: 8_640,
  reason: null,
});

/** A centre with one person's two accounts, of which a test says which questions fail. */
export interface TestCentre {
  ask: AskCentre;
  /** Methods that fail from now on, as the link does when it is cut. */
  readonly failing: Set<string>;
  /** Methods asked so far. */
  readonly asked: string[];
}

export function createTestCentre(): TestCentre {
  const failing = new Set<string>();
  const asked: string[] = [];
  const answer = (method: string, params: unknown): unknown => {
    switch (method) {
      case "accounts.find": {
        const byPhone = typeof params === "object" && params !== null && "by" in params && params.by === "phone";
        return { accounts: byPhone ? [account, { ...account, accountNo: "3301000012346" }] : [account] };
      }
      case "account.overview":
        return overview;
      case "account.bill":
        return bill;
      case "account.payments":
        return { payments: [] };
      case "payment.scan-begin":
        return paidAtOnce(BeginScan.parse(params));
      default:
        throw new Error(`the centre knows no ${method}`);
    }
  };
  return {
    failing,
    asked,
    async ask(method, params) {
      asked.push(method);
      if (failing.has(method)) throw Object.assign(new Error("cut"), { code: "link.offline" });
      return answer(method, params);
    },
  };
}
