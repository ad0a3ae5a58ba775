import type { HelpField } from "@gridhall/domain/seats/assist.ts";
import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { Button, Input, Select, Tooltip } from "antd";
import { useRef, useState } from "react";
import { useWords } from "../../i18n/language.tsx";
import { keyOf } from "../keyboard.ts";
import { desk } from "../link/desk.ts";
import { useKeys } from "../useKeys.ts";
import { checkValue, typedValue, type ValueProblem } from "./fieldValue.ts";

/**
 * The page's fields. What is typed is proposed to the customer; with consent to control it can be set. The buttons stand
 * at the field that was touched last.
 */
export function FieldProposals({
  callId,
  fields,
  controls,
}: {
  callId: DeskCall["callId"];
  fields: readonly HelpField[];
  controls: boolean;
}) {
  const { t, pick } = useWords();
  const open = fields.filter((field) => !field.sensitive);
  const [active, setActive] = useState(() => open.at(-1)?.field ?? null);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<ValueProblem | null>(null);
  const form = useRef<HTMLElement>(null);
  const current = open.find((field) => field.field === active) ?? null;
  const textOf = (field: HelpField) => typed[field.field] ?? typedValue(field);
  const give = (type: "propose-field" | "control-field") => {
    if (!current) return;
    const checked = checkValue(current, textOf(current));
    setProblem(checked.ok ? null : checked.problem);
    if (checked.ok) desk.order({ type, callId, field: current.field, value: checked.value });
  };
  useKeys({
    propose: () => {
      // First press: to the field; from there it proposes.
      if (form.current?.contains(document.activeElement)) give("propose-field");
      else form.current?.querySelector<HTMLElement>(".field.active input")?.focus();
    },
  });
  if (fields.length === 0) return null;
  const touch = (field: HelpField, text: string) => {
    setActive(field.field);
    setTyped({ ...typed, [field.field]: text });
    setProblem(null);
  };
  return (
    <section ref={form} className="fields">
      <h3>{t("journey-help.fields")}</h3>
      {fields.map((field) => {
        const label = pick(field.label.zh, field.label.en);
        if (field.sensitive)
          return (
            <div key={field.field} className="field">
              <span className="field-label">{label}</span>
              <p className="faint">{t("journey-help.sensitive")}</p>
            </div>
          );
        const mine = field.field === active;
        const failed = mine && problem !== null;
        const id = `help-${field.field}`;
        return (
          <div key={field.field} className={mine ? "field active" : "field"}>
            <label className="field-label" htmlFor={id}>
              {label}
              {field.kind === "amount-fen" ? t("journey-help.in-yuan") : ""}
            </label>
            {field.kind === "choice" ? (
              <Select
                id={id}
                value={textOf(field) || null}
                placeholder={t("journey-help.choose")}
                status={failed ? "error" : ""}
                options={field.options.map((option) => ({
                  value: option.value,
                  label: pick(option.label.zh, option.label.en),
                }))}
                onFocus={() => setActive(field.field)}
                onChange={(value) => touch(field, value ?? "")}
                data-testid={`propose-field-${field.field}`}
              />
            ) : (
              <Input
                id={id}
                value={textOf(field)}
                status={failed ? "error" : ""}
                inputMode={field.kind === "text" ? "text" : "decimal"}
                placeholder={t(`field-hint.${field.kind}`)}
                aria-invalid={failed}
                autoComplete="off"
                onFocus={() => setActive(field.field)}
                onChange={(event) => touch(field, event.target.value)}
                onPressEnter={() => give("propose-field")}
                data-testid={`propose-field-${field.field}`}
              />
            )}
            {mine ? (
              <span className="buttons">
                <Tooltip title={t("journey-help.propose-hint", { key: keyOf("propose") })}>
                  <Button type="primary" onClick={() => give("propose-field")} data-testid="propose-send">
                    {t("journey-help.propose")}
                  </Button>
                </Tooltip>
                {controls ? (
                  <Button onClick={() => give("control-field")} data-testid="control-send">
                    {t("journey-help.set")}
                  </Button>
                ) : null}
              </span>
            ) : null}
            {failed ? (
              <p className="field-problem" role="alert">
                {t(`value-problem.${problem}`)}
              </p>
            ) : null}
          </div>
        );
      })}
    </section>
  );
}
