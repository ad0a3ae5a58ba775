import { WorkOrderRow } from "@gridhall/domain/seats/api.ts";
import type { DeskCall } from "@gridhall/domain/seats/desk.ts";
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, DatePicker, Form, Input, Radio, Select } from "antd";
import dayjs from "dayjs";
import { type ReactNode, useState } from "react";
import { send } from "../../api/request.ts";
import { useWords } from "../../i18n/language.tsx";
import { clock } from "../../parts/format.ts";
import { sentenceOf } from "../../parts/states.tsx";
import { useCentreNow } from "../link/desk.ts";
import {
  DUE_AFTER_MS,
  problemsOf,
  URGENCIES,
  type WorkOrderDraft,
  type WorkOrderField,
  WORK_ORDER_TYPES,
  workOrderOf,
} from "./workOrder.ts";

/** A customer's need that somebody has to go out for. */
export function WorkOrderForm({ call }: { call: DeskCall }) {
  const words = useWords();
  const { t, code } = words;
  const now = useCentreNow(10_000);
  const fresh = (): WorkOrderDraft => ({
    ...{ type: null, urgency: "normal", place: "", contactPhone: "", detail: "" },
    dueMs: now + DUE_AFTER_MS.normal,
  });
  const [draft, setDraft] = useState(fresh);
  const [tried, setTried] = useState(false);
  const problems = tried ? problemsOf(draft, now) : {};
  const open = useMutation({
    mutationFn: (order: NonNullable<ReturnType<typeof workOrderOf>>) =>
      send(WorkOrderRow, "/api/seats/work-orders", order),
    onSuccess: () => {
      setDraft(fresh());
      setTried(false);
    },
  });
  const set = (part: Partial<WorkOrderDraft>) => {
    open.reset();
    setDraft({ ...draft, ...part });
  };
  const submit = () => {
    setTried(true);
    const order = workOrderOf(draft, call.callId, now);
    if (order) open.mutate(order);
  };
  const field = (name: WorkOrderField, required: boolean, control: ReactNode) => (
    <Form.Item
      label={t(`work-order.${name}`)}
      required={required}
      htmlFor={`order-${name}`}
      {...(problems[name] === undefined
        ? {}
        : { validateStatus: "error" as const, help: code("order-problem", problems[name]) })}
    >
      {control}
    </Form.Item>
  );
  return (
    <Form layout="vertical" size="small" className="work-order" onFinish={submit} data-testid="work-order">
      {open.data ? (
        <Alert
          type="success"
          showIcon
          title={t("work-order.opened", {
            number: open.data.orderId.slice(0, 8),
            due: clock(new Date(open.data.dueMs).toISOString()).slice(5, 16),
          })}
          data-testid="work-order-opened"
        />
      ) : null}
      {open.error ? <Alert type="error" showIcon title={sentenceOf(open.error, words)} /> : null}
      {field(
        "type",
        true,
        <Select
          id="order-type"
          value={draft.type}
          placeholder={t("work-order.type-hint")}
          options={WORK_ORDER_TYPES.map((type) => ({ value: type, label: code("order-type", type) }))}
          onChange={(type) => set({ type })}
          data-testid="work-order-type"
        />,
      )}
      {field(
        "urgency",
        true,
        <Radio.Group
          id="order-urgency"
          optionType="button"
          value={draft.urgency}
          options={URGENCIES.map((value) => ({ value, label: code("urgency", value) }))}
          onChange={({ target }) => {
            const urgency = URGENCIES.find((one) => one === target.value);
            if (urgency) set({ urgency, dueMs: now + DUE_AFTER_MS[urgency] });
          }}
        />,
      )}
      {field(
        "place",
        true,
        <Input
          id="order-place"
          value={draft.place}
          placeholder={t("work-order.place-hint")}
          onChange={(event) => set({ place: event.target.value })}
          data-testid="work-order-place"
        />,
      )}
      <div className="two">
        {field(
          "contactPhone",
          false,
          <Input
            id="order-contactPhone"
            value={draft.contactPhone}
            inputMode="tel"
            onChange={(event) => set({ contactPhone: event.target.value })}
          />,
        )}
        {field(
          "dueMs",
          true,
          <DatePicker
            id="order-dueMs"
            showTime={{ format: "HH:mm" }}
            format="MM-DD HH:mm"
            value={draft.dueMs === null ? null : dayjs(draft.dueMs)}
            onChange={(at) => set({ dueMs: at?.valueOf() ?? null })}
          />,
        )}
      </div>
      {field(
        "detail",
        true,
        <Input.TextArea
          id="order-detail"
          rows={4}
          value={draft.detail}
          placeholder={t("work-order.detail-hint")}
          onChange={(event) => set({ detail: event.target.value })}
          data-testid="work-order-detail"
        />,
      )}
      <Button type="primary" htmlType="submit" loading={open.isPending} data-testid="work-order-send">
        {t("work-order.send")}
      </Button>
    </Form>
  );
}
