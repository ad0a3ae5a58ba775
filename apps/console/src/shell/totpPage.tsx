import { Button } from "antd";
import { useEffect } from "react";
import { useWords } from "../i18n/language.tsx";
import { LanguageSwitch } from "./languageSwitch.tsx";
import { useMe } from "./me.ts";
import { useSignOut } from "./signOut.ts";
import { TotpSetUp } from "./totpSetUp.tsx";

/** In the place of the console as long as the person's role asks for an authenticator that is not there. */
export function TotpPage() {
  const { t, pick } = useWords();
  const me = useMe();
  const signOut = useSignOut();
  useEffect(() => {
    document.title = `${t("totp.needed-title")} · ${t("app.name")}`;
  }, [t]);
  return (
    <main className="sign-in" data-page="totp">
      <div className="sign-in-card">
        <div className="sign-in-head">
          <img src="/mark.svg" alt="" width={40} height={40} />
          <div>
            <h1>{t("totp.needed-title")}</h1>
            <p>{pick(me.nameZh, me.nameEn)}</p>
          </div>
          <span className="spread" />
          <LanguageSwitch />
        </div>
        <p className="gap">{t("totp.needed")}</p>
        <TotpSetUp onDone={() => {}} />
        <Button type="link" className="sign-in-out" onClick={() => void signOut()} data-action="sign-out">
          {t("profile.sign-out")}
        </Button>
      </div>
    </main>
  );
}
