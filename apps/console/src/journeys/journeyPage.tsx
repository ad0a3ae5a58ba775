import type { JourneyDetail, TraceRow } from "@gridhall/domain/trace/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Tag } from "antd";
import { queries } from "../api/queries.ts";
import { useWords, type Words } from "../i18n/language.tsx";
import { Clock, StateTag, tones } from "../parts/bits.tsx";
import { Facts, Page, Panel } from "../parts/page.tsx";
import { Loaded, Needs, Nothing } from "../parts/states.tsx";
import { type Moment, Timeline } from "../parts/timeline.tsx";
import { useMay } from "../shell/me.ts";
import { Duration } from "./journeyColumns.tsx";
import { factsOf, pageTitle, serviceTitle } from "./words.ts";

export function JourneyPage() {
  return (
    <Needs permission="journeys.read">
      <Journey />
    </Needs>
  );
}

function Journey() {
  const { t } = useWords();
  const { journeyId } = useParams({ from: "/journeys/$journeyId" });
  const query = useQuery(queries.journey(journeyId));
  const mayCalls = useMay("calls.read");
  return (
    <Page
      name="journey"
      actions={
        mayCalls ? (
          <Link to="/calls" search={{ journeyId }}>
            {t("journey.calls")}
          </Link>
        ) : null
      }
      title={t("journey.title")}
      back={{ to: "/journeys", label: t("journeys.title") }}
      tags={
        query.data ? (
          <StateTag group="outcome" value={query.data.outcome ?? "running"} tone={tones.outcome(query.data.outcome)} />
        ) : null
      }
    >
      <Loaded query={query}>{(journey) => <Content journey={journey} />}</Loaded>
    </Page>
  );
}

function Content({ journey }: { journey: JourneyDetail }) {
  const words = useWords();
  const { t, code, pick } = words;
  const mayMoney = useMay("money.read");
  const mayFleet = useMay("fleet.read");
  const kiosk = pick(journey.kioskZh, journey.kioskEn);
  return (
    <div className="columns">
      <Panel title={t("journey.timeline")}>
        {journey.traces.length === 0 ? (
          <Nothing title={t("journey.no-traces")} />
        ) : (
          <Timeline moments={journey.traces.map((trace) => momentOf(trace, journey, words))} />
        )}
      </Panel>
      <div className="stack">
        <Panel title={serviceTitle(journey.serviceId, words)}>
          <Facts
            facts={[
              {
                label: t("fleet.kiosk"),
                value: mayFleet ? (
                  <Link to="/kiosks/$deviceId" params={{ deviceId: journey.deviceId }}>
                    {kiosk}
                  </Link>
                ) : (
                  kiosk
                ),
              },
              { label: t("filter.account"), value: <span className="figure">{journey.accountNo ?? t("none")}</span> },
              { label: t("journeys.started"), value: <Clock at={journey.startedAt} /> },
              { label: t("journey.ended-at"), value: <Clock at={journey.endedAt} /> },
              { label: t("journeys.duration"), value: <Duration row={journey} words={words} /> },
              { label: t("journeys.page"), value: pageTitle(journey.serviceId, journey.page, words) },
              {
                label: t("journeys.language"),
                value: journey.language === null ? t("none") : code("language", journey.language),
              },
              { label: t("journey.number"), value: <span className="id">{journey.journeyId}</span> },
            ]}
          />
        </Panel>
        {journey.intentIds.length > 0 ? (
          <Panel title={t("journey.payments")}>
            <ul className="links">
              {journey.intentIds.map((intentId) => (
                <li key={intentId}>
                  {mayMoney ? (
                    <Link to="/payments/$intentId" params={{ intentId }} className="id">
                      {intentId}
                    </Link>
                  ) : (
                    <span className="id">{intentId}</span>
                  )}
                </li>
              ))}
            </ul>
          </Panel>
        ) : null}
      </div>
    </div>
  );
}

function momentOf(trace: TraceRow, journey: JourneyDetail, words: Words): Moment {
  const page =
    trace.type === "journey.page-entered" &&
    typeof trace.body === "object" &&
    trace.body !== null &&
    "page" in trace.body
      ? pageTitle(journey.serviceId, String(trace.body.page), words)
      : null;
  const facts = factsOf(trace.body, words, journey.serviceId);
  return {
    key: `${trace.lane}:${trace.seq}`,
    at: trace.wallAt,
    title: words.code("trace", trace.type) + (page === null ? "" : `${words.pick("：", ": ")}${page}`),
    tone: trace.lane === "alarms" ? "bad" : trace.lane === "money" ? "money" : "plain",
    facts: page === null ? facts : facts.filter((fact) => fact.label !== words.t("body.page")),
    aside: trace.historic ? <Tag>{words.t("journey.historic")}</Tag> : null,
  };
}
