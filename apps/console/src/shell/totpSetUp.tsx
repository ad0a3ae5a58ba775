import { BeginTotp, TotpSecret } from "@gridhall/domain/staff/api.ts";
import { QrCode } from "@gridhall/ui/qrCode.tsx";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, type InputRef, Typography } from "antd";
import { useEffect, useRef, useState } from "react";
import { z } from "zod";
import { RequestError, send } from "../api/request.ts";
import { useWords } from "../i18n/language.tsx";
import { sentenceOf } from "../parts/states.tsx";
import { useMe } from "./me.ts";

const Confirmed = z.object({ ok: z.literal(true) });
const FIGURES = /^\d{6}$/;

/** Password, then the secret for the authenticator, then its figures: only these make it count. */
export function TotpSetUp({ onDone }: { onDone(): void }) {
  const [made, setMade] = useState<TotpSecret | null>(null);
  return made ? <Confirm made={made} onDone={onDone} /> : <Begin onMade={setMade} />;
}

/** Runs one request of a form and keeps what went wrong with it in words. */
function useAttempt() {
  const words = useWords();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setError(null);
    try {
      await work();
    } catch (cause) {
      setError(
        cause instanceof RequestError && cause.code === "auth.wrong" ? words.t("totp.wrong") : sentenceOf(cause, words),
      );
    } finally {
      setBusy(false);
    }
  };
  return { error, busy, attempt };
}

function Begin({ onMade }: { onMade(made: TotpSecret): void }) {
  const { t } = useWords();
  const me = useMe();
  const { error, busy, attempt } = useAttempt();
  const begin = (entered: BeginTotp) =>
    attempt(async () => {
      onMade(await send(TotpSecret, "/api/me/totp", BeginTotp.parse(entered)));
    });
  return (
    <Form<BeginTotp> layout="vertical" requiredMark={false} onFinish={(entered) => void begin(entered)}>
      <p className="gap">{t("totp.intro")}</p>
      {me.hasTotp ? <Alert type="warning" showIcon title={t("totp.already")} className="gap" /> : null}
      <Form.Item
        name="password"
        label={t("sign-in.password")}
        rules={[{ required: true, message: t("sign-in.password-missing") }]}
      >
        <Input.Password name="totp-password" autoComplete="current-password" maxLength={200} />
      </Form.Item>
      {me.hasTotp ? (
        <Form.Item
          name="totp"
          label={t("totp.present")}
          rules={[{ required: true, pattern: FIGURES, message: t("sign-in.totp-missing") }]}
        >
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
        </Form.Item>
      ) : null}
      <Wrong error={error} />
      <Button type="primary" htmlType="submit" loading={busy} data-action="totp-begin">
        {t("totp.generate")}
      </Button>
    </Form>
  );
}

function Confirm({ made, onDone }: { made: TotpSecret; onDone(): void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const { error, busy, attempt } = useAttempt();
  const field = useRef<InputRef>(null);
  useEffect(() => field.current?.focus(), []);
  const confirm = (totp: string) =>
    attempt(async () => {
      await send(Confirmed, "/api/me/totp/confirm", { totp });
      onDone();
      await client.invalidateQueries({ queryKey: ["me"] });
    });
  return (
    <div className="totp">
      <p>{t("totp.scan")}</p>
      <div className="totp-code">
        <QrCode text={made.uri} label={t("totp.qr")} />
      </div>
      <p>
        {t("totp.secret")}{" "}
        <Typography.Text copyable code data-value="totp-secret">
          {made.secret}
        </Typography.Text>
      </p>
      <Form<{ totp: string }> layout="vertical" requiredMark={false} onFinish={({ totp }) => void confirm(totp)}>
        <Form.Item
          name="totp"
          label={t("totp.confirm-label")}
          rules={[{ required: true, pattern: FIGURES, message: t("sign-in.totp-missing") }]}
        >
          <Input ref={field} name="totp-figures" inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
        </Form.Item>
        <Wrong error={error} />
        <Button type="primary" htmlType="submit" loading={busy} data-action="totp-confirm">
          {t("totp.confirm")}
        </Button>
      </Form>
    </div>
  );
}

function Wrong({ error }: { error: string | null }) {
  return error === null ? null : <Alert className="gap" type="error" showIcon title={error} role="alert" />;
}
