import { AccountNo, type AccountOverview } from "@gridhall/domain/backoffice/api.ts";
import type { JourneyRow } from "@gridhall/domain/trace/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Input } from "antd";
import { useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { serviceTitle } from "../../journeys/words.ts";
import { Clock, Money } from "../../parts/bits.tsx";
import { Facts } from "../../parts/page.tsx";
import { Loaded, Nothing } from "../../parts/states.tsx";
import { seatQueries } from "../seatQueries.ts";

const MONTHS_SHOWN = 12;

/** The account at hand (of the customer's page, else as the agent types it), and what was done with it before. */
export function AccountPanel({ accountNo }: { accountNo: string | null }) {
  const { t } = useWords();
  const [typed, setTyped] = useState<string | null>(null);
  const wanted = typed ?? accountNo;
  const digits = wanted?.replaceAll(/\s/g, "") ?? "";
  return (
    <div className="account">
      <Input.Search
        size="small"
        defaultValue={accountNo ?? ""}
        key={accountNo}
        placeholder={t("account.search")}
        aria-label={t("account.search")}
        onSearch={(text) => setTyped(text === "" ? null : text)}
        enterButton={t("account.show")}
        data-testid="account-search"
      />
      {wanted === null ? (
        <Nothing title={t("account.unknown")} hint={t("account.unknown-hint")} />
      ) : AccountNo.safeParse(digits).success ? (
        <Summary accountNo={digits} />
      ) : (
        <p className="field-problem" role="alert">
          {t("value-problem.account-no")}
        </p>
      )}
    </div>
  );
}

function Summary({ accountNo }: { accountNo: string }) {
  const query = useQuery(seatQueries.account(accountNo));
  return (
    <Loaded query={query}>
      {({ overview, journeys }) => (
        <>
          <Overview overview={overview} />
          <History journeys={journeys} />
        </>
      )}
    </Loaded>
  );
}

function Overview({ overview }: { overview: AccountOverview }) {
  const { t, code } = useWords();
  const months = overview.months.slice(-MONTHS_SHOWN);
  const most = Math.max(1, ...months.map((month) => month.kwh));
  return (
    <>
      <Facts
        facts={[
          { label: t("caller.account"), value: <span className="figure">{overview.accountNo}</span> },
          { label: t("account.holder"), value: overview.holderMasked },
          { label: t("account.kind"), value: code("account-kind", overview.kind) },
          { label: t("account.address"), value: overview.addressMasked },
          { label: t("account.arrears"), value: <Money fen={overview.arrearsFen + overview.lateFeeFen} strong /> },
          { label: t("account.prepaid"), value: <Money fen={overview.prepaidFen} strong /> },
        ]}
      />
      {overview.unpaid.length === 0 ? null : (
        <>
          <h3>{t("account.unpaid")}</h3>
          <table className="small-table">
            <thead>
              <tr>
                <th>{t("account.month")}</th>
                <th>{t("account.principal")}</th>
                <th>{t("account.late-fee")}</th>
                <th>{t("account.due")}</th>
              </tr>
            </thead>
            <tbody>
              {overview.unpaid.map((bill) => (
                <tr key={bill.billId} className={bill.overdueDays > 0 ? "overdue" : undefined}>
                  <td className="figure">{bill.month}</td>
                  <td>
                    <Money fen={bill.principalFen} />
                  </td>
                  <td>
                    <Money fen={bill.lateFeeFen} />
                  </td>
                  <td className="figure">
                    {bill.dueOn}
                    {bill.overdueDays > 0 ? ` (${t("account.overdue", { n: bill.overdueDays })})` : ""}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      {months.length === 0 ? null : (
        <>
          <h3>{t("account.usage")}</h3>
          <ol className="usage">
            {months.map((month) => (
              <li key={month.billId} title={`${month.month}  ${month.kwh} kWh`}>
                <b className="figure">{Math.round(month.kwh)}</b>
                <i style={{ height: `${(100 * month.kwh) / most}%` }} />
                <span className="figure">{month.month.slice(5)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
    </>
  );
}

function History({ journeys }: { journeys: readonly JourneyRow[] }) {
  const words = useWords();
  return (
    <>
      <h3>{words.t("account.history")}</h3>
      {journeys.length === 0 ? (
        <p className="faint">{words.t("account.no-history")}</p>
      ) : (
        <ul className="history">
          {journeys.map((row) => (
            <li key={row.journeyId}>
              <Link to="/journeys/$journeyId" params={{ journeyId: row.journeyId }}>
                <Clock at={row.startedAt} />
              </Link>
              <span>{serviceTitle(row.serviceId, words)}</span>
              <span className="faint">{words.code("outcome", row.outcome ?? "running")}</span>
              <span className="faint">{words.pick(row.hallZh, row.hallEn)}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
