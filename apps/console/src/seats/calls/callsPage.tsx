import { VideoCameraOutlined } from "@ant-design/icons";
import type { CallRow } from "@gridhall/domain/seats/api.ts";
import { OUTCOMES } from "@gridhall/domain/seats/desk.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, type TableColumnsType, Tag } from "antd";
import { useState } from "react";
import { address } from "../../api/request.ts";
import { useWords } from "../../i18n/language.tsx";
import { serviceTitle } from "../../journeys/words.ts";
import { type Tone } from "../../parts/bits.tsx";
import { ChoiceFilter, DayFilter, FilterBar, TextFilter, UnitFilter, useFilters } from "../../parts/filters.tsx";
import { span } from "../../parts/format.ts";
import { Older, PAGE_ROWS } from "../../parts/older.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { RowTable } from "../../parts/rowTable.tsx";
import { Loaded, Needs } from "../../parts/states.tsx";
import { addDays, at, dayStart } from "../chinaTime.ts";
import { useChoices } from "../policies/useNames.ts";
import { seatsQueries } from "../seatsQueries.ts";

export function CallsPage() {
  return (
    <Needs permission="calls.read">
      <Calls />
    </Needs>
  );
}

function phaseTone(phase: string): Tone {
  if (phase === "connected" || phase === "held") return "processing";
  if (phase === "abandoned" || phase === "interrupted") return "error";
  return phase === "ended" ? "success" : "warning";
}

export function PhaseTag({ phase }: { phase: string }) {
  const { code } = useWords();
  return (
    <Tag className="state" color={phaseTone(phase)}>
      {code("call-phase", phase)}
    </Tag>
  );
}

const PHASES = [
  "queued",
  "offered",
  "connected",
  "held",
  "interrupted",
  "ended",
  "abandoned",
  "callback-left",
  "message-left",
];

