import { grouped } from "@gridhall/ui/format.ts";
import { useKiosk, useRemembered, useWords } from "../context.ts";
import { Button } from "../parts/button.tsx";
import type { IconName } from "../parts/icon.tsx";
import { Keypad } from "../parts/keypad.tsx";
import { Problem } from "../parts/notices.tsx";
import { ReaderPicture } from "../parts/readerPicture.tsx";
import type { ScreenOf } from "./screenOf.ts";

const METHODS = [
  { method: "account", icon: "account" },
  { method: "phone", icon: "phone" },
  { method: "id-card", icon: "idCard" },
  { method: "bill-qr", icon: "qr" },
] as const satisfies readonly { method: ScreenOf<"find-account">["method"]; icon: IconName }[];

export function FindAccountPage({ screen }: { screen: ScreenOf<"find-account"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const { method } = screen;
  return (
    <div className="screen find">
      <div className="tabs" role="group" aria-label={t("find.methods")}>
        {METHODS.map((tab) => (
          <Button
            key={tab.method}
            action={`find-method:${tab.method}`}
            icon={tab.icon}
            className="tab"
            pressed={tab.method === method}
            onPress={() => act({ type: "find-method", method: tab.method })}
          >
            {t(`find.by-${tab.method}`)}
          </Button>
        ))}
      </div>
      {method === "account" || method === "phone" ? (
        <Typed key={method} method={method} screen={screen} />
      ) : (
        <Presented method={method} screen={screen} />
      )}
    </div>
  );
}

const FORMATS = { account: [4, 4, 5], phone: [3, 4, 4] } as const;

function Typed({ method, screen }: { method: "account" | "phone"; screen: ScreenOf<"find-account"> }) {
  const { act } = useKiosk();
  const { t } = useWords();
  const [digits, setDigits] = useRemembered(`digits:${method}`, "");
  const groups = FORMATS[method];
  const length = groups.reduce((sum: number, size) => sum + size, 0);
  const left = length - digits.length;
  return (
    <div className="find-typed">
      <div className="find-entry">
        <p className="lead">{t(`find.${method}-hint`)}</p>
        <p className="find-where">{t(`find.${method}-where`)}</p>
        <div
          className="digits tabular"
          role="status"
          data-digits={digits}
          data-sensitive="typed"
          data-help-id="digits"
          data-help-label={t(`find.by-${method}`)}
          aria-label={
            digits === "" ? t("find.entered-none") : t("find.entered", { digits: digits.split("").join(" ") })
          }
        >
          <span aria-hidden="true">
            {grouped(digits, groups)}
            <i className="caret" />
          </span>
        </div>
        {screen.problem === null && (
          <p className="find-left">{left > 0 ? t("find.digits-left", { count: left }) : t("find.digits-done")}</p>
        )}
        <Problem problem={screen.problem} />
      </div>
      <div className="find-keys">
        <Keypad value={digits} maxDigits={length} onChange={setDigits} />
        <Button
          action="find"
          tone="primary"
          className="button-wide"
          off={left > 0}
          onPress={() => act({ type: "find", value: digits })}
        >
          {t("find.search")}
        </Button>
      </div>
    </div>
  );
}

function Presented({ method, screen }: { method: "id-card" | "bill-qr"; screen: ScreenOf<"find-account"> }) {
  const { t } = useWords();
  const { reader } = screen;
  const title = () => {
    switch (reader) {
      case "off":
        return t("find.reader-off");
      case "waiting":
      case "reading":
      case "failed":
      case "unavailable":
        return t(`find.${method}-${reader}`);
      default:
        return reader satisfies never;
    }
  };
  return (
    <div className="find-presented" data-reader={reader}>
      <ReaderPicture method={method} reader={reader} />
      <div className="find-presented-words">
        <div role="status">
          <h2>{title()}</h2>
          <p className="lead">{t(reader === "unavailable" ? "find.use-other" : `find.${method}-waiting-text`)}</p>
        </div>
        <Problem problem={screen.problem} />
      </div>
    </div>
  );
}
