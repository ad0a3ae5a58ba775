import type {
  AccountBrief,
  AccountOverview,
  BillView,
  MonthUsage,
  PaymentView,
} from "@gridhall/domain/backoffice/api.ts";
import type { Bill, Holder, Plan } from "@gridhall/domain/backoffice/schema.ts";
import { receiptNumber } from "@gridhall/domain/payment/receipt.ts";
import { sql } from "kysely";
import type { Tx } from "../db/database.ts";
import type { BackOffice } from "./backOffice.ts";
import { maskAddress, maskName } from "./mask.ts";

interface AccountRow {
  account_no: string;
  unit_path: string;
  kind: AccountBrief["kind"];
  holder: Holder;
  address: string;
  plan: Plan;
  prepaid_fen: number;
}
interface BillRow {
  bill_id: string;
  account_no: string;
  month: string;
  issued_on: string;
  due_on: string;
  total_fen: number;
  paid_fen: number;
  late_paid_fen: number;
  body: Bill;
}

/** The late fee on what is unpaid of a bill, in fen: the tariff engine's rule, by kind of customer. */
export type LateFee = (bill: { kind: AccountBrief["kind"]; unpaidFen: number; dueOn: string; asOf: string }) => number;

const accountColumns = sql`a.account_no, a.unit_path::text, a.kind, a.holder, a.address, a.plan, a.prepaid_fen`;
const billColumns = sql`b.bill_id, b.account_no, b.month, b.issued_on, b.due_on, b.total_fen, b.paid_fen, b.late_paid_fen`;

function brief(row: AccountRow): AccountBrief {
  return {
    accountNo: row.account_no,
    holderMasked: maskName(row.holder.name),
    addressMasked: maskAddress(row.address),
    kind: row.kind,
  };
}

const MONTHS_SHOWN = 24;

