import { DryRunReport, type PolicyDraft } from "@gridhall/domain/seats/reports.ts";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, DatePicker, InputNumber, Select, Switch, Tag } from "antd";
import { useState } from "react";
import { send } from "../../api/request.ts";
import { useWords } from "../../i18n/language.tsx";
import { Panel } from "../../parts/page.tsx";
import { span } from "../../parts/format.ts";
import { sentenceOf } from "../../parts/states.tsx";
import { fromPicker, toPicker } from "../chinaTime.ts";
import { whyChosen, whyNotText } from "../reasonText.ts";
import { failedText } from "./policyWords.ts";
import { Field } from "./stepCard.tsx";
import type { Choices } from "./useNames.ts";

interface Asked {
  deviceId: string | null;
  /** Undefined: not chosen yet, so the first there is; null: online. */
  hallId: string | null | undefined;
  service: string | null;
  customerClass: string;
  priority: number;
  atMs: number;
  ready: string[];
  withDraft: boolean;
}

/** One imagined call: who would get it, why not the others, and which policies were looked at. Nothing is changed by it. */
export function DryRunPanel({ draft, choices, nowMs }: { draft: PolicyDraft | null; choices: Choices; nowMs: number }) {
  const words = useWords();
  const { t } = words;
  const [asked, setAsked] = useState<Asked>({
    ...{ deviceId: null, hallId: undefined, service: null, customerClass: "residential" },
    ...{ priority: 0, atMs: nowMs, ready: [], withDraft: true },
  });
  const put = (part: Partial<Asked>) => setAsked({ ...asked, ...part });
  const hallId = asked.hallId === undefined ? (choices.halls[0]?.value ?? null) : asked.hallId;
  const hall = choices.halls.find((one) => one.value === hallId);
  const run = useMutation({
    mutationFn: () =>
      send(DryRunReport, "/api/seats/policies/dry-run", {
        request: {
          deviceId: asked.deviceId,
          hallId,
          unitPath: hall?.unitPath ?? choices.units[0]?.value ?? "p",
          service: asked.service,
          customerClass: asked.customerClass,
          priority: asked.priority,
          customerKey: "dry-run",
        },
        atMs: asked.atMs,
        drafts: asked.withDraft && draft ? [draft] : [],
        readySeatIds: asked.ready,
      }),
  });
  const agents = choices.directory?.agents ?? [];
  return (
    <Panel title={t("dry-run.title")}>
      <p className="faint">{t("dry-run.hint")}</p>
      <div className="policy-fields">
        <Field label={t("field.halls")}>
          <Select
            allowClear
            placeholder={t("dry-run.online")}
            value={hallId}
            options={choices.halls}
            showSearch={{ optionFilterProp: "label" }}
            onChange={(next: string | undefined) => put({ hallId: next ?? null, deviceId: null })}
            aria-label={t("field.halls")}
          />
        </Field>
        <Field label={t("field.devices")}>
          <Select
            allowClear
            placeholder={t("dry-run.any-device")}
            value={asked.deviceId}
            options={choices.devices.filter((device) => hall && device.unitPath === hall.unitPath)}
            onChange={(deviceId: string | undefined) => put({ deviceId: deviceId ?? null })}
            aria-label={t("field.devices")}
          />
        </Field>
        <Field label={t("field.services")}>
          <Select
            allowClear
            placeholder={t("caller.no-service")}
            value={asked.service}
            options={choices.services}
            onChange={(service: string | undefined) => put({ service: service ?? null })}
            aria-label={t("field.services")}
          />
        </Field>
        <Field label={t("field.customerClasses")}>
          <Select
            value={asked.customerClass}
            options={choices.classes}
            onChange={(customerClass) => put({ customerClass })}
            aria-label={t("field.customerClasses")}
          />
        </Field>
        <Field label={t("field.priority")}>
          <InputNumber
            min={0}
            max={100}
            value={asked.priority}
            onChange={(priority) => put({ priority: priority ?? 0 })}
            aria-label={t("field.priority")}
          />
        </Field>
        <Field label={t("dry-run.at")}>
          <DatePicker
            showTime={{ format: "HH:mm" }}
            format="YYYY-MM-DD HH:mm"
            allowClear={false}
            value={toPicker(asked.atMs)}
            onChange={(picked) => picked && put({ atMs: fromPicker(picked) })}
            aria-label={t("dry-run.at")}
          />
        </Field>
        <Field label={t("dry-run.ready")} wide>
          <Select
            mode="multiple"
            allowClear
            placeholder={t("dry-run.as-they-are")}
            value={asked.ready}
            options={agents.map((agent) => ({ value: agent.seatId, label: choices.names.agent(agent.seatId) }))}
            onChange={(ready: string[]) => put({ ready })}
            aria-label={t("dry-run.ready")}
            data-testid="dry-run-ready"
          />
        </Field>
      </div>
      <div className="tools">
        <Switch
          checked={asked.withDraft}
          onChange={(withDraft) => put({ withDraft })}
          aria-label={t("dry-run.with-draft")}
        />
        <span>{t("dry-run.with-draft")}</span>
        <Button size="small" type="link" onClick={() => put({ ready: agents.map((agent) => agent.seatId) })}>
          {t("dry-run.all-ready")}
        </Button>
        <span className="spread" />
        <Button
          type="primary"
          loading={run.isPending}
          disabled={asked.withDraft && draft === null}
          onClick={() => run.mutate()}
          data-testid="dry-run"
        >
          {t("dry-run.run")}
        </Button>
      </div>
      {run.error ? <Alert type="error" showIcon title={sentenceOf(run.error, words)} className="gap" /> : null}
      {run.data ? <Outcome report={run.data} choices={choices} /> : null}
    </Panel>
  );
}

