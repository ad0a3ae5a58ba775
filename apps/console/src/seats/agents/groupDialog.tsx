import type { GroupRow } from "@gridhall/domain/seats/api.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import { z } from "zod";
import { send } from "../../api/request.ts";
import { useWords } from "../../i18n/language.tsx";
import { sentenceOf } from "../../parts/states.tsx";
import { useChoices } from "../policies/useNames.ts";

const Done = z.object({ ok: z.literal(true) });
interface Entered {
  groupId: string;
  zh: string;
  en: string;
  unitPath: string;
}

export function GroupDialog({ group, onClose }: { group: GroupRow | null; onClose(): void }) {
  const words = useWords();
  const { t } = words;
  const { message } = App.useApp();
  const client = useQueryClient();
  const { units } = useChoices();
  const [form] = Form.useForm<Entered>();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async ({ groupId, zh, en, unitPath }: Entered) => {
    setBusy(true);
    setError(null);
    try {
      await send(Done, "/api/seats/groups", { groupId, title: { zh, en }, unitPath });
      void message.success(t("groups.saved"));
      await client.invalidateQueries({ queryKey: ["seat-directory"] });
      onClose();
    } catch (cause) {
      setError(sentenceOf(cause, words));
    } finally {
      setBusy(false);
    }
  };
  const needed = [{ required: true, whitespace: true, message: t("groups.needed") }];
  return (
    <Modal
      open
      title={t(group ? "groups.edit" : "groups.new")}
      onCancel={onClose}
      onOk={() => form.submit()}
      okText={t("agents.save")}
      cancelText={t("cancel")}
      confirmLoading={busy}
    >
      <Form<Entered>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={
          group ? { groupId: group.groupId, ...group.title, unitPath: group.unitPath } : { unitPath: units[0]?.value }
        }
        onFinish={(entered) => void save(entered)}
      >
        <Form.Item name="zh" label={t("field.title-zh")} rules={needed}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item name="en" label={t("field.title-en")} rules={needed}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item
          name="groupId"
          label={t("groups.id")}
          rules={[{ required: true, pattern: /^[a-z][a-z0-9-]{0,47}$/, message: t("groups.id-rule") }]}
        >
          <Input maxLength={48} disabled={group !== null} placeholder="night-shift" />
        </Form.Item>
        <Form.Item name="unitPath" label={t("agents.unit")} rules={needed}>
          <Select options={units} showSearch={{ optionFilterProp: "label" }} />
        </Form.Item>
        {error === null ? null : <Alert type="error" showIcon title={error} role="alert" />}
      </Form>
    </Modal>
  );
}