function Calls() {
  const words = useWords();
  const { t, code, pick } = words;
  const navigate = useNavigate();
  const { values, set, clear } = useFilters([
    "from",
    "until",
    "unit",
    "seatId",
    "service",
    "phase",
    "outcome",
    "journeyId",
    "deviceId",
    "q",
  ]);
  const [limit, setLimit] = useState(PAGE_ROWS);
  const { directory, services, names } = useChoices();
  const { from, until, ...rest } = values;
  const query = {
    ...rest,
    ...(from ? { fromMs: dayStart(from) } : {}),
    ...(until ? { untilMs: dayStart(addDays(until, 1)) } : {}),
  };
  const calls = useQuery({ ...seatsQueries.calls({ ...query, limit }), refetchInterval: 10_000 });
  const columns: TableColumnsType<CallRow> = [
    {
      title: t("calls.requested"),
      key: "requested",
      render: (_, row) => (
        <Link to="/calls/$callId" params={{ callId: row.callId }} tabIndex={-1} className="figure">
          {at(row.requestedMs)}
        </Link>
      ),
    },
    {
      title: t("calls.place"),
      key: "place",
      render: (_, row) => pick(row.hallZh || row.kioskZh, row.hallEn || row.kioskEn),
    },
    {
      title: t("caller.service"),
      key: "service",
      render: (_, row) =>
        row.service === null ? <span className="faint">{t("none")}</span> : serviceTitle(row.service, words),
    },
    {
      title: t("filter.account"),
      key: "account",
      render: (_, row) => <span className="figure">{row.accountNo ?? t("none")}</span>,
    },
    { title: t("filter.state"), key: "phase", render: (_, row) => <PhaseTag phase={row.phase.name} /> },
    {
      title: t("calls.waited"),
      key: "wait",
      align: "right",
      render: (_, row) => (
        <span className={row.waitMs > 20_000 ? "figure worse" : "figure"}>{span(row.waitMs / 1000, words)}</span>
      ),
    },
    {
      title: t("calls.talked"),
      key: "talk",
      align: "right",
      render: (_, row) =>
        row.talkMs === 0 ? (
          <span className="faint">{t("none")}</span>
        ) : (
          <span className="figure">{span(row.talkMs / 1000, words)}</span>
        ),
    },
    {
      title: t("calls.agents"),
      key: "agents",
      render: (_, row) => row.agents.join(" → ") || <span className="faint">{t("none")}</span>,
    },
    {
      title: t("filter.outcome"),
      key: "outcome",
      render: (_, row) =>
        row.outcome === null ? <span className="faint">{t("none")}</span> : outcomeText(row.outcome, pick),
    },
    { title: t("calls.rating"), key: "rating", render: (_, row) => <Stars score={row.rating} /> },
    {
      title: t("calls.recording"),
      key: "recording",
      render: (_, row) => (row.recordings > 0 ? <VideoCameraOutlined aria-label={t("calls.recorded")} /> : null),
    },
  ];
  return (
    <Page
      name="calls"
      title={t("calls.title")}
      actions={
        <Button href={address("/api/seats/calls", { ...query, limit: 5000, format: "xlsx" })} download>
          {t("statistics.xlsx")}
        </Button>
      }
    >
      <Loaded query={calls}>
        {(rows) => (
          <Panel flush>
            <FilterBar
              onClear={Object.keys(values).length > 0 ? clear : undefined}
              csv={{ path: "/api/seats/calls", query: { ...query, limit: 5000 } }}
              note={t("list.shown", { n: rows.length })}
            >
              <DayFilter label={t("calls.from")} value={from} onChange={(day) => set("from", day)} />
              <DayFilter label={t("calls.until")} value={until} onChange={(day) => set("until", day)} />
              <UnitFilter value={values.unit} onChange={(unit) => set("unit", unit)} />
              <ChoiceFilter
                label={t("calls.agent")}
                value={values.seatId}
                onChange={(seatId) => set("seatId", seatId)}
                options={(directory?.agents ?? []).map((agent) => ({
                  value: agent.seatId,
                  label: names.agent(agent.seatId),
                }))}
              />
              <ChoiceFilter
                label={t("caller.service")}
                value={values.service}
                onChange={(service) => set("service", service)}
                options={services}
              />
              <ChoiceFilter
                label={t("filter.state")}
                value={values.phase}
                onChange={(phase) => set("phase", phase)}
                options={PHASES.map((value) => ({ value, label: code("call-phase", value) }))}
              />
              <ChoiceFilter
                label={t("filter.outcome")}
                value={values.outcome}
                onChange={(outcome) => set("outcome", outcome)}
                options={OUTCOMES.map((one) => ({ value: one.code, label: pick(one.zh, one.en) }))}
              />
              <TextFilter label={t("calls.search")} value={values.q} onChange={(q) => set("q", q)} wide />
            </FilterBar>
            <RowTable
              label={t("calls.title")}
              rows={rows}
              idOf={(row) => row.callId}
              columns={columns}
              open={(row) => void navigate({ to: "/calls/$callId", params: { callId: row.callId } })}
              {...(Object.keys(values).length === 0
                ? { emptyTitle: t("calls.none"), emptyHint: t("calls.none-hint") }
                : {})}
            />
            <Older shown={rows.length} limit={limit} max={5000} onMore={() => setLimit(limit + PAGE_ROWS)} />
          </Panel>
        )}
      </Loaded>
    </Page>
  );
}

export function outcomeText(outcome: string, pick: (zh: string, en: string) => string): string {
  const known = OUTCOMES.find((one) => one.code === outcome);
  return known ? pick(known.zh, known.en) : outcome;
}

export function Stars({ score }: { score: number | null }) {
  const { t } = useWords();
  return score === null ? (
    <span className="faint">{t("none")}</span>
  ) : (
    <span className="stars" title={t("calls.score", { n: score })}>
      <span aria-hidden="true">{"★".repeat(score)}</span>
      <span className="off" aria-hidden="true">
        {"★".repeat(5 - score)}
      </span>
    </span>
  );
}