function Outcome({ report, choices }: { report: DryRunReport; choices: Choices }) {
  const words = useWords();
  const { t, code, pick } = words;
  const { names } = choices;
  const { outcome, policy } = report;
  const sentence = (): string => {
    switch (outcome.kind) {
      case "offer":
        return t("dry-run.offer", { agent: names.agent(outcome.seatId), step: outcome.step + 1 });
      case "waits":
        return t("dry-run.waits", { step: outcome.step + 1 });
      case "ends":
        return t("dry-run.ends", { ending: code("ending", outcome.ending), time: span(outcome.afterMs / 1000, words) });
      default:
        return outcome satisfies never;
    }
  };
  return (
    <div data-testid="dry-run-outcome">
      <Alert
        type={outcome.kind === "offer" ? "success" : "warning"}
        showIcon
        title={sentence()}
        description={
          policy ? t("dry-run.policy", { policy: pick(policy.title.zh, policy.title.en) }) : t("dry-run.no-policy")
        }
        className="gap"
      />
      <h3>{t("dry-run.policies")}</h3>
      <ul className="verdict-list">
        {report.verdicts.map((verdict) => (
          <li key={`${verdict.policyId}@${verdict.version}`}>
            <Tag color={verdict.failed ? "default" : "success"} className="state">
              {t(verdict.failed ? "dry-run.passed-over" : "dry-run.chosen")}
            </Tag>
            <b>{verdict.policyId}</b> <span className="faint">v{verdict.version}</span>{" "}
            {verdict.failed ? failedText(verdict.failed, names, words) : null}
          </li>
        ))}
      </ul>
      {report.steps.map((step) => (
        <div key={step.step}>
          <h3>
            {t("policy.step-n", { n: step.step + 1 })}
            {step.afterMs > 0 ? ` · ${t("dry-run.after", { time: span(step.afterMs / 1000, words) })}` : ""}
            {step.passedOver ? ` · ${code("passed-over", step.passedOver)}` : ""}
          </h3>
          <ul className="verdict-list">
            {step.choice.chosen ? (
              <li>
                <Tag color="success" className="state">
                  {t("dry-run.gets-it")}
                </Tag>
                <b>{names.agent(step.choice.chosen.seatId)}</b> {whyChosen(step.choice.chosen, words)}
              </li>
            ) : null}
            {step.choice.others.map((other) => (
              <li key={JSON.stringify(other.whyNot)}>
                <Tag className="state">{t("dry-run.not")}</Tag>
                {other.seatIds.map(names.agent).join(t("reason.and"))}
                {t("policy.colon")}
                {whyNotText(other.whyNot, names, words)}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}
