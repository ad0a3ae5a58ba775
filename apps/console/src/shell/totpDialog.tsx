import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Modal, QRCode, Typography } from "antd";
import { useState } from "react";
import { z } from "zod";
import { RequestError, send } from "../api/request.ts";
import { useWords } from "../i18n/language.tsx";
import { sentenceOf } from "../parts/states.tsx";
import { useMe } from "./me.ts";

const Secret = z.object({ secret: z.string(), uri: z.string() });

export function TotpDialog({ open, onClose }: { open: boolean; onClose(): void }) {
  const words = useWords();
  const { t } = words;
  const me = useMe();
  const client = useQueryClient();
  const [made, setMade] = useState<z.infer<typeof Secret> | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const close = () => {
    setMade(null);
    setError(null);
    onClose();
  };
  const make = async (password: string) => {
    setBusy(true);
    setError(null);
    try {
      setMade(await send(Secret, "/api/me/totp", { password }));
      await client.invalidateQueries({ queryKey: ["me"] });
    } catch (cause) {
      setError(
        cause instanceof RequestError && cause.code === "auth.wrong" ? t("totp.wrong") : sentenceOf(cause, words),
      );
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal open={open} title={t("profile.totp")} onCancel={close} footer={null} destroyOnHidden width={460}>
      {made ? (
        <div className="totp">
          <p>{t("totp.scan")}</p>
          <div role="img" aria-label={t("totp.qr")}>
            <QRCode value={made.uri} type="svg" size={196} />
          </div>
          <p>
            {t("totp.secret")}:{" "}
            <Typography.Text copyable code>
              {made.secret}
            </Typography.Text>
          </p>
          <Button type="primary" onClick={close}>
            {t("close")}
          </Button>
        </div>
      ) : (
        <Form<{ password: string }>
          layout="vertical"
          requiredMark={false}
          onFinish={({ password }) => void make(password)}
        >
          <p>{t("totp.intro")}</p>
          {me.hasTotp ? <Alert type="warning" showIcon title={t("totp.already")} className="gap" /> : null}
          <Form.Item
            name="password"
            label={t("sign-in.password")}
            rules={[{ required: true, message: t("sign-in.password-missing") }]}
            {...(error === null ? {} : { validateStatus: "error" as const, help: error })}
          >
            <Input.Password autoComplete="current-password" maxLength={200} />
          </Form.Item>
          <Button type="primary" htmlType="submit" loading={busy}>
            {t("totp.generate")}
          </Button>
        </Form>
      )}
    </Modal>
  );
}
