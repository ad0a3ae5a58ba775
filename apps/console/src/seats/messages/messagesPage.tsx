import { PhoneOutlined } from "@ant-design/icons";
import type { LeftMessage } from "@gridhall/domain/seats/api.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Form, Input, Modal, type TableColumnsType, Tabs, Tag } from "antd";
import { useState } from "react";
import { z } from "zod";
import { send } from "../../api/request.ts";
import { useWords } from "../../i18n/language.tsx";
import { useNow } from "../../parts/bits.tsx";
import { ChoiceFilter, FilterBar, useFilters } from "../../parts/filters.tsx";
import { span } from "../../parts/format.ts";
import { Page, Panel } from "../../parts/page.tsx";
import { RowTable } from "../../parts/rowTable.tsx";
import { Loaded, Needs, sentenceOf } from "../../parts/states.tsx";
import { useMay } from "../../shell/me.ts";
import { at } from "../chinaTime.ts";
import { seatsQueries } from "../seatsQueries.ts";
import { OrdersTab } from "./ordersTab.tsx";

export function MessagesPage() {
  const { t } = useWords();
  const { values, set } = useFilters(["tab", "state"]);
  return (
    <Needs permission="calls.read">
      <Page name="messages" title={t("messages.title")}>
        <Tabs
          activeKey={values.tab ?? "messages"}
          onChange={(tab) => set("tab", tab === "messages" ? undefined : tab)}
          items={[
            { key: "messages", label: t("messages.tab"), children: <Messages /> },
            { key: "orders", label: t("orders.tab"), children: <OrdersTab /> },
          ]}
        />
      </Page>
    </Needs>
  );
}

/** Callbacks and messages, those that have waited longest first. */
function Messages() {
  const words = useWords();
  const { t, code, pick } = words;
  const nowMs = useNow(10_000);
  const mayServe = useMay("seats.serve");
  const { values, set } = useFilters(["tab", "state"]);
  const [working, setWorking] = useState<LeftMessage | null>(null);
  const messages = useQuery({
    ...seatsQueries.messages({ state: values.state ?? "open", limit: 500 }),
    refetchInterval: 15_000,
  });
  const columns: TableColumnsType<LeftMessage> = [
    {
      title: t("messages.waits"),
      key: "waits",
      render: (_, row) =>
        row.doneMs === null ? (
          <b className={nowMs - row.leftMs > 3_600_000 ? "figure worse" : "figure"}>
            {span((nowMs - row.leftMs) / 1000, words)}
          </b>
        ) : (
          <span className="figure faint">{at(row.doneMs)}</span>
        ),
    },
    {
      title: t("messages.kind"),
      key: "kind",
      render: (_, row) => (
        <Tag color={row.kind === "callback" ? "processing" : "default"} className="state">
          {code("message-kind", row.kind)}
        </Tag>
      ),
    },
    {
      title: t("messages.phone"),
      key: "phone",
      render: (_, row) =>
        row.phone === null ? (
          <span className="faint">{t("none")}</span>
        ) : (
          <a href={`tel:${row.phone}`} className="figure">
            <PhoneOutlined /> {row.phone}
          </a>
        ),
    },
    {
      title: t("messages.topic"),
      key: "topic",
      className: "wrap",
      render: (_, row) =>
        row.topic === null ? <span className="faint">{t("none")}</span> : code("topic", code("service", row.topic)),
    },
    { title: t("payment.hall"), key: "hall", render: (_, row) => pick(row.hallZh, row.hallEn) },
    { title: t("messages.left"), key: "left", render: (_, row) => <span className="figure">{at(row.leftMs)}</span> },
    {
      title: t("messages.call"),
      key: "call",
      render: (_, row) => (
        <Link to="/calls/$callId" params={{ callId: row.callId }}>
          {t("messages.open-call")}
        </Link>
      ),
    },
    {
      title: t("messages.result"),
      key: "result",
      className: "wrap",
      render: (_, row) =>
        row.doneMs === null ? (
          mayServe ? (
            <Button size="small" type="primary" onClick={() => setWorking(row)} data-testid="message-done">
              {t("messages.done")}
            </Button>
          ) : (
            <span className="faint">{t("messages.open")}</span>
          )
        ) : (
          <>
            {row.result} <span className="faint">{row.doneBy}</span>
          </>
        ),
    },
  ];
  return (
    <Loaded query={messages}>
      {(rows) => (
        <Panel flush>
          <FilterBar
            onRefresh={() => void messages.refetch()}
            csv={{ path: "/api/seats/messages", query: { state: values.state ?? "open", limit: 1000 } }}
            note={t("list.count", { n: rows.length })}
          >
            <ChoiceFilter
              label={t("filter.state")}
              value={values.state ?? "open"}
              onChange={(state) => set("state", state === "open" ? undefined : state)}
              options={(["open", "done", "all"] as const).map((value) => ({
                value,
                label: t(`messages.state-${value}`),
              }))}
            />
          </FilterBar>
          <RowTable
            label={t("messages.title")}
            rows={rows}
            idOf={(row) => row.messageId}
            columns={columns}
            {...(values.state === undefined
              ? { emptyTitle: t("messages.none"), emptyHint: t("messages.none-hint") }
              : {})}
          />
          {working ? <DoneDialog message={working} onClose={() => setWorking(null)} /> : null}
        </Panel>
      )}
    </Loaded>
  );
}

const Done = z.object({ ok: z.literal(true) });

function DoneDialog({ message: left, onClose }: { message: LeftMessage; onClose(): void }) {
  const words = useWords();
  const { t } = words;
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const finish = async ({ result }: { result: string }) => {
    setBusy(true);
    try {
      await send(Done, `/api/seats/messages/${encodeURIComponent(left.messageId)}/done`, { result });
      void message.success(t("messages.is-done"));
      onClose();
    } catch (cause) {
      void message.error(sentenceOf(cause, words));
    } finally {
      setBusy(false);
      await client.invalidateQueries({ queryKey: ["seat-messages"] });
    }
  };
  return (
    <Modal open title={t("messages.done-title")} footer={null} onCancel={onClose} destroyOnHidden>
      <Form<{ result: string }> layout="vertical" requiredMark={false} onFinish={(entered) => void finish(entered)}>
        <Form.Item
          name="result"
          label={t("messages.result")}
          rules={[{ required: true, whitespace: true, message: t("messages.result-missing") }]}
        >
          <Input.TextArea
            autoFocus
            rows={4}
            maxLength={1000}
            placeholder={t("messages.result-placeholder")}
            data-testid="message-result"
          />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={busy} data-testid="message-save">
          {t("messages.save")}
        </Button>
      </Form>
    </Modal>
  );
}
