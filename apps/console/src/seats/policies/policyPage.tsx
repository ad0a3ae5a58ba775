import { RoutingPolicy } from "@gridhall/domain/routing/policy.ts";
import type { PolicyRow } from "@gridhall/domain/seats/api.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Alert, App, Button, Tabs } from "antd";
import { useDeferredValue, useMemo, useState } from "react";
import { z } from "zod";
import { useWords } from "../../i18n/language.tsx";
import { useNow } from "../../parts/bits.tsx";
import { Page, Panel } from "../../parts/page.tsx";
import { Failure, Loaded, Needs, sentenceOf } from "../../parts/states.tsx";
import { RequestError, send } from "../../api/request.ts";
import { seatsQueries } from "../seatsQueries.ts";
import { DryRunPanel } from "./dryRunPanel.tsx";
import { draftOf, editedOf, type EditedPolicy, newPolicy } from "./edited.ts";
import { FaultList } from "./faultList.tsx";
import { MatchFields } from "./matchFields.tsx";
import { StandingTag } from "./policiesPage.tsx";
import { standingOf } from "./policyWords.ts";
import { ReplayPanel } from "./replayPanel.tsx";
import { Basics, Steps } from "./policyParts.tsx";
import { useChoices } from "./useNames.ts";
import { VersionPanel } from "./versionPanel.tsx";

export function PolicyPage() {
  const { policyId } = useParams({ from: "/policies/$policyId" });
  return (
    <Needs permission="seats.manage">
      <Found key={policyId} policyId={policyId} />
    </Needs>
  );
}

function Found({ policyId }: { policyId: string }) {
  const policies = useQuery(seatsQueries.policies());
  return (
    <Loaded query={policies}>
      {(all) => {
        const versions = all.filter((row) => row.policy.policyId === policyId);
        if (policyId !== "new" && versions.length === 0)
          return <Failure error={new RequestError(404, { code: "policy.not-found", message: "", fields: [] })} />;
        return <Editor key={versions.length} versions={versions} />;
      }}
    </Loaded>
  );
}

const Done = z.object({ ok: z.literal(true) });

function Editor({ versions }: { versions: readonly PolicyRow[] }) {
  const words = useWords();
  const { t, pick } = words;
  const { message, modal } = App.useApp();
  const client = useQueryClient();
  const navigate = useNavigate();
  const nowMs = useNow(60_000);
  const choices = useChoices();
  const newest = versions[0];
  const [edited, setEdited] = useState<EditedPolicy>(() => (newest ? editedOf(newest.policy) : newPolicy(nowMs)));
  const [before] = useState(edited);
  const [tab, setTab] = useState("dry-run");
  const written = useMemo(() => draftOf(edited), [edited]);
  const asked = useDeferredValue(written.draft);
  const judged = useQuery(seatsQueries.faults(asked));
  const faults = written.draft === null ? [] : (judged.data?.faults ?? []);
  const own = faults.filter((fault) => fault.policy === null || fault.policy.policyId === edited.policyId);
  const errors = own.filter((fault) => fault.severity === "error").length + written.faults.length;
  const put = (part: Partial<EditedPolicy>) => setEdited({ ...edited, ...part });
  const title = newest ? pick(edited.zh, edited.en) : t("policy.new");

  const publish = () =>
    void modal.confirm({
      title: newest ? t("policy.publish-next", { version: newest.policy.version + 1 }) : t("policy.publish-first"),
      content: t("policy.publish-hint"),
      okText: t("policy.publish"),
      cancelText: t("cancel"),
      okButtonProps: { "data-testid": "confirm-publish" },
      onOk: async () => {
        try {
          const policy = await send(RoutingPolicy, "/api/seats/policies", written.draft);
          void message.success(t("policy.published-now", { version: policy.version }));
          await client.invalidateQueries({ queryKey: ["seat-policies"] });
          if (!newest) void navigate({ to: "/policies/$policyId", params: { policyId: policy.policyId } });
        } catch (cause) {
          void message.error(sentenceOf(cause, words));
        }
      },
    });
  const withdraw = () =>
    void modal.confirm({
      title: t("policy.withdraw-title"),
      content: t("policy.withdraw-hint"),
      okText: t("policy.withdraw"),
      okButtonProps: { danger: true },
      cancelText: t("cancel"),
      onOk: async () => {
        try {
          await send(Done, `/api/seats/policies/${encodeURIComponent(edited.policyId)}/withdraw`);
          void message.success(t("policy.withdrawn"));
          await client.invalidateQueries({ queryKey: ["seat-policies"] });
        } catch (cause) {
          void message.error(sentenceOf(cause, words));
        }
      },
    });

  return (
    <Page
      name="policy"
      title={title}
      back={{ to: "/policies", label: t("policies.title") }}
      tags={newest ? <StandingTag standing={standingOf(newest, nowMs)} /> : null}
      actions={
        <>
          {edited === before ? null : <Button onClick={() => setEdited(before)}>{t("policy.undo")}</Button>}
          {newest?.current ? (
            <Button danger onClick={withdraw} data-testid="withdraw">
              {t("policy.withdraw")}
            </Button>
          ) : null}
          <Button
            type="primary"
            disabled={
              (newest?.current === true && edited === before) ||
              errors > 0 ||
              written.draft === null ||
              asked !== written.draft ||
              judged.data === undefined
            }
            onClick={publish}
            data-testid="publish"
          >
            {t("policy.publish")}
          </Button>
        </>
      }
    >
      <div className="columns policy">
        <div className="stack">
          <Basics edited={edited} put={put} isNew={!newest} />
          <Panel title={t("policy.match")}>
            <p className="faint">{t("policy.match-hint")}</p>
            <MatchFields value={edited.match} onChange={(match) => put({ match })} choices={choices} />
          </Panel>
          <Steps edited={edited} put={put} choices={choices} faults={own} />
        </div>
        <div className="stack side">
          <Panel title={t("policy.faults")}>
            {judged.error && written.draft !== null ? (
              <Alert type="warning" showIcon title={sentenceOf(judged.error, words)} />
            ) : (
              <FaultList faults={own} written={written.faults} judging={judged.isFetching || asked !== written.draft} />
            )}
          </Panel>
          <Tabs
            activeKey={tab}
            onChange={setTab}
            items={[
              {
                key: "dry-run",
                label: t("dry-run.tab"),
                children: <DryRunPanel draft={written.draft} choices={choices} nowMs={nowMs} />,
              },
              {
                key: "replay",
                label: t("replay.tab"),
                children: <ReplayPanel draft={written.draft} choices={choices} nowMs={nowMs} />,
              },
              {
                key: "versions",
                label: t("versions.tab", { n: versions.length }),
                children: (
                  <VersionPanel
                    versions={versions}
                    choices={choices}
                    nowMs={nowMs}
                    onTake={(policy) => setEdited({ ...editedOf(policy) })}
                  />
                ),
              },
            ]}
          />
        </div>
      </div>
    </Page>
  );
}
