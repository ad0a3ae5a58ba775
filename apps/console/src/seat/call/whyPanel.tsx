import type { CallEvent } from "@gridhall/domain/seats/call.ts";
import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { useQuery } from "@tanstack/react-query";
import { useWords } from "../../i18n/language.tsx";
import { Timeline } from "../../parts/timeline.tsx";
import { seatQueries } from "../seatQueries.ts";
import { reasonInWords } from "./reasonWords.ts";

const TONES: Partial<Record<CallEvent["type"], "good" | "bad">> = {
  connected: "good",
  rejoined: "good",
  interrupted: "bad",
  requeued: "bad",
  refused: "bad",
  "offer-expired": "bad",
};

/** Why the call came here, and what has happened to it so far. */
export function WhyPanel({ call }: { call: DeskCall }) {
  const words = useWords();
  const { t, code, pick } = words;
  const directory = useQuery(seatQueries.directory()).data ?? null;
  const detail = useQuery({ ...seatQueries.call(call.callId), refetchInterval: 10_000 });
  const reason = reasonInWords(call.caller.reason, directory, words);
  const nameOf = (seatId: string) => {
    const agent = directory?.agents.find((one) => one.seatId === seatId);
    return agent ? pick(agent.nameZh, agent.nameEn) : t("reason.colleagues", { n: 1 });
  };
  return (
    <div className="why" data-testid="why">
      <h3>{t("why.title")}</h3>
      {reason ? (
        <>
          <p className="why-main">{reason.why}</p>
          <ul>
            {reason.facts.map((fact) => (
              <li key={fact}>{fact}</li>
            ))}
          </ul>
          {reason.others.length === 0 ? null : (
            <>
              <h3>{t("why.others")}</h3>
              <ul>
                {reason.others.map((line) => (
                  <li key={line}>{line}</li>
                ))}
              </ul>
            </>
          )}
        </>
      ) : (
        <p className="faint">{t("why.none")}</p>
      )}
      <h3>{t("why.events")}</h3>
      {detail.data ? (
        <Timeline
          moments={detail.data.events.map((event) => ({
            key: String(event.seq),
            at: new Date(event.atMs).toISOString(),
            title: code("call-event", event.type),
            tone: TONES[event.type] ?? "plain",
            facts: "seatId" in event ? [{ label: t("why.agent"), value: nameOf(event.seatId) }] : [],
          }))}
        />
      ) : (
        <p className="faint">{t(detail.error ? "why.no-events" : "list.loading")}</p>
      )}
    </div>
  );
}
