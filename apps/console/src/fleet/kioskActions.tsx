import type { KioskCommand, KioskDetail } from "@gridhall/domain/fleet/api.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, App, Button, Form, Input, Modal, Popconfirm, Typography } from "antd";
import { useState } from "react";
import { z } from "zod";
import { RequestError, send } from "../api/request.ts";
import { useWords } from "../i18n/language.tsx";
import { clock } from "../parts/format.ts";
import { sentenceOf } from "../parts/states.tsx";

const Code = z.object({ code: z.string(), expiresAt: z.string() });

export function KioskActions({ kiosk }: { kiosk: KioskDetail }) {
  const words = useWords();
  const { t, code } = words;
  const client = useQueryClient();
  const { message } = App.useApp();
  const [enrolment, setEnrolment] = useState<z.infer<typeof Code> | null>(null);
  const [revoking, setRevoking] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const path = `/api/kiosks/${encodeURIComponent(kiosk.deviceId)}`;
  const again = () => client.invalidateQueries({ queryKey: ["kiosk", kiosk.deviceId] });

  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
      await again();
    } catch (cause) {
      void message.error(sentenceOf(cause, words));
    }
  };
  const command = (type: z.infer<typeof KioskCommand>["type"]) =>
    void attempt(async () => {
      await send(z.object({ commandId: z.string() }), `${path}/commands`, { type, body: {} });
      void message.success(t("kiosk.commanded", { what: code("command", type) }));
    });
  const revoke = async (reason: string) => {
    setRefusal(null);
    try {
      await send(z.object({ revoked: z.boolean() }), `${path}/revoke`, { reason });
      setRevoking(false);
      await again();
    } catch (cause) {
      const onField = cause instanceof RequestError && cause.fields.length > 0;
      setRefusal(onField ? t("kiosk.revoke-reason-missing") : sentenceOf(cause, words));
    }
  };
  const dead = kiosk.state === "revoked" || kiosk.state === "never-enrolled";

  return (
    <div className="buttons">
      <Button disabled={dead} onClick={() => command("send-status")} data-action="send-status">
        {t("kiosk.send-status")}
      </Button>
      <Button disabled={dead} onClick={() => command("self-test")} data-action="self-test">
        {t("kiosk.self-test")}
      </Button>
      <Popconfirm title={t("kiosk.restart-confirm")} onConfirm={() => command("restart")} disabled={dead}>
        <Button disabled={dead} data-action="restart">
          {t("kiosk.restart")}
        </Button>
      </Popconfirm>
      <Button
        onClick={() => void attempt(async () => setEnrolment(await send(Code, `${path}/enrolment-code`)))}
        data-action="enrolment-code"
      >
        {t("kiosk.enrol")}
      </Button>
      <Button danger disabled={dead} onClick={() => setRevoking(true)} data-action="revoke">
        {t("kiosk.revoke")}
      </Button>

      <Modal
        open={enrolment !== null}
        title={t("kiosk.enrol-title")}
        onCancel={() => setEnrolment(null)}
        footer={null}
        destroyOnHidden
        width={480}
      >
        {enrolment ? (
          <>
            <Typography.Paragraph
              className="enrolment"
              copyable={{ tooltips: false }}
              data-enrolment-code={enrolment.code}
            >
              {enrolment.code}
            </Typography.Paragraph>
            <p>{t("kiosk.enrol-expires", { time: clock(enrolment.expiresAt) })}</p>
            <p className="faint">{t("kiosk.enrol-hint")}</p>
          </>
        ) : null}
      </Modal>
      <Modal
        open={revoking}
        title={t("kiosk.revoke-title")}
        onCancel={() => setRevoking(false)}
        footer={null}
        destroyOnHidden
      >
        <Form<{ reason: string }> layout="vertical" requiredMark={false} onFinish={({ reason }) => void revoke(reason)}>
          <Alert className="gap" type="warning" showIcon title={t("kiosk.revoke-warning")} />
          <Form.Item
            name="reason"
            label={t("kiosk.revoke-reason")}
            rules={[{ required: true, whitespace: true, min: 2, message: t("kiosk.revoke-reason-missing") }]}
            {...(refusal === null ? {} : { validateStatus: "error" as const, help: refusal })}
          >
            <Input.TextArea rows={3} maxLength={200} showCount autoFocus />
          </Form.Item>
          <div className="buttons">
            <Button type="primary" danger htmlType="submit">
              {t("kiosk.revoke")}
            </Button>
            <Button onClick={() => setRevoking(false)}>{t("cancel")}</Button>
          </div>
        </Form>
      </Modal>
    </div>
  );
}
