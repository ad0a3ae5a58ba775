import type { PaymentDetail } from "@gridhall/domain/payment/api.ts";
import { useWords, type Words } from "../i18n/language.tsx";
import { Clock, Money } from "../parts/bits.tsx";
import { yuan } from "../parts/format.ts";
import { RowTable } from "../parts/rowTable.tsx";

/** `cash:k-h1-1` → `现金箱 k-h1-1`; the payment's own clearing account needs no number on its own page. */
export function ledgerName(account: string, { code }: Pick<Words, "code">): string {
  const at = account.indexOf(":");
  const kind = account.slice(0, at);
  const rest = account.slice(at + 1);
  return kind === "clearing" ? code("ledger", kind) : `${code("ledger", kind)} · ${code("ledger-name", rest)}`;
}

export function Balance({ clearingFen, settled }: { clearingFen: number; settled: boolean }) {
  const { t } = useWords();
  const look = clearingFen === 0 ? "good" : settled ? "bad" : "running";
  return (
    <div className={`balance ${look}`} data-clearing={clearingFen}>
      <span>{t("payment.clearing")}</span>
      <b className="figure">{yuan(clearingFen)}</b>
      <span>
        {t(
          look === "good"
            ? "payment.clearing-zero"
            : look === "bad"
              ? "payment.clearing-open"
              : "payment.clearing-running",
        )}
      </span>
    </div>
  );
}

export function Transfers({ transfers }: { transfers: PaymentDetail["transfers"] }) {
  const words = useWords();
  const { t, code } = words;
  return (
    <RowTable
      label={t("payment.transfers")}
      rows={transfers}
      idOf={(row) => row.transferId}
      emptyTitle={t("payment.no-transfers")}
      emptyHint=""
      columns={[
        { title: t("payment.posted"), key: "at", render: (_, row) => <Clock at={row.postedAt} /> },
        { title: t("payment.kind"), key: "kind", render: (_, row) => code("transfer", row.kind) },
        { title: t("payment.debit"), key: "debit", render: (_, row) => ledgerName(row.debit, words) },
        { title: t("payment.credit"), key: "credit", render: (_, row) => ledgerName(row.credit, words) },
        {
          title: t("payment.amount"),
          key: "amount",
          align: "right",
          render: (_, row) => <Money fen={row.amountFen} />,
        },
      ]}
    />
  );
}

interface Line {
  key: string;
  month: string;
  billId: string;
  dueFen: number;
  principalFen: number;
  lateFeeFen: number;
}

/** What was due beside what was credited, bill by bill, the prepaid balance last. */
export function WhereItWent({ payment }: { payment: PaymentDetail }) {
  const { t } = useWords();
  const { due, allocation } = payment;
  const creditedFor = (billId: string) => allocation?.bills.find((bill) => bill.billId === billId);
  const known = new Set(due.bills.map((bill) => bill.billId));
  const lines: Line[] = [
    ...due.bills.map((bill) => ({
      key: bill.billId,
      month: bill.month,
      billId: bill.billId,
      dueFen: bill.principalFen + bill.lateFeeFen,
      principalFen: creditedFor(bill.billId)?.principalFen ?? 0,
      lateFeeFen: creditedFor(bill.billId)?.lateFeeFen ?? 0,
    })),
    ...(allocation?.bills ?? [])
      .filter((bill) => !known.has(bill.billId))
      .map((bill) => ({
        key: bill.billId,
        month: t("none"),
        billId: bill.billId,
        dueFen: 0,
        principalFen: bill.principalFen,
        lateFeeFen: bill.lateFeeFen,
      })),
    ...(due.prepayFen > 0 || (allocation?.prepayFen ?? 0) > 0
      ? [
          {
            key: "prepay",
            month: t("none"),
            billId: t("payment.prepay"),
            dueFen: due.prepayFen,
            principalFen: allocation?.prepayFen ?? 0,
            lateFeeFen: 0,
          },
        ]
      : []),
  ];
  return (
    <>
      {allocation === null ? <p className="quiet">{t("payment.not-allocated")}</p> : null}
      <RowTable
        label={t("payment.allocation")}
        rows={lines}
        idOf={(row) => row.key}
        emptyHint=""
        columns={[
          { title: t("payment.bill"), key: "bill", render: (_, row) => <span className="figure">{row.billId}</span> },
          { title: t("payment.month"), key: "month", render: (_, row) => <span className="figure">{row.month}</span> },
          { title: t("payment.due-lines"), key: "due", align: "right", render: (_, row) => <Money fen={row.dueFen} /> },
          {
            title: t("payment.late-fee"),
            key: "late",
            align: "right",
            render: (_, row) => <Money fen={row.lateFeeFen} />,
          },
          {
            title: t("payment.principal"),
            key: "principal",
            align: "right",
            render: (_, row) => <Money fen={row.key === "prepay" ? 0 : row.principalFen} />,
          },
          {
            title: t("payment.allocated-lines"),
            key: "credited",
            align: "right",
            render: (_, row) => <Money fen={row.principalFen + row.lateFeeFen} strong />,
          },
        ]}
      />
    </>
  );
}
