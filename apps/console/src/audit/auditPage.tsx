import { type AuditRow, AuditVerdict } from "@gridhall/domain/audit/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Alert, App, Button, type TableColumnsType } from "antd";
import { useState } from "react";
import { queries } from "../api/queries.ts";
import { read } from "../api/request.ts";
import { useWords, type Words } from "../i18n/language.tsx";
import { factsOf } from "../journeys/words.ts";
import { Clock } from "../parts/bits.tsx";
import { ChoiceFilter, FilterBar, TextFilter, useFilters } from "../parts/filters.tsx";
import { Older, PAGE_ROWS } from "../parts/older.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { RowTable } from "../parts/rowTable.tsx";
import { Loaded, Needs, sentenceOf } from "../parts/states.tsx";

const ACTIONS = [
  "staff.signed-in",
  "staff.signed-out",
  "staff.sign-in-refused",
  "staff.totp-set",
  "device.enrolled",
  "device.enrolment-code-issued",
  "device.revoked",
  "device.commanded",
  "case.taken",
  "case.noted",
  "case.closed",
  "reconciliation.run",
  "policy.published",
  "policy.withdrawn",
  "seat.given",
  "seat.settings-changed",
  "seat.group-written",
  "recording.played",
  "recording.exported",
  "message.done",
  "work-order.opened",
];

/** Who did it: a person by name, a terminal by its number, or the centre itself. */
function actorText(row: AuditRow, { t, pick }: Words): string {
  if (row.actorNameZh !== null) return pick(row.actorNameZh, row.actorNameEn ?? row.actorNameZh);
  const [kind, id = ""] = row.actor.split(":");
  if (kind === "device") return t("audit.device", { id });
  return kind === "staff" ? id : t("audit.system");
}

export function AuditPage() {
  return (
    <Needs permission="audit.read">
      <Audit />
    </Needs>
  );
}

function Audit() {
  const words = useWords();
  const { t, code, pick } = words;
  const { message } = App.useApp();
  const { values, set, clear } = useFilters(["actor", "action", "subject"]);
  const [limit, setLimit] = useState(PAGE_ROWS);
  const [verdict, setVerdict] = useState<AuditVerdict | null>(null);
  const [busy, setBusy] = useState(false);
  const audit = useQuery(queries.audit({ ...values, limit }));
  const verify = async () => {
    setBusy(true);
    try {
      setVerdict(await read(AuditVerdict, "/api/audit/verify"));
    } catch (cause) {
      void message.error(sentenceOf(cause, words));
    } finally {
      setBusy(false);
    }
  };
  const columns: TableColumnsType<AuditRow> = [
    { title: t("audit.at"), key: "at", render: (_, row) => <Clock at={row.at} /> },
    {
      title: t("audit.actor"),
      key: "actor",
      render: (_, row) => actorText(row, words),
    },
    { title: t("audit.action"), key: "action", render: (_, row) => code("action", row.action) },
    { title: t("audit.subject"), key: "subject", render: (_, row) => <span className="figure">{row.subject}</span> },
    {
      title: t("audit.detail"),
      key: "detail",
      className: "wrap",
      render: (_, row) => (
        <span className="facts-line">
          {factsOf(row.detail, words).map((fact) => (
            <span key={fact.label}>
              <i>{fact.label}</i> {fact.value}
            </span>
          ))}
        </span>
      ),
    },
    {
      title: t("audit.unit"),
      key: "unit",
      render: (_, row) => <span title={row.unitPath}>{pick(row.unitNameZh, row.unitNameEn)}</span>,
    },
    {
      title: t("audit.seq"),
      key: "seq",
      align: "right",
      render: (_, row) => (
        <span className="figure faint" title={row.hash}>
          {row.seq}
        </span>
      ),
    },
  ];
  return (
    <Page
      name="audit"
      title={t("audit.title")}
      actions={
        <Button type="primary" loading={busy} onClick={() => void verify()} data-action="verify-audit">
          {t("audit.verify")}
        </Button>
      }
    >
      {verdict === null ? null : (
        <div className="gap" data-verdict={verdict.faults.length === 0 ? "whole" : "faulty"}>
          <Alert
            type={verdict.faults.length === 0 ? "success" : "error"}
            showIcon
            closable
            title={
              verdict.faults.length === 0
                ? t("audit.verified", { entries: verdict.entries, heads: verdict.heads })
                : t("audit.faulty", { n: verdict.faults.length })
            }
            description={
              verdict.faults.length === 0 ? undefined : (
                <ul className="links">
                  {verdict.faults.slice(0, 20).map((fault) => (
                    <li key={`${fault.unitPath}:${fault.seq}:${fault.what}`}>
                      {t("audit.fault", { unit: fault.unitPath, seq: fault.seq, what: fault.what })}
                    </li>
                  ))}
                </ul>
              )
            }
          />
        </div>
      )}
      <Loaded query={audit}>
        {(rows) => (
          <Panel flush>
            <FilterBar
              onClear={Object.keys(values).length > 0 ? clear : undefined}
              csv={{ path: "/api/audit", query: { ...values, limit: 1000 } }}
              onRefresh={() => void audit.refetch()}
              note={t("list.shown", { n: rows.length })}
            >
              <TextFilter label={t("filter.actor")} value={values.actor} onChange={(actor) => set("actor", actor)} />
              <ChoiceFilter
                label={t("filter.action")}
                value={values.action}
                onChange={(action) => set("action", action)}
                options={ACTIONS.map((value) => ({ value, label: code("action", value) }))}
              />
              <TextFilter
                label={t("filter.subject")}
                value={values.subject}
                onChange={(subject) => set("subject", subject)}
                wide
              />
            </FilterBar>
            <RowTable
              label={t("audit.title")}
              rows={rows}
              idOf={(row) => `${row.unitPath}:${row.seq}`}
              columns={columns}
            />
            <Older shown={rows.length} limit={limit} max={1000} onMore={() => setLimit(limit + PAGE_ROWS)} />
          </Panel>
        )}
      </Loaded>
    </Page>
  );
}
