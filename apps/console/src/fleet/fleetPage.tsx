import { KioskState, type KioskRow } from "@gridhall/domain/fleet/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import type { TableColumnsType } from "antd";
import { queries } from "../api/queries.ts";
import { useWords } from "../i18n/language.tsx";
import { Ago, Money, StateTag, tones } from "../parts/bits.tsx";
import { ChoiceFilter, FilterBar, TextFilter, UnitFilter, useFilters } from "../parts/filters.tsx";
import { Page, Panel } from "../parts/page.tsx";
import { RowTable } from "../parts/rowTable.tsx";
import { Loaded } from "../parts/states.tsx";
import { Conditions } from "./conditions.tsx";
import { InUse } from "./kioskParts.tsx";

/** Trouble first: what a watch officer looks for. */
const ORDER: readonly KioskState[] = [
  "attention",
  "out-of-service",
  "offline",
  "in-service",
  "never-enrolled",
  "revoked",
];

export function FleetPage() {
  const { t, code, pick } = useWords();
  const navigate = useNavigate();
  const { values, set, clear } = useFilters(["unit", "state", "q"]);
  const query = { unit: values.unit };
  const kiosks = useQuery(queries.kiosks(query));
  const wanted = values.q?.toLowerCase();
  const found = (row: KioskRow) =>
    wanted === undefined ||
    [row.deviceId, row.nameZh, row.nameEn, row.hallZh, row.hallEn].some((text) => text.toLowerCase().includes(wanted));

  const columns: TableColumnsType<KioskRow> = [
    {
      title: t("fleet.hall"),
      key: "hall",
      render: (_, row) => pick(row.hallZh, row.hallEn),
      sorter: (a, b) => a.unitPath.localeCompare(b.unitPath),
    },
    {
      title: t("fleet.kiosk"),
      key: "kiosk",
      render: (_, row) => (
        <Link to="/kiosks/$deviceId" params={{ deviceId: row.deviceId }} tabIndex={-1}>
          {pick(row.nameZh, row.nameEn)}
          <span className="code">{row.deviceId}</span>
        </Link>
      ),
    },
    {
      title: t("fleet.state"),
      key: "state",
      render: (_, row) => <StateTag group="kiosk-state" value={row.state} tone={tones.kiosk(row.state)} />,
      sorter: (a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state),
    },
    { title: t("fleet.conditions"), key: "conditions", render: (_, row) => <Conditions conditions={row.conditions} /> },
    {
      title: t("fleet.session"),
      key: "session",
      render: (_, row) => <InUse kiosk={row} />,
    },
    { title: t("fleet.last-seen"), key: "seen", render: (_, row) => <Ago at={row.lastSeenAt} /> },
    {
      title: t("fleet.version"),
      key: "version",
      render: (_, row) => row.appVersion ?? <span className="faint">{t("none")}</span>,
    },
    {
      title: t("fleet.cash"),
      key: "cash",
      align: "right",
      render: (_, row) =>
        row.cashInFen === null ? <span className="faint">{t("none")}</span> : <Money fen={row.cashInFen} />,
      sorter: (a, b) => (a.cashInFen ?? -1) - (b.cashInFen ?? -1),
    },
    {
      title: t("fleet.today-journeys"),
      key: "journeys",
      align: "right",
      render: (_, row) => (
        <span className={row.todayJourneys === 0 ? "figure faint" : "figure"}>{row.todayJourneys}</span>
      ),
      sorter: (a, b) => a.todayJourneys - b.todayJourneys,
    },
    {
      title: t("fleet.today-money"),
      key: "money",
      align: "right",
      render: (_, row) => <Money fen={row.todayReceivedFen} />,
      sorter: (a, b) => a.todayReceivedFen - b.todayReceivedFen,
    },
  ];

  return (
    <Page name="fleet" title={t("fleet.title")}>
      <Loaded query={kiosks}>
        {(all) => {
          const matching = all.filter(found);
          const rows = matching.filter((row) => values.state === undefined || row.state === values.state);
          return (
            <>
              <fieldset className="strip" aria-label={t("fleet.summary")}>
                <Segment
                  label={t("fleet.total")}
                  count={matching.length}
                  tone="default"
                  pressed={values.state === undefined}
                  onClick={() => set("state", undefined)}
                />
                {ORDER.map((state) => (
                  <Segment
                    key={state}
                    label={code("kiosk-state", state)}
                    count={matching.filter((row) => row.state === state).length}
                    tone={tones.kiosk(state)}
                    pressed={values.state === state}
                    onClick={() => set("state", values.state === state ? undefined : state)}
                  />
                ))}
              </fieldset>
              <Panel flush>
                <FilterBar
                  onClear={Object.keys(values).length > 0 ? clear : undefined}
                  csv={{ path: "/api/kiosks", query }}
                  note={t("list.count", { n: rows.length })}
                >
                  <UnitFilter value={values.unit} onChange={(unit) => set("unit", unit)} />
                  <ChoiceFilter
                    label={t("filter.state")}
                    value={values.state}
                    onChange={(state) => set("state", state)}
                    options={KioskState.options.map((value) => ({ value, label: code("kiosk-state", value) }))}
                  />
                  <TextFilter
                    label={t("filter.fleet-text")}
                    value={values.q}
                    onChange={(q) => set("q", q)}
                    immediate
                    wide
                  />
                </FilterBar>
                <RowTable
                  label={t("fleet.title")}
                  rows={rows}
                  idOf={(row) => row.deviceId}
                  columns={columns}
                  open={(row) => void navigate({ to: "/kiosks/$deviceId", params: { deviceId: row.deviceId } })}
                />
              </Panel>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

function Segment(segment: { label: string; count: number; tone: string; pressed: boolean; onClick(): void }) {
  return (
    <button
      type="button"
      className={`segment ${segment.tone}`}
      aria-pressed={segment.pressed}
      disabled={segment.count === 0 && !segment.pressed}
      onClick={segment.onClick}
    >
      <b className="figure">{segment.count}</b>
      <span>{segment.label}</span>
    </button>
  );
}