export function createReferenceBackOffice(lateFee: LateFee): BackOffice {
  const findAccount = async (tx: Tx, accountNo: string): Promise<AccountRow | null> => {
    const { rows } =
      await sql<AccountRow>`select ${accountColumns} from account a where a.account_no = ${accountNo}`.execute(tx);
    return rows[0] ?? null;
  };

  /** What of the late fee is still owed: the fee accrues on the unpaid principal; what was paid of it counts against it. */
  const lateFeeOf = (kind: AccountBrief["kind"], bill: BillRow, asOf: string): number => {
    const unpaidFen = bill.total_fen - bill.paid_fen;
    return unpaidFen <= 0
      ? 0
      : Math.max(0, lateFee({ kind, unpaidFen, dueOn: bill.due_on, asOf }) - bill.late_paid_fen);
  };

  return {
    async findAccounts(tx, query) {
      const matches = {
        account: sql`a.account_no = ${query.value}`,
        phone: sql`a.phone = ${query.value}`,
        "id-card": sql`a.id_no = ${query.value.toUpperCase()}`,
        // The QR code on a printed bill: GH:account number:bill id. Foreign codes find nothing.
        "bill-qr": sql`a.account_no = ${/^GH:(\d{13})(?::|$)/.exec(query.value)?.[1] ?? ""}`,
      }[query.by];
      const { rows } =
        await sql<AccountRow>`select ${accountColumns} from account a where ${matches} and a.state <> 'closed' order by a.account_no limit 20`.execute(
          tx,
        );
      return rows.map(brief);
    },

    async overview(tx, accountNo, asOf): Promise<AccountOverview | null> {
      const account = await findAccount(tx, accountNo);
      if (!account) return null;
      const { rows } = await sql<
        BillRow & { usage: Bill["usage"] }
      >`select ${billColumns}, b.body->'usage' as usage from bill b where b.account_no = ${accountNo} order by b.month desc limit ${MONTHS_SHOWN}`.execute(
        tx,
      );
      const bills = rows.toReversed();
      const unpaid = bills
        .filter((bill) => bill.paid_fen < bill.total_fen)
        .map((bill) => ({
          billId: bill.bill_id,
          month: bill.month,
          principalFen: bill.total_fen - bill.paid_fen,
          lateFeeFen: lateFeeOf(account.kind, bill, asOf),
          dueOn: bill.due_on,
          overdueDays: Math.max(0, daysBetween(bill.due_on, asOf)),
        }));
      const months: MonthUsage[] = bills.map((bill) => ({
        billId: bill.bill_id,
        month: bill.month,
        kwh: Number(bill.usage.totalKwh),
        peakKwh: toNumber(bill.usage.peakKwh),
        flatKwh: toNumber(bill.usage.flatKwh),
        valleyKwh: toNumber(bill.usage.valleyKwh),
        amountFen: bill.total_fen,
        paid: bill.paid_fen >= bill.total_fen,
      }));
      return {
        ...brief(account),
        prepaidFen: account.prepaid_fen,
        arrearsFen: unpaid.reduce((sum, bill) => sum + bill.principalFen, 0),
        lateFeeFen: unpaid.reduce((sum, bill) => sum + bill.lateFeeFen, 0),
        unpaid,
        months,
        asOf,
      };
    },

    async bill(tx, billId, asOf): Promise<BillView | null> {
      const { rows } = await sql<
        BillRow & { account: string }
      >`select ${billColumns}, b.body from bill b where b.bill_id = ${billId}`.execute(tx);
      const [row] = rows;
      if (!row) return null;
      const account = await findAccount(tx, row.account_no);
      if (!account) return null;
      const history = await sql<{
        month: string;
        usage: Bill["usage"];
        total_fen: number;
      }>`select b.month, b.body->'usage' as usage, b.total_fen from bill b
        where b.account_no = ${row.account_no} and b.month <= ${row.month} order by b.month desc limit 13`.execute(tx);
      const unit = await sql<{
        name_zh: string;
      }>`select name_zh from unit where path @> ${account.unit_path}::ltree and kind in ('county', 'station') order by nlevel(path) desc limit 1`.execute(
        tx,
      );
      const { body } = row;
      return {
        ...brief(account),
        billId: row.bill_id,
        month: row.month,
        periodFrom: body.period.from,
        periodTo: body.period.to,
        issuedOn: row.issued_on,
        dueOn: row.due_on,
        status: row.paid_fen >= row.total_fen ? "paid" : row.paid_fen > 0 ? "partly-paid" : "unpaid",
        totalFen: row.total_fen,
        paidFen: row.paid_fen,
        lateFeeFen: lateFeeOf(account.kind, row, asOf),
        kwh: Number(body.usage.totalKwh),
        peakKwh: toNumber(body.usage.peakKwh),
        flatKwh: toNumber(body.usage.flatKwh),
        valleyKwh: toNumber(body.usage.valleyKwh),
        yearToDateKwh: toNumber(body.yearToDateKwh) ?? 0,
        tiers: body.tiers.map((tier) => ({
          tier: tier.tier,
          limitKwh: toNumber(tier.limitKwh),
          usedKwh: Number(tier.usedKwh),
          priceYuan: tier.priceYuan,
        })),
        lines: body.lines.map((line) => ({
          code: line.code,
          zh: line.zh,
          en: line.en,
          quantity: line.quantity ?? "",
          unit: line.unit,
          priceYuan: line.priceYuan ?? "",
          amountFen: line.amountFen,
        })),
        meters: body.meterReadings.map((meter) => ({
          meterNo: meter.meterNo,
          register: meter.register,
          from: meter.from,
          to: meter.to,
          multiplier: Number(meter.multiplier),
          kwh: Number(meter.kwh),
        })),
        holderOrganisation: unit.rows[0]?.name_zh ?? "",
        tariffName: { zh: account.plan.zh, en: account.plan.en },
        history: history.rows
          .toReversed()
          .map((month) => ({ month: month.month, kwh: Number(month.usage.totalKwh), amountFen: month.total_fen })),
      };
    },

    async payments(tx, accountNo): Promise<PaymentView[]> {
      const { rows } = await sql<{
        receipt_no: string;
        paid_at: Date;
        channel: string;
        amount_fen: number;
        applied: { month: string; principalFen: number; lateFeeFen: number }[];
        prepay_fen: number;
      }>`
        select receipt_no, paid_at, channel, amount_fen, applied, prepay_fen from payment_record where account_no = ${accountNo} order by paid_at desc limit 36`.execute(
        tx,
      );
      return rows.map((row) => ({
        at: row.paid_at.toISOString(),
        channel: row.channel,
        amountFen: row.amount_fen,
        receiptNo: row.receipt_no,
        applied: row.applied.map((part) => ({ month: part.month, amountFen: part.principalFen + part.lateFeeFen })),
        prepayFen: row.prepay_fen,
      }));
    },

    async unitOf(tx, accountNo) {
      return (await findAccount(tx, accountNo))?.unit_path ?? null;
    },

    async applyPayment(tx, payment) {
      const before = await sql<{
        receipt_no: string;
        applied: { billId: string; principalFen: number; lateFeeFen: number }[];
        prepay_fen: number;
      }>`
        select receipt_no, applied, prepay_fen from payment_record where intent_id = ${payment.intentId}`.execute(tx);
      const [known] = before.rows;
      if (known)
        return {
          receiptNo: known.receipt_no,
          allocation: {
            bills: known.applied.map(({ billId, principalFen, lateFeeFen }) => ({ billId, principalFen, lateFeeFen })),
            prepayFen: known.prepay_fen,
          },
        };
      // The account's row first: two payments of one account queue here, in one order.
      const locked = await sql<{
        unit_path: string;
      }>`select unit_path::text from account where account_no = ${payment.accountNo} for update`.execute(tx);
      if (!locked.rows[0]) throw new Error(`account ${payment.accountNo} does not exist`);
      let { prepayFen } = payment.allocation;
      const applied: { billId: string; month: string; principalFen: number; lateFeeFen: number }[] = [];
      for (const part of payment.allocation.bills) {
        const { rows } = await sql<{
          month: string;
          open_fen: number;
        }>`select month, total_fen - paid_fen as open_fen from bill where bill_id = ${part.billId} and account_no = ${payment.accountNo} for update`.execute(
          tx,
        );
        const openFen = rows[0]?.open_fen ?? 0;
        const principalFen = Math.min(part.principalFen, openFen);
        // A bill that is gone owes no late fee either: both parts are the customer's own money again.
        const lateFeeFen = openFen > 0 ? part.lateFeeFen : 0;
        prepayFen += part.principalFen - principalFen + (part.lateFeeFen - lateFeeFen);
        if (principalFen + lateFeeFen === 0) continue;
        await sql`update bill set paid_fen = paid_fen + ${principalFen}, late_paid_fen = late_paid_fen + ${lateFeeFen} where bill_id = ${part.billId}`.execute(
          tx,
        );
        applied.push({ billId: part.billId, month: rows[0]?.month ?? "", principalFen, lateFeeFen });
      }
      if (prepayFen > 0)
        await sql`update account set prepaid_fen = prepaid_fen + ${prepayFen} where account_no = ${payment.accountNo}`.execute(
          tx,
        );
      const receiptNo = receiptNumber(payment.intentId, payment.at.getTime());
      await sql`insert into payment_record (receipt_no, account_no, unit_path, paid_at, channel, amount_fen, applied, prepay_fen, intent_id)
        values (${receiptNo}, ${payment.accountNo}, ${locked.rows[0].unit_path}::ltree, ${payment.at}, ${payment.channel}, ${payment.amountFen}, ${JSON.stringify(applied)}::jsonb, ${prepayFen}, ${payment.intentId})`.execute(
        tx,
      );
      return {
        receiptNo,
        allocation: {
          bills: applied.map(({ billId, principalFen, lateFeeFen }) => ({ billId, principalFen, lateFeeFen })),
          prepayFen,
        },
      };
    },

    async reversePayment(tx, payment) {
      await sql`select 1 from account where account_no = ${payment.accountNo} for update`.execute(tx);
      for (const part of payment.allocation.bills)
        await sql`update bill set paid_fen = paid_fen - ${part.principalFen}, late_paid_fen = late_paid_fen - ${part.lateFeeFen} where bill_id = ${part.billId}`.execute(
          tx,
        );
      if (payment.allocation.prepayFen > 0)
        await sql`update account set prepaid_fen = prepaid_fen - ${payment.allocation.prepayFen} where account_no = ${payment.accountNo}`.execute(
          tx,
        );
    },
  };
}

function toNumber(decimal: string | null): number | null {
  return decimal === null ? null : Number(decimal);
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}
