import { PlusOutlined } from "@ant-design/icons";
import type { PolicyFault } from "@gridhall/domain/routing/fault.ts";
import { Ending } from "@gridhall/domain/routing/policy.ts";
import { Button, DatePicker, Input, InputNumber, Select } from "antd";
import { useWords } from "../../i18n/language.tsx";
import { Panel } from "../../parts/page.tsx";
import { fromPicker, toPicker } from "../chinaTime.ts";
import { type EditedPolicy, newStep } from "./edited.ts";
import { Field, StepCard } from "./stepCard.tsx";
import type { Choices } from "./useNames.ts";

type Put = (part: Partial<EditedPolicy>) => void;

export function Basics({ edited, put, isNew }: { edited: EditedPolicy; put: Put; isNew: boolean }) {
  const { t } = useWords();
  return (
    <Panel title={t("policy.basics")}>
      <div className="policy-fields">
        <Field label={t("field.title-zh")}>
          <Input
            value={edited.zh}
            maxLength={60}
            onChange={(event) => put({ zh: event.target.value })}
            aria-label={t("field.title-zh")}
            data-testid="policy-zh"
          />
        </Field>
        <Field label={t("field.title-en")}>
          <Input
            value={edited.en}
            maxLength={60}
            placeholder={edited.zh}
            onChange={(event) => put({ en: event.target.value })}
            aria-label={t("field.title-en")}
            data-testid="policy-en"
          />
        </Field>
        <Field label={t("field.policyId")}>
          <Input
            value={edited.policyId}
            disabled={!isNew}
            maxLength={48}
            placeholder="working-hours"
            onChange={(event) => put({ policyId: event.target.value })}
            aria-label={t("field.policyId")}
            data-testid="policy-id"
          />
        </Field>
        <Field label={t("field.priority")}>
          <InputNumber
            min={0}
            max={100}
            value={edited.priority}
            onChange={(priority) => put({ priority: priority ?? 0 })}
            aria-label={t("field.priority")}
            data-testid="policy-priority"
          />
        </Field>
        <Field label={t("field.validFromMs")}>
          <DatePicker
            showTime={{ format: "HH:mm" }}
            format="YYYY-MM-DD HH:mm"
            allowClear={false}
            value={toPicker(edited.validFromMs)}
            onChange={(picked) => picked && put({ validFromMs: fromPicker(picked) })}
            aria-label={t("field.validFromMs")}
          />
        </Field>
        <Field label={t("field.validUntilMs")}>
          <DatePicker
            showTime={{ format: "HH:mm" }}
            format="YYYY-MM-DD HH:mm"
            placeholder={t("policy.no-end")}
            value={edited.validUntilMs === null ? null : toPicker(edited.validUntilMs)}
            onChange={(picked) => put({ validUntilMs: picked ? fromPicker(picked) : null })}
            aria-label={t("field.validUntilMs")}
          />
        </Field>
      </div>
    </Panel>
  );
}

export function Steps({
  edited,
  put,
  choices,
  faults,
}: {
  edited: EditedPolicy;
  put: Put;
  choices: Choices;
  faults: readonly PolicyFault[];
}) {
  const { t, code, pick } = useWords();
  const { steps } = edited;
  const move = (from: number, to: number) => {
    const next = [...steps];
    const [step] = next.splice(from, 1);
    if (step) next.splice(to, 0, step);
    put({ steps: next });
  };
  return (
    <Panel title={t("policy.steps")}>
      <p className="faint">{t("policy.steps-hint")}</p>
      {steps.map((step, index) => (
        <StepCard
          key={step.key}
          step={step}
          index={index}
          count={steps.length}
          choices={choices}
          problems={faults
            .filter((fault) => fault.path[0] === "steps" && fault.path[1] === index)
            .map((fault) => ({ severity: fault.severity, text: pick(fault.remedy.zh, fault.remedy.en) }))}
          onChange={(changed) => put({ steps: steps.map((other, n) => (n === index ? changed : other)) })}
          onRemove={() => put({ steps: steps.filter((_, n) => n !== index) })}
          onMove={move}
        />
      ))}
      <div className="tools">
        <Button
          icon={<PlusOutlined />}
          disabled={steps.length >= 20}
          onClick={() => put({ steps: [...steps, newStep()] })}
          data-testid="add-step"
        >
          {t("policy.add-step")}
        </Button>
        <span className="spread" />
        <span>{t("policy.after-steps")}</span>
        <Select
          className="filter"
          value={edited.ending}
          onChange={(ending) => put({ ending })}
          options={Ending.options.map((value) => ({ value, label: code("ending", value) }))}
          aria-label={t("policy.after-steps")}
          data-testid="policy-ending"
        />
      </div>
    </Panel>
  );
}
