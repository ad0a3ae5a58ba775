import { Me } from "@gridhall/domain/staff/api.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { RequestError, send } from "../api/request.ts";
import { useWords } from "../i18n/language.tsx";
import { sentenceOf } from "../parts/states.tsx";
import { LanguageSwitch } from "./languageSwitch.tsx";

interface Entered {
  login: string;
  password: string;
  totp?: string;
}

export function SignInPage() {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [needsTotp, setNeedsTotp] = useState(false);
  const totp = useRef<InputRef>(null);
  useEffect(() => {
    document.title = `${t("sign-in.title")} · ${t("app.name")}`;
  }, [t]);
  useEffect(() => {
    if (needsTotp) totp.current?.focus();
  }, [needsTotp]);

  const enter = async (entered: Entered) => {
    setBusy(true);
    setError(null);
    try {
      const me = await send(Me, "/api/sign-in", {
        login: entered.login,
        password: entered.password,
        ...(needsTotp ? { totp: entered.totp } : {}),
      });
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "me" });
      client.setQueryData(["me"], me);
    } catch (cause) {
      const asksForTotp = cause instanceof RequestError && cause.code === "auth.totp-required";
      if (asksForTotp) setNeedsTotp(true);
      else setError(cause);
    } finally {
      setBusy(false);
    }
  };

  return (
    <main className="sign-in" data-page="sign-in">
      <div className="sign-in-card">
        <div className="sign-in-head">
          <img src="/mark.svg" alt="" width={40} height={40} />
          <div>
            <h1>{t("app.name")}</h1>
            <p>{t("app.tagline")}</p>
          </div>
          <span className="spread" />
          <LanguageSwitch />
        </div>
        <Form<Entered> layout="vertical" size="large" requiredMark={false} onFinish={(entered) => void enter(entered)}>
          <Form.Item
            name="login"
            label={t("sign-in.login")}
            rules={[{ required: true, whitespace: true, message: t("sign-in.login-missing") }]}
          >
            <Input name="login" autoComplete="username" autoFocus maxLength={64} />
          </Form.Item>
          <Form.Item
            name="password"
            label={t("sign-in.password")}
            rules={[{ required: true, message: t("sign-in.password-missing") }]}
          >
            <Input.Password name="password" autoComplete="current-password" maxLength={200} />
          </Form.Item>
          {needsTotp ? (
            <Form.Item
              name="totp"
              label={t("sign-in.totp")}
              extra={t("sign-in.totp-hint")}
              rules={[{ required: true, pattern: /^\d{6}$/, message: t("sign-in.totp-missing") }]}
            >
              <Input ref={totp} name="totp" inputMode="numeric" autoComplete="one-time-code" maxLength={6} />
            </Form.Item>
          ) : null}
          {error === null ? null : (
            <Alert className="sign-in-error" type="error" showIcon title={sentenceOf(error, words)} role="alert" />
          )}
          <Button type="primary" htmlType="submit" block loading={busy} data-action="sign-in">
            {t("sign-in.submit")}
          </Button>
        </Form>
      </div>
    </main>
  );
}
