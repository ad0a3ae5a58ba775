import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, HolderOutlined } from "@ant-design/icons";
import type { Strategy, UnitScope } from "@gridhall/domain/routing/policy.ts";
import { Button, Checkbox, InputNumber, Segmented, Select } from "antd";
import type { DragEvent, ReactNode } from "react";
import { useWords } from "../../i18n/language.tsx";
import type { EditedStep } from "./edited.ts";
import { SkillField } from "./skillField.tsx";
import type { Choices } from "./useNames.ts";

const STRATEGIES = ["longest-idle", "least-occupied", "round-robin", "sticky"] as const;
const FALLBACKS = ["longest-idle", "least-occupied", "round-robin"] as const;
const DAY_MS = 86_400_000;

export function Field({ label, children, wide = false }: { label: string; children: ReactNode; wide?: boolean }) {
  return (
    <div className={wide ? "policy-field wide" : "policy-field"}>
      <span className="policy-label">{label}</span>
      {children}
    </div>
  );
}

/** A step as a card: who may be asked, how one of them is chosen, and for how long. Cards are dragged or moved by arrows. */
export function StepCard({
  step,
  index,
  count,
  choices,
  problems,
  onChange,
  onRemove,
  onMove,
}: {
  step: EditedStep;
  index: number;
  count: number;
  choices: Choices;
  problems: readonly { severity: "error" | "warning"; text: string }[];
  onChange(step: EditedStep): void;
  onRemove(): void;
  /** From one place to another. */
  onMove(from: number, to: number): void;
}) {
  const { t, code } = useWords();
  const put = (part: Partial<EditedStep>) => onChange({ ...step, ...part });
  const take = (event: DragEvent) => {
    event.preventDefault();
    const from = Number(event.dataTransfer.getData("text/step"));
    if (Number.isInteger(from) && from !== index) onMove(from, index);
  };
  return (
    <section
      className="step-card"
      data-testid={`step-${index}`}
      aria-label={t("policy.step-n", { n: index + 1 })}
      onDragOver={(event) => event.preventDefault()}
      onDrop={take}
    >
      <header>
        <span
          className="grip"
          draggable
          title={t("policy.drag")}
          onDragStart={(event) => event.dataTransfer.setData("text/step", String(index))}
        >
          <HolderOutlined />
        </span>
        <b>{t("policy.step-n", { n: index + 1 })}</b>
        {index === 0 ? null : (
          <Segmented
            size="small"
            value={step.entry}
            onChange={(entry) => put({ entry })}
            options={(["widen", "overflow"] as const).map((value) => ({ value, label: code("entry", value) }))}
          />
        )}
        <span className="spread" />
        <Button
          type="text"
          icon={<ArrowUpOutlined />}
          aria-label={t("policy.move-up")}
          disabled={index === 0}
          onClick={() => onMove(index, index - 1)}
        />
        <Button
          type="text"
          icon={<ArrowDownOutlined />}
          aria-label={t("policy.move-down")}
          disabled={index === count - 1}
          onClick={() => onMove(index, index + 1)}
        />
        <Button type="text" danger icon={<DeleteOutlined />} aria-label={t("policy.remove-step")} onClick={onRemove} />
      </header>
      <div className="policy-fields">
        <Field label={t("field.groups")}>
          <Select
            mode="multiple"
            allowClear
            value={[...step.groups]}
            options={choices.groups}
            placeholder={t("policy.any-group")}
            onChange={(groups: string[]) => put({ groups })}
            aria-label={t("field.groups")}
          />
        </Field>
        <UnitScopeField value={step.units} onChange={(units) => put({ units })} choices={choices} />
        <StrategyField value={step.strategy} onChange={(strategy) => put({ strategy })} />
        <Field label={t("field.skills")} wide>
          <SkillField
            value={step.skills}
            onChange={(skills) => put({ skills })}
            known={(choices.directory?.skills ?? []).map((one) => one.skill)}
          />
        </Field>
        <Field label={t("field.ringMs")}>
          <InputNumber
            min={3}
            max={120}
            value={step.ringMs / 1000}
            suffix={t("policy.seconds")}
            onChange={(value) => put({ ringMs: (value ?? 20) * 1000 })}
            aria-label={t("field.ringMs")}
          />
        </Field>
        <Field label={t("field.expiryMs")}>
          <InputNumber
            min={1}
            max={86_400}
            value={step.expiryMs === null ? null : step.expiryMs / 1000}
            placeholder={t("policy.no-end")}
            suffix={t("policy.seconds")}
            onChange={(value) => put({ expiryMs: value === null ? null : value * 1000 })}
            aria-label={t("field.expiryMs")}
          />
        </Field>
        <Field label={t("field.whenNobody")}>
          <Select
            value={step.whenNobody}
            onChange={(whenNobody) => put({ whenNobody })}
            options={(["wait", "advance"] as const).map((value) => ({ value, label: code("when-nobody", value) }))}
            aria-label={t("field.whenNobody")}
          />
        </Field>
      </div>
      {problems.map((problem) => (
        <p key={problem.text} className={`small-print ${problem.severity === "error" ? "wrong" : "doubtful"}`}>
          {problem.text}
        </p>
      ))}
    </section>
  );
}

