import type { CallDetail } from "@gridhall/domain/seats/api.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Tag } from "antd";
import { useMemo } from "react";
import { useWords } from "../../i18n/language.tsx";
import { serviceTitle } from "../../journeys/words.ts";
import { span } from "../../parts/format.ts";
import { Facts, Page, Panel } from "../../parts/page.tsx";
import { Loaded, Needs } from "../../parts/states.tsx";
import { Timeline } from "../../parts/timeline.tsx";
import { seatQueries } from "../../seat/seatQueries.ts";
import { useMay } from "../../shell/me.ts";
import { at } from "../chinaTime.ts";
import { useChoices } from "../policies/useNames.ts";
import { seatsQueries } from "../seatsQueries.ts";
import { momentsOf } from "./callMoments.ts";
import { outcomeText, PhaseTag, Stars } from "./callsPage.tsx";
import { RecordingPlayer } from "./recordingPlayer.tsx";

export function CallPage() {
  return (
    <Needs permission="calls.read">
      <Call />
    </Needs>
  );
}

function Call() {
  const { t, pick } = useWords();
  const { callId } = useParams({ from: "/calls/$callId" });
  const query = useQuery({
    ...seatQueries.call(callId),
    // While it goes on there is something new to see.
    refetchInterval: ({ state }) => (state.data?.endedMs === null ? 3_000 : false),
  });
  const found = query.data;
  return (
    <Page
      name="call"
      title={
        found
          ? `${t("call.title")} · ${pick(found.hallZh || found.kioskZh, found.hallEn || found.kioskEn)}`
          : t("call.title")
      }
      back={{ to: "/calls", label: t("calls.title") }}
      tags={found ? <PhaseTag phase={found.phase.name} /> : null}
    >
      <Loaded query={query}>{(call) => <Content call={call} />}</Loaded>
    </Page>
  );
}

function Content({ call }: { call: CallDetail }) {
  const words = useWords();
  const { t, pick, code } = words;
  const { names } = useChoices();
  const mayPlay = useMay("recordings.play");
  const orders = useQuery(seatsQueries.workOrders({ callId: call.callId })).data ?? [];
  const moments = useMemo(() => momentsOf(call, names, words), [call, names, words]);
  const kept = call.recordingRows.filter((row) => row.state !== "deleted");
  return (
    <div className="columns">
      <div className="stack">
        {kept.map((recording) =>
          mayPlay ? (
            <RecordingPlayer key={recording.recordingId} recording={recording} />
          ) : (
            <Panel key={recording.recordingId} title={t("recording.title")}>
              {t("recording.not-yours")}
            </Panel>
          ),
        )}
        {call.recordingRows.some((row) => row.state === "deleted") ? (
          <Panel title={t("recording.title")}>{t("recording.deleted")}</Panel>
        ) : null}
        <Panel title={t("call.events")}>
          <Timeline moments={moments} />
        </Panel>
      </div>
      <div className="stack">
        <Panel>
          <Facts
            facts={[
              { label: t("calls.requested"), value: at(call.requestedMs) },
              { label: t("calls.waited"), value: span(call.waitMs / 1000, words) },
              { label: t("calls.talked"), value: span(call.talkMs / 1000, words) },
              { label: t("calls.agents"), value: call.agents.join(" → ") || t("none") },
              {
                label: t("filter.outcome"),
                value: call.outcome === null ? t("none") : outcomeText(call.outcome, pick),
              },
              { label: t("calls.rating"), value: <Stars score={call.rating} /> },
              {
                label: t("caller.service"),
                value: call.service === null ? t("caller.no-service") : serviceTitle(call.service, words),
              },
              { label: t("filter.account"), value: call.accountNo ?? t("none") },
              { label: t("filter.kiosk"), value: pick(call.kioskZh, call.kioskEn) },
              {
                label: t("call.journey"),
                value:
                  call.journeyId === null ? (
                    t("none")
                  ) : (
                    <Link to="/journeys/$journeyId" params={{ journeyId: call.journeyId }}>
                      {t("call.open-journey")}
                    </Link>
                  ),
              },
              { label: t("call.id"), value: <span className="id">{call.callId}</span> },
            ]}
          />
        </Panel>
        <Panel title={t("call.note")}>
          {call.note === "" ? (
            <span className="faint">{t("call.no-note")}</span>
          ) : (
            <p className="note-text">{call.note}</p>
          )}
        </Panel>
        {orders.length === 0 ? null : (
          <Panel title={t("orders.tab")}>
            <ol className="notes">
              {orders.map((order) => (
                <li key={order.orderId}>
                  <div className="by">
                    <span>
                      {code("order-type", order.type)} <Tag className="state">{code("urgency", order.urgency)}</Tag>
                    </span>
                    <span className="figure">{at(order.dueMs).slice(0, 16)}</span>
                  </div>
                  <div>{order.place}</div>
                  <div className="text">{order.detail}</div>
                </li>
              ))}
            </ol>
          </Panel>
        )}
      </div>
    </div>
  );
}
