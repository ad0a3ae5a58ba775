import { CaseState, type CaseRow } from "@gridhall/domain/payment/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { TableColumnsType } from "antd";
import { queries } from "../api/queries.ts";
import { useWords } from "../i18n/language.tsx";
import { Clock, Money, StateTag, tones } from "../parts/bits.tsx";
import { ChoiceFilter, FilterBar, TextFilter, useFilters } from "../parts/filters.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { RowTable } from "../parts/rowTable.tsx";
import { Loaded, Needs } from "../parts/states.tsx";

export function CasesPage() {
  return (
    <Needs permission="money.read">
      <Cases />
    </Needs>
  );
}

/** Without a filter: what still wants work. The centre knows single states only, so that choice is made here. */
function Cases() {
  const { t, code, pick } = useWords();
  const navigate = useNavigate();
  const { values, set, clear } = useFilters(["state", "q"]);
  const single = CaseState.options.find((state) => state === values.state);
  const query = { state: single, limit: 500 };
  const cases = useQuery(queries.cases(query));
  const wanted = values.q?.toLowerCase();
  const columns: TableColumnsType<CaseRow> = [
    {
      title: t("cases.opened"),
      key: "opened",
      render: (_, row) => (
        <Link to="/cases/$caseId" params={{ caseId: row.caseId }} tabIndex={-1}>
          <Clock at={row.openedAt} />
        </Link>
      ),
    },
    { title: t("cases.kind"), key: "kind", render: (_, row) => code("case-kind", row.kind) },
    { title: t("payment.hall"), key: "hall", render: (_, row) => pick(row.hallZh, row.hallEn) },
    {
      title: t("cases.state"),
      key: "state",
      render: (_, row) => <StateTag group="case-state" value={row.state} tone={tones.case(row.state)} />,
    },
    {
      title: t("cases.amount"),
      key: "amount",
      align: "right",
      render: (_, row) => <Money fen={row.amountFen} />,
      sorter: (a, b) => Math.abs(a.amountFen) - Math.abs(b.amountFen),
    },
    {
      title: t("cases.assignee"),
      key: "assignee",
      render: (_, row) => row.assignee ?? <span className="faint">{t("none")}</span>,
    },
    {
      title: t("cases.outcome"),
      key: "outcome",
      render: (_, row) =>
        row.outcome === null ? <span className="faint">{t("none")}</span> : code("case-outcome", row.outcome),
    },
    { title: t("cases.number"), key: "number", render: (_, row) => <span className="figure faint">{row.caseId}</span> },
  ];
  return (
    <Page name="cases" title={t("cases.title")}>
      <Loaded query={cases}>
        {(all) => {
          const rows = all.filter(
            (row) =>
              (values.state !== undefined || row.state !== "closed") &&
              (wanted === undefined ||
                [row.caseId, row.intentId ?? "", row.hallZh, row.hallEn, row.assignee ?? ""].some((text) =>
                  text.toLowerCase().includes(wanted),
                )),
          );
          return (
            <Panel flush>
              <FilterBar
                onClear={Object.keys(values).length > 0 ? clear : undefined}
                csv={{ path: "/api/cases", query }}
                note={t("list.count", { n: rows.length })}
              >
                <ChoiceFilter
                  label={t("filter.state")}
                  value={values.state ?? "unfinished"}
                  onChange={(state) => set("state", state === "unfinished" ? undefined : state)}
                  options={["unfinished", ...CaseState.options, "all"].map((value) => ({
                    value,
                    label: value === "all" ? t("list.all") : code("case-state", value),
                  }))}
                />
                <TextFilter label={t("filter.text")} value={values.q} onChange={(q) => set("q", q)} immediate wide />
              </FilterBar>
              <RowTable
                label={t("cases.title")}
                rows={rows}
                {...(Object.keys(values).length === 0
                  ? { emptyTitle: t("cases.none"), emptyHint: t("cases.none-hint") }
                  : {})}
                idOf={(row) => row.caseId}
                columns={columns}
                open={(row) => void navigate({ to: "/cases/$caseId", params: { caseId: row.caseId } })}
              />
            </Panel>
          );
        }}
      </Loaded>
    </Page>
  );
}
