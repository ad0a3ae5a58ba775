import { TranslationOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { setLanguage, useWords } from "../i18n/language.tsx";

export function LanguageSwitch() {
  const { t, language } = useWords();
  const other = language === "en" ? "zh-CN" : "en";
  return (
    <Button
      type="text"
      icon={<TranslationOutlined />}
      lang={other}
      onClick={() => setLanguage(other)}
      data-action="language"
    >
      {t("profile.switch-language")}
    </Button>
  );
}
