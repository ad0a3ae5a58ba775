import { useKiosk, useWords } from "../context.ts";
import { Amount } from "../parts/amounts.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { Problem } from "../parts/notices.tsx";
import type { ScreenOf } from "./screenOf.ts";

type Method = ScreenOf<"method">["options"][number]["method"];

const ICONS: Record<Method, IconName> = {
  cash: "cash",
  "wechat-native": "qr",
  "alipay-native": "qr",
  "wechat-code": "phone",
  "alipay-code": "phone",
};

export function MethodPage({ screen }: { screen: ScreenOf<"method"> }) {
  const { act } = useKiosk();
  const { t, say } = useWords();
  return (
    <div className="screen method">
      <p className="due-line">
        {t("method.due")} <Amount name="total" fen={screen.totalFen} className="amount-big" />
      </p>
      <Problem problem={screen.problem} />
      <div className="methods">
        {screen.options.map((option) => (
          <button
            key={option.method}
            type="button"
            className={`row row-method method-${option.method}`}
            data-action={`method:${option.method}`}
            data-help-id={`method:${option.method}`}
            disabled={!option.available}
            onClick={() => act({ type: "method", method: option.method })}
          >
            <span className="tile-icon">
              <Icon name={ICONS[option.method]} />
            </span>
            <span className="method-words">
              <b>{t(`method.${option.method}`)}</b>
              {option.available || option.reason === null ? (
                <span className="muted">{t(`method.${option.method}-hint`)}</span>
              ) : (
                <span className="tile-reason">{say(option.reason)}</span>
              )}
            </span>
            {option.available && <Icon name="right" />}
          </button>
        ))}
      </div>
    </div>
  );
}
