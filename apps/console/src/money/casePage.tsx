import { CaseDetail } from "@gridhall/domain/payment/api.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { App, Button } from "antd";
import { queries } from "../api/queries.ts";
import { send } from "../api/request.ts";
import { useWords } from "../i18n/language.tsx";
import { factsOf } from "../journeys/words.ts";
import { Clock, Money, StateTag, tones } from "../parts/bits.tsx";
import { Facts, Page, Panel } from "../parts/page.tsx";
import { Loaded, Needs, sentenceOf } from "../parts/states.tsx";
import { useMay } from "../shell/me.ts";
import { CaseWork } from "./caseWork.tsx";

export function CasePage() {
  return (
    <Needs permission="money.read">
      <Case />
    </Needs>
  );
}

function Case() {
  const words = useWords();
  const { t, code } = words;
  const { caseId } = useParams({ from: "/cases/$caseId" });
  const query = useQuery(queries.case(caseId));
  const mayWork = useMay("cases.work");
  const client = useQueryClient();
  const { message } = App.useApp();
  const found = query.data;
  const take = async () => {
    try {
      client.setQueryData(["case", caseId], await send(CaseDetail, `/api/cases/${encodeURIComponent(caseId)}/take`));
      void message.success(t("case.taken"));
    } catch (cause) {
      void message.error(sentenceOf(cause, words));
    }
  };
  return (
    <Page
      name="case"
      title={found ? `${t("case.title")} · ${code("case-kind", found.kind)}` : t("case.title")}
      back={{ to: "/cases", label: t("cases.title") }}
      tags={found ? <StateTag group="case-state" value={found.state} tone={tones.case(found.state)} /> : null}
      actions={
        found?.state === "open" && mayWork ? (
          <Button type="primary" onClick={() => void take()} data-action="take-case">
            {t("case.take")}
          </Button>
        ) : null
      }
    >
      <Loaded query={query}>{(openCase) => <Content found={openCase} mayWork={mayWork} />}</Loaded>
    </Page>
  );
}

function Content({ found, mayWork }: { found: CaseDetail; mayWork: boolean }) {
  const words = useWords();
  const { t, code, pick } = words;
  const facts = factsOf(found.detail, words);
  return (
    <div className={mayWork && found.state !== "closed" ? "columns" : ""}>
      <div className="stack">
        <Panel>
          <Facts
            facts={[
              {
                label: t("cases.amount"),
                value: (
                  <>
                    <Money fen={found.amountFen} strong />{" "}
                    {found.amountFen === 0 ? null : (
                      <span className="faint">({t(found.amountFen > 0 ? "case.owed" : "case.lost")})</span>
                    )}
                  </>
                ),
              },
              { label: t("payment.hall"), value: pick(found.hallZh, found.hallEn) || t("none") },
              { label: t("cases.opened"), value: <Clock at={found.openedAt} /> },
              { label: t("case.closed-at"), value: <Clock at={found.closedAt} /> },
              { label: t("cases.assignee"), value: found.assignee ?? t("none") },
              {
                label: t("cases.outcome"),
                value: found.outcome === null ? t("none") : code("case-outcome", found.outcome),
              },
              {
                label: t("case.payment"),
                value:
                  found.intentId === null ? (
                    t("none")
                  ) : (
                    <Link to="/payments/$intentId" params={{ intentId: found.intentId }} className="id">
                      {found.intentId}
                    </Link>
                  ),
              },
              { label: t("cases.number"), value: <span className="id">{found.caseId}</span> },
            ]}
          />
        </Panel>
        <Panel title={t("case.detail")}>
          {facts.length === 0 ? <span className="faint">{t("case.no-detail")}</span> : <Facts facts={facts} />}
        </Panel>
        <Panel title={t("case.notes")}>
          {found.notes.length === 0 ? (
            <span className="faint">{t("case.no-notes")}</span>
          ) : (
            <ol className="notes">
              {found.notes.map((note) => (
                <li key={note.n}>
                  <div className="by">
                    <span>{note.author}</span>
                    <Clock at={note.at} />
                  </div>
                  <div className="text">{note.text}</div>
                </li>
              ))}
            </ol>
          )}
        </Panel>
      </div>
      {mayWork && found.state !== "closed" ? <CaseWork found={found} /> : null}
    </div>
  );
}
