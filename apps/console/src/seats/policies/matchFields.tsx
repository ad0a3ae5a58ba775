import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import type { DayKind, TimeWindow } from "@gridhall/domain/routing/policy.ts";
import { Button, Input, InputNumber, Select } from "antd";
import { useWords } from "../../i18n/language.tsx";
import type { EditedMatch } from "./edited.ts";
import { Field } from "./stepCard.tsx";
import type { Choices } from "./useNames.ts";

const LISTS = ["units", "halls", "devices", "services", "customerClasses"] as const;
const DAYS = [1, 2, 3, 4, 5, 6, 7];
const KINDS: readonly DayKind[] = ["working", "weekend", "holiday"];

/** Which calls the policy takes. Nothing chosen asks for nothing. */
export function MatchFields({
  value,
  onChange,
  choices,
}: {
  value: EditedMatch;
  onChange(value: EditedMatch): void;
  choices: Choices;
}) {
  const { t, code } = useWords();
  const options = {
    units: choices.units,
    halls: choices.halls,
    devices: choices.devices,
    services: choices.services,
    customerClasses: choices.classes,
  };
  const putWindow = (index: number, part: Partial<TimeWindow>) =>
    onChange({ ...value, times: value.times.map((window, n) => (n === index ? { ...window, ...part } : window)) });
  return (
    <div className="policy-fields">
      {LISTS.map((list) => (
        <Field key={list} label={code("field", list === "units" ? "match-units" : list)}>
          <Select
            mode="multiple"
            allowClear
            value={[...value[list]]}
            options={options[list]}
            showSearch={{ optionFilterProp: "label" }}
            placeholder={t("policy.all-of-them")}
            onChange={(chosen: string[]) => onChange({ ...value, [list]: chosen })}
            aria-label={code("field", list === "units" ? "match-units" : list)}
            data-testid={`match-${list}`}
          />
        </Field>
      ))}
      <Field label={t("field.priorityAtLeast")}>
        <InputNumber
          min={0}
          max={100}
          value={value.priorityAtLeast}
          placeholder={t("policy.any-priority")}
          onChange={(priorityAtLeast) => onChange({ ...value, priorityAtLeast })}
          aria-label={t("field.priorityAtLeast")}
        />
      </Field>
      <Field label={t("field.times")} wide>
        {value.times.map((window, index) => (
          // Windows have no identity but their place.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="time-window">
            <Input
              type="time"
              className="time"
              value={window.from}
              onChange={(event) => putWindow(index, { from: event.target.value })}
              aria-label={t("policy.window-from")}
            />
            <span>–</span>
            <Input
              className="time"
              value={window.until}
              maxLength={5}
              placeholder="24:00"
              onChange={(event) => putWindow(index, { until: event.target.value })}
              status={/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(window.until) ? "" : "error"}
              aria-label={t("policy.window-until")}
            />
            <Select
              mode="multiple"
              className="days"
              value={[...window.weekdays]}
              placeholder={t("policy.every-weekday")}
              options={DAYS.map((day) => ({ value: day, label: code("weekday", String(day)) }))}
              onChange={(weekdays: number[]) => putWindow(index, { weekdays: weekdays.toSorted((a, b) => a - b) })}
              aria-label={t("policy.every-weekday")}
            />
            <Select
              mode="multiple"
              className="days"
              value={[...window.dayKinds]}
              placeholder={t("policy.every-kind-of-day")}
              options={KINDS.map((kind) => ({ value: kind, label: code("day-kind", kind) }))}
              onChange={(dayKinds: DayKind[]) => putWindow(index, { dayKinds })}
              aria-label={t("policy.every-kind-of-day")}
            />
            <Button
              type="text"
              danger
              icon={<DeleteOutlined />}
              aria-label={t("policy.remove-window")}
              onClick={() => onChange({ ...value, times: value.times.filter((_, n) => n !== index) })}
            />
          </div>
        ))}
        <div>
          <Button
            size="small"
            icon={<PlusOutlined />}
            onClick={() =>
              onChange({
                ...value,
                times: [...value.times, { from: "08:30", until: "17:30", weekdays: [], dayKinds: ["working"] }],
              })
            }
          >
            {t("policy.add-window")}
          </Button>
          {value.times.length === 0 ? <span className="small-print beside">{t("policy.at-all-times")}</span> : null}
        </div>
      </Field>
    </div>
  );
}
