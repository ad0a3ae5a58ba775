import { CaseDetail, CloseCase } from "@gridhall/domain/payment/api.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Form, Input, Radio } from "antd";
import { useState } from "react";
import { RequestError, send } from "../api/request.ts";
import { useWords } from "../i18n/language.tsx";
import { Panel } from "../parts/page.tsx";
import { sentenceOf } from "../parts/states.tsx";

interface Closing {
  outcome: CloseCase["outcome"];
  text: string;
}

/** What a person does with a case: notes on the way, and the end of it. */
export function CaseWork({ found }: { found: CaseDetail }) {
  const words = useWords();
  const { t, code } = words;
  const client = useQueryClient();
  const { message } = App.useApp();
  const [note] = Form.useForm<{ text: string }>();
  const [closing] = Form.useForm<Closing>();
  const [busy, setBusy] = useState(false);
  const path = `/api/cases/${encodeURIComponent(found.caseId)}`;
  const keep = (after: CaseDetail) => client.setQueryData(["case", found.caseId], after);

  const addNote = async (text: string) => {
    setBusy(true);
    try {
      keep(await send(CaseDetail, `${path}/notes`, { text }));
      note.resetFields();
    } catch (cause) {
      note.setFields([{ name: "text", errors: [sentenceOf(cause, words)] }]);
    } finally {
      setBusy(false);
    }
  };
  const close = async (wanted: Closing) => {
    setBusy(true);
    try {
      keep(await send(CaseDetail, `${path}/close`, wanted));
      void message.success(t("case.done"));
      await client.invalidateQueries({ queryKey: ["cases"] });
      await client.invalidateQueries({ queryKey: ["summary"] });
    } catch (cause) {
      const textIsWrong = cause instanceof RequestError && cause.fields.some(({ field }) => field === "text");
      const outcomeIsWrong =
        cause instanceof RequestError &&
        (cause.code === "case.nothing-to-credit" || cause.fields.some(({ field }) => field === "outcome"));
      if (textIsWrong) closing.setFields([{ name: "text", errors: [t("case.close-text-short")] }]);
      else if (outcomeIsWrong) closing.setFields([{ name: "outcome", errors: [sentenceOf(cause, words)] }]);
      else void message.error(sentenceOf(cause, words));
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="stack">
      <Panel title={t("case.note")}>
        <Form
          form={note}
          name="note"
          layout="vertical"
          requiredMark={false}
          onFinish={({ text }) => void addNote(text)}
        >
          <Form.Item name="text" rules={[{ required: true, whitespace: true, message: t("case.note-missing") }]}>
            <Input.TextArea
              rows={3}
              maxLength={1000}
              aria-label={t("case.note")}
              placeholder={t("case.note-placeholder")}
            />
          </Form.Item>
          <Button htmlType="submit" disabled={busy} data-action="add-note">
            {t("case.note-add")}
          </Button>
        </Form>
      </Panel>
      <Panel title={t("case.close-title")}>
        <Form
          form={closing}
          name="closing"
          layout="vertical"
          requiredMark={false}
          onFinish={(wanted) => void close(wanted)}
        >
          <Form.Item
            name="outcome"
            label={t("case.close-outcome")}
            rules={[{ required: true, message: t("case.close-outcome-missing") }]}
          >
            <Radio.Group
              vertical
              options={CloseCase.shape.outcome.options.map((value) => ({ value, label: code("case-outcome", value) }))}
            />
          </Form.Item>
          <Form.Item
            name="text"
            label={t("case.close-text")}
            rules={[{ required: true, whitespace: true, min: 4, message: t("case.close-text-short") }]}
          >
            <Input.TextArea rows={3} maxLength={1000} placeholder={t("case.close-text-placeholder")} />
          </Form.Item>
          <Alert className="gap" type="info" showIcon title={t("case.close-warning")} />
          <Button type="primary" htmlType="submit" loading={busy} data-action="close-case">
            {t("case.close")}
          </Button>
        </Form>
      </Panel>
    </div>
  );
}
