import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Checkbox } from "antd";
import { useState } from "react";
import { queries } from "../api/queries.ts";
import { useWords } from "../i18n/language.tsx";
import { ChoiceFilter, FilterBar, TextFilter, UnitFilter, useFilters } from "../parts/filters.tsx";
import { Older, PAGE_ROWS } from "../parts/older.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { RowTable } from "../parts/rowTable.tsx";
import { Loaded, Needs } from "../parts/states.tsx";
import { journeyColumns } from "./journeyColumns.tsx";

const OUTCOMES = ["completed", "left", "timed-out", "interrupted", "out-of-service"];

export function JourneysPage() {
  return (
    <Needs permission="journeys.read">
      <Journeys />
    </Needs>
  );
}

function Journeys() {
  const words = useWords();
  const { t, code } = words;
  const navigate = useNavigate();
  const { values, set, clear } = useFilters(["unit", "deviceId", "outcome", "running", "accountNo"]);
  const [limit, setLimit] = useState(PAGE_ROWS);
  const journeys = useQuery(queries.journeys({ ...values, limit }));
  const running = useQuery(queries.journeys({ unit: values.unit, running: true, limit: PAGE_ROWS }));
  const columns = journeyColumns(words, { kiosk: true });
  const open = (row: { journeyId: string }) =>
    void navigate({ to: "/journeys/$journeyId", params: { journeyId: row.journeyId } });
  return (
    <Page name="journeys" title={t("journeys.title")}>
      {values.running === "true" ? null : (
        <Panel title={t("journeys.running-now", { n: running.data?.length ?? 0 })} flush>
          {running.data && running.data.length > 0 ? (
            <RowTable
              label={t("outcome.running")}
              rows={running.data}
              idOf={(row) => row.journeyId}
              columns={columns}
              open={open}
            />
          ) : (
            <p className="quiet">{t("journeys.nothing-running")}</p>
          )}
        </Panel>
      )}
      <Loaded query={journeys}>
        {(all) => {
          const rows = values.running === "true" ? all : all.filter((row) => row.endedAt !== null);
          return (
            <Panel flush>
              <FilterBar
                onClear={Object.keys(values).length > 0 ? clear : undefined}
                csv={{ path: "/api/journeys", query: { ...values, limit: 500 } }}
                note={t("list.shown", { n: rows.length })}
              >
                <UnitFilter value={values.unit} onChange={(unit) => set("unit", unit)} />
                <ChoiceFilter
                  label={t("filter.outcome")}
                  value={values.outcome}
                  onChange={(outcome) => set("outcome", outcome)}
                  options={OUTCOMES.map((value) => ({ value, label: code("outcome", value) }))}
                />
                <TextFilter
                  label={t("filter.account")}
                  value={values.accountNo}
                  onChange={(accountNo) => set("accountNo", accountNo)}
                />
                <TextFilter
                  label={t("filter.kiosk")}
                  value={values.deviceId}
                  onChange={(deviceId) => set("deviceId", deviceId)}
                />
                <Checkbox
                  checked={values.running === "true"}
                  onChange={(event) => set("running", event.target.checked ? "true" : undefined)}
                >
                  {t("filter.running")}
                </Checkbox>
              </FilterBar>
              <RowTable
                label={t("journeys.title")}
                rows={rows}
                idOf={(row) => row.journeyId}
                columns={columns}
                open={open}
              />
              <Older shown={all.length} limit={limit} max={500} onMore={() => setLimit(limit + PAGE_ROWS)} />
            </Panel>
          );
        }}
      </Loaded>
    </Page>
  );
}