function UnitScopeField({
  value,
  onChange,
  choices,
}: {
  value: UnitScope;
  onChange(value: UnitScope): void;
  choices: Choices;
}) {
  const { t, code } = useWords();
  const ofKind = (kind: UnitScope["kind"]): UnitScope => {
    switch (kind) {
      case "any":
        return { kind };
      case "units":
        return { kind, units: [] };
      case "customer":
        return { kind, levelsUp: 1 };
      default:
        return kind satisfies never;
    }
  };
  return (
    <Field label={t("field.units")}>
      <Select
        value={value.kind}
        onChange={(kind) => onChange(ofKind(kind))}
        options={(["any", "units", "customer"] as const).map((kind) => ({
          value: kind,
          label: code("unit-scope", kind),
        }))}
        aria-label={t("field.units")}
      />
      {value.kind === "units" ? (
        <Select
          mode="multiple"
          value={[...value.units]}
          options={choices.units}
          showSearch={{ optionFilterProp: "label" }}
          onChange={(units: string[]) => onChange({ kind: "units", units })}
          aria-label={t("unit-scope.units")}
        />
      ) : null}
      {value.kind === "customer" ? (
        <InputNumber
          min={0}
          max={10}
          value={value.levelsUp}
          suffix={t("policy.levels-up")}
          onChange={(levelsUp) => onChange({ kind: "customer", levelsUp: levelsUp ?? 0 })}
          aria-label={t("policy.levels-up")}
        />
      ) : null}
    </Field>
  );
}

function StrategyField({ value, onChange }: { value: Strategy; onChange(value: Strategy): void }) {
  const { t, code } = useWords();
  return (
    <Field label={t("field.strategy")}>
      <Select
        value={value.kind}
        onChange={(kind) =>
          onChange(kind === "sticky" ? { kind, withinMs: 7 * DAY_MS, otherwise: "longest-idle" } : { kind })
        }
        options={STRATEGIES.map((kind) => ({ value: kind, label: code("strategy", kind) }))}
        aria-label={t("field.strategy")}
      />
      {value.kind === "sticky" ? (
        <>
          <InputNumber
            min={1}
            max={365}
            value={Math.round(value.withinMs / DAY_MS)}
            prefix={t("policy.within")}
            suffix={t("policy.days")}
            onChange={(days) => onChange({ ...value, withinMs: (days ?? 1) * DAY_MS })}
            aria-label={t("policy.within")}
          />
          <Checkbox
            checked={value.otherwise === null}
            onChange={(event) => onChange({ ...value, otherwise: event.target.checked ? null : "longest-idle" })}
          >
            {t("policy.only-last")}
          </Checkbox>
          {value.otherwise === null ? null : (
            <Select
              value={value.otherwise}
              onChange={(otherwise) => onChange({ ...value, otherwise })}
              options={FALLBACKS.map((kind) => ({
                value: kind,
                label: t("policy.otherwise", { strategy: code("strategy", kind) }),
              }))}
              aria-label={t("policy.only-last")}
            />
          )}
        </>
      ) : null}
    </Field>
  );
}
